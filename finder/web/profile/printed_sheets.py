"""Two sheets to print in large type for one therapist: what to say on the telephone, and a note for the doctor.

Nothing is kept: the plan on the call sheet stands in the address alone, and what a person writes is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request

from finder.directory.plans.answers import at_location
from finder.directory.provider import Insurance, PracticeLocation, Provider
from finder.directory.vocabulary.payers import payers
from finder.http.services import services
from finder.i18n import Message
from finder.web.presentation.plan_names import plan_name, plans_of_release
from finder.web.profile.not_listed import not_listed
from finder.web.search.cards import Answer, Old, Proof, answer, old_facts, proofs

blueprint = Blueprint("sheets", __name__)

MOST_PLACES = 3
"""A sheet to hold in the hand lists this many practice locations; the page of the therapist has all of them."""


@dataclass(frozen=True, slots=True)
class SheetLocation:
    """A practice location; ``old`` is what of it is too old to trust."""

    location: PracticeLocation
    old: tuple[Old, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan that the caller has: its name, and what is known of it here."""

    id: str
    name: Message
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What both sheets say of a therapist; ``plan`` is None until one is chosen."""

    provider: Provider
    places: tuple[SheetLocation, ...]
    more_places: int
    evidence: tuple[Proof, ...]
    plan: Plan | None
    plans: tuple[tuple[str, Message], ...]
    today: date


@blueprint.get("/therapists/<npi>/call-sheet")
def call(npi: str) -> str | tuple[str, int]:
    """Show what to ask on the telephone, with the name of the caller's plan in it."""
    return _page("sheets/call.html", npi)


@blueprint.get("/therapists/<npi>/doctor-sheet")
def doctor(npi: str) -> str | tuple[str, int]:
    """Show a note that asks the doctor whether therapy is safe."""
    return _page("sheets/doctor.html", npi)


def _page(template: str, npi: str) -> str | tuple[str, int]:
    directory = services().directory()
    provider = directory.provider(npi)
    if provider is None:
        return not_listed(npi)
    call_sheet = sheet(
        provider,
        plan=request.args.get("plan", ""),
        location_key=request.args.get("location", ""),
        today=services().today(),
    )
    return render_template(template, sheet=call_sheet)


def sheet(provider: Provider, *, plan: str, location_key: str, today: date) -> Sheet:
    """Choose what a sheet says. A plan or a location that this provider does not have is passed over."""
    here = [place for place in provider.locations if place.location_key == location_key] or provider.locations
    known = answers(provider, here, today)
    named = plans_of_release().representative
    ids = tuple(dict.fromkeys([*payers(), *(named(one.plan) for one in provider.insurance)]))
    return Sheet(
        provider=provider,
        places=tuple(SheetLocation(place, old_facts(place, (), today)) for place in here[:MOST_PLACES]),
        more_places=len(provider.locations) - len(here[:MOST_PLACES]),
        evidence=proofs(provider.evidence),
        plan=Plan(id=plan, name=Message(plan_name(plan)), answer=answer(plan, known, today)) if plan in ids else None,
        plans=tuple((one, Message(plan_name(one))) for one in ids),
        today=today,
    )


def answers(provider: Provider, places: Iterable[PracticeLocation], today: date) -> tuple[Insurance, ...]:
    """Return what is known of insurance at these locations; where they differ, nothing is known of all of them."""
    at_each = [at_location(provider.insurance, place.location_key, today) for place in places]
    statuses = [{one.plan: one.status for one in found} for found in at_each]
    agreed = {plan for plan in set().union(*statuses) if len({statuses.get(plan) for statuses in statuses}) == 1}
    return tuple(one for found in at_each for one in found if one.plan in agreed)
