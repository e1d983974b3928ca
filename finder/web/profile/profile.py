"""The page of one therapist as its template shows it: evidence, every location, every answer, further facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from finder.directory.plans.answers import at_location
from finder.directory.provider import (
    EVIDENCE_LADDER,
    Evidence,
    EvidenceKind,
    Fact,
    Insurance,
    InsuranceStatus,
    PracticeLocation,
    Provider,
    Sourced,
)
from finder.directory.vocabulary.conditions import Condition, conditions
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import GENERAL, evidence_names
from finder.i18n import N_, Message
from finder.places.origin import Origin
from finder.places.states import states
from finder.web.estimates.past_charges import Charged, charged
from finder.web.presentation.addresses import directions
from finder.web.presentation.plan_names import plan_name, plans_of_release
from finder.web.prices import card_price
from finder.web.search.cards import Answer, Old, Proof, answer, distance, is_old, medicare, old_facts, proofs
from finder.web.search.search_args import miles_between

SPECIALTY = "neurologic"

FACTS = {
    **{offer.fact: offer.name for offer in offers().values()},
    "license": N_("License"),
    "doing_business_as": N_("Known as"),
    "other_name": N_("Also known as"),
    "former_name": N_("Name before"),
}
"""The further facts that are shown, by their field."""

ANSWER_ORDER: tuple[InsuranceStatus, ...] = ("yes", "unknown", "no")

YES_OR_NO = {"yes": N_("Yes"), "no": N_("No")}

LICENSES = "https://www.fsbpt.org/Free-Resources/Licensing-Authorities-Contact-Information"
"""The list of every state's licensing board, kept by the Federation of State Boards of Physical Therapy."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One kind of evidence for neurologic physical therapy, and what there is of it: nothing known is said too."""

    kind: EvidenceKind
    name: Message
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFact(Sourced):
    """A further fact with its name for people."""

    label: str
    value: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionTreated:
    """A condition, who says that they treat it, and the types that they named; both may be unknown."""

    condition: Condition
    proofs: tuple[Proof, ...]
    types: tuple[LabelledFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLocation:
    """One practice location, with what is not the same at all; ``directions``: a map, where we know the street."""

    location: PracticeLocation
    distance: Message | None
    old: tuple[Old, ...]
    insurance: tuple[Answer, ...]
    facts: tuple[LabelledFact, ...]
    cost: card_price.Price | None
    directions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that the template lays out."""

    provider: Provider
    ladder: tuple[Rung, ...]
    others: tuple[Proof, ...]
    """Evidence of other specialties."""
    conditions: tuple[ConditionTreated, ...]
    """The conditions of which something is known, and those that are always listed."""
    insurance: tuple[Answer, ...]
    """What holds wherever they see patients: who is taken first, then whom to ask about, then who is not."""
    elsewhere: tuple[Message, ...]
    """The plans whose answer depends on the place, by name; it stands with each."""
    places: tuple[ProfileLocation, ...]
    facts: tuple[LabelledFact, ...]
    charges: Charged
    license_states: tuple[Message, ...]
    licenses: str = LICENSES


def profile(provider: Provider, today: date, origin: Origin | None = None) -> Profile:
    """Return what the page of a provider shows, in words; distances are from ``origin``, the place of the search."""
    local, general = _insurance(provider, today)
    named = {place.state for place in provider.locations}
    return Profile(
        provider=provider,
        ladder=_ladder(provider),
        others=proofs(_other_fields(provider.evidence)),
        conditions=tuple(_conditions(provider)),
        insurance=general,
        elsewhere=tuple(Message(plan_name(plan)) for plan in local),
        places=tuple(_place(provider, location, local, today, origin) for location in provider.locations),
        facts=tuple(_facts(provider.facts, "", today)),
        charges=charged(provider, ()),
        license_states=tuple(Message(state.name) for state in states().values() if state.code in named),
    )


def _insurance(provider: Provider, today: date) -> tuple[tuple[str, ...], tuple[Answer, ...]]:
    """Return the plans whose answer depends on the place, and the answers of all others."""
    if len(provider.locations) == 1:
        local, known = {}, _known_at(provider, provider.locations[0].location_key, today)
    else:
        local = dict.fromkeys(one.plan for one in provider.insurance if one.location_key)
        known = tuple(one for one in provider.insurance if one.plan not in local)
    named = plans_of_release().representative
    plans = dict.fromkeys([*payers(), *(named(one.plan) for one in known)])
    by_place = dict.fromkeys(map(named, local))
    general = [answer(plan, known, today) for plan in plans if plan not in by_place]
    return tuple(by_place), _in_order(general)


def _known_at(provider: Provider, location_key: str, today: date) -> tuple[Insurance, ...]:
    """Return the answers at a location today, and those there of other days: what begins later, and what has ended."""
    there = (one for one in provider.insurance if one.location_key in ("", location_key))
    return (*at_location(provider.insurance, location_key, today), *(one for one in there if not one.counts_on(today)))


def _in_order(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Sort answers: plans that are taken first, then the payers that are always offered, then by name."""
    always = {plan: place for place, plan in enumerate(payers())}

    def rank(one: Answer) -> tuple[int, int, str]:
        return ANSWER_ORDER.index(one.status), always.get(one.plan, len(always)), plan_name(one.plan).casefold()

    return tuple(sorted(answers, key=rank))


def _other_fields(evidence: Sequence[Evidence]) -> Iterable[Evidence]:
    """Return the evidence of other specialties; of physical therapy in general only where there is nothing else."""
    only_general = all(one.facet == GENERAL for one in evidence)
    apart = {SPECIALTY, *conditions()} if only_general else {SPECIALTY, *conditions(), GENERAL}
    return (one for one in evidence if one.facet not in apart)


def _ladder(provider: Provider) -> tuple[Rung, ...]:
    """Return every rung of the evidence ladder for neurologic physical therapy; the last rung is of no specialty."""
    general = proofs(one for one in provider.evidence if one.facet == SPECIALTY)
    names = evidence_names()
    return tuple(
        Rung(kind, Message(names[kind]), tuple(one for one in general if one.kind == kind))
        for kind in EVIDENCE_LADDER
        if kind != "source_specialty"
    )


def _conditions(provider: Provider) -> Iterable[ConditionTreated]:
    for condition in conditions().values():
        confirmed = proofs(one for one in provider.evidence if one.facet == condition.facet)
        types = tuple(_type(fact, condition) for fact in provider.facts if fact.field == condition.type_field)
        if confirmed or types or condition.always_listed:
            yield ConditionTreated(condition=condition, proofs=confirmed, types=types)


def _place(
    provider: Provider, location: PracticeLocation, plans: Sequence[str], today: date, origin: Origin | None
) -> ProfileLocation:
    """Return a location in words; ``plans`` are those whose answer depends on the location."""
    here = _known_at(provider, location.location_key, today)
    away = miles_between(origin, location)
    answers = _in_order(answer(plan, here, today) for plan in plans)
    accepts_medicare = medicare(at_location(provider.insurance, location.location_key, today))
    return ProfileLocation(
        location=location,
        distance=distance(away, location, origin),
        old=old_facts(location, answers, today),
        insurance=answers,
        facts=tuple(_facts(provider.facts, location.location_key, today)),
        cost=card_price.price(location, today, medicare=accepts_medicare, npi=provider.npi),
        directions=directions(location),
    )


def _facts(facts: Iterable[Fact], location_key: str, today: date) -> Iterable[LabelledFact]:
    for fact in facts:
        if fact.field in FACTS and fact.location_key == location_key and fact.value:
            value = Message(YES_OR_NO.get(fact.value, fact.value.replace(":", " ")))
            if fact.value in YES_OR_NO and is_old(fact, today):
                value = Message(N_("{answer}, but ask again"), {"answer": value})
            yield LabelledFact(label=FACTS[fact.field], value=value, source=fact.source, as_of=fact.as_of)


def _type(fact: Fact, condition: Condition) -> LabelledFact:
    return LabelledFact(
        label=fact.value,
        value=Message(condition.types.get(fact.value, fact.value)),
        source=fact.source,
        as_of=fact.as_of,
    )
