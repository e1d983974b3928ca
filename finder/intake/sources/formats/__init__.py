"""File formats: encodings, lines, delimited text, workbooks, JSON, archives."""
