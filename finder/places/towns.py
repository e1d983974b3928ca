"""Cities and counties: which one a name means when it could mean several, and which a mistyped name may have meant."""

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
"""ZIP codes of a city that people know by nicknames, and that is as likely meant as the state whose name it bears."""

MOST_SUGGESTIONS = 5

FEWEST_LETTERS = 3
"""Letters of a nickname that names a place without its state: SF is listed for Santa Fe, and meant elsewhere too."""

SAME_NAME = 0.85
"""How alike the keys of a listed alias and of a city are where the alias is that city's name cut short (HARTFRD)."""

_ELSEWHERE = 0.85
"""How well the same name in another state answers, beside names of the right state that only resemble it."""

Found = tuple[Literal["city", "county"], Town]


class Towns:
    """The cities and counties of the ZIP codes. Each index is made when first needed."""

    def __init__(self, zips: Zips) -> None:
        """Take the ZIP codes, unread."""
        self._zips = zips

    def find(self, named: Named) -> Found | None:
        """Find the one place of that name, None if there is none.

        Raises AmbiguousPlace if several states have it, UnknownPlace for two letters that many places are called by.
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
                return kind, self._whole(town) if names is self.aliases else town
        return None

    def large_cities(self, name: str) -> list[Town]:
        """Return the cities of that name if the largest has many ZIP codes, largest first."""
        cities = sorted(self.cities.find(name).values(), key=_size)
        return cities if cities and len(cities[0].zips) >= LARGE_CITY else []

    def resembling(self, readings: Sequence[Named]) -> tuple[str, ...]:
        """Return the titles of the places that were meant by a mistyped name, likeliest first."""
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
        """Make all indexes now."""
        _ = self.cities, self.aliases, self.counties, self.placed_cities

    def _located(self) -> Iterator[Zip]:
        return (entry for entry in self._zips if entry.city and entry.kind != "MILITARY")

    def _where_to_look(self, name: str) -> Iterator[tuple[Literal["city", "county"], Names]]:
        """Yield the indexes in the order in which a name is likeliest meant."""
        if county_stem(name):
            yield "county", self.counties
        yield "city", self.cities
        yield "city", self.aliases
        yield "county", self.counties

    def _whole(self, town: Town) -> Town:
        """Return the city that a listed alias is the cut-short name of (HARTFRD), or a large one's nickname (NYC)."""
        for score, city in self.cities.resembling(town.name, town.state, 1):
            if score >= SAME_NAME and _letters_left_out(key(town.name), key(city.name)):
                return city
        cities = {entry.city for entry in town.zips}
        if len(cities) > 1:
            return town
        city = self.cities.find(cities.pop()).get(town.state, town)
        return city if LARGE_CITY <= len(city.zips) < 2 * len(town.zips) else town

    def _choices(self, name: str, towns: dict[str, Town]) -> tuple[str, ...]:
        """Return the titles among which only the visitor can choose: largest first, well-known nicknames included."""
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
    """Sort by size, largest first."""
    return -len(town.zips), town.title


def _letters_left_out(short: str, whole: str) -> bool:
    """Return whether one key is the other with letters left out."""
    letters = iter(whole)
    return all(letter in letters for letter in short)


def _county_key(name: str) -> str:
    """Return the key of a county, whatever a county is called there: ``Orleans Parish`` and ``Orleans County`` are one.

    An independent city ("Baltimore city") keeps the word, as a county of the same name lies around it.
    """
    return key(county_stem(name) or name)


def _guess_state(reading: Named) -> Named:
    """Take the end of a name for a mistyped state: ``Cambridge, Massachusets``."""
    head, _, tail = reading.name.rpartition("," if "," in reading.name else " ")
    alike = process.extractOne(joined(tail), state_keys().keys(), scorer=OSA.normalized_similarity, score_cutoff=0.75)
    state: State | None = state_keys()[alike[0]] if alike and len(tail) > 3 else None
    return Named(head, state) if state and head else reading
