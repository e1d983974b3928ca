"""The ZIP codes around a place, as a fetch sees them: near, far, or of no known center."""

from __future__ import annotations

from collections.abc import Iterable

from finder.places.point import Point, great_circle_miles
from finder.places.zips import Zip

SECTION = 3
"""The first digits of a ZIP code that stand for a region of the country."""

MILES_PER_DEGREE = 68.0
"""Of latitude, and a little less than any is: what lies further north or south need not be measured."""


class Area:
    """All within so many miles. A ZIP code that nobody can place counts as inside where its region is."""

    def __init__(self, zips: Iterable[Zip], center: Point, miles: float, also: str) -> None:
        """``also`` is the ZIP code of the center, which is inside whatever the miles."""
        self._near: set[str] = {also}
        self._far: set[str] = set()
        for entry in zips:
            if entry.point and entry.code != also:
                (self._near if _within(entry.point, center, miles) else self._far).add(entry.code)
        self._near_parts = _parts(self._near)
        self._far_parts = _parts(self._far)

    @property
    def sections(self) -> list[str]:
        """The three-digit beginnings of the ZIP codes inside."""
        return sorted(part for part in self._near_parts if len(part) == SECTION)

    def may_hold(self, prefix: str) -> bool:
        """Return whether somebody inside may have a ZIP code that begins so."""
        return prefix[:5] in self._near_parts or prefix[:5] not in self._far_parts

    def holds(self, zip_code: str) -> bool:
        """Return whether an address with this ZIP code, of five digits or nine, counts as inside."""
        code = zip_code[:5]
        return code in self._near or (code not in self._far and code[:SECTION] in self._near_parts)


def _within(point: Point, center: Point, miles: float) -> bool:
    north = abs(point.latitude - center.latitude) * MILES_PER_DEGREE
    return north <= miles and great_circle_miles(point, center) <= miles


def _parts(codes: set[str]) -> set[str]:
    return {code[:digits] for code in codes for digits in range(SECTION, 6)}
