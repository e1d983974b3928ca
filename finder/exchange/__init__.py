"""The shapes in which data come and go: lines of JSON, tables. Beside ``pricing``; Flask and click are above it."""
