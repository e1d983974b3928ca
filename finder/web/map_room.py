"""Room on paper: boxes that must not cover one another, and marks that step aside until they do not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GAP = 3.0
"""Units between two marks."""

_ROUNDS = 80


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
    """Move the middles of marks apart, both of a pair by the same, until none cover one another or rounds run out.

    A mark is ``widths[i]`` wide and ``height`` high; all stay on a paper of a size.
    """
    now = [list(place) for place in places]
    for _ in range(_ROUNDS):
        pairs = ((one, other) for one in range(len(now)) for other in range(one))
        moved = [_push(now[one], now[other], (widths[one] + widths[other]) / 2, height, one) for one, other in pairs]
        for place, width in zip(now, widths, strict=True):
            place[0] = min(max(place[0], width / 2), size - width / 2)
            place[1] = min(max(place[1], height / 2), size - height / 2)
        if not any(moved):
            break
    return [(x, y) for x, y in now]


def _push(one: list[float], other: list[float], width: float, height: float, turn: int) -> bool:
    """Part two middles that need ``width`` across or ``height`` down, the shorter way; say whether they moved."""
    across, down = one[0] - other[0], one[1] - other[1]
    missing_across, missing_down = width + GAP - abs(across), height + GAP - abs(down)
    if min(missing_across, missing_down) <= 0.1:
        return False
    if max(abs(across), abs(down)) < 0.01:  # at one place: part in a direction of their own, so that a heap opens
        across, down = math.cos(turn), math.sin(turn)
    if missing_across < missing_down:
        step = math.copysign(missing_across / 2, across)
        one[0], other[0] = one[0] + step, other[0] - step
    else:
        step = math.copysign(missing_down / 2, down)
        one[1], other[1] = one[1] + step, other[1] - step
    return True
