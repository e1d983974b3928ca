"""Uploads, drafts with their differences, publications."""
