"""The page of one therapist as its template shows it: evidence, every location, every answer, further facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from finder.directory.insurance import at_location, payers
from finder.directory.provider import Fact, PracticeLocation, Provider, Sourced
from finder.i18n import N_
from finder.web import prices
from finder.web.cards import Answer, Proof, answer, proofs, stale, takes_medicare

FACTS = {
    "accepts_new_patients": N_("Taking new patients"),
    "telehealth": N_("Visits by video"),
    "group": N_("Part of"),
    "website": N_("Website"),
    "languages": N_("Languages"),
}
"""The further facts that are shown, by their field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One practice location, with the answers that are not the same at all of them."""

    location: PracticeLocation
    stale: date | None
    insurance: tuple[Answer, ...]
    cost: prices.Price | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFact(Sourced):
    """A further fact with its name for people."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that the template lays out."""

    provider: Provider
    evidence: tuple[Proof, ...]
    treats_neuropathy: bool
    insurance: tuple[Answer, ...]
    places: tuple[Place, ...]
    facts: tuple[LabelledFact, ...]


def profile(provider: Provider, today: date) -> Profile:
    """Choose and word what the page of a provider says."""
    local = dict.fromkeys(one.plan for one in provider.insurance if one.location_key)
    plans = dict.fromkeys([*payers(), *(one.plan for one in provider.insurance)])
    return Profile(
        provider=provider,
        evidence=proofs(provider.evidence),
        treats_neuropathy=any(one.facet == "treats_neuropathy" for one in provider.evidence),
        insurance=tuple(answer(plan, provider.insurance) for plan in plans if plan not in local),
        places=tuple(_place(provider, location, tuple(local), today) for location in provider.locations),
        facts=tuple(_fact(fact) for fact in provider.facts if fact.field in FACTS and not fact.location_key),
    )


def _place(provider: Provider, location: PracticeLocation, plans: Sequence[str], today: date) -> Place:
    """Word one location; ``plans`` are those whose answer depends on the location."""
    here = at_location(provider.insurance, location.location_key)
    return Place(
        location=location,
        stale=stale(location.address, today),
        insurance=tuple(answer(plan, here) for plan in plans),
        cost=prices.price(location.zip, today, takes_medicare=takes_medicare(here), npi=provider.npi),
    )


def _fact(fact: Fact) -> LabelledFact:
    return LabelledFact(label=FACTS[fact.field], value=fact.value, source=fact.source, as_of=fact.as_of)
