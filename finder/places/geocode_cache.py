"""Cache of the geocoding service's responses on disk, so that no address is queried twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from finder.places.point import Point

_TABLE = """CREATE TABLE IF NOT EXISTS answer
    (question TEXT PRIMARY KEY, latitude REAL, longitude REAL, answered_on TEXT NOT NULL) WITHOUT ROWID"""


class GeocodeResponse(NamedTuple):
    """A response of the service; without a point the address is unknown to it."""

    point: Point | None


class GeocodeCache:
    """Responses by query in one SQLite file for several processes. A damaged file is replaced."""

    def __init__(self, folder: Path) -> None:
        """Open or create ``geocodes.sqlite`` in a folder, which is created too."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "geocodes.sqlite"
        try:
            self._prepare()
        except sqlite3.OperationalError:
            raise  # locked, or not writable: not damage
        except sqlite3.DatabaseError:
            self._path.unlink()
            self._prepare()

    def get(self, question: str) -> GeocodeResponse | None:
        """Return the response to a query, None if it is not in the cache."""
        with self._open() as database:
            row = database.execute("SELECT latitude, longitude FROM answer WHERE question = ?", (question,)).fetchone()
        if row is None:
            return None
        return GeocodeResponse(None if row[0] is None else Point(latitude=row[0], longitude=row[1]))

    def put(self, question: str, answer: GeocodeResponse, answered_on: date) -> None:
        """Store a response in place of an older one."""
        latitude, longitude = (answer.point.latitude, answer.point.longitude) if answer.point else (None, None)
        with self._open() as database:
            database.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)",
                (question, latitude, longitude, answered_on.isoformat()),
            )

    def _prepare(self) -> None:
        with self._open() as database:
            database.execute(_TABLE)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
            yield database
