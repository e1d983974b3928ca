"""Periods of days: when something holds, where two hold at once, and periods that follow each other as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``start`` to ``end``, both included; the least and the greatest date mean without limit."""

    start: date = date.min
    end: date = date.max

    @classmethod
    def of_year(cls, year: int) -> Self:
        """Return a calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def valid_from(self) -> str:
        """The first day as ISO text, empty without limit."""
        return "" if self.start == date.min else self.start.isoformat()

    @property
    def valid_until(self) -> str:
        """The last day as ISO text, empty without limit."""
        return "" if self.end == date.max else self.end.isoformat()

    @property
    def year(self) -> str:
        """The calendar year that the period lies in, empty if it lies in several."""
        within_one = date.min < self.start and self.end < date.max and self.start.year == self.end.year
        return str(self.start.year) if within_one else ""

    def meet(self, other: Period) -> Period | None:
        """Return the days that lie in both periods, None if there are none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def reaches(self, later: Period) -> bool:
        """Return whether a period that begins later overlaps this one or follows it without a gap."""
        return self.end == date.max or later.start <= self.end + timedelta(days=1)


ALWAYS = Period()


def joined(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return periods in order, those that overlap or follow each other without a gap as one."""
    found: list[Period] = []
    for period in sorted(periods):
        if found and found[-1].reaches(period):
            found[-1] = Period(found[-1].start, max(found[-1].end, period.end))
        else:
            found.append(period)
    return tuple(found)


def pieces(periods: Iterable[Period]) -> Iterator[Period]:
    """Yield the days of all periods in order, in pieces that lie in some of the periods wholly and in no other."""
    given = list(periods)
    starts = {period.start for period in given}
    starts |= {period.end + timedelta(days=1) for period in given if period.end < date.max}
    bounds = sorted(starts)
    for start, after in zip_longest(bounds, bounds[1:]):
        piece = Period(start, after - timedelta(days=1) if after else date.max)
        if any(period.meet(piece) for period in given):
            yield piece
