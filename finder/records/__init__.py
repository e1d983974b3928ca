"""What people decided: the release pointer, drafts, accounts, edits, reports, and the audit log, in a database."""
