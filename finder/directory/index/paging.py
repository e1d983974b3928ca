"""Selects the rows of one page without sorting all rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Keys = Sequence[NDArray[np.generic]]


def window(keys: Keys, tiers: NDArray[np.int64] | None, start: int, stop: int) -> NDArray[np.intp]:
    """Return positions ``start`` to ``stop`` of the sorted rows: by tier, then by each key in turn, ascending.

    ``keys`` are arrays of equal length; later keys break ties of earlier ones, and the last is unique. ``tiers`` are
    small numbers, or None if all rows are in one tier.
    """
    if tiers is None:
        return _window(keys, np.arange(len(keys[0])), start, stop)
    chosen = []
    passed = 0
    for tier, size in enumerate(np.bincount(tiers).tolist()):
        low, high = max(start - passed, 0), min(stop - passed, size)
        if low < high:
            chosen.append(_window(keys, np.flatnonzero(tiers == tier), low, high))
        passed += size
    return np.concatenate(chosen) if chosen else np.empty(0, dtype=np.intp)


def _window(keys: Keys, rows: NDArray[np.intp], start: int, stop: int) -> NDArray[np.intp]:
    if start >= len(rows):
        return rows[:0]
    first = keys[0][rows]
    if stop < len(rows):  # only those up to the last place, and whatever ties with it, can be on the page
        last = np.partition(first, stop - 1)[stop - 1]
        rows = rows[first <= last]
    order = np.lexsort([key[rows] for key in reversed(keys)])
    return rows[order[start:stop]]
