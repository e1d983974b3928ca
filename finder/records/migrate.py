"""Migrate a records database to the newest schema (or any other); the numbered steps are in ``migrations/``."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from finder.errors import FinderError
from finder.records.database import RecordsUnavailable, connect, translated_errors
from finder.records.writer_gate import COMMANDS

MIGRATIONS = Path(__file__).parent / "migrations"

ADVISORY_LOCK = 0x66696E646572
"""The lock on PostgreSQL while migrating: the letters "finder"."""


class NewerRecords(FinderError):
    """The records database belongs to a newer version of the program. Start that version."""


def migrate(url: str, revision: str = "head", *, secret_key: str = "") -> str:
    """Migrate the database to a revision, up or down, and return that revision's name.

    ``secret_key`` is needed if second factors are stored: a step encrypts them. Raises SealBroken if a step back cannot
    decrypt them.

    All steps are one transaction with the only write lock (SQLite) or an advisory lock (PostgreSQL): of two processes
    that start together the second waits and finds nothing to do, and a killed process leaves no trace.
    """
    engine = connect(url)
    try:
        if engine.dialect.name == "sqlite":
            _keep_a_write_ahead_log(engine)
        with translated_errors(), engine.execution_options(finder_writes=True).begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = 0"))  # another process may migrate for minutes
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            _run(connection, revision, secret_key)
            return revision_of(connection)
    finally:
        engine.dispose()


def is_current(url: str) -> bool:
    """Return whether the database has the newest schema, without changing it. Raises NewerRecords."""
    engine = connect(url)
    try:
        with translated_errors(), engine.connect() as connection:
            revision = revision_of(connection)
    finally:
        engine.dispose()
    _refuse_newer(revision)
    return revision == max(known_revisions())


def _refuse_newer(revision: str) -> None:
    if revision != "base" and revision not in known_revisions():
        raise NewerRecords


def known_revisions() -> frozenset[str]:
    """Return the revisions of this version of the program, from the names of the migration files."""
    return frozenset(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision_of(connection: Connection) -> str:
    """Return the revision of a database, ``base`` if it has no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return "base"
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "base")


def _run(connection: Connection, revision: str, secret_key: str) -> None:
    from alembic import command  # imported only to migrate, as most starts do not
    from alembic.config import Config

    current = revision_of(connection)
    _refuse_newer(current)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["secret_key"] = secret_key
    if revision == "base" or (revision != "head" and revision < current != "base"):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _keep_a_write_ahead_log(engine: Engine) -> None:
    """Switch the file to a write-ahead log, so that readers never wait for writers.

    The setting is stored in the file. SQLite does not wait for this lock by itself.
    """
    deadline = time.monotonic() + COMMANDS.seconds
    while True:
        try:
            connection = engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
                return
            finally:
                connection.close()
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise RecordsUnavailable from error
            time.sleep(0.05)
