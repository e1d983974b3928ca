"""The ZIP codes within some miles of a place: which are inside, which may be, which prefixes to query."""

from __future__ import annotations

from collections.abc import Iterable

from finder.places.point import Point, great_circle_miles
from finder.places.zips import Zip

SECTION_DIGITS = 3
"""Digits of a ZIP code that name a sectional center, a region of the Postal Service."""

MILES_PER_DEGREE = 68.0
"""Per degree of latitude, rounded down: a point further north or south needs no exact distance."""


class Area:
    """The ZIP codes within some miles of a center.

    A ZIP code whose point is unknown counts as inside if another one of its sectional center is inside.
    """

    def __init__(self, zips: Iterable[Zip], center: Point, miles: float, center_zip: str) -> None:
        """``center_zip`` is inside, however few the miles."""
        self._near: set[str] = {center_zip}
        self._far: set[str] = set()
        for entry in zips:
            if entry.point and entry.code != center_zip:
                (self._near if _is_within(entry.point, center, miles) else self._far).add(entry.code)
        self._near_prefixes = _prefixes(self._near)
        self._far_prefixes = _prefixes(self._far)

    @property
    def three_digit_prefixes(self) -> list[str]:
        """The three-digit prefixes of the ZIP codes inside, in order."""
        return sorted(prefix for prefix in self._near_prefixes if len(prefix) == SECTION_DIGITS)

    def may_contain(self, prefix: str) -> bool:
        """Return whether a ZIP code with this prefix may be inside."""
        return prefix[:5] in self._near_prefixes or prefix[:5] not in self._far_prefixes

    def contains(self, zip_code: str) -> bool:
        """Return whether a ZIP code of five or nine digits counts as inside."""
        code = zip_code[:5]
        return code in self._near or (code not in self._far and code[:SECTION_DIGITS] in self._near_prefixes)


def _is_within(point: Point, center: Point, miles: float) -> bool:
    north_miles = abs(point.latitude - center.latitude) * MILES_PER_DEGREE
    return north_miles <= miles and great_circle_miles(point, center) <= miles


def _prefixes(codes: set[str]) -> set[str]:
    return {code[:digits] for code in codes for digits in range(SECTION_DIGITS, 6)}
