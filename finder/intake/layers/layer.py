"""A layer: the rows of one source in the tables of ``finder.directory.release.tables``, with its notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import pandas as pd

from finder.directory.release.tables import LAYER, NUMBERS, PLAN_TABLES
from finder.notices.notices import Notice


def plan_tables(rows: Mapping[str, Sequence[tuple[str, ...]] | pd.DataFrame] | None = None) -> dict[str, pd.DataFrame]:
    """Return the tables of plans (``tables.PLAN_TABLES``) from rows in their columns; a table without rows is empty."""
    given = rows or {}
    return {name: _plan_table(columns, given.get(name, ())) for name, columns in PLAN_TABLES.items()}


def _plan_table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]] | pd.DataFrame) -> pd.DataFrame:
    if isinstance(rows, pd.DataFrame):
        return typed(rows.reindex(columns=list(columns)))
    return typed(pd.DataFrame.from_records(list(rows), columns=list(columns))) if rows else empty_table(columns)


@lru_cache
def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return typed(pd.DataFrame(columns=list(columns)))


def empty_table(columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table without rows, with the types of its columns."""
    return _empty(columns).copy()


UPDATE = ("npi", "as_of", "period")
"""The table of updates: the NPIs that files speak of, the date of what they say (empty: unknown), and their period.

A period is an interval of ISO 8601, ``2026-05-11/2026-05-17``; without a beginning ``/2026-05-17``; empty if unknown.
"""


def npi_updates(rows: Sequence[tuple[str, ...]] = ()) -> pd.DataFrame:
    """Return a table of updates; rows have the columns of ``UPDATE``."""
    return pd.DataFrame.from_records(list(rows), columns=list(UPDATE)).astype("str")


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the types of their columns: missing text is empty, missing numbers are NaN.

    Only columns that are not so already are converted: for a table of few rows that is most of the work.
    """
    right = {name: NUMBERS.get(name, "str") for name in rows.columns}
    given = dict(zip(rows.columns, rows.dtypes, strict=True))
    rows = rows.astype({name: dtype for name, dtype in right.items() if given[name] != dtype})
    missing = rows.columns[rows.isna().any()].difference(list(NUMBERS))
    return rows.fillna(dict.fromkeys(missing, "")) if len(missing) else rows


@dataclass(frozen=True, kw_only=True)
class Layer:
    """The rows of one collection, by table name; and its tables of plans (``tables.PLAN_TABLES``).

    ``source`` names the collection: a source whose files update each other, or what one insurer says of one subject
    (``in_network_rates:alder-health.a``); ``title`` is what staff read of such a subject. ``updates`` dates what the
    files say of an NPI where its rows do not show it: see ``updates``.

    ``complete``: the files hold everything the collection has, so that absent rows are removed; otherwise they update
    the NPIs that they name. ``rows`` counts the data rows read from the files, including faulty ones.
    """

    source: str
    as_of: date
    tables: Mapping[str, pd.DataFrame]
    plans: Mapping[str, pd.DataFrame] = field(default_factory=plan_tables)
    updates: pd.DataFrame = field(default_factory=npi_updates)
    notices: Sequence[Notice] = field(default=())
    rows: int = 0
    complete: bool = False
    title: str = ""

    @property
    def is_subject(self) -> bool:
        """Return whether this is what one insurer says of one subject, which its files replace wholly."""
        return ":" in self.source


def table(name: str, rows: Sequence[Mapping[str, object]] | pd.DataFrame = ()) -> pd.DataFrame:
    """Return a table of a layer with exactly its columns: missing text is empty, missing numbers are NaN."""
    if not isinstance(rows, pd.DataFrame) and not rows:
        return empty_table(LAYER[name])
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame.from_records(list(rows))
    return typed(frame.reindex(columns=list(LAYER[name])))
