"""One record: its fields, its edits, its history."""
