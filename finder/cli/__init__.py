"""Placeholder, replaced at once."""
