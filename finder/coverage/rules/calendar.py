"""The days of a course of care: a number of visits, so many a week, without holidays on request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
WEEKDAYS = 5
SPREAD = {1: (0,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
"""Visits a week to the days after the first visit's weekday, spread over five days."""

FIXED_HOLIDAYS = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
"""Month and day. Source: 5 USC 6103(a)."""
MOVING_HOLIDAYS = ((1, MONDAY, 3), (2, MONDAY, 3), (5, MONDAY, -1), (9, MONDAY, 1), (10, MONDAY, 2), (11, THURSDAY, 4))
"""Month, weekday, and which one of the month (-1: the last). Source: 5 USC 6103(a)."""


def visit_days(first: date, *, per_week: int, visits: int, skip_holidays: bool = False) -> tuple[date, ...]:
    """Return the days of a number of visits, ``per_week`` (1 to 5) of them in a week, from the first visit on.

    The last week has the visits that are left. A visit that would fall on a weekend, or on a federal holiday that is to
    be skipped, moves to the next free weekday; no two visits share a day. Raises ValueError where ``per_week`` or
    ``visits`` is out of bounds.
    """
    if per_week not in SPREAD or visits < 1:
        raise ValueError(f"{visits} visits, {per_week} a week")
    days: list[date] = []
    for number in range(visits):
        week, visit = divmod(number, per_week)
        wished = first + timedelta(weeks=week, days=SPREAD[per_week][visit])
        earliest = max(wished, days[-1] + timedelta(days=1)) if days else wished
        days.append(next(day for day in _from(earliest) if _is_open(day, skip_holidays=skip_holidays)))
    return tuple(days)


def _from(day: date) -> Iterator[date]:
    """Yield a day and those after it."""
    while True:
        yield day
        day += timedelta(days=1)


def _is_open(day: date, *, skip_holidays: bool) -> bool:
    return day.weekday() < WEEKDAYS and not (skip_holidays and day in federal_holidays(day.year))


def federal_holidays(year: int) -> frozenset[date]:
    """Return the federal holidays of a year as they are observed.

    One on a weekend moves to the Friday or Monday beside it.

    Source: 5 USC 6103.
    """
    fixed = (date(year, month, day) for month, day in FIXED_HOLIDAYS)
    next_new_year = date(year + 1, 1, 1)
    observed = {_observed(day) for day in (*fixed, next_new_year)}
    moving = {_nth_weekday(year, *holiday) for holiday in MOVING_HOLIDAYS}
    return frozenset(day for day in observed | moving if day.year == year)


def _observed(day: date) -> date:
    """Move a holiday on a weekend to the nearest weekday."""
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def _nth_weekday(year: int, month: int, weekday: int, which: int) -> date:
    """Return a weekday of a month: the first, second …, or the last for -1."""
    if which > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)
