"""The drawing of a map without streets: rings of distance, towns and marks, put in place on a square of paper.

The paper is ``SIZE`` units wide and high, x to the right and y down. Directions and distances from the middle are true
(azimuthal equidistant), so that a ring is a circle. ``label_placement`` keeps marks apart; ``markers`` says what
they mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from finder.places.gazetteer import Bounds, Gazetteer
from finder.places.point import EARTH_RADIUS_MILES, Point, great_circle_miles
from finder.web.map.label_placement import Box, press_areas, spread

SIZE = 420.0
REACH = 190.0
"""Units from the middle to the outermost ring."""

STEPS_MILES = (1, 2, 5, 10, 25, 50, 100)
MARK_HEIGHT = 30.0
PRESS, LARGE_PRESS = 58.0, 94.0
"""Units in which a mark is pressed: 44 pixels on a telephone that is 360 wide, 72 where large buttons were chosen."""

LETTER, LINE = 7.2, 18.0
"""The room that a letter and a line of the words on the map take, in units."""

LABEL_BEARINGS = (180, 0, 90, 270, 135, 225, 45, 315)
"""Where the label of a ring may stand, the best first: degrees from north."""

MOST_TOWNS = 10
MIDDLE_OF_THE_COUNTRY = Point(latitude=39.8, longitude=-98.6)

_MILES_PER_DEGREE = math.radians(1) * EARTH_RADIUS_MILES


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to put on the map: where it is, and how wide its label is, in units."""

    point: Point
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPosition:
    """Where a mark stands on paper; where it was moved aside for room, ``true_x``, ``true_y`` say from where.

    ``press`` is the area in which it is pressed.
    """

    x: float
    y: float
    true_x: float
    true_y: float
    press: Box

    @property
    def was_moved(self) -> bool:
        """Whether a line must lead to where it really is."""
        return math.hypot(self.x - self.true_x, self.y - self.true_y) > 2


@dataclass(frozen=True, slots=True)
class RingLabel:
    """Where the words of a ring stand on it: their middle, and its bearing in degrees from north."""

    bearing: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A circle of distance around the middle."""

    miles: float
    radius: float
    label: RingLabel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TownLabel:
    """The name of a town beside its dot, left of it where ``is_left``."""

    name: str
    point: Point
    x: float
    y: float
    is_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All that is drawn; ``places`` are those of the marks, in their order."""

    center: Point
    rings: tuple[Ring, ...]
    towns: tuple[TownLabel, ...]
    places: tuple[MarkPosition, ...]


def draw(
    marks: Sequence[Mark],
    gazetteer: Gazetteer,
    *,
    center: Point | None,
    radius_miles: float,
    press: float = PRESS,
) -> Drawing:
    """Draw marks around a center with rings at the usual distances; without a center, just around the marks.

    A mark is pressed in ``press`` by ``press`` units where there is room, and in most places there is for ``PRESS``.
    """
    middle = center or _middle([mark.point for mark in marks])
    farthest = max([great_circle_miles(middle, mark.point) for mark in marks], default=radius_miles)
    reach = _reach(farthest, radius_miles) if center else max(farthest, STEPS_MILES[0])
    true = [on_paper(middle, reach, mark.point) for mark in marks]
    moved = spread(true, [mark.width for mark in marks], height=MARK_HEIGHT, press=PRESS, size=SIZE)
    taken = [Box.around(x, y, mark.width, MARK_HEIGHT) for (x, y), mark in zip(moved, marks, strict=True)]
    places = tuple(
        MarkPosition(x=x, y=y, true_x=true_x, true_y=true_y, press=area)
        for (x, y), (true_x, true_y), area in zip(moved, true, press_areas(taken, least=press, size=SIZE), strict=True)
    )
    rings = _rings(reach, taken) if center else ()
    return Drawing(center=middle, rings=rings, towns=_towns(middle, reach, gazetteer, taken), places=places)


def on_paper(center: Point, reach_miles: float, point: Point) -> tuple[float, float]:
    """Put a point on the paper by its direction and distance from the center."""
    here, there = math.radians(center.latitude), math.radians(point.latitude)
    turn = math.radians(point.longitude - center.longitude)
    east = math.cos(there) * math.sin(turn)
    north = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(turn)
    away = REACH * great_circle_miles(center, point) / reach_miles
    return _toward(math.atan2(east, north), away)


def _toward(bearing: float, away: float) -> tuple[float, float]:
    return SIZE / 2 + away * math.sin(bearing), SIZE / 2 - away * math.cos(bearing)


def _middle(points: Sequence[Point]) -> Point:
    """Return the middle of the box around some points."""
    if not points:
        return MIDDLE_OF_THE_COUNTRY
    latitudes, longitudes = [point.latitude for point in points], [point.longitude for point in points]
    return Point(latitude=(min(latitudes) + max(latitudes)) / 2, longitude=(min(longitudes) + max(longitudes)) / 2)


def _reach(farthest: float, radius_miles: float) -> float:
    """Return the distance of the outermost ring: the smallest usual one that holds all marks, at most the radius."""
    return min([float(miles) for miles in STEPS_MILES if miles >= farthest] + [radius_miles])


def _rings(reach_miles: float, taken: list[Box]) -> tuple[Ring, ...]:
    """Draw the distances that are not lost in the middle, each labeled where its ring is free; that room is taken."""
    steps = [float(miles) for miles in STEPS_MILES if reach_miles / 8 <= miles < reach_miles * 0.9]
    rings = []
    for miles in (*steps, reach_miles):
        radius = REACH * miles / reach_miles
        label = _ring_label(radius, taken)
        if label:
            taken.append(_ring_box(label))
        rings.append(Ring(miles=miles, radius=radius, label=label))
    return tuple(rings)


def _ring_label(radius: float, taken: list[Box]) -> RingLabel | None:
    """Find the first free bearing for the label of a ring; None where marks are all around."""
    labels = (RingLabel(bearing, *_toward(math.radians(bearing), radius)) for bearing in LABEL_BEARINGS)
    return next((label for label in labels if _ring_box(label).is_free(taken, SIZE)), None)


def _ring_box(label: RingLabel) -> Box:
    return Box.around(label.x, label.y, 9 * LETTER, LINE)


def _towns(center: Point, reach_miles: float, gazetteer: Gazetteer, taken: Iterable[Box]) -> tuple[TownLabel, ...]:
    """Name the largest towns whose names cover neither a mark, nor a distance, nor one another."""
    full = list(taken)
    chosen: list[TownLabel] = []
    for town in gazetteer.towns(_bounds(center, reach_miles)):
        point = town.point
        if point is None or len(chosen) == MOST_TOWNS:
            continue
        x, y = on_paper(center, reach_miles, point)
        wide = len(town.name) * LETTER + 12
        for is_left in (False, True):
            box = Box.around(x + (-wide if is_left else wide) / 2, y, wide + 6, LINE)
            if box.is_free(full, SIZE):
                full.append(box)
                chosen.append(TownLabel(name=town.name, point=point, x=x, y=y, is_left=is_left))
                break
    return tuple(chosen)


def _bounds(center: Point, reach_miles: float) -> Bounds:
    """Return a rectangle of degrees around the paper."""
    north = reach_miles / _MILES_PER_DEGREE
    east = north / max(math.cos(math.radians(center.latitude)), 0.1)
    return Bounds(
        south=max(center.latitude - north, -90.0),
        west=max(center.longitude - east, -180.0),
        north=min(center.latitude + north, 90.0),
        east=min(center.longitude + east, 180.0),
    )
