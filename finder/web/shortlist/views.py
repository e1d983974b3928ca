"""The page of the list that a visitor keeps: its cards, the link that makes the same list elsewhere, sheets to print.

How the list travels from page to page stands in ``finder.web.shortlist.url_list``; here it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import segno
from flask import Blueprint, render_template, request

from finder.directory.plans.answers import at_location
from finder.directory.provider import Listing
from finder.directory.search import Directory
from finder.http.services import services
from finder.places.origin import Origin
from finder.web.http.urls import RESULTS, address, changed, shared
from finder.web.profile.printed_sheets import Sheet, sheet
from finder.web.search.cards import Card, card
from finder.web.search.results_page import USUAL_PLAN
from finder.web.search.search_args import miles_between, search_origin, wanted_plans
from finder.web.shortlist.url_list import COMPARE, KEEP, LIST, LISTED, ShortlistEntry, place_id, shortlisted, write_list

blueprint = Blueprint("shortlist", __name__)

FEWEST_TO_COMPARE, MOST_TO_COMPARE = 2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One listing of a list: how it is named in the address, its card for the screen, its sheet for paper."""

    key: ShortlistEntry
    card: Card
    sheet: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """All that the template lays out; ``gone`` counts what stands in the address and is not listed any more."""

    entries: tuple[Entry, ...]
    gone: int
    link: str
    picture: str
    compare: str
    can_choose: bool
    search: str
    today: date


@blueprint.get("/shortlist")
def shortlist() -> str:
    """Show the list in the address, whoever made it."""
    listed_entries = shortlisted()
    entries = read_entries(listed_entries)
    link = shared(LIST, [(LISTED, write_list(listed_entries))])
    listed = [entry.key for entry in entries]
    return render_template(
        "shortlist/shortlist.html",
        list=Shortlist(
            entries=entries,
            gone=len(listed_entries) - len(entries),
            link=link,
            picture=segno.make(link, error="m").svg_data_uri(scale=4, border=2, light="#fff") if entries else "",
            compare=_compare(listed),
            can_choose=len(listed) > MOST_TO_COMPARE,
            search=back_to_search(listed),
            today=services().today(),
        ),
    )


def read_entries(keys: Sequence[ShortlistEntry]) -> tuple[Entry, ...]:
    """Read the listings of a list in its order, for the place and the insurance in the page's address."""
    directory, origin, today = services().directory(), search_origin(), services().today()
    plans = wanted_plans(request.args) or (USUAL_PLAN,)
    entries = []
    for number, one in enumerate(keys):
        listing = _listing(directory, one, origin, number)
        if listing is None:
            continue
        entries.append(
            Entry(
                key=one,
                card=card(listing, plans=plans, origin=origin, today=today),
                sheet=sheet(listing.provider, plan=plans[0], location_key=listing.location.location_key, today=today),
            )
        )
    return tuple(entries)


def back_to_search(listed: Iterable[ShortlistEntry]) -> str:
    """Return the address of the search that the list was made from, with the list; without a search, the first page."""
    endpoint = RESULTS if request.args.get("near") or request.args.get("q") else "search.home"
    return address(endpoint, changed(request.args, **{LISTED: None, KEEP: write_list(listed)}))


def _compare(listed: Sequence[ShortlistEntry]) -> str:
    """Return the address at which the first of a list stand side by side; none where there is nothing to compare."""
    if len(listed) < FEWEST_TO_COMPARE:
        return ""
    compared = write_list(listed[:MOST_TO_COMPARE])
    return address(COMPARE, changed(request.args, **{LISTED: compared, KEEP: write_list(listed)}))


def _listing(directory: Directory, entry: ShortlistEntry, origin: Origin | None, number: int) -> Listing | None:
    """Read a listing; ``number`` makes it unique on its page. Without a named place it is the nearest."""
    provider = directory.provider(entry.npi)
    if provider is None:
        return None
    places = [place for place in provider.locations if entry.place in ("", place_id(place))]
    if not places:
        return None
    place = min(places, key=lambda one: miles_between(origin, one) or 0.0)
    return Listing(
        listing_id=number,
        provider=provider,
        location=place,
        distance_miles=miles_between(origin, place),
        insurance=at_location(provider.insurance, place.location_key, directory.day),
    )
