"""A layer: the rows of one source in the tables of ``finder.directory.release.tables``, with its notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from finder.directory.release.tables import LAYER, NUMBERS, PLAN
from finder.notices.notices import Notice


def plan_names(rows: Sequence[tuple[str, ...]] = ()) -> pd.DataFrame:
    """Return the table of plan names; rows have the columns of ``tables.PLAN``."""
    return pd.DataFrame.from_records(list(rows), columns=list(PLAN)).astype("str")


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
    """The rows of one source, by table name; and the source's names of plans (``tables.PLAN``), each once.

    ``complete``: the file holds everything the source has, so that absent providers are removed; otherwise it updates
    the NPIs that it names. ``rows`` counts the data rows read from the files, including faulty ones.
    """

    source: str
    as_of: date
    tables: Mapping[str, pd.DataFrame]
    plans: pd.DataFrame = field(default_factory=plan_names)
    notices: Sequence[Notice] = field(default=())
    rows: int = 0
    complete: bool = False


def table(name: str, rows: Sequence[Mapping[str, object]] | pd.DataFrame = ()) -> pd.DataFrame:
    """Return a table of a layer with exactly its columns: missing text is empty, missing numbers are NaN."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame.from_records(list(rows))
    columns = list(LAYER[name])
    return typed(frame.reindex(columns=columns))
