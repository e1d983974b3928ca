"""A page of results as its template shows it: the heading, the groups of cards, the filters and their counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from werkzeug.datastructures import MultiDict

from finder.directory.query import Query
from finder.directory.search import SearchResult
from finder.web.http.language import gettext, ngettext
from finder.web.http.urls import RESULTS, Link, address, changed
from finder.web.presentation.formats import number, word
from finder.web.presentation.plan_names import plan_name
from finder.web.search.cards import Card, card
from finder.web.search.filters import Facet, chips, either, facets
from finder.web.search.need_summary import NeedSummary, need_summary
from finder.web.search.search_args import need_of

USUAL_PLAN = "medicare"
"""The plan that a card answers for where the search names none."""

NEUROLOGIC = "neurologic"


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards under a heading of their own; ``more`` leads to a list of this group alone."""

    title: str
    note: str
    cards: tuple[Card, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """All that the template lays out."""

    heading: str
    total: int
    need_summary: NeedSummary | None
    only_neurologic: Link | None
    groups: tuple[CardGroup, ...]
    chips: tuple[Link, ...]
    facets: tuple[Facet, ...]
    page: int
    pages: int
    page_address: Callable[[int], str]


def results_page(query: Query, found: SearchResult, args: MultiDict[str, str], today: date) -> ResultsPage:
    """Return a search and its results in words. ``args`` are the page's arguments; its links change them singly."""
    return ResultsPage(
        heading=heading(query, found),
        total=found.total,
        need_summary=need_summary(need_of(args), args, query.need_offers),
        only_neurologic=_only_neurologic(query, found, args),
        groups=_groups(query, found, args, today),
        chips=chips(query, args),
        facets=facets(query, found, args),
        page=found.page,
        pages=found.pages,
        page_address=partial(_page_address, args),
    )


def place_words(query: Query) -> str:
    """Return in words where a search looks: around a place, in a state, or anywhere."""
    if query.origin is None:
        return gettext("in the whole country")
    place = word(query.origin.label)
    if query.state:
        return gettext("in %(state)s", state=place)
    return gettext("within %(miles)s miles of the %(place)s", miles=f"{query.radius_miles:g}", place=place)


def heading(query: Query, found: SearchResult) -> str:
    """Return how many and where: ``12 listings (9 therapists, 3 clinics) within 25 miles of the center of 02139``."""
    return gettext(
        "%(listings)s (%(therapists)s, %(clinics)s) %(where)s",
        listings=ngettext("%(number)s listing", "%(number)s listings", found.total, number=number(found.total)),
        therapists=ngettext(
            "%(number)s therapist", "%(number)s therapists", found.therapists, number=number(found.therapists)
        ),
        clinics=ngettext("%(number)s clinic", "%(number)s clinics", found.clinics, number=number(found.clinics)),
        where=place_words(query),
    )


def _groups(query: Query, found: SearchResult, args: MultiDict[str, str], today: date) -> tuple[CardGroup, ...]:
    """Return the listings that take the insurance before those to ask, each group under its own heading."""
    plans = query.insurance or (USUAL_PLAN,)
    cards = tuple(
        card(listing, plans=plans, offers_wanted=query.every_offer, origin=query.origin, today=today)
        for listing in found.listings
    )
    if not query.insurance:
        return (CardGroup(gettext("The list"), "", cards),) if cards else ()
    takes = tuple(one for one in cards if any(answer.status == "yes" for answer in one.insurance))
    ask = tuple(one for one in cards if one not in takes)
    names = either(word(plan_name(plan)) for plan in query.insurance)
    only = Link(gettext("Show only these"), address(RESULTS, changed(args, insurance_status="yes")))
    groups = (
        CardGroup(
            gettext("They take %(plans)s", plans=names),
            gettext("As the source on each card says. Ask again when you call: lists are often wrong."),
            takes,
            only if ask else None,
        ),
        CardGroup(
            gettext("Ask whether they take it"),
            gettext("Nobody has told us if they take %(plans)s. That is not a no.", plans=names),
            ask,
        ),
    )
    return tuple(group for group in groups if group.cards)


def _only_neurologic(query: Query, found: SearchResult, args: MultiDict[str, str]) -> Link | None:
    """Return a link to neurologic therapists alone where the search asked for no kind of therapist."""
    count = found.facets["specialty"].get(NEUROLOGIC, 0)
    if query.every_specialty or not 0 < count < found.total:
        return None
    label = ngettext(
        "Show only the %(number)s in neurologic physical therapy",
        "Show only the %(number)s in neurologic physical therapy",
        count, number=number(count),
    )  # fmt: skip
    return Link(label, address(RESULTS, changed(args, specialty=NEUROLOGIC)))


def _page_address(args: MultiDict[str, str], page: int) -> str:
    return address(RESULTS, changed(args) + ([("page", str(page))] if page > 1 else []))
