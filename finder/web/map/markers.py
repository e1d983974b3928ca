"""The marks of a map: who stands at each point, the numbers on it, and what a screen reader says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from finder.places.point import Point
from finder.web.http.language import gettext, ngettext
from finder.web.map.drawing import Drawing, Mark, MarkPosition
from finder.web.presentation.formats import miles, number
from finder.web.search.cards import Card

ZIP_CENTER = "zip"
"""How the source of a position begins that is the middle of a ZIP code, and not a street address."""

_DECIMALS = 4
"""Of a degree, about ten yards: what lies nearer is one spot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A card with its number in the list, and its name on the map: ``2. Dolores Whitcomb, 1.3 miles``."""

    number: int
    card: Card
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One mark on the map: what stands on it, what a screen reader says, who is there, its place on paper."""

    id: str
    label: str
    width: float
    name: str
    listed: tuple[Numbered, ...]
    point: Point
    place: MarkPosition


def number_cards(cards: Sequence[Card], *, first: int) -> tuple[Numbered, ...]:
    """Number cards in the order of the list, and name each as the map does."""
    return tuple(Numbered(number=place, card=one, name=_name(place, one)) for place, one in enumerate(cards, first))


def by_place(listed: Iterable[Numbered]) -> dict[Point, list[Numbered]]:
    """Group cards by point: most positions are the center of a ZIP code, so that many cards share a point."""
    groups: dict[Point, list[Numbered]] = {}
    for one in listed:
        if point := one.card.listing.location.point:
            rounded = Point(latitude=round(point.latitude, _DECIMALS), longitude=round(point.longitude, _DECIMALS))
            groups.setdefault(rounded, []).append(one)
    return groups


def marks_of(groups: Mapping[Point, Sequence[Numbered]]) -> list[Mark]:
    """Return a mark to draw for each place, as wide as its label."""
    return [Mark(point, _width(_label(here))) for point, here in groups.items()]


def spots_of(groups: Mapping[Point, Sequence[Numbered]], drawing: Drawing) -> tuple[Spot, ...]:
    """Make the marks of the map; the drawing has a place for each point, in their order."""
    return tuple(
        Spot(
            id=f"spot-{here[0].number}",
            label=_label(here),
            width=_width(_label(here)),
            name=_spot_name(here),
            listed=tuple(here),
            point=point,
            place=place,
        )
        for (point, here), place in zip(groups.items(), drawing.places, strict=True)
    )


def _name(place: int, listed_card: Card) -> str:
    listing = listed_card.listing
    named = {"number": number(place), "name": listing.provider.name}
    if listing.distance_miles is None:
        return gettext("%(number)s. %(name)s", **named)
    return gettext("%(number)s. %(name)s, %(miles)s miles", miles=miles(listing.distance_miles), **named)


def _label(here: Sequence[Numbered]) -> str:
    """Return a short label of the numbers at a spot: ``7``, ``7, 9``, ``7–9``, ``7 +4``."""
    numbers = [one.number for one in here]
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 1:
        return str(first)
    if last - first == len(numbers) - 1:
        return f"{first}–{last}"
    return f"{first}, {last}" if len(numbers) == 2 else f"{first} +{len(numbers) - 1}"


def _width(label: str) -> float:
    """Return the room that a label takes on paper, in units."""
    return 14.0 + 9.0 * max(len(label), 2)


def _spot_name(here: Sequence[Numbered]) -> str:
    """Return the accessible name of a spot: a single listing's name, or the count, the place and then each listing."""
    if len(here) == 1:
        return here[0].name
    names = "; ".join(one.name for one in here)
    if all(at_zip_center(one) for one in here):
        return ngettext(
            "%(number)s listing at the center of %(zip)s: %(names)s",
            "%(number)s listings at the center of %(zip)s: %(names)s",
            len(here), number=number(len(here)), zip=here[0].card.listing.location.zip[:5], names=names,
        )  # fmt: skip
    return ngettext(
        "%(number)s listing at one place: %(names)s", "%(number)s listings at one place: %(names)s",
        len(here), number=number(len(here)), names=names,
    )  # fmt: skip


def at_zip_center(one: Numbered) -> bool:
    """Return whether all we know of a listing's place is its ZIP code."""
    return one.card.listing.location.geocode_source.startswith(ZIP_CENTER)
