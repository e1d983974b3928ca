"""A layer: what one source says, as rows of ``finder.directory.release.tables``, and the notices of its reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from finder.directory.release.tables import LAYER, NUMBERS, PLAN
from finder.notices.notices import Notice


def plan_names(rows: Sequence[tuple[str, ...]] = ()) -> pd.DataFrame:
    """Make the table of what plans are called, rows in the columns of ``tables.PLAN``."""
    return pd.DataFrame.from_records(list(rows), columns=list(PLAN)).astype("str")


@dataclass(frozen=True, kw_only=True)
class Layer:
    """The rows of one source, by table name; and what the source calls the plans (``tables.PLAN``), each once.

    ``whole``: the file is the whole of the source, so that what is absent goes; else it updates the NPIs that it names.
    ``rows`` counts the data rows read from the files, bad ones too.
    """

    source: str
    as_of: date
    tables: Mapping[str, pd.DataFrame]
    plans: pd.DataFrame = field(default_factory=plan_names)
    notices: Sequence[Notice] = field(default=())
    rows: int = 0
    whole: bool = False


def table(name: str, rows: Sequence[Mapping[str, object]] | pd.DataFrame = ()) -> pd.DataFrame:
    """Make a table of a layer with exactly its columns: text empty where missing, numbers NaN."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame.from_records(list(rows))
    columns = list(LAYER[name])
    typed = frame.reindex(columns=columns).astype({column: NUMBERS.get(column, "str") for column in columns})
    return typed.fillna({column: "" for column in columns if column not in NUMBERS})
