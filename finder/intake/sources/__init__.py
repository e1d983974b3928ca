"""One reader per public format; ``recognise`` in ``registry`` finds the reader of a file by its header."""
