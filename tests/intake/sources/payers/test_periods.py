"""Periods: where two hold at once, which follow each other, and pieces that never overlap."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from finder.intake.sources.payers.periods import ALWAYS, Period, joined, pieces

DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(12)]

ENDS = st.tuples(st.sampled_from([date.min, *DAYS]), st.sampled_from([*DAYS, date.max]))
PERIODS = st.builds(lambda days: Period(min(days), max(days)), ENDS)


def days_of(found: list[Period]) -> list[date]:
    return [day for day in DAYS for period in found if period.start <= day <= period.end]


def test_years() -> None:
    years = [Period.of_year(year) for year in (2028, 2026, 2025)]
    assert [(period.valid_from, period.valid_until, period.year) for period in joined(years)] == [
        ("2025-01-01", "2026-12-31", ""),
        ("2028-01-01", "2028-12-31", "2028"),
    ]
    assert (ALWAYS.valid_from, ALWAYS.valid_until, ALWAYS.year) == ("", "", "")
    assert years[0].meet(years[1]) is None


@given(st.lists(PERIODS, max_size=4))
def test_joined_periods_and_pieces_hold_each_day_once(some: list[Period]) -> None:
    expected = sorted(set(days_of(some)))
    whole, cut = list(joined(some)), list(pieces(some))
    assert days_of(whole) == days_of(cut) == expected
    assert all(not first.reaches(second) for first, second in pairwise(whole))
    assert all(period.meet(piece) in (piece, None) for period in some for piece in cut)
