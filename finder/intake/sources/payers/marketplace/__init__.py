"""Marketplace plans' lists (CMS's QHP provider and formulary format): who is in a plan's network, and plan names."""

from finder.intake.sources.payers.marketplace.reader import SOURCE, read, recognizes

__all__ = ["SOURCE", "read", "recognizes"]
