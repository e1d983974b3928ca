"""The filters of a list: the choices of each with their counts, and the chips that take off those that are on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from finder.directory.provider import Entity
from finder.directory.query import Query
from finder.directory.search import SearchResult
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import specialty_values
from finder.http.services import services
from finder.i18n import N_
from finder.web.http.language import gettext
from finder.web.http.urls import RESULTS, Link, address, without
from finder.web.presentation.formats import number, plain_specialty_name, specialty_words, word
from finder.web.presentation.plan_names import plan_name
from finder.web.search.search_args import NAME

PLAN_SEARCH = "plan_search"
"""The argument for words in the name of a plan that is looked for in the filter."""

MOST_PLANS = 30
"""Plans in the filter; near a city there may be thousands."""

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
class ChoiceGroup:
    """Values of a filter under a name of their own: the plans of one issuer."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its name in the address, its name for people, its values; what the words ask for of it already.

    ``more`` says how many values are not shown; a filter that has them can be searched.
    """

    name: str
    label: str
    choices: tuple[Choice, ...]
    note: str = ""
    groups: tuple[ChoiceGroup, ...] = ()
    more: str = ""


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


def facets(query: Query, found: SearchResult, args: MultiDict[str, str]) -> tuple[Facet, ...]:
    """Return the filters with the number of listings for each value; a filter without values is left out."""
    kinds = [plain_specialty_name(value) for value in query.need_specialties]
    offered = [offers()[value].plain_name for value in query.need_offers]
    every = (
        Facet("specialty", gettext("Specialty"), _specialties(query, found), _asked_in_words(kinds)),
        _insurance(query, args.get(PLAN_SEARCH, "")),
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


def _insurance(query: Query, words: str) -> Facet:
    """Return the filter by insurance: the payers, and the plans that somebody near answers for, by issuer.

    Of many plans those with most answers are listed, or those that have the ``words`` in their names.
    """
    plans, counts = services().directory().plans, services().directory().count_plans(query)
    near = {plan: max(map(counts.answers, plans.covering(plan))) for plan in plans.choices}
    known = [plan for plan, most in near.items() if most and plan not in query.insurance]
    matching = plans.search(known, words) if words else known
    most = sorted(matching, key=lambda plan: (-near[plan], plan))[:MOST_PLANS]
    listed = [plan for plan in plans.choices if plan in {*most, *query.insurance}]
    other = [plan for plan in query.insurance if plan not in payers() and plan not in listed]

    def choice(plan: str) -> Choice:
        count = counts.of(plan)
        label = gettext("%(yes)s yes, %(unknown)s ask", yes=number(count.yes), unknown=number(count.unknown))
        return Choice(plan, word(plan_name(plan)), label, plan in query.insurance)

    groups = [ChoiceGroup("", tuple(map(choice, other)))] if other else []
    groups += [
        ChoiceGroup(issuer.name or gettext("Other plans"), tuple(choice(plan.key) for plan in issuer.plans))
        for issuer in plans.issuers(listed)
    ]
    return Facet(
        "insurance",
        gettext("Insurance"),
        tuple(map(choice, payers())),
        groups=tuple(groups),
        more=_more_plans(len(known), len(matching), len(most), words),
    )


def _more_plans(known: int, matching: int, listed: int, words: str) -> str:
    """Say how many plans are not shown, or that the words find none; empty where every plan is."""
    if words and not matching:
        return gettext("No plan near here has these words in its name.")
    if words and listed < matching:
        return gettext("%(number)s more plans have these words. Type more.", number=number(matching - listed))
    if listed < known:
        return gettext("%(number)s more plans: type a part of the name on your card.", number=number(known - listed))
    return ""


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
