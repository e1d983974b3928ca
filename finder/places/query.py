"""Parses a typed place: a ZIP code, a point, or a name that may end in a state. Cities are looked up in ``towns``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from finder.digits import is_digits
from finder.places.errors import EmptyPlace, PointOutOfRange, UnknownPlace, UnknownZip
from finder.places.point import Point
from finder.places.spelling import LONGEST, joined, plain
from finder.places.states import State, find_state


@dataclass(frozen=True, slots=True)
class ZipQuery:
    """A ZIP code of five digits."""

    code: str


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a city or county, and its state if one was given."""

    name: str
    state: State | None = None


@dataclass(frozen=True, slots=True)
class StateQuery:
    """A whole state; not ``certain`` if only its name was typed, which may also be a city's (New York)."""

    state: State
    certain: bool


Query = ZipQuery | Point | StateQuery | tuple[Named, ...]
"""A parsed place; a name has several readings, the most likely first."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_ZIP = re.compile(r"([0-9]{3,5})(?:-[0-9]{0,4}| ?[0-9]{4})?")
_ADDRESS_WITH_ZIP = re.compile(r"[\w .,'’#/-]*[ ,.]([0-9]{5})(?:-[0-9]{4})?")
_ZIP_WITH_CITY = re.compile(r"([0-9]{5})(?:-[0-9]{4})?[ ,](?:[^\W\d_]|[ .,'’-])+")
_NUMBER = r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))"
_POINT = re.compile(rf"\(? ?{_NUMBER}(?: ?[,;] ?| ){_NUMBER} ?\)?")
_COUNTRY = re.compile(
    r"[ ,]+(?:u\.? ?s\.?(?: ?a\.?)?|united states(?: of america)?|estados unidos|ee\.? ?uu\.?)$", re.I
)
_STATE_OF = re.compile(r"(?:(?:the )?(?:state|commonwealth) of|(?:el )?estado de) (.+)|(.+) state", re.I)
_TOWN_OF = re.compile(r"^(?:city|town|village|ciudad) (?:of|de) ", re.I)
_COUNTY = re.compile(r"(.+) (?:county|parish|census area|city and borough|borough|municipio|municipality|co)")
_COUNTY_OF = re.compile(r"(?:county of|(?:el )?condado de|condado) (.+)", re.I)


def read_place(text: str) -> Query:
    """Read a place as typed. Raises EmptyPlace, UnknownZip, PointOutOfRange or UnknownPlace."""
    if len(text) > LONGEST:
        raise EmptyPlace if not text.strip() else UnknownPlace
    tidy = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    if not tidy:
        raise EmptyPlace
    if len(tidy) > LONGEST:
        raise UnknownPlace
    return _read_zip(tidy) or _read_point(tidy) or _read_name(tidy)


def _read_zip(text: str) -> ZipQuery | None:
    """Read ``02139``, ``02139-1234``, ``021391234``, ``Cambridge, MA 02139``, and ``2139`` without its leading zero."""
    if match := _ZIP.fullmatch(text):
        return ZipQuery(match[1].zfill(5))
    if is_digits(text):
        raise UnknownZip(text)
    if match := _ADDRESS_WITH_ZIP.fullmatch(text) or _ZIP_WITH_CITY.fullmatch(text):
        return ZipQuery(match[1])
    return None


def _read_point(text: str) -> Point | None:
    match = _POINT.fullmatch(text)
    if not match:
        return None
    try:
        # Six decimals are four inches: enough for any place, and one way to write it.
        return Point(latitude=round(float(match[1]), 6), longitude=round(float(match[2]), 6))
    except ValueError:
        raise PointOutOfRange from None


def _read_name(text: str) -> StateQuery | tuple[Named, ...]:
    text = _COUNTRY.sub("", text).strip(" ,.") or text
    if (match := _STATE_OF.fullmatch(text)) and (state := find_state(match[1] or match[2])):
        return StateQuery(state, certain=True)
    parts = [part for part in text.split(",") if plain(part)]
    if not parts:
        raise UnknownPlace
    if state := find_state(parts[-1]):
        if len(parts) > 1:
            county_only_says_more = len(parts) > 2 and county_stem(parts[-2])
            return _readings(parts[-3 if county_only_says_more else -2], state)
        return StateQuery(state, certain=joined(text) == state.code.lower())
    return (*_codes_last(text), *_readings(text), *_names_last(text))


def county_stem(name: str) -> str | None:
    """Return a county's name without its kind: ``Middlesex County`` → ``middlesex``; None without such a word."""
    match = _COUNTY.fullmatch(plain(name))
    return match[1] if match else None


def _codes_last(text: str) -> tuple[Named, ...]:
    """Read ``Cambridge MA``: a name, then the two letters of a state."""
    name, _, code = plain(text).rpartition(" ")
    state = find_state(code) if len(code) == 2 else None
    return _readings(name, state) if state and name else ()


def _names_last(text: str) -> tuple[Named, ...]:
    """Read ``Cambridge Massachusetts`` and ``Washington D.C.``: a name, then that of a state in one to four words."""
    words = plain(text).split()
    splits = [(words[:-count], find_state(" ".join(words[-count:]))) for count in range(1, min(5, len(words)))]
    return tuple(reading for name, state in splits if state for reading in _readings(" ".join(name), state))


def _readings(name: str, state: State | None = None) -> tuple[Named, ...]:
    """Return the readings of a name.

    ``City of Boston`` is read as it is (there is a City of Industry) and without those words, ``Condado de Orange`` in
    English order, ``Nueva York`` in English.
    """
    name = name.strip()
    if match := _COUNTY_OF.fullmatch(name):
        return (Named(f"{match[1]} county", state),)
    town = _TOWN_OF.sub("", name)
    namesake = find_state(town)
    english = namesake.name if namesake and len(joined(town)) > 2 else town
    return tuple(Named(each, state) for each in dict.fromkeys((name, town, english)))
