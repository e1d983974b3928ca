"""Room on paper: boxes that must not cover one another, and marks that step aside for others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
        """Give the box of a size around a middle."""
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def meets(self, other: Box) -> bool:
        """Whether two boxes cover one another."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def is_free(self, taken: Iterable[Box], size: float) -> bool:
        """Whether this box lies on a paper of a size and meets no other."""
        on_paper = min(self.left, self.top) >= 0 and max(self.right, self.bottom) <= size
        return on_paper and not any(self.meets(other) for other in taken)


def spread(
    places: Sequence[tuple[float, float]], widths: Sequence[float], *, height: float, size: float
) -> list[tuple[float, float]]:
    """Give the middles of marks so that none cover one another: the first stay, each later one steps aside if it must.

    A mark is ``widths[i]`` wide and ``height`` high; all stay on a paper of a size, and where that is full the last
    ones lie over others.
    """
    taken: list[Box] = []
    found = []
    for (x, y), width in zip(places, widths, strict=True):
        inside = _within(x, width, size), _within(y, height, size)
        boxes = ((place, Box.around(*place, width + GAP, height + GAP)) for place in (inside, *_aside(*inside, size)))
        place, box = next((one for one in boxes if one[1].is_free(taken, size)), (inside, None))
        if box:
            taken.append(box)
        found.append(place)
    return found


def _within(middle: float, length: float, size: float) -> float:
    half = (length + GAP) / 2
    return min(max(middle, half), size - half)


def _aside(x: float, y: float, size: float) -> Iterator[tuple[float, float]]:
    """Give places ever farther from a middle, all around it."""
    for ring in range(1, int(size / STEP)):
        for turn in range(TURNS):
            angle = 2 * math.pi * (turn + ring / 2) / TURNS
            yield x + ring * STEP * math.cos(angle), y + ring * STEP * math.sin(angle)
