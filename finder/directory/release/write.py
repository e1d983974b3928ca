"""Writes a release: one SQLite file from tables and a manifest.

Equal tables and manifest give equal bytes. The file gets its name only when it is complete and on the disk.
"""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd

from finder.directory.index.arrays import Arrays
from finder.directory.index.build import make_arrays
from finder.directory.provider import Entity, EvidenceKind, InsuranceStatus
from finder.directory.release.answer_tables import write_answers
from finder.directory.release.file_format import APPLICATION_ID, FORMAT, file_sha256
from finder.directory.release.tables import KEYS, NUMBERS, RELEASE
from finder.disk import to_disk
from finder.places.gazetteer import Gazetteer

CHUNK_ROWS = 50_000
_TYPES = {"float64": "REAL", "int64": "INTEGER"}
_VALUES = {
    ("provider", "entity"): Entity,
    ("specialty", "kind"): EvidenceKind,
    ("insurance", "status"): InsuranceStatus,
}
"""The columns with a fixed set of values."""


def write_release(
    path: Path, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, object], gazetteer: Gazetteer
) -> str:
    """Write a release to ``path`` and return the SHA-256 of the file.

    ``tables`` are those of ``tables.RELEASE``, rows in any order; ``listing_id`` counts from 0. The manifest says the
    ``layers`` (source, as_of, sha256, rows) and whether it is a ``sample``; format and counts are added here. The
    gazetteer has the ZIP code for the fees at each address.
    Raises ValueError, or sqlite3.IntegrityError, for tables that are no release; then nothing is left on the disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        _write(aside, tables, manifest, gazetteer)
        sha256 = file_sha256(aside)
        to_disk(aside)
        aside.replace(path)
        to_disk(path.parent)
    finally:
        aside.unlink(missing_ok=True)
    return sha256


def _write(
    path: Path, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, object], gazetteer: Gazetteer
) -> None:
    tables = {name: _ordered(name, tables[name]) for name in RELEASE}
    _check(tables)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        # The file is nobody's until it has its name, so that it needs no journal and no care for a crash.
        database.executescript(
            f"PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};"
        )
        for name, frame in tables.items():
            if name != "insurance":
                _write_table(database, name, frame)
        write_answers(database, tables)
        database.execute("CREATE UNIQUE INDEX location_of_provider ON location (npi, location_key)")
        _write_arrays(database, make_arrays(tables, gazetteer))
        database.execute("CREATE TABLE manifest (json TEXT NOT NULL) STRICT")
        whole = {**manifest, "format": FORMAT, "counts": _counts(tables)}
        database.execute("INSERT INTO manifest VALUES (?)", (json.dumps(whole, sort_keys=True, default=str),))
        database.execute("COMMIT")


def _check(tables: Mapping[str, pd.DataFrame]) -> None:
    """Check listing numbers, values, and the key of answers. Raises ValueError. SQLite checks the other keys."""
    listings = tables["location"]["listing_id"].to_numpy()
    if not np.array_equal(listings, np.arange(len(listings))):
        raise ValueError("listing_id must count the listings from 0")
    for (name, column), values in _VALUES.items():
        if not tables[name][column].isin(get_args(values)).all():
            raise ValueError(f"{name}.{column} must be one of {', '.join(get_args(values))}")
    if tables["insurance"].duplicated(list(KEYS["insurance"])).any():
        raise ValueError("two answers on one question from the same day on")
    if not (tables["provider"]["npi"].str.len() == 10).all():
        raise ValueError("an NPI has ten digits")


def _ordered(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    key = ["listing_id"] if name == "location" else list(KEYS[name])
    return frame[list(RELEASE[name])].sort_values(key, ignore_index=True)


def _write_table(database: sqlite3.Connection, name: str, frame: pd.DataFrame) -> None:
    columns = RELEASE[name]
    types = [
        f"{column} {_TYPES[NUMBERS[column]]}" if column in NUMBERS else f"{column} TEXT NOT NULL" for column in columns
    ]
    key = "listing_id" if name == "location" else ", ".join(KEYS[name])
    options = "STRICT" if name == "location" else "STRICT, WITHOUT ROWID"
    database.execute(f"CREATE TABLE {name} ({', '.join(types)}, PRIMARY KEY ({key})) {options}")
    places = ", ".join("?" * len(columns))
    for start in range(0, len(frame), CHUNK_ROWS):
        chunk = frame.iloc[start : start + CHUNK_ROWS]
        rows = zip(*(chunk[column].tolist() for column in columns), strict=True)
        database.executemany(f"INSERT INTO {name} VALUES ({places})", rows)  # noqa: S608 - our own names


def _write_arrays(database: sqlite3.Connection, arrays: Arrays) -> None:
    database.execute("CREATE TABLE index_array (name TEXT PRIMARY KEY, kind TEXT, shape TEXT, data BLOB) STRICT")
    for name, value in _flat(arrays):
        if isinstance(value, np.ndarray):
            value = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
            row = (name, value.dtype.str, json.dumps(value.shape), value.tobytes())
        else:
            row = (name, "json", "[]", json.dumps(value, ensure_ascii=False).encode())
        database.execute("INSERT INTO index_array VALUES (?, ?, ?, ?)", row)


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(value):
        inner = getattr(value, field.name)
        if dataclasses.is_dataclass(inner):
            yield from _flat(inner, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, inner


def _counts(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    entity = tables["provider"]["entity"]
    return {
        "providers": len(entity),
        "therapists": int((entity == "individual").sum()),
        "clinics": int((entity == "organization").sum()),
        "listings": len(tables["location"]),
    }
