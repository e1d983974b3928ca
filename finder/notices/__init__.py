"""Notices about rows of public files: codes, severities, messages and remedies."""
