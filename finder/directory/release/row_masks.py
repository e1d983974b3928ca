"""Which rows are among others, by NPI or by NPI and place, at the speed of Arrow: pandas' ``isin`` loops over text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def among(values: pd.Series[str] | pd.Index[str], wanted: Iterable[Any]) -> Mask:
    """Say for each value whether it is one of the wanted texts."""
    found = pc.is_in(pa.array(values, type=pa.string()), value_set=pa.array(wanted, type=pa.string()))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def places(rows: pd.DataFrame) -> pd.Series[str]:
    """Name the provider and practice location of each row in one text."""
    return rows["npi"] + " " + rows["location_key"]
