"""Tables with the project's own columns: the staff CSV and the bundled sample."""
