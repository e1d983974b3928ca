"""Runs the steps on the connection, and in the transaction, that ``finder.records.migrate`` opened."""

from alembic import context

from finder.records.tables.metadata import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
