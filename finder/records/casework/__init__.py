"""Casework: reports, edits, calls, suppressions, faulty rows."""
