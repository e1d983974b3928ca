"""Interned sets: each row has the number of its set, and each filter is evaluated once per distinct set.

Thousands of therapists have the same evidence, and thousands the same insurance answers. Sets are stored one after
another (``starts``, ``items``); the caller defines the items. ``build`` makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]

_LARGEST_TABLE = 2**13
"""Entries up to which the sets are also kept as a dense table: larger products use threads, which is slow here."""


@dataclass(frozen=True)
class Sets:
    """Distinct sets of items: set ``s`` is ``items[starts[s]:starts[s + 1]]``, ascending; ``size`` items can occur."""

    starts: Numbers
    items: Numbers
    size: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def holders(self) -> tuple[Numbers, ...]:
        """The numbers of the sets with each item."""
        owners = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        order = np.argsort(self.items, kind="stable")
        bounds = np.searchsorted(self.items[order], np.arange(self.size + 1))
        return tuple(owners[order[start:end]] for start, end in pairwise(bounds))

    def having(self, items: Iterable[int]) -> NDArray[np.bool_]:
        """Return a mask of the sets with any of ``items``."""
        mask = np.zeros(len(self), dtype=bool)
        for item in items:
            mask[self.holders[item]] = True
        return mask

    def tally(self, numbers: Numbers) -> NDArray[np.int64]:
        """Count, for each item, the set ``numbers`` whose set has it."""
        if len(self) < len(numbers) and self._table is not None:
            return (np.bincount(numbers, minlength=len(self)) @ self._table).astype(np.int64)
        starts, lengths, items = self._wide
        sets, times = numbers.astype(np.intp), None
        if len(self) < len(numbers):  # then looking at every set once is the lesser work
            often = np.bincount(numbers, minlength=len(self))
            sets = np.flatnonzero(often)
            times = often[sets]
        length = lengths[sets]
        place = np.repeat(starts[sets] - np.cumsum(length) + length, length)
        place += np.arange(len(place))
        weights = None if times is None else np.repeat(times, length)
        return np.bincount(items[place], weights=weights, minlength=self.size).astype(np.int64)

    @cached_property
    def _table(self) -> NDArray[np.float64] | None:
        """The dense table (sets, items), 1 if a set has the item; None if it would be too large."""
        if len(self) * self.size > _LARGEST_TABLE:
            return None
        table = np.zeros((len(self), self.size))
        table[np.repeat(np.arange(len(self)), np.diff(self.starts)), self.items] = 1
        return table

    @cached_property
    def _wide(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """The starts, lengths and items as native index integers, so that nothing is converted each time."""
        starts = self.starts.astype(np.intp)
        return starts[:-1], np.diff(starts), self.items.astype(np.intp)


def regroup(sets: Sets, groups: Sequence[Sequence[int]]) -> Sets:
    """Return the sets of groups (by position) that the items of each set belong to."""
    member = np.array([sets.having(group) for group in groups]).T.reshape(len(sets), len(groups))
    _, group = np.nonzero(member)
    starts = np.concatenate([[0], np.cumsum(member.sum(axis=1))])
    return Sets(starts.astype(np.int32), group.astype(np.int32), len(groups))
