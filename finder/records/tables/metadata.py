"""The metadata of all tables, for the migrations, the backup and the tests."""

from finder.records.tables import accounts, casework, data

__all__ = ["METADATA"]

METADATA = data.Base.metadata
"""Complete because this module imports all tables."""

TABLES = (casework, data, accounts)
