"""Cities and counties: resolves ambiguous names, and suggests places for mistyped names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from finder.places.errors import AmbiguousPlace, UnknownPlace
from finder.places.names import Names, Town
from finder.places.point import Point
from finder.places.query import Named, county_stem
from finder.places.spelling import joined, key
from finder.places.states import State, state_keys
from finder.places.zips import Zip, Zips

LARGE_CITY = 10
"""ZIP codes of a large city: people know it by nicknames, and may mean it rather than a state of the same name."""

MOST_SUGGESTIONS = 5

FEWEST_LETTERS = 3
"""Letters of a nickname that is accepted without a state: SF is listed for Santa Fe but ambiguous."""

SAME_NAME = 0.85
"""Similarity of the keys of an alias and a city from which the alias is the city's name cut short (HARTFRD)."""

_ELSEWHERE = 0.85
"""Score of the same name in another state, compared with similar names in the given state."""

Found = tuple[Literal["city", "county"], Town]


class Towns:
    """The cities and counties of the ZIP codes. Each index is built when first needed."""

    def __init__(self, zips: Zips) -> None:
        """Store the ZIP codes, which are read later."""
        self._zips = zips

    def find(self, named: Named) -> Found | None:
        """Return the place of a name, None if there is none.

        Raises AmbiguousPlace if several states have it, UnknownPlace for an ambiguous nickname of two letters.
        """
        for kind, names in self._where_to_look(named.name):
            towns = names.find(named.name)
            if named.state:
                towns = {code: town for code, town in towns.items() if code == named.state.code}
            elif towns and names is self.aliases and len(joined(named.name)) < FEWEST_LETTERS:
                cities = (f"{entry.city}, {entry.state}" for town in towns.values() for entry in town.zips)
                raise UnknownPlace(tuple(dict.fromkeys(cities))[:MOST_SUGGESTIONS])
            if len(towns) > 1:
                raise AmbiguousPlace(self._choices(named.name, towns))
            for town in towns.values():
                return kind, self._full_city(town) if names is self.aliases else town
        return None

    def large_cities(self, name: str) -> list[Town]:
        """Return the cities of that name if the largest has many ZIP codes, largest first."""
        cities = sorted(self.cities.find(name).values(), key=_size)
        return cities if cities and len(cities[0].zips) >= LARGE_CITY else []

    def resembling(self, readings: Sequence[Named]) -> tuple[str, ...]:
        """Return the titles of places similar to a mistyped name, the most likely first."""
        with_state = [reading for reading in readings if reading.state] or [*map(_guess_state, readings)]
        found = [pair for reading in with_state[:2] for pair in self._alike(reading)]
        found.sort(key=lambda pair: (-pair[0], _size(pair[1])))
        return tuple(dict.fromkeys(town.title for _, town in found))[:MOST_SUGGESTIONS]

    @cached_property
    def cities(self) -> Names:
        """The postal cities."""
        return Names((entry.city, entry) for entry in self._located())

    @cached_property
    def aliases(self) -> Names:
        """Other names of cities, their neighborhoods and nicknames."""
        return Names((name, entry) for entry in self._located() for name in (*entry.also, *entry.parts))

    @cached_property
    def counties(self) -> Names:
        """The counties, parishes, boroughs and municipios."""
        return Names(((entry.county, entry) for entry in self._located() if entry.county), _county_key)

    @cached_property
    def placed_cities(self) -> tuple[tuple[Point, Town], ...]:
        """The cities with their centers."""
        return tuple((point, town) for town in self.cities if (point := town.point))

    def warm(self) -> None:
        """Build all indexes now."""
        _ = self.cities, self.aliases, self.counties, self.placed_cities

    def _located(self) -> Iterator[Zip]:
        return (entry for entry in self._zips if entry.city and entry.kind != "MILITARY")

    def _where_to_look(self, name: str) -> Iterator[tuple[Literal["city", "county"], Names]]:
        """Yield the indexes to search for a name, the most likely first."""
        if county_stem(name):
            yield "county", self.counties
        yield "city", self.cities
        yield "city", self.aliases
        yield "county", self.counties

    def _full_city(self, town: Town) -> Town:
        """Return the city of an alias that is a cut-short name (HARTFRD) or the nickname of a large city (NYC)."""
        for score, city in self.cities.resembling(town.name, town.state, 1):
            if score >= SAME_NAME and _letters_left_out(key(town.name), key(city.name)):
                return city
        cities = {entry.city for entry in town.zips}
        if len(cities) > 1:
            return town
        city = self.cities.find(cities.pop()).get(town.state, town)
        return city if LARGE_CITY <= len(city.zips) < 2 * len(town.zips) else town

    def _choices(self, name: str, towns: dict[str, Town]) -> tuple[str, ...]:
        """Return the titles of the possible places of a name, the largest first, including well-known nicknames."""
        others = {} if county_stem(name) else self.aliases.find(name)
        return tuple(town.title for town in sorted((others | towns).values(), key=_size))

    def _alike(self, reading: Named) -> Iterator[tuple[float, Town]]:
        names = self.counties if county_stem(reading.name) else self.cities
        if reading.state is None:
            yield from names.resembling(reading.name)
            return
        yield from names.resembling(reading.name, reading.state.code)
        namesakes = names.find(reading.name)
        if reading.state.code not in namesakes:
            yield from ((_ELSEWHERE, town) for town in namesakes.values())


def _size(town: Town) -> tuple[int, str]:
    """Return the sort key by size, largest first."""
    return -len(town.zips), town.title


def _letters_left_out(short: str, whole: str) -> bool:
    """Return whether one key is the other with letters left out."""
    letters = iter(whole)
    return all(letter in letters for letter in short)


def _county_key(name: str) -> str:
    """Return the key of a county without its kind: ``Orleans Parish`` and ``Orleans County`` have one key.

    An independent city ("Baltimore city") keeps the word, as a county of the same name lies around it.
    """
    return key(county_stem(name) or name)


def _guess_state(reading: Named) -> Named:
    """Return the reading with a mistyped state at the end of the name: ``Cambridge, Massachusets``."""
    head, _, tail = reading.name.rpartition("," if "," in reading.name else " ")
    alike = process.extractOne(joined(tail), state_keys().keys(), scorer=OSA.normalized_similarity, score_cutoff=0.75)
    state: State | None = state_keys()[alike[0]] if alike and len(tail) > 3 else None
    return Named(head, state) if state and head else reading
