"""Files as they come: encodings, lines, delimited text, workbooks, JSON, archives."""
