"""What a page was asked of the search, read once: the need in a person's own words, the query, the place.

The list, its map and its table all ask alike. How the words were taken is told by ``finder.web.search.need_summary``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask, request
from werkzeug.datastructures import MultiDict

from finder.directory.provider import PracticeLocation
from finder.directory.query import Query, parse_query
from finder.directory.vocabulary.need import Need, understand
from finder.http.request_context import per_request
from finder.http.services import services
from finder.places.errors import PlaceError
from finder.places.origin import Origin
from finder.places.point import great_circle_miles
from finder.web.http.language import language
from finder.web.http.urls import Pairs, address, carried

NEED, NAME = "q", "name"
"""The arguments for what a person needs, in their own words, and for a name that is nothing else."""

SEARCH = frozenset(
    {NEED, "near", "miles", "specialty", "offers", "insurance", "insurance_status", "entity", NAME, "sort", "page"}
)
"""The arguments that make a search."""


def register(app: Flask) -> None:
    """Offer templates the links that carry the search to the page of a provider and back."""
    app.jinja_env.globals.update(search_pairs=search_pairs, with_search=with_search)


def query_of(args: MultiDict[str, str]) -> Query:
    """Read the search of a page. Raises PlaceError, InvalidRequest.

    What the words of the need ask for is a filter beside what is chosen: what is ticked narrows what they find.
    Words that ask for what nobody on the whole list is known to offer take nobody out: that is a question for the call.
    """
    need, directory = need_of(args), services().directory()
    others = [(argument, value) for argument, value in args.items(multi=True) if argument not in (NEED, NAME)]
    arguments = MultiDict([*others, (NAME, name_of(args))])
    query = parse_query(arguments, services().gazetteer, directory.plans, insurance_status="yes_or_unknown")
    offers = tuple(offer for offer in need.offers if offer in directory.offered)
    return replace(query, need_specialties=need.specialties, need_offers=offers)


def name_of(args: MultiDict[str, str]) -> str:
    """Return the name that a page's search asks for: in its own field, and among the words of the need."""
    return " ".join(filter(None, (need_of(args).leftover, args.get(NAME, ""))))


def search_pairs() -> Pairs:
    """Return the arguments of the search in the present page's address, so that pages lead back to it."""
    return [(name, value) for name, value in request.args.items(multi=True) if name in SEARCH and value]


def with_search(endpoint: str, pairs: Pairs | None = None, **parts: Any) -> str:
    """Return the address of a page about somebody who was found: ``pairs`` for itself, and the search to lead back to.

    Answers about insurance go along where the present page has them, and nowhere else.
    """
    return address(endpoint, [*(pairs or []), *search_pairs(), *carried()], **parts)


def wanted_plans(args: MultiDict[str, str]) -> tuple[str, ...]:
    """Return the keys of the plans in the arguments; unknown and ambiguous ones are left out."""
    plans = services().directory().plans
    found = [plans.resolve(text) for text in args.getlist("insurance")]
    return tuple(dict.fromkeys(keys[0] for keys in found if len(keys) == 1))


def search_origin() -> Origin | None:
    """Return the place that distances are measured from, if the address names a known place."""
    near = request.args.get("near", "")
    try:
        return services().gazetteer.resolve(near) if near else None
    except PlaceError:
        return None


def miles_between(origin: Origin | None, location: PracticeLocation) -> float | None:
    """Return the miles from the place of the search to a practice location; None where either is not known."""
    return great_circle_miles(origin.point, location.point) if origin and origin.point and location.point else None


def need_of(args: MultiDict[str, str]) -> Need:
    """Return the need that the words of a search mean; a word that is a listed name is never taken for a typo."""
    return _understand(args.get(NEED, ""))


@per_request
def _understand(text: str) -> Need:
    return understand(text, language(), is_name=services().directory().is_name) if text else Need((), "")
