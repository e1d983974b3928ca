"""The drawing of a map without streets: rings of distance, towns and numbered spots, put in place on a square of paper.

The paper is ``SIZE`` units wide and high, x to the right and y down. Directions and distances from the middle are true
(azimuthal equidistant), so that a ring is a circle. What the spots mean stands in ``finder.web.maps``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from finder.places.gazetteer import Bounds, Gazetteer
from finder.places.point import EARTH_RADIUS_MILES, Point, great_circle_miles

SIZE = 420.0
REACH = 190.0
"""Units from the middle to the outermost ring."""

STEPS_MILES = (5, 10, 25, 50, 100)

SPOT_APART = 33.0
"""Units between the middles of two spots, so that each can be seen and pressed."""

MOST_TOWNS = 10
_TOWN_LETTER, _TOWN_LINE = 7.0, 17.0
_ROUNDS = 60
_MILES_PER_DEGREE = math.radians(1) * EARTH_RADIUS_MILES
_SMALLEST_REACH_MILES = 5.0


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle of distance from the middle, with its radius on the ground and on paper."""

    miles: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Something at a point of the map; where it was moved aside for room, ``true_x``, ``true_y`` say from where."""

    point: Point
    x: float
    y: float
    true_x: float
    true_y: float

    @property
    def was_moved(self) -> bool:
        """Whether a line must lead to where it really is."""
        return math.hypot(self.x - self.true_x, self.y - self.true_y) > 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TownLabel:
    """The name of a town beside its dot; the name stands left of the dot where ``is_left``."""

    name: str
    point: Point
    x: float
    y: float
    is_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All that is drawn; ``spots`` are in the order of the points that were given."""

    center: Point
    reach_miles: float
    rings: tuple[Ring, ...]
    towns: tuple[TownLabel, ...]
    spots: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def draw(points: Sequence[Point], gazetteer: Gazetteer, *, center: Point | None, radius_miles: float) -> Drawing:
    """Draw points around a center with rings up to the radius; without a center, just around the points."""
    middle = center or _middle(points)
    reach = radius_miles if center else max([_SMALLEST_REACH_MILES, *(great_circle_miles(middle, p) for p in points)])
    spots = _apart([_on_paper(middle, reach, point) for point in points], points)
    return Drawing(
        center=middle,
        reach_miles=reach,
        rings=_rings(radius_miles) if center else (),
        towns=_towns(middle, reach, gazetteer, spots),
        spots=spots,
    )


def _middle(points: Sequence[Point]) -> Point:
    """Give the middle of the box around some points."""
    latitudes = [point.latitude for point in points] or [39.8]  # nobody to show: the middle of the country
    longitudes = [point.longitude for point in points] or [-98.6]
    return Point(
        latitude=(min(latitudes) + max(latitudes)) / 2,
        longitude=(min(longitudes) + max(longitudes)) / 2,
    )


def _rings(radius_miles: float) -> tuple[Ring, ...]:
    """Give the usual distances that are neither past the radius nor lost in the middle, and the radius itself."""
    steps = {float(miles) for miles in STEPS_MILES if radius_miles / 10 <= miles < radius_miles * 0.9}
    return tuple(Ring(miles, REACH * miles / radius_miles) for miles in sorted({*steps, radius_miles}))


def _on_paper(center: Point, reach_miles: float, point: Point) -> tuple[float, float]:
    """Put a point on the paper by its direction and distance from the center."""
    here, there = math.radians(center.latitude), math.radians(point.latitude)
    turn = math.radians(point.longitude - center.longitude)
    east = math.cos(there) * math.sin(turn)
    north = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(turn)
    bearing = math.atan2(east, north)
    away = REACH * great_circle_miles(center, point) / reach_miles
    return SIZE / 2 + away * math.sin(bearing), SIZE / 2 - away * math.cos(bearing)


def _apart(true: Sequence[tuple[float, float]], points: Sequence[Point]) -> tuple[Place, ...]:
    """Move spots that would cover one another aside, both by the same, until they stand apart or rounds run out."""
    now = [list(place) for place in true]
    for _ in range(_ROUNDS):
        moved = False
        for first in range(len(now)):
            for second in range(first + 1, len(now)):
                moved |= _push(now[first], now[second], first - second)
        for place in now:
            place[:] = [min(max(value, SPOT_APART / 2), SIZE - SPOT_APART / 2) for value in place]
        if not moved:
            break
    return tuple(
        Place(point=point, x=x, y=y, true_x=true_x, true_y=true_y)
        for point, (x, y), (true_x, true_y) in zip(points, now, true, strict=True)
    )


def _push(one: list[float], other: list[float], turn: int) -> bool:
    """Push two places apart if they are too near; two at the same place part in a direction that ``turn`` gives."""
    across, down = other[0] - one[0], other[1] - one[1]
    away = math.hypot(across, down)
    if away >= SPOT_APART - 0.1:
        return False
    if away < 0.01:
        across, down, away = math.cos(turn), math.sin(turn), 1.0
        missing = SPOT_APART / 2
    else:
        missing = (SPOT_APART - away) / 2
    for place, sign in ((one, -1), (other, 1)):
        place[0] += sign * missing * across / away
        place[1] += sign * missing * down / away
    return True


def _towns(center: Point, reach_miles: float, gazetteer: Gazetteer, spots: Iterable[Place]) -> tuple[TownLabel, ...]:
    """Name the largest towns whose names cover neither a spot nor one another."""
    taken = [_around(spot.x, spot.y, SPOT_APART / 2) for spot in spots]
    chosen: list[TownLabel] = []
    for town in gazetteer.towns(_bounds(center, reach_miles)):
        point = town.point
        if point is None or len(chosen) == MOST_TOWNS:
            continue
        x, y = _on_paper(center, reach_miles, point)
        for is_left in (False, True):
            box = _label_box(x, y, len(town.name), is_left)
            if _inside(box) and not any(box.meets(other) for other in taken):
                taken.append(box)
                chosen.append(TownLabel(name=town.name, point=point, x=x, y=y, is_left=is_left))
                break
    return tuple(chosen)


def _label_box(x: float, y: float, letters: int, is_left: bool) -> _Box:
    wide = letters * _TOWN_LETTER + 10
    left = x - wide if is_left else x - 4
    return _Box(left, y - _TOWN_LINE / 2, left + wide + 4, y + _TOWN_LINE / 2)


def _around(x: float, y: float, half: float) -> _Box:
    return _Box(x - half, y - half, x + half, y + half)


def _inside(box: _Box) -> bool:
    return min(box.left, box.top) >= 0 and max(box.right, box.bottom) <= SIZE


def _bounds(center: Point, reach_miles: float) -> Bounds:
    """Give a rectangle of degrees around the paper."""
    north = reach_miles / _MILES_PER_DEGREE
    east = north / max(math.cos(math.radians(center.latitude)), 0.1)
    return Bounds(
        south=max(center.latitude - north, -90.0),
        west=max(center.longitude - east, -180.0),
        north=min(center.latitude + north, 90.0),
        east=min(center.longitude + east, 180.0),
    )
