"""The description of all tables, for the migrations, the backup and the tests."""

from finder.records import casework, models, people

__all__ = ["METADATA"]

METADATA = models.Base.metadata
"""Complete once the modules of all tables are loaded, as they are here."""

TABLES = (casework, models, people)
