"""Practice locations that are spelled differently and mean the same door of one provider.

``location_key`` already treats abbreviations as equal. What is left is how the suite is written ("STE 200", "# 200",
"SUITE200", "RM 200", in front of the street or behind it), the name of the building, and the suite that one source has
and another leaves out: "99 ELM ST" and "99 ELM ST STE 4" are one place of a person, "STE 4" and "STE 200" are two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from finder.directory.release.row_masks import Mask, is_in, place_keys

_SUITES = frozenset({
    "STE", "SUITE", "SUITES", "UNIT", "APT", "RM", "ROOM", "OFC", "OFFICE", "SPC", "SPACE", "SP", "NO", "NUM",
    "NUMBER", "STUDIO",
})  # fmt: skip
"""Words before the number of a suite: spellings of one thing, as far as one provider at one address goes."""

_BUILDINGS = frozenset(["BLDG", "BUILDING", "BLG", "TOWER", "TWR", "WING"])
_FLOORS = frozenset(["FL", "FLOOR", "FLR", "LEVEL", "LVL"])
_INSIDE = _SUITES | _BUILDINGS | _FLOORS
_STREETS = frozenset({
    "ST", "AVE", "RD", "BLVD", "DR", "LN", "CT", "PL", "SQ", "PKWY", "HWY", "TPKE", "CIR", "TER", "WAY", "PIKE",
    "PLZ", "CTR", "TRL", "LOOP", "ROW", "RUN", "XING", "EXPY", "FWY", "ALY", "CV",
})  # fmt: skip
_LONG_FORMS = {
    "PLAZA": "PLZ", "CENTER": "CTR", "CENTRE": "CTR", "TRAIL": "TRL", "CROSSING": "XING", "EXPRESSWAY": "EXPY",
    "FREEWAY": "FWY", "ALLEY": "ALY", "COVE": "CV", "STR": "ST", "BLV": "BLVD", "PARKWY": "PKWY", "AVEN": "AVE",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW", "SAINT": "ST", "FORT": "FT",
    "MOUNT": "MT",
}  # fmt: skip
_DIRECTIONS = frozenset(["N", "S", "E", "W", "NE", "NW", "SE", "SW"])
_HIGHWAYS = frozenset({
    "HWY", "ROUTE", "RTE", "RT", "US", "SR", "CR", "FM", "INTERSTATE", "I", "COUNTY", "STATE", "BOX", "LOOP",
    "EXIT", "FARM", "RANCH",
})  # fmt: skip
"""Words that a number belongs to: ``100 HWY 20`` has no suite 20."""

_NUMBERS = {
    "ONE": "1", "TWO": "2", "THREE": "3", "FOUR": "4", "FIVE": "5", "SIX": "6", "SEVEN": "7", "EIGHT": "8", "NINE": "9",
    "TEN": "10",
}  # fmt: skip
_ORDINALS = {"FIRST": "1", "GROUND": "1", "SECOND": "2", "THIRD": "3", "FOURTH": "4", "FIFTH": "5"}
_GLUED = re.compile(rf"({'|'.join(sorted(_INSIDE, key=len, reverse=True))})(\d\w*)")
_ORDINAL = re.compile(r"(\d+)(?:ST|ND|RD|TH)")


class Door(NamedTuple):
    """The parts of a location key that tell doors apart; each may be empty but ``site``."""

    site: str
    """ZIP code, house number and street."""
    building: str
    floor: str
    suite: str

    @property
    def unit(self) -> str:
        """The suite, else the floor, else the building; empty if the address names none of them."""
        return self.suite or (f"FL {self.floor}" if self.floor else f"BLDG {self.building}" if self.building else "")


@lru_cache(maxsize=65_536)
def door(key: str) -> Door:
    """Read the door in a location key: ``02139 12 MAPLE ST 200`` → site ``02139 12 MAPLE ST``, suite ``200``."""
    zip_code, *words = _words(key)
    inside, rest = _Inside(), words
    number = _house_number(words)
    if number is None or _HIGHWAYS.intersection(words[:number]):
        street_end = next((place for place, word in enumerate(words) if place and word in _SUITES), len(words))
        street, rest = words[:street_end], words[street_end:]
    else:
        inside.read(words[:number])
        street_end = _street_end(words, number)
        street, rest = words[number:street_end], words[street_end:]
    inside.read(rest, behind_street=True)
    return Door(" ".join([zip_code, *street]), inside.building, inside.floor, inside.suite)


def _words(key: str) -> list[str]:
    """Split a key into words of one spelling: ``SUITE200`` into two, ``2ND FLOOR`` as ``FL 2``."""
    words: list[str] = []
    for place, word in enumerate(key.split()):
        if place == 1:
            word = _NUMBERS.get(word, word)
        glued = _GLUED.fullmatch(word) if place > 1 else None
        words += [glued[1], glued[2]] if glued else [_LONG_FORMS.get(word, word)]
    for place in range(len(words) - 1, 1, -1):
        ordinal = _ORDINAL.fullmatch(words[place - 1])
        if words[place] in _FLOORS and (ordinal or words[place - 1] in _ORDINALS):
            floor = ordinal[1] if ordinal else _ORDINALS[words[place - 1]]
            words[place - 1 : place + 1] = ["FL", floor]
    return words or [""]


def _house_number(words: Sequence[str]) -> int | None:
    """Return the place of the house number: one that belongs to a suite or building only if there is no other."""
    numbers = [place for place, word in enumerate(words[:-1]) if word[0].isdigit()]
    others = [place for place in numbers if not place or words[place - 1] not in _INSIDE]
    before_words = [place for place in numbers if not words[place + 1][0].isdigit()]
    return next(iter(others or before_words), None)


def _street_end(words: Sequence[str], number: int) -> int:
    """Return where the street ends: behind its last word of a kind of street and direction, or where a unit begins."""
    for place in range(number + 2, len(words)):
        if words[place] in _INSIDE:
            return place
        if words[place] in _STREETS:
            end = place + 1
            while end < len(words) and words[end] in _STREETS | _DIRECTIONS:
                end += 1
            numbered = words[place] == "HWY" or words[place - 1] in _HIGHWAYS
            return end + 1 if numbered and end < len(words) and words[end][:1].isdigit() else end
    last = len(words) - 1
    has_room = last > number + 1 and words[last][:1].isdigit() and words[last - 1] not in _HIGHWAYS | _SUITES
    return last if has_room else len(words)


class _Inside:
    """Collects building, floor and suite from the words around a street."""

    def __init__(self) -> None:
        self.building = self.floor = self.suite = ""

    def read(self, words: Sequence[str], *, behind_street: bool = False) -> None:
        """Read some words; those that name a building say nothing, as only some sources have them."""
        place = 0
        while place < len(words):
            word = words[place]
            taken = 1
            if word in _SUITES:
                taken += self._take_room(words[place + 1 :])
            elif word in _BUILDINGS | _FLOORS:
                taken += self._take(word in _FLOORS, words[place + 1 :])
            elif behind_street and not self.suite and self._is_bare_room(word, place):
                self.suite = word
            place += taken

    @staticmethod
    def _is_bare_room(word: str, place: int) -> bool:
        """Return whether a word without a name in front numbers a suite: "# 200", and "A" right behind the street."""
        return word[0].isdigit() or (len(word) == 1 and place == 0 and word not in _DIRECTIONS)

    def _take_room(self, words: Sequence[str]) -> int:
        """Read the number of a suite, ``4B`` also as ``4 B``; return how many words it has."""
        numbers: list[str] = []
        for word in words:
            if not (word[0].isdigit() or len(word) == 1) or len(numbers) == 2:
                break
            numbers.append(word)
        if words and not numbers and words[0] not in _INSIDE:
            numbers = [words[0]]
        self.suite = "".join(numbers).lstrip("0") or self.suite
        return len(numbers)

    def _take(self, floor: bool, words: Sequence[str]) -> int:
        """Read the number or letter of a floor or building, if it has one; return how many words that are."""
        if not words or not (words[0][0].isdigit() or len(words[0]) == 1):
            return 0
        if floor:
            self.floor = words[0]
        else:
            self.building = words[0]
        return 1


def canonical_keys(locations: pd.DataFrame) -> pd.DataFrame:
    """Return the keys that are spellings of another: rows of ``npi``, ``location_key`` and ``canonical_key``.

    Of the spellings of one door that with the word for a suite is taken, of several the alphabetically first. A key
    without a unit becomes the first key with a unit at the same site of the same provider. Only keys that change are
    returned.
    """
    pairs = locations[["npi", "location_key"]].drop_duplicates()
    several = pairs[pairs.duplicated("npi", keep=False)].sort_values(["npi", "location_key"])
    sites: dict[tuple[str, str], list[str]] = {}
    for npi, key in several.itertuples(index=False):
        sites.setdefault((npi, door(key).site), []).append(key)
    changed = [
        (npi, key, canonical)
        for (npi, _), keys in sites.items()
        if len(keys) > 1
        for key, canonical in _canonical(keys).items()
    ]
    return pd.DataFrame(changed, columns=["npi", "location_key", "canonical_key"], dtype="str")


def _canonical(keys: Sequence[str]) -> dict[str, str]:
    """Return the canonical key of each key at one site that is not canonical itself."""
    first: list[str] = []
    canonical: dict[str, str] = {}
    for key in sorted(keys, key=lambda key: (not door(key).unit, not door(key).building, " STE " not in key, key)):
        same = [one for one in first if _is_same(door(one), door(key))]
        if not same:
            first.append(key)
        else:
            canonical[key] = same[0] if door(key).unit else min(same)
    return canonical


def _is_same(one: Door, other: Door) -> bool:
    """Return whether two doors at one site are one: no part that both name differs, and they share one or lack any."""
    if one.site != other.site:
        return False
    if not one.unit or not other.unit:
        return True
    if one.building and other.building and one.building != other.building:
        return False
    if one.suite or other.suite:
        shared = one.suite == other.suite or (bool(one.building) and one.building == other.building)
        return shared and (not one.suite or not other.suite or one.suite == other.suite)
    return one.unit == other.unit


def rename_keys(rows: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """Replace keys by their canonical keys in a table with ``npi`` and ``location_key``."""
    if changed.empty or rows.empty:
        return rows
    canonical = place_keys(rows).map(dict(zip(place_keys(changed), changed["canonical_key"], strict=True)))
    return rows.assign(location_key=canonical.where(canonical.notna(), rows["location_key"]).astype("str"))


def is_at(rows: pd.DataFrame, places: pd.DataFrame) -> Mask:
    """Return a mask of the rows that are at one of the given places, with or without their unit.

    A row is at a place if both have the same key, or their keys are spellings of one door, or one of them has no unit
    and the rest is the same.
    """
    found = np.zeros(len(rows), dtype=np.bool_)
    if places.empty:
        return found
    doors_of: dict[str, list[Door]] = {}
    for npi, key in places[["npi", "location_key"]].itertuples(index=False):
        doors_of.setdefault(npi, []).append(door(key))
    found |= is_in(place_keys(rows), place_keys(places))
    for place in np.flatnonzero(is_in(rows["npi"], list(doors_of)) & ~found):
        npi, key = rows["npi"].iloc[place], rows["location_key"].iloc[place]
        found[place] = any(_is_same(door(key), other) for other in doors_of[npi])
    return found
