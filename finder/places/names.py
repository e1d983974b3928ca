"""Names of cities and counties: their ZIP codes, look-up by any spelling, and similar names."""

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

SIMILAR = 0.7
"""Similarity of two keys (share of letters, a swap counting once) from which a name is suggested for another."""


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """A city or county of one state, with all its ZIP codes."""

    name: str
    state: str
    zips: tuple[Zip, ...]

    @property
    def title(self) -> str:
        """The unambiguous name: ``Cambridge, MA``."""
        return f"{self.name}, {self.state}"

    @property
    def centered_on(self) -> tuple[Zip, ...]:
        """The ZIP codes whose mean is the center: all with a point, without PO boxes if there are others."""
        located = tuple(entry for entry in self.zips if entry.latitude is not None)
        return tuple(entry for entry in located if entry.kind != "PO BOX") or located

    @property
    def source(self) -> str:
        """The source of the center."""
        used = self.centered_on
        return used[0].source if len(used) == 1 else f"mean of {len(used)} ZIP code centroids, {PACKAGE}"

    @property
    def point(self) -> Point | None:
        """The mean of the ZIP code centroids, None without any."""
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
        """Index (name, ZIP code) pairs; names with one key in one state are one town, in its commonest spelling."""
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
        """Return the towns of a name, by state."""
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
        """Return the towns (of one state, or of all) with similar names, with their similarity, best first.

        Compares every name, which takes about 10 ms for the whole country; ``name`` is at most one line.
        """
        choices = self._keys_by_state.get(state, [])
        alike = process.extract(
            self._spell(name), choices, scorer=OSA.normalized_similarity, score_cutoff=SIMILAR, limit=4 * limit
        )
        found = [
            (score, town)
            for spelled, score, _ in alike
            for town in self._towns[spelled].values()
            if state in ("", town.state)
        ]
        return sorted(found, key=lambda pair: (-pair[0], -len(pair[1].zips), pair[1].title))[:limit]
