"""Masks of rows by NPI, or by NPI and place, computed by Arrow: pandas' ``isin`` is slow on text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def is_in(values: pd.Series[str] | pd.Index[str], texts: Iterable[Any]) -> Mask:
    """Return a mask of the values that are among the given texts."""
    found = pc.is_in(pa.array(values, type=pa.string()), value_set=pa.array(texts, type=pa.string()))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def place_keys(rows: pd.DataFrame) -> pd.Series[str]:
    """Return one text per row that identifies the provider and practice location."""
    return rows["npi"] + " " + rows["location_key"]
