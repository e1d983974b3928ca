"""The description of all tables, for the migrations, the backup and the tests."""

from finder.records.tables import accounts, casework, data

__all__ = ["METADATA"]

METADATA = data.Base.metadata
"""Complete once the modules of all tables are loaded, as they are here."""

TABLES = (casework, data, accounts)
