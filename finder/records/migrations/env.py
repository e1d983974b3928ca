"""Runs the steps on the connection, and in the transaction, that ``finder.records.migrate`` opened."""

from alembic import context

from finder.records.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
)
context.run_migrations()
