"""The records database: connections and transactions, on SQLite and PostgreSQL. Tables are in ``tables``.

Work happens inside ``with records.writing() as session:`` (one transaction, committed at the end, rolled back on any
error) or ``with records.reading() as session:``. Rows keep their values after the block.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
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
from finder.records.writer_gate import COMMANDS, GateFull, Patience, WriterGate

__all__ = [
    "Records", "RecordsBusy", "RecordsUnavailable", "Session", "WrongDatabase", "connect", "lock_by_name",
    "translated_errors",
]  # fmt: skip

NOT_IN_TIME = frozenset({"55P03", "57014"})
"""PostgreSQL's codes of a lock that was not given in time, and of a statement that took too long."""

CONNECT_SECONDS = 5
"""Seconds after which a PostgreSQL server that takes no connection, or acknowledges nothing, is given up."""


class RecordsUnavailable(FinderError):
    """The records database does not answer. Try again in a minute; public pages keep working meanwhile."""


class RecordsBusy(RecordsUnavailable):
    """Somebody else is writing at this moment, so nothing was saved. Wait a minute, then send it again."""


class WrongDatabase(FinderError):
    """The address of the records database cannot be used. SQLite and PostgreSQL are known."""


class Records:
    """The records database of one process; threads may share it.

    ``secret_key`` is needed to store secrets or addresses, not to follow the pointer. ``patience`` is that of every
    transaction that does not ask for another.
    """

    def __init__(self, url: str, secret_key: str = "", *, patience: Patience = COMMANDS) -> None:
        self.engine = connect(url, patience)
        self._seal = Seal(secret_key) if secret_key else None
        self._gate = WriterGate(patience.writers) if patience.writers else None

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
    def writing(self, *, patient: bool = False) -> Iterator[Session]:
        """Open a session for reading and writing in one transaction. Raises RecordsBusy if another one is in the way.

        ``patient``: wait for it as commands do, at the end of long work.
        """
        options = {"finder_writes": True} | ({"finder_patience": COMMANDS} if patient else {})
        place = self._gate.place() if self._gate and not patient else nullcontext()
        writer = self.engine.execution_options(**options)
        with translated_errors(), place, Session(writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def lock_by_name(session: Session, name: str) -> None:
    """Take a lock of a name until the transaction ends; SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def connect(url: str, patience: Patience = COMMANDS) -> Engine:
    """Return the engine for a database URL. Raises WrongDatabase if it is neither SQLite nor PostgreSQL."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address, patience)
        if address.get_backend_name() == "postgresql":
            return _postgresql(address, patience)
    except (ArgumentError, NoSuchModuleError) as error:
        raise WrongDatabase from error
    raise WrongDatabase


def _sqlite(address: URL, patience: Patience) -> Engine:
    """Open an SQLite file whose transactions begin with the session's, and take the write lock at once for writing.

    A transaction that reads before it writes must hold the write lock from its start: SQLite refuses to upgrade it
    later if another process has written in between.
    """
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(options, patience)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("finder_writes") else "BEGIN")

    return engine


def _postgresql(address: URL, patience: Patience) -> Engine:
    """Open a PostgreSQL database whose transactions wait for a lock no longer than their patience."""
    arguments = {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": CONNECT_SECONDS * 1000}
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_timeout=CONNECT_SECONDS,
        connect_args={name: value for name, value in arguments.items() if name not in address.query},
    )

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        milliseconds = _milliseconds(options, patience)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
        if options.get("finder_writes") and patience.writers and "finder_patience" not in options:
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds}")

    return engine


def _milliseconds(options: Mapping[str, Any], patience: Patience) -> int:
    """Return how long a transaction with these options waits for a lock."""
    chosen: Patience = options.get("finder_patience", patience)
    return round(chosen.seconds * 1000)


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise RecordsBusy for locks, DiskError for a full or failing disk, RecordsUnavailable for lost connections.

    Other database errors pass through.
    """
    try:
        yield
    except GateFull as error:
        raise RecordsBusy from error
    except PoolTimeoutError as error:
        raise RecordsUnavailable from error
    except DBAPIError as error:
        if refused := disk_error(error):
            raise refused from error
        if _is_lock(error.orig):
            raise RecordsBusy from error
        if error.connection_invalidated or type(error).__name__ in {
            "OperationalError",
            "InterfaceError",
            "DatabaseError",
        }:
            raise RecordsUnavailable from error
        raise


def _is_lock(error: BaseException | None) -> bool:
    """Return whether a driver's error says that another transaction holds what is needed."""
    busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return busy or getattr(error, "sqlstate", None) in NOT_IN_TIME
