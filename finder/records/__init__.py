"""The records database: the release pointer, drafts, accounts, edits, reports, and the audit log."""
