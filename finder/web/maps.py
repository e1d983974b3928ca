"""The list that a search finds, with a map beside it: rings, towns and numbered spots, and no streets until asked for.

The map is drawn here, so that it is there without script and on paper; ``static/map.js`` makes it one to move about in,
from what the drawing says. Nothing is asked of a third party before the visitor presses a button that says of whom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from finder.directory.query import Query
from finder.errors import InvalidRequest
from finder.places.errors import PlaceError
from finder.places.point import Point
from finder.web import prices
from finder.web.asked import query_of
from finder.web.cards import Card, card
from finder.web.language import gettext, ngettext
from finder.web.links import RESULTS, address, changed, same_search
from finder.web.map_drawing import SIZE, Drawing, Mark, Place, draw
from finder.web.results import USUAL_PLAN, heading
from finder.web.search import refused
from finder.web.security import CONTENT_SECURITY_POLICY
from finder.web.services import services
from finder.web.words import miles, number

blueprint = Blueprint("maps", __name__)

MAP = "maps.results"

ZIP_CENTER = "zip"
"""How the source of a position begins that is the middle of a ZIP code, and not a street address."""

_TILES = re.compile(r"(https?)://((?:\{s\}\.)?[A-Za-z0-9.-]+(?::[0-9]+)?)/")
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
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """Who draws the streets: the address of the tiles, the host for people, the source that the page may load."""

    tiles: str
    host: str
    source: str


@blueprint.get("/therapists/map")
def results() -> ResponseReturnValue:
    """Show one page of what a search finds, each listing with its number on the map."""
    try:
        query = query_of(request.args)
    except (PlaceError, InvalidRequest) as error:
        return refused(request.args, error), 400
    streets = streets_of(services().settings.tiles_url)
    return allow(streets, make_response(_page(query, request.args, streets)))


def _page(query: Query, asked: MultiDict[str, str], streets: Streets | None) -> str:
    directory, today = services().directory(), services().today()
    found = directory.search(query, partial(prices.share, day=today))
    plans = query.insurance or (USUAL_PLAN,)
    cards = [card(listing, plans=plans, origin=query.origin, today=today) for listing in found.listings]
    listed = number_cards(cards, first=(found.page - 1) * query.per_page + 1)
    groups = by_place(listed)
    center = query.origin.point if query.origin else None
    marks = [Mark(point, _width(_label(here))) for point, here in groups.items()]
    drawing = draw(marks, services().gazetteer, center=center, radius_miles=query.radius_miles)
    spots = spots_of(groups, drawing)
    return render_template(
        "map/map.html",
        heading=heading(query, found),
        total=found.total,
        page=found.page,
        pages=found.pages,
        page_address=partial(_page_address, asked),
        to_list=same_search(RESULTS, page=True),
        listed=listed,
        drawing=drawing,
        size=SIZE,
        spots=spots,
        miles_words={ring.miles: _miles(ring.miles) for ring in drawing.rings},
        spot_of={one.number: spot.id for spot in spots for one in spot.listed},
        only_zip_centers=all(_at_zip_center(one) for one in listed),
        streets=streets,
        sample=directory.release.is_sample,
    )


def number_cards(cards: Sequence[Card], *, first: int) -> tuple[Numbered, ...]:
    """Number cards in the order of the list, and name each as the map does."""
    return tuple(Numbered(number=place, card=one, name=_name(place, one)) for place, one in enumerate(cards, first))


def by_place(listed: Iterable[Numbered]) -> dict[Point, list[Numbered]]:
    """Gather what lies at the same point; most positions are the center of a ZIP code, so that many share one."""
    groups: dict[Point, list[Numbered]] = {}
    for one in listed:
        if point := one.card.listing.location.point:
            rounded = Point(latitude=round(point.latitude, _DECIMALS), longitude=round(point.longitude, _DECIMALS))
            groups.setdefault(rounded, []).append(one)
    return groups


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


def streets_of(tiles_url: str) -> Streets | None:
    """Read whose street map the settings offer: ``https://{s}.tiles.example/{z}/{x}/{y}.png``; None: there are none."""
    match = _TILES.match(tiles_url)
    if match is None:
        return None
    host = match[2].replace("{s}.", "")
    source = f"{match[1]}://{match[2].replace('{s}.', '*.')}"
    return Streets(tiles=tiles_url, host=urlsplit(f"//{host}").hostname or host, source=source)


def allow(streets: Streets | None, response: Response) -> Response:
    """Let this one page load the pictures of the street map, when the visitor asks for them."""
    if streets:
        policy = CONTENT_SECURITY_POLICY.replace("img-src 'self'", f"img-src 'self' {streets.source}")
        response.headers["Content-Security-Policy"] = policy
    return response


def _page_address(asked: MultiDict[str, str], page: int) -> str:
    return address(MAP, changed(asked) + ([("page", str(page))] if page > 1 else []))


def _name(place: int, shown: Card) -> str:
    listing = shown.listing
    named = {"number": number(place), "name": listing.provider.name}
    if listing.distance_miles is None:
        return gettext("%(number)s. %(name)s", **named)
    return gettext("%(number)s. %(name)s, %(miles)s miles", miles=miles(listing.distance_miles), **named)


def _label(here: Sequence[Numbered]) -> str:
    """Write the numbers at one spot in little room: ``7``, ``7, 9``, ``7–9``, ``7 +4``."""
    numbers = [one.number for one in here]
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 1:
        return str(first)
    if last - first == len(numbers) - 1:
        return f"{first}–{last}"
    return f"{first}, {last}" if len(numbers) == 2 else f"{first} +{len(numbers) - 1}"


def _miles(distance: float) -> str:
    return ngettext("%(miles)s mile", "%(miles)s miles", 1 if distance == 1 else 2, miles=f"{distance:g}")


def _width(label: str) -> float:
    """Give the room that a label takes on paper, in units."""
    return 14.0 + 9.0 * max(len(label), 2)


def _spot_name(here: Sequence[Numbered]) -> str:
    """Say who is at a spot: a single one by name, several by how many, where, and then each."""
    if len(here) == 1:
        return here[0].name
    names = "; ".join(one.name for one in here)
    if all(_at_zip_center(one) for one in here):
        return ngettext(
            "%(number)s listing at the center of %(zip)s: %(names)s",
            "%(number)s listings at the center of %(zip)s: %(names)s",
            len(here), number=number(len(here)), zip=here[0].card.listing.location.zip[:5], names=names,
        )  # fmt: skip
    return ngettext(
        "%(number)s listing at one place: %(names)s", "%(number)s listings at one place: %(names)s",
        len(here), number=number(len(here)), names=names,
    )  # fmt: skip


def _at_zip_center(one: Numbered) -> bool:
    return one.card.listing.location.geocode_source.startswith(ZIP_CENTER)
