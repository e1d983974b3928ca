"""Dump and load the records as lines of JSON, the same for SQLite and PostgreSQL, so that one can replace the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, Table, delete, func, insert, select, text

from finder.errors import FinderError
from finder.records.database import Records, translated_errors
from finder.records.migrate import known_revisions, migrate, revision_of
from finder.records.tables.accounts import Attempt, StaffSession
from finder.records.tables.data import PointerRecord, UtcDateTime
from finder.records.tables.metadata import METADATA

BATCH = 1_000
BATCH_CHARACTERS = 16 * 1024 * 1024
"""A batch ends here too: records may be long."""

NOT_DUMPED = frozenset({Attempt.__tablename__, StaffSession.__tablename__})
"""What ends within hours: attempts, which hold hashes of addresses, and sessions, so that none comes back to life."""


class RecordsNotEmpty(FinderError):
    """There are records here already, and a backup is never mixed with others. Restore into an empty database."""


class NewerBackup(FinderError):
    """This backup was made by a newer version of the program. Restore it with that version."""


class Dump:
    """A consistent dump of the records, table by table; used with ``with``."""

    def __init__(self, records: Records) -> None:
        self._engine = records.engine
        self._connection: Connection | None = None

    def __enter__(self) -> Dump:
        connection = self._engine.connect()
        if connection.dialect.name == "postgresql":  # SQLite's transactions are consistent by default
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        self._connection = connection
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    @property
    def connection(self) -> Connection:
        """The open connection."""
        if self._connection is None:
            raise RuntimeError("the dump is not open")
        return self._connection

    def revision(self) -> str:
        """The revision of the schema."""
        return revision_of(self.connection)

    def tables(self) -> Iterator[tuple[str, Iterator[str]]]:
        """Yield each table's name and its rows as lines of JSON, in an order in which they can be loaded."""
        for table in METADATA.sorted_tables:
            if table.name not in NOT_DUMPED:
                yield table.name, self._lines(table)

    def _lines(self, table: Table) -> Iterator[str]:
        for row in self.connection.execute(select(table).order_by(*table.primary_key)).mappings():
            yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False) + "\n"


def load(url: str, revision: str, tables: Iterable[tuple[str, Iterable[str]]], *, secret_key: str) -> None:
    """Load dumped tables into an empty database in one transaction, and migrate it to the newest schema.

    ``secret_key`` encrypts the second factors of a backup from before they were encrypted.

    Raises RecordsNotEmpty, NewerBackup.
    """
    if revision not in known_revisions():
        raise NewerBackup
    migrate(url)
    _refuse_unless_empty(url)
    migrate(url, revision)
    records = Records(url)
    try:
        with translated_errors(), records.engine.execution_options(finder_writes=True).begin() as connection:
            connection.execute(delete(PointerRecord))
            for name, lines in tables:
                _insert(connection, METADATA.tables[name], lines)
            _advance_sequences(connection)
    finally:
        records.close()
    migrate(url, secret_key=secret_key)


def _refuse_unless_empty(url: str) -> None:
    records = Records(url)
    try:
        with records.reading() as session:
            for table in METADATA.sorted_tables:
                count = session.scalar(select(func.count()).select_from(table)) or 0
                if count > (table.name == PointerRecord.__tablename__):
                    raise RecordsNotEmpty
    finally:
        records.close()


def _insert(connection: Connection, table: Table, lines: Iterable[str]) -> None:
    batch: list[dict[str, Any]] = []
    characters = 0
    for line in lines:
        batch.append(_typed(table, json.loads(line)))
        characters += len(line)
        if len(batch) == BATCH or characters > BATCH_CHARACTERS:
            connection.execute(insert(table), batch)
            batch.clear()
            characters = 0
    if batch:
        connection.execute(insert(table), batch)


def _advance_sequences(connection: Connection) -> None:
    """Advance PostgreSQL's sequences past the loaded rows; SQLite does this by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in METADATA.sorted_tables:
        key = next(iter(table.primary_key))
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": key.name})
        if sequence:
            highest = select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest, False)))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with dates and times parsed where the columns hold them."""
    typed = dict(row)
    for name, value in row.items():
        kind = table.columns[name].type
        if value is not None and isinstance(kind, UtcDateTime | Date):
            typed[name] = (datetime if isinstance(kind, UtcDateTime) else date).fromisoformat(value)
    return typed
