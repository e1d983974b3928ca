"""The records database: connections and transactions, on SQLite and on PostgreSQL alike. No table is described here.

Work happens inside ``with records.writing() as session:`` (one transaction, committed at the end, rolled back on any
error) or ``with records.reading() as session:``. Rows that leave the block keep the values they were read with.
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

from finder.errors import FinderError
from finder.records.encryption import Seal

__all__ = ["Records", "RecordsUnavailable", "Session", "WrongDatabase", "connect", "hold", "told_plainly"]

PATIENCE_SECONDS = 30
"""How long a writer waits for another one before it gives up."""


class RecordsUnavailable(FinderError):
    """The records database does not answer. Try again in a minute; public pages keep working meanwhile."""


class WrongDatabase(FinderError):
    """The address of the records database cannot be used. SQLite and PostgreSQL are known."""


class Records:
    """The records database of one process; threads may share it.

    ``secret_key`` is needed where secrets or addresses are kept; who only follows the pointer does without.
    """

    def __init__(self, url: str, secret_key: str = "") -> None:
        self.engine = connect(url)
        self._seal = Seal(secret_key) if secret_key else None

    @property
    def seal(self) -> Seal:
        """What secrets are sealed with."""
        if self._seal is None:
            raise RuntimeError("these records were opened without the secret key")
        return self._seal

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read at one moment; what is changed here is not kept."""
        with told_plainly(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Read and write in one transaction: all of it is kept, or nothing."""
        writer = self.engine.execution_options(finder_writes=True)
        with told_plainly(), Session(writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()


def hold(session: Session, name: str) -> None:
    """Let only one writing transaction at a time go on past here for a name; SQLite has only one in any case."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def connect(url: str) -> Engine:
    """Make the engine of a database address. Raises WrongDatabase where it is not SQLite's or PostgreSQL's."""
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
    """Open an SQLite file whose transactions begin where ours begin, and lock at once where they write.

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
def told_plainly() -> Iterator[None]:
    """Say that the database is away as an error of our own; a mistake in a statement stays what it is."""
    try:
        yield
    except PoolTimeoutError as error:
        raise RecordsUnavailable from error
    except DBAPIError as error:
        if error.connection_invalidated or type(error).__name__ in {
            "OperationalError",
            "InterfaceError",
            "DatabaseError",
        }:
            raise RecordsUnavailable from error
        raise
