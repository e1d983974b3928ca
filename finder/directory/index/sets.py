"""Interned sets: each row has the number of its set, and each filter is evaluated once per distinct set.

Thousands of therapists have the same evidence, and thousands the same insurance answers. Sets are stored one after
another (``starts``, ``items``); the caller defines the items. ``build`` makes them. Where nearly every therapist has a
set of its own, with a third of all networks in it, a bit for every item takes a tenth of that (``bits``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Bits = NDArray[np.uint8]

NO_BITS: Bits = np.empty((0, 0), dtype=np.uint8)

_BITS_OF_BYTE = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").astype(np.int64)
"""The eight bits of each value of a byte, the lowest first."""

_LARGEST_TABLE = 2**13
"""Entries up to which the sets are also kept as a dense table: larger products use threads, which is slow here."""


@dataclass(frozen=True)
class Sets:
    """Distinct sets of items: set ``s`` is ``items[starts[s]:starts[s + 1]]``, ascending; ``size`` items can occur.

    Packed sets have ``bits`` of shape (bytes, sets) in place of items: item ``i`` is bit ``i % 8`` of byte ``i // 8``.
    """

    starts: Numbers
    items: Numbers
    size: int
    bits: Bits = field(default_factory=lambda: NO_BITS)

    def __len__(self) -> int:
        return self.bits.shape[1] if self.is_packed else len(self.starts) - 1

    @property
    def is_packed(self) -> bool:
        """Return whether the sets are bits."""
        return len(self.bits) > 0

    @cached_property
    def holders(self) -> tuple[Numbers, ...]:
        """The numbers of the sets with each item."""
        owners = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        order = np.argsort(self.items, kind="stable")
        bounds = np.searchsorted(self.items[order], np.arange(self.size + 1))
        return tuple(owners[order[start:end]] for start, end in pairwise(bounds))

    def having(self, items: Iterable[int], numbers: Numbers | None = None) -> NDArray[np.bool_]:
        """Return a mask of the sets with any of ``items``; with ``numbers``, of those sets alone, in their order."""
        mask = np.zeros(len(self) if numbers is None or not self.is_packed else len(numbers), dtype=bool)
        for item in items:
            if self.is_packed:
                row = self.bits[item // 8]
                mask |= (row if numbers is None else row[numbers]) & np.uint8(1 << item % 8) != 0
            else:
                mask[self.holders[item]] = True
        return mask if numbers is None or self.is_packed else mask[numbers]

    def tally(self, numbers: Numbers) -> NDArray[np.int64]:
        """Count, for each item, the set ``numbers`` whose set has it."""
        if self.is_packed:
            return self._tally_bits(numbers)
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

    def _tally_bits(self, numbers: Numbers) -> NDArray[np.int64]:
        """Count how often each byte has each value, and add up the bits of the values."""
        chosen = numbers.astype(np.intp)
        found = [np.bincount(row[chosen], minlength=256) @ _BITS_OF_BYTE for row in self.bits]
        return np.concatenate(found)[: self.size].astype(np.int64)

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


def pack(sets: Sets) -> Sets:
    """Return the sets as bits if these take less memory."""
    height = -(-sets.size // 8)
    if height * len(sets) >= sets.items.nbytes:
        return sets
    bits = np.zeros((height, len(sets)), dtype=np.uint8)
    owner = np.repeat(np.arange(len(sets)), np.diff(sets.starts))
    for bit in range(8):
        chosen = sets.items % 8 == bit
        bits[sets.items[chosen] // 8, owner[chosen]] |= np.uint8(1 << bit)
    return Sets(np.zeros(1, dtype=np.int32), np.empty(0, dtype=np.int32), sets.size, bits)


def regroup(sets: Sets, groups: Sequence[Sequence[int]]) -> Sets:
    """Return the sets of groups (by position) that the items of each set belong to."""
    member = np.array([sets.having(group) for group in groups]).T.reshape(len(sets), len(groups))
    _, group = np.nonzero(member)
    starts = np.concatenate([[0], np.cumsum(member.sum(axis=1))])
    return Sets(starts.astype(np.int32), group.astype(np.int32), len(groups))
