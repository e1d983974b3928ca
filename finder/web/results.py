"""A page of results as its template shows it: the heading, the groups of cards, the filters and their counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from werkzeug.datastructures import MultiDict

from finder.directory.insurance import known_plans, plan_name
from finder.directory.provider import Entity
from finder.directory.query import Query
from finder.directory.search import SearchResult
from finder.directory.specialty import specialty_values
from finder.i18n import N_
from finder.web.cards import Card, card
from finder.web.language import gettext, ngettext
from finder.web.links import address, changed, without
from finder.web.words import number, specialty_words, word

RESULTS = "therapists.results"

ENTITIES: Mapping[Entity, str] = {"individual": N_("Therapists"), "organization": N_("Clinics")}

USUAL_PLAN = "medicare"
"""The plan that a card answers for where the search names none."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to the same search with one thing changed."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: how many it shows, whether it is on, whether it refines the one above (``within``)."""

    value: str
    label: str
    count: str
    checked: bool
    within: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its name in the address, its name for people, its values."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Group:
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
    groups: tuple[Group, ...]
    chips: tuple[Link, ...]
    facets: tuple[Facet, ...]
    page: int
    pages: int
    page_address: Callable[[int], str]


def results_page(query: Query, found: SearchResult, asked: MultiDict[str, str], today: date) -> ResultsPage:
    """Word a search and what it found. ``asked`` are the arguments of the page; its links change one at a time."""
    return ResultsPage(
        heading=_heading(query, found),
        total=found.total,
        groups=_groups(query, found, asked, today),
        chips=_chips(query, asked),
        facets=_facets(query, found),
        page=found.page,
        pages=found.pages,
        page_address=partial(_page_address, asked),
    )


def place_words(query: Query) -> str:
    """Say where a search looks: around a place, in a state, or anywhere."""
    if query.origin is None:
        return gettext("in the whole country")
    place = word(query.origin.label)
    if query.state:
        return gettext("in %(state)s", state=place)
    return gettext("within %(miles)s miles of the %(place)s", miles=f"{query.radius_miles:g}", place=place)


def _heading(query: Query, found: SearchResult) -> str:
    """Say how many and where: ``12 listings (9 therapists, 3 clinics) within 25 miles of the center of 02139``."""
    return gettext(
        "%(listings)s (%(therapists)s, %(clinics)s) %(where)s",
        listings=ngettext("%(number)s listing", "%(number)s listings", found.total, number=number(found.total)),
        therapists=ngettext(
            "%(number)s therapist", "%(number)s therapists", found.therapists, number=number(found.therapists)
        ),
        clinics=ngettext("%(number)s clinic", "%(number)s clinics", found.clinics, number=number(found.clinics)),
        where=place_words(query),
    )


def _groups(query: Query, found: SearchResult, asked: MultiDict[str, str], today: date) -> tuple[Group, ...]:
    """Put those who take the insurance before those who must be asked, each group under a heading of its own."""
    plans = query.insurance or (USUAL_PLAN,)
    cards = tuple(card(listing, plans=plans, origin=query.origin, today=today) for listing in found.listings)
    if not query.insurance:
        return (Group(gettext("The list"), "", cards),) if cards else ()
    takes = tuple(one for one in cards if any(answer.status == "yes" for answer in one.insurance))
    ask = tuple(one for one in cards if one not in takes)
    names = _either(word(plan_name(plan)) for plan in query.insurance)
    only = Link(gettext("Show only these"), address(RESULTS, changed(asked, insurance_status="yes")))
    groups = (
        Group(
            gettext("They take %(plans)s", plans=names),
            gettext("As the source on each card says. Ask again when you call: lists are often wrong."),
            takes,
            only if ask else None,
        ),
        Group(
            gettext("Ask whether they take it"),
            gettext("Nobody has told us if they take %(plans)s. That is not a no.", plans=names),
            ask,
        ),
    )
    return tuple(group for group in groups if group.cards)


def _chips(query: Query, asked: MultiDict[str, str]) -> tuple[Link, ...]:
    """Give a link for each filter that is on, which takes it off."""
    on = [("specialty", value, word(specialty_words(value))) for value in query.specialties]
    on += [("insurance", plan, word(plan_name(plan))) for plan in query.insurance]
    if query.insurance and query.insurance_status == "yes":
        on.append(("insurance_status", "yes", gettext("Only a clear yes")))
    if query.entity:
        on.append(("entity", query.entity, word(ENTITIES[query.entity])))
    if query.name and query.origin:
        on.append(("q", asked.get("q", ""), gettext("Name: %(name)s", name=query.name)))
    return tuple(Link(label, address(RESULTS, without(asked, name, value))) for name, value, label in on)


def _facets(query: Query, found: SearchResult) -> tuple[Facet, ...]:
    counts = found.facets
    ask = counts.get("insurance_unknown", {})
    specialties = [
        Choice(
            value,
            word(specialty_words(value, short=True)),
            number(counts["specialty"].get(value, 0)),
            value in query.specialties,
            within=":" in value,
        )
        for value in specialty_values()
        if counts["specialty"].get(value) or value in query.specialties
    ]
    plans = [
        Choice(
            plan,
            word(plan_name(plan)),
            _yes_and_ask(counts["insurance"].get(plan, 0), ask.get(plan, 0), query),
            plan in query.insurance,
        )
        for plan in known_plans(counts["insurance"])
    ]
    entities = [
        Choice(entity, word(name), number(counts["entity"].get(entity, 0)), entity == query.entity)
        for entity, name in ENTITIES.items()
    ]
    return (
        Facet("specialty", gettext("Field"), tuple(specialties)),
        Facet("insurance", gettext("Insurance"), tuple(plans)),
        Facet("entity", gettext("Therapists or clinics"), tuple(entities)),
    )


def _yes_and_ask(chosen: int, unknown: int, query: Query) -> str:
    """Count those who say yes and those to ask apart; ``chosen`` holds both unless only a clear yes counts."""
    yes = chosen if query.insurance_status == "yes" else chosen - unknown
    return gettext("%(yes)s yes, %(unknown)s ask", yes=number(yes), unknown=number(unknown))


def _page_address(asked: MultiDict[str, str], page: int) -> str:
    return address(RESULTS, changed(asked) + ([("page", str(page))] if page > 1 else []))


def _either(names: Iterable[str]) -> str:
    return gettext(" or ").join(names)
