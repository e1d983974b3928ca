"""How a release file holds the answers on insurance: what is said once, and who it is said of as two numbers.

A national release has millions of answers and few different ones: a network's directory says the same of thousands of
providers. So ``statement`` holds each different thing that is said, and ``answer`` for whom and where: the NPI as a
number, the listing (``EVERYWHERE`` for all locations), the statement. The view ``insurance`` joins them to the table
of that name (``tables.RELEASE``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from finder.directory.release.tables import RELEASE

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

EVERYWHERE = -1

STATEMENT = tuple(column for column in RELEASE["insurance"] if column not in {"npi", "location_key"})
"""The columns of what is said."""

CHUNK_ROWS = 500_000

_COLUMNS = ", ".join(f"statement.{column}" for column in STATEMENT)

_JOINED = "FROM answer JOIN statement USING (statement) LEFT JOIN location USING (listing_id)"

SCHEMA = (
    f"CREATE TABLE statement (statement INTEGER PRIMARY KEY, "
    f"{', '.join(f'{column} TEXT NOT NULL' for column in STATEMENT)}) STRICT",
    "CREATE TABLE answer (npi INTEGER NOT NULL, listing_id INTEGER NOT NULL, statement INTEGER NOT NULL, "
    "PRIMARY KEY (npi, listing_id, statement)) STRICT, WITHOUT ROWID",
    f"CREATE VIEW insurance AS SELECT printf('%010d', answer.npi) AS npi, "
    f"coalesce(location.location_key, '') AS location_key, {_COLUMNS} {_JOINED}",
)

_OF_PROVIDERS = (
    f"SELECT answer.npi, coalesce(location.location_key, ''), {_COLUMNS} {_JOINED} "
    f"WHERE answer.npi IN (%s) ORDER BY answer.npi, 2, statement.plan, statement.valid_from"
)


def write_answers(database: sqlite3.Connection, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the table of insurance. Raises ValueError for a repeated answer, or one for a place that is not listed."""
    rows = tables["insurance"]
    for statement in SCHEMA:
        database.execute(statement)
    number, statements = _statements(rows)
    database.executemany(
        f"INSERT INTO statement VALUES (?, {', '.join('?' * len(STATEMENT))})",  # noqa: S608 - question marks
        ((place, *row) for place, row in enumerate(statements.itertuples(index=False, name=None))),
    )
    columns = (rows["npi"].astype("int64").to_numpy(), _listings(rows, tables["location"]), number)
    for start in range(0, len(rows), CHUNK_ROWS):
        chunk = (column[start : start + CHUNK_ROWS].tolist() for column in columns)
        database.executemany("INSERT INTO answer VALUES (?, ?, ?)", zip(*chunk, strict=True))


def query_answers(npis: Sequence[str]) -> tuple[str, list[int]]:
    """Return the query for the answers of some providers, and its values; the NPI comes as a number."""
    return _OF_PROVIDERS % ", ".join("?" * len(npis)), [int(npi) for npi in npis]


def as_row(found: Sequence[Any]) -> tuple[Any, ...]:
    """Return a row of the query as one of the table of insurance."""
    return (f"{found[0]:010d}", *found[1:])


def _statements(rows: pd.DataFrame) -> tuple[np.ndarray[Any, Any], pd.DataFrame]:
    """Return the number of each row's statement, and the different statements, in order."""
    columns = list(STATEMENT)
    number = rows.groupby(columns, sort=True, observed=True).ngroup()
    statements = rows.loc[~number.duplicated(), columns].assign(number=number).sort_values("number")
    return number.to_numpy(), statements.drop(columns="number")


def _listings(rows: pd.DataFrame, location: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return the listing of each row. Raises ValueError for a place that is not listed."""
    here = rows["location_key"] != ""
    listed = rows.loc[here, ["npi", "location_key"]].merge(
        location[["npi", "location_key", "listing_id"]], how="left", on=["npi", "location_key"]
    )["listing_id"]
    if listed.isna().any():
        raise ValueError("an answer on insurance for a place that is not listed")
    found = here.map({True: 0, False: EVERYWHERE}).to_numpy(dtype="int64").copy()
    found[here.to_numpy()] = listed.to_numpy(dtype="int64")
    return found
