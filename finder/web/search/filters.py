"""The filters of a list: the choices of each with their counts, and the chips that take off those that are on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from finder.directory.provider import Entity
from finder.directory.query import Query
from finder.directory.search import SearchResult
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import known_plans
from finder.directory.vocabulary.specialties import specialty_values
from finder.i18n import N_
from finder.web.http.language import gettext
from finder.web.http.urls import RESULTS, Link, address, without
from finder.web.presentation.formats import number, plain_specialty_name, specialty_words, word
from finder.web.presentation.plan_names import plan_name
from finder.web.search.search_args import NAME

ENTITIES: Mapping[Entity, str] = {"individual": N_("Therapists"), "organization": N_("Clinics")}


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
    """One filter: its name in the address, its name for people, its values; what the words ask for of it already."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    note: str = ""


def chips(query: Query, args: MultiDict[str, str]) -> tuple[Link, ...]:
    """Return a link for each chosen filter that removes it; the words of the need have links of their own."""
    on = [("specialty", value, word(specialty_words(value))) for value in query.specialties]
    on += [("insurance", plan, word(plan_name(plan))) for plan in query.insurance]
    if query.insurance and query.insurance_status == "yes":
        on.append(("insurance_status", "yes", gettext("Only a clear yes")))
    on += [("offers", value, word(offers()[value].name)) for value in query.offers]
    if query.entity:
        on.append(("entity", query.entity, word(ENTITIES[query.entity])))
    if name := args.get(NAME):
        on.append((NAME, name, gettext("Name: %(name)s", name=name)))
    return tuple(Link(label, address(RESULTS, without(args, argument, value))) for argument, value, label in on)


def facets(query: Query, found: SearchResult) -> tuple[Facet, ...]:
    """Return the filters with the number of listings for each value; a filter without values is left out."""
    kinds = [plain_specialty_name(value) for value in query.need_specialties]
    offered = [offers()[value].plain_name for value in query.need_offers]
    every = (
        Facet("specialty", gettext("Specialty"), _specialties(query, found), _asked_in_words(kinds)),
        Facet("insurance", gettext("Insurance"), _plans(query, found)),
        Facet("offers", gettext("What they offer"), _offers(query, found), _asked_in_words(offered)),
        Facet("entity", gettext("Therapists or clinics"), _entities(query, found)),
    )
    return tuple(facet for facet in every if facet.choices)


def either(names: Iterable[str]) -> str:
    """Write that any of these will do."""
    return gettext(" or ").join(names)


def _asked_in_words(names: Sequence[str]) -> str:
    """Describe what the words of the need ask for (catalogue ids), so that nobody looks for it among the ticks."""
    if not names:
        return ""
    return gettext(
        "Your words already ask for: %(kinds)s. What you tick narrows the list further.",
        kinds=either(word(name) for name in names),
    )


def _specialties(query: Query, found: SearchResult) -> tuple[Choice, ...]:
    counts = found.facets["specialty"]
    return tuple(
        Choice(
            value,
            word(specialty_words(value, short=True)),
            number(counts.get(value, 0)),
            value in query.specialties,
            within=":" in value,
        )
        for value in specialty_values()
        if counts.get(value) or value in query.specialties
    )


def _plans(query: Query, found: SearchResult) -> tuple[Choice, ...]:
    counts, ask = found.facets["insurance"], found.facets.get("insurance_unknown", {})
    return tuple(
        Choice(
            plan,
            word(plan_name(plan)),
            _yes_and_ask(counts.get(plan, 0), ask.get(plan, 0), query),
            plan in query.insurance,
        )
        for plan in known_plans(counts)
    )


def _offers(query: Query, found: SearchResult) -> tuple[Choice, ...]:
    counts = found.facets["offers"]
    return tuple(
        Choice(value, word(offer.name), number(counts[value]), value in query.offers)
        for value, offer in offers().items()
        if counts[value] or value in query.offers
    )


def _entities(query: Query, found: SearchResult) -> tuple[Choice, ...]:
    counts = found.facets["entity"]
    return tuple(
        Choice(entity, word(name), number(counts.get(entity, 0)), entity == query.entity)
        for entity, name in ENTITIES.items()
    )


def _yes_and_ask(chosen: int, unknown: int, query: Query) -> str:
    """Count the yes answers and the unknown apart; ``chosen`` holds both unless only a clear yes counts."""
    yes = chosen if query.insurance_status == "yes" else chosen - unknown
    return gettext("%(yes)s yes, %(unknown)s ask", yes=number(yes), unknown=number(unknown))
