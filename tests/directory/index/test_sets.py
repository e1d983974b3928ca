from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from finder.directory.index.build import intern_sets
from finder.directory.index.index import window
from finder.directory.index.sets import pack, regroup

SIZE = 5
ROWS = st.lists(st.frozensets(st.integers(0, SIZE - 1)), max_size=20)


@given(ROWS, st.randoms())
def test_each_row_keeps_its_set_and_equal_sets_are_stored_once(rows: list[frozenset[int]], random: object) -> None:
    pairs = [(row, item) for row, items in enumerate(rows) for item in items] * 2
    random.shuffle(pairs)  # type: ignore[attr-defined]
    row, item = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    number, sets = intern_sets(row, item, len(rows), SIZE)
    stored = [
        frozenset(sets.items[start:end].tolist()) for start, end in zip(sets.starts, sets.starts[1:], strict=False)
    ]
    assert [stored[one] for one in number] == rows
    assert len(stored) == len(set(stored)) == len(sets)


def pairs_of(rows: list[frozenset[int]]) -> NDArray[np.int64]:
    """The pairs of row and item, as two rows of an array."""
    pairs = [(row, item) for row, items in enumerate(rows) for item in items]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2).T


@given(ROWS, st.sets(st.integers(0, SIZE - 1)))
def test_sets_are_filtered_and_counted(rows: list[frozenset[int]], subset: set[int]) -> None:
    row, item = pairs_of(rows)
    number, sets = intern_sets(row, item, len(rows), SIZE)
    assert [bool(having) for having in sets.having(subset)[number]] == [bool(items & subset) for items in rows]
    for batch in (rows, rows[:2], []):
        held = [sum(item in items for items in batch) for item in range(SIZE)]
        assert sets.tally(number[: len(batch)]).tolist() == held


@pytest.mark.parametrize("size", [3, 60, 400])
def test_few_and_many_sets_are_counted_alike(size: int) -> None:
    random = np.random.default_rng(size)
    row, item = random.integers(0, 3_000, 5_000), random.integers(0, size, 5_000)
    number, sets = intern_sets(row, item, 3_000, size)
    pairs = np.unique(np.stack([row, item]), axis=1)
    assert sets.tally(number).tolist() == np.bincount(pairs[1], minlength=size).tolist()


@given(ROWS, st.lists(st.lists(st.integers(0, SIZE - 1)), max_size=3))
def test_sets_of_items_become_sets_of_groups(rows: list[frozenset[int]], groups: list[list[int]]) -> None:
    row, item = pairs_of(rows)
    number, sets = intern_sets(row, item, len(rows), SIZE)
    grouped = regroup(sets, groups)
    held = [sum(bool(items & set(group)) for items in rows) for group in groups]
    assert grouped.tally(number).tolist() == held


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=30), st.integers(0, 35), st.integers(1, 10))
def test_a_window_is_that_part_of_the_sorted_whole(rows: list[tuple[int, int]], start: int, size: int) -> None:
    tiers, key = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    unique = np.arange(len(rows))[::-1].copy()
    in_order = sorted(range(len(rows)), key=lambda row: (tiers[row], key[row], unique[row]))
    assert window([key, unique], tiers, start, start + size).tolist() == in_order[start : start + size]
    without_tiers = sorted(range(len(rows)), key=lambda row: (key[row], unique[row]))
    assert window([key, unique], None, start, start + size).tolist() == without_tiers[start : start + size]


@pytest.mark.parametrize("size", [1, 8, 61, 200])
def test_packed_sets_are_filtered_and_counted_as_the_others(size: int) -> None:
    random = np.random.default_rng(size)
    row, item = random.integers(0, 900, 900 * size), random.integers(0, size, 900 * size)
    number, sets = intern_sets(row, item, 900, size)
    packed = pack(sets)
    assert packed.is_packed
    assert len(packed) == len(sets)
    few = number[random.integers(0, 900, 50)]
    for chosen in ([], [0], [size - 1], [0, size // 2, size - 1]):
        assert packed.having(chosen).tolist() == sets.having(chosen).tolist()
        assert (
            packed.having(chosen, few).tolist()
            == sets.having(chosen, few).tolist()
            == sets.having(chosen)[few].tolist()
        )
    for numbers in (number, few, number[:0]):
        assert packed.tally(numbers).tolist() == sets.tally(numbers).tolist()


def test_sets_with_few_items_stay_as_they_are() -> None:
    row, item = np.arange(400), np.arange(400)
    sets = intern_sets(row, item, 400, 400)[1]
    assert pack(sets) is sets
