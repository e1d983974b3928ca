"""The records database: connections and transactions, on SQLite and PostgreSQL. Tables are in ``tables``.

Work happens inside ``with records.writing() as session:`` (one transaction, committed at the end, rolled back on any
error) or ``with records.reading() as session:``. Rows keep their values after the block.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from finder.disk import disk_error
from finder.errors import FinderError
from finder.records.encryption import Seal

__all__ = ["Records", "RecordsUnavailable", "Session", "WrongDatabase", "connect", "lock_by_name", "translated_errors"]

PATIENCE_SECONDS = 30
"""How long a writer waits for another writer."""


class RecordsUnavailable(FinderError):
    """The records database does not answer. Try again in a minute; public pages keep working meanwhile."""


class WrongDatabase(FinderError):
    """The address of the records database cannot be used. SQLite and PostgreSQL are known."""


class Records:
    """The records database of one process; threads may share it.

    ``secret_key`` is needed to store secrets or addresses, not to follow the pointer.
    """

    def __init__(self, url: str, secret_key: str = "") -> None:
        self.engine = connect(url)
        self._seal = Seal(secret_key) if secret_key else None

    @property
    def seal(self) -> Seal:
        """The encryption of secrets."""
        if self._seal is None:
            raise RuntimeError("these records were opened without the secret key")
        return self._seal

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for reading one consistent state; changes are not saved."""
        with translated_errors(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session for reading and writing in one transaction."""
        writer = self.engine.execution_options(finder_writes=True)
        with translated_errors(), Session(writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def lock_by_name(session: Session, name: str) -> None:
    """Take a lock of a name until the transaction ends; SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def connect(url: str) -> Engine:
    """Return the engine for a database URL. Raises WrongDatabase if it is neither SQLite nor PostgreSQL."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address)
        if address.get_backend_name() == "postgresql":
            return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_timeout=5)
    except (ArgumentError, NoSuchModuleError) as error:
        raise WrongDatabase from error
    raise WrongDatabase


def _sqlite(address: URL) -> Engine:
    """Open an SQLite file whose transactions begin with the session's, and take the write lock at once for writing.

    A transaction that reads before it writes must hold the write lock from its start: SQLite refuses to upgrade it
    later if another process has written in between.
    """
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": PATIENCE_SECONDS})

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("finder_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise RecordsUnavailable for connection errors, DiskError for a full or failing disk; others pass through."""
    try:
        yield
    except PoolTimeoutError as error:
        raise RecordsUnavailable from error
    except DBAPIError as error:
        if refused := disk_error(error):
            raise refused from error
        if error.connection_invalidated or type(error).__name__ in {
            "OperationalError",
            "InterfaceError",
            "DatabaseError",
        }:
            raise RecordsUnavailable from error
        raise
