"""Runs the migrations on the connection and in the transaction of ``finder.records.migrate``."""

from alembic import context

from finder.records.tables.metadata import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
