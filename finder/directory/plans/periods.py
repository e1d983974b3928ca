"""Periods of days as ordinals (``date.toordinal``), first and last day included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

Period = tuple[int, int]

PERIOD = ("valid_from", "valid_until")
"""The columns of a period in the table of insurance: ISO dates, empty without limit."""

FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
"""The ends of a period without limit."""


def period(valid_from: str, valid_until: str) -> Period:
    """Return the period between two ISO dates; an empty one is no limit."""
    first = date.fromisoformat(valid_from).toordinal() if valid_from else FIRST_DAY
    return first, date.fromisoformat(valid_until).toordinal() if valid_until else LAST_DAY


def as_text(one: Period) -> tuple[str, str]:
    """Return the two ISO dates of a period, empty without limit."""
    first, last = one
    return (
        "" if first == FIRST_DAY else date.fromordinal(first).isoformat(),
        "" if last == LAST_DAY else date.fromordinal(last).isoformat(),
    )


def outside(one: Period, taken: Iterable[Period]) -> list[Period]:
    """Return the pieces of a period that none of the ``taken`` periods covers, in order."""
    pieces = [one] if one[0] <= one[1] else []
    for first, last in taken:
        left = [(start, min(end, first - 1)) for start, end in pieces]
        right = [(max(start, last + 1), end) for start, end in pieces]
        pieces = sorted(piece for piece in {*left, *right} if piece[0] <= piece[1])
    return pieces
