"""Tables in our own columns: what staff keep, and the bundled sample."""
