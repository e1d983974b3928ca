"""What was wrong with a row of a public file: codes, severities, the words and remedies that people read."""
