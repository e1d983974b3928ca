"""The names of cities and counties: the ZIP codes of each, how it is found by any spelling, what resembles it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import fsum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from finder.places.point import Point
from finder.places.spelling import key
from finder.places.zips import PACKAGE, Zip

ALIKE = 0.7
"""How much of two keys must agree (share of letters, a swap counting once) for one to be offered for the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """A city or county of one state, with all its ZIP codes."""

    name: str
    state: str
    zips: tuple[Zip, ...]

    @property
    def title(self) -> str:
        """The name that finds it again: ``Cambridge, MA``."""
        return f"{self.name}, {self.state}"

    @property
    def centered_on(self) -> tuple[Zip, ...]:
        """The ZIP codes whose mean is the center: all that have a point, PO boxes aside if there are others."""
        located = tuple(entry for entry in self.zips if entry.latitude is not None)
        return tuple(entry for entry in located if entry.kind != "PO BOX") or located

    @property
    def source(self) -> str:
        """Where the center comes from."""
        used = self.centered_on
        return used[0].source if len(used) == 1 else f"mean of {len(used)} ZIP code centroids, {PACKAGE}"

    @property
    def point(self) -> Point | None:
        """The mean of its ZIP code centroids; None where none has one."""
        used = self.centered_on
        if not used:
            return None
        return Point(
            latitude=fsum(entry.latitude or 0 for entry in used) / len(used),
            longitude=fsum(entry.longitude or 0 for entry in used) / len(used),
        )


class Names:
    """An index of names: the towns of every key, by state."""

    def __init__(self, named: Iterable[tuple[str, Zip]], spell: Callable[[str], str] = key) -> None:
        """Gather (name, ZIP code) pairs; names of one key in one state are one town, by its commonest spelling."""
        self._spell = spell
        gathered: dict[tuple[str, str], dict[str, list[Zip]]] = defaultdict(lambda: defaultdict(list))
        keys: dict[str, str] = {}
        for name, entry in named:
            spelled = keys.get(name) or keys.setdefault(name, spell(name))
            gathered[spelled, entry.state][name].append(entry)
        self._towns: dict[str, dict[str, Town]] = defaultdict(dict)
        for (spelled, state), by_name in gathered.items():
            commonest = max(by_name, key=lambda name: len(by_name[name]))
            zips = {entry.code: entry for entries in by_name.values() for entry in entries}
            self._towns[spelled][state] = Town(commonest, state, tuple(zips.values()))

    def find(self, name: str) -> dict[str, Town]:
        """Return the towns of that name by state; none: an empty dictionary."""
        return self._towns.get(self._spell(name), {})

    def __iter__(self) -> Iterator[Town]:
        for by_state in self._towns.values():
            yield from by_state.values()

    @cached_property
    def _keys_by_state(self) -> dict[str, list[str]]:
        by_state: dict[str, list[str]] = defaultdict(list)
        for spelled, towns in self._towns.items():
            by_state[""].append(spelled)
            for state in towns:
                by_state[state].append(spelled)
        return by_state

    def resembling(self, name: str, state: str = "", limit: int = 5) -> list[tuple[float, Town]]:
        """Return the towns (of one state, or of all) whose names resemble a mistyped one, with how much: best first.

        Costs a comparison with every name, about 10 ms for the whole country; ``name`` is at most a line long.
        """
        choices = self._keys_by_state.get(state, [])
        alike = process.extract(
            self._spell(name), choices, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=4 * limit
        )
        found = [
            (score, town)
            for spelled, score, _ in alike
            for town in self._towns[spelled].values()
            if state in ("", town.state)
        ]
        return sorted(found, key=lambda pair: (-pair[0], -len(pair[1].zips), pair[1].title))[:limit]
