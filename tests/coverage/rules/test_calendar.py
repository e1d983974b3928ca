"""The days of a course of care."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.coverage.rules.calendar import federal_holidays, visit_days


def test_visits_are_spread_over_the_week() -> None:
    assert [day.isoformat() for day in visit_days(date(2026, 10, 5), per_week=3, visits=6)] == [
        "2026-10-05", "2026-10-07", "2026-10-09", "2026-10-12", "2026-10-14", "2026-10-16",
    ]  # fmt: skip


def test_a_holiday_is_skipped_on_request() -> None:
    # Thanksgiving 2026 is 26 November
    assert date(2026, 11, 26) in visit_days(date(2026, 11, 23), per_week=2, visits=2)
    assert visit_days(date(2026, 11, 23), per_week=2, visits=2, skip_holidays=True) == (
        date(2026, 11, 23),
        date(2026, 11, 27),
    )


def test_the_federal_holidays_of_2026() -> None:
    # 4 July 2026 is a Saturday: observed on the Friday before
    assert {day.isoformat() for day in federal_holidays(2026)} == {
        "2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12",
        "2026-11-11", "2026-11-26", "2026-12-25",
    }  # fmt: skip


def test_new_year_on_a_saturday_is_observed_in_the_year_before() -> None:
    assert date(2027, 12, 31) in federal_holidays(2027)
    assert date(2028, 1, 1) not in federal_holidays(2028)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 5), st.integers(1, 150), st.booleans())
def test_there_are_as_many_visits_as_asked_each_on_a_weekday_of_its_own(
    first: date, per_week: int, visits: int, skip: bool
) -> None:
    days = visit_days(first, per_week=per_week, visits=visits, skip_holidays=skip)
    assert len(days) == len(set(days)) == visits
    assert list(days) == sorted(days)
    assert all(day.weekday() < 5 for day in days)
    assert not skip or all(day not in federal_holidays(day.year) for day in days)


@pytest.mark.parametrize(("per_week", "visits"), [(0, 1), (6, 1), (1, 0)])
def test_an_impossible_rhythm_is_an_error(per_week: int, visits: int) -> None:
    with pytest.raises(ValueError, match="a week"):
        visit_days(date(2026, 10, 5), per_week=per_week, visits=visits)


def test_the_last_week_has_the_visits_that_are_left() -> None:
    days = visit_days(date(2026, 10, 5), per_week=2, visits=11)
    assert len(days) == 11
    assert days[-2:] == (date(2026, 11, 5), date(2026, 11, 9))
