"""The list that a search finds, with a map beside it: rings, towns and numbered spots, and no streets until asked for.

The map is drawn here, so that it is there without script and on paper; ``static/map.js`` makes it one to move about in,
from what the drawing says. Nothing is asked of a third party before the visitor presses a button that says of whom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from finder.directory.query import Query
from finder.errors import InvalidRequest
from finder.http.security_headers import CONTENT_SECURITY_POLICY
from finder.http.services import services
from finder.places.errors import PlaceError
from finder.web.http.display import LARGE, display_settings
from finder.web.http.language import ngettext
from finder.web.http.urls import RESULTS, address, changed, same_search
from finder.web.map.drawing import LARGE_PRESS, PRESS, SIZE, draw
from finder.web.map.markers import at_zip_center, by_place, marks_of, number_cards, spots_of
from finder.web.prices import card_price
from finder.web.search.cards import card
from finder.web.search.home import ask_again
from finder.web.search.results_page import USUAL_PLAN, heading
from finder.web.search.search_args import query_of

_TILES = re.compile(r"(https?)://((?:\{s\}\.)?[A-Za-z0-9.-]+(?::[0-9]+)?)/")

blueprint = Blueprint("maps", __name__)

MAP = "maps.results"


@blueprint.get("/therapists/map")
def results() -> ResponseReturnValue:
    """Show one page of what a search finds, each listing with its number on the map."""
    try:
        query = query_of(request.args)
    except (PlaceError, InvalidRequest) as error:
        return ask_again(request.args, error), 400
    streets = streets_of(services().settings.tiles_url)
    return allow(streets, make_response(_page(query, request.args, streets)))


def _page(query: Query, args: MultiDict[str, str], streets: Streets | None) -> str:
    directory, today = services().directory(), services().today()
    found = directory.search(query, card_price.cost_of(today))
    plans = query.insurance or (USUAL_PLAN,)
    cards = [
        card(listing, plans=plans, offers_wanted=query.every_offer, origin=query.origin, today=today)
        for listing in found.listings
    ]
    listed = number_cards(cards, first=(found.page - 1) * query.per_page + 1)
    groups = by_place(listed)
    center = query.origin.point if query.origin else None
    press = LARGE_PRESS if LARGE in display_settings() else PRESS
    drawing = draw(marks_of(groups), services().gazetteer, center=center, radius_miles=query.radius_miles, press=press)
    spots = spots_of(groups, drawing)
    return render_template(
        "map/map.html",
        heading=heading(query, found),
        total=found.total,
        page=found.page,
        pages=found.pages,
        page_address=partial(_page_address, args),
        to_list=same_search(RESULTS, page=True),
        listed=listed,
        drawing=drawing,
        size=SIZE,
        spots=spots,
        miles_words={ring.miles: _miles(ring.miles) for ring in drawing.rings},
        spot_of={one.number: spot.id for spot in spots for one in spot.listed},
        only_zip_centers=all(at_zip_center(one) for one in listed),
        streets=streets,
    )


def _page_address(args: MultiDict[str, str], page: int) -> str:
    return address(MAP, changed(args) + ([("page", str(page))] if page > 1 else []))


def _miles(distance: float) -> str:
    return ngettext("%(miles)s mile", "%(miles)s miles", 1 if distance == 1 else 2, miles=f"{distance:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """Who draws the streets: the address of the tiles, the host for people, the source that the page may load."""

    tiles: str
    host: str
    source: str


def streets_of(tiles_url: str) -> Streets | None:
    """Read whose street map the settings offer: ``https://{s}.tiles.example/{z}/{x}/{y}.png``; None: there are none."""
    match = _TILES.match(tiles_url)
    if match is None:
        return None
    host = match[2].replace("{s}.", "")
    source = f"{match[1]}://{match[2].replace('{s}.', '*.')}"
    return Streets(tiles=tiles_url, host=urlsplit(f"//{host}").hostname or host, source=source)


def allow(streets: Streets | None, response: Response) -> Response:
    """Return the response with a policy that also lets this page load the tiles of the street map."""
    if streets:
        policy = CONTENT_SECURITY_POLICY.replace("img-src 'self'", f"img-src 'self' {streets.source}")
        response.headers["Content-Security-Policy"] = policy
    return response
