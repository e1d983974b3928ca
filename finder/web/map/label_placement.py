"""Space on the drawn map: boxes that must not overlap, marks that step aside, and the area in which each is pressed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import permutations

GAP = 3.0
"""Units between two marks."""

STEP, TURNS = 5.0, 16
"""How a mark looks for room: rings so many units apart, in so many directions."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the paper, y down."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> Box:
        """Return the box of a size around a middle."""
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def spaced(self) -> Box:
        """Return the box with the gap around it that marks keep between them."""
        return Box(self.left - GAP / 2, self.top - GAP / 2, self.right + GAP / 2, self.bottom + GAP / 2)

    def grown(self, least: float, size: float) -> Box:
        """Return the box made at least so wide and high, around the same middle but on a paper of a size."""
        left, right = _grown(self.left, self.right, least, size)
        top, bottom = _grown(self.top, self.bottom, least, size)
        return Box(left, top, right, bottom)

    def meets(self, other: Box) -> bool:
        """Return whether two boxes cover one another."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def is_free(self, taken: Iterable[Box], size: float) -> bool:
        """Return whether this box lies on a paper of a size and meets no other."""
        on_paper = min(self.left, self.top) >= 0 and max(self.right, self.bottom) <= size
        return on_paper and not any(self.meets(other) for other in taken)


def spread(
    places: Sequence[tuple[float, float]], widths: Sequence[float], *, height: float, press: float, size: float
) -> list[tuple[float, float]]:
    """Return the centers of marks placed so that no two overlap: earlier marks stay, later marks step aside.

    A mark is ``widths[i]`` wide and ``height`` high, and asks for room of ``press`` by ``press`` in which only it is
    pressed; on a paper that is too full for that, for its own room; where there is none either, it lies over others.
    All stay on a paper of a size.
    """
    taken: list[Box] = []
    pressed: list[Box] = []
    found = []
    for (x, y), width in zip(places, widths, strict=True):
        inside = _within(x, width, size), _within(y, height, size)
        own = partial(Box.around, width=width, height=height)
        free_spots = (one for one in _near(inside, size) if own(*one).grown(press, size).is_free(pressed, size))
        if (place := next((one for one in free_spots if own(*one).is_free(taken, size)), None)) is None:
            place = next((one for one in _near(inside, size) if own(*one).spaced().is_free(taken, size)), inside)
        taken.append(own(*place).spaced())
        pressed.append(own(*place).grown(press, size))
        found.append(place)
    return found


def press_areas(boxes: Sequence[Box], *, least: float, size: float) -> list[Box]:
    """Return the area around each mark in which it is pressed: at least ``least`` wide and high where there is room.

    Where two would meet, both end half way between their marks; so none covers another mark, and each holds its own.
    """
    grown = [box.grown(least, size) for box in boxes]
    areas = list(grown)
    for one, other in permutations(range(len(boxes)), 2):
        if grown[one].meets(grown[other]):
            areas[one] = _short_of(areas[one], (boxes[one], boxes[other]), (grown[one], grown[other]))
    return areas


def _short_of(area: Box, marks: tuple[Box, Box], grown: tuple[Box, Box]) -> Box:
    """End the first of two marks' areas where the second begins, on the side where they are farther apart.

    That is half way between the marks, or nearer to the mark that needs less.
    """
    (own, other), (mine, its) = marks, grown
    across = max(other.left - own.right, own.left - other.right)
    down = max(other.top - own.bottom, own.top - other.bottom)
    if across >= down:
        if own.left + own.right <= other.left + other.right:
            return replace(area, right=min(area.right, _line(own.right, other.left, its.left, mine.right)))
        return replace(area, left=max(area.left, _line(other.right, own.left, mine.left, its.right)))
    if own.top + own.bottom <= other.top + other.bottom:
        return replace(area, bottom=min(area.bottom, _line(own.bottom, other.top, its.top, mine.bottom)))
    return replace(area, top=max(area.top, _line(other.bottom, own.top, mine.top, its.bottom)))


def _line(end: float, start: float, lowest: float, highest: float) -> float:
    """Return the line half way between the end of one mark and the start of the next, within what both areas cover."""
    return min(max((end + start) / 2, lowest), highest)


def _grown(start: float, end: float, least: float, size: float) -> tuple[float, float]:
    """Return a length made at least so long, around the same middle, between 0 and a size."""
    more = least - (end - start)
    if more <= 0:
        return start, end
    start = max(min(start - more / 2, size - least), 0.0)
    return start, start + least


def _within(middle: float, length: float, size: float) -> float:
    half = (length + GAP) / 2
    return min(max(middle, half), size - half)


def _near(middle: tuple[float, float], size: float) -> Iterator[tuple[float, float]]:
    """Return a middle, then places ever farther from it, all around it."""
    x, y = middle
    yield middle
    for ring in range(1, int(size / STEP)):
        for turn in range(TURNS):
            angle = 2 * math.pi * (turn + ring / 2) / TURNS
            yield x + ring * STEP * math.cos(angle), y + ring * STEP * math.sin(angle)
