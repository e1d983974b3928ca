"""Other federal files: Medicare clinicians, payments by service, excluded people."""
