"""What a card says of a listing: its values chosen, put in order and worded, so that templates only lay them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from finder.directory.plans.answers import answer_for
from finder.directory.plans.keys import product_of
from finder.directory.plans.plans import NETWORK
from finder.directory.provider import (
    EVIDENCE_LADDER,
    FRESH,
    UNDATED,
    Evidence,
    Fact,
    Insurance,
    InsuranceStatus,
    Listing,
    PracticeLocation,
    Sourced,
)
from finder.directory.vocabulary.offers import offered_at, offers
from finder.directory.vocabulary.specialties import GENERAL
from finder.http.request_context import per_request
from finder.i18n import N_, Message
from finder.places.origin import Origin
from finder.web.http.urls import address, carried
from finder.web.presentation.formats import evidence_words, miles
from finder.web.presentation.plan_names import plan_name, plans_of_release
from finder.web.prices import card_price
from finder.web.search.search_args import search_pairs

NO_DISTANCE_MILES = 0.05
"""Nearer than this within the ZIP code that was asked for, we only know that it is there: at its center."""

ANSWERS: dict[InsuranceStatus, str] = {
    "yes": N_("Takes {plan}"),
    "unknown": N_("{plan}: ask whether they take it"),
    "no": N_("Does not take {plan}"),
}

ANSWERS_LONG_AGO: dict[InsuranceStatus, str] = {
    "yes": N_("Listed as taking {plan} on {day:date}. Ask again."),
    "no": N_("Listed as not taking {plan} on {day:date}. Ask again."),
}
"""How an answer is told that is too old to trust; what it was stays what it is for the search."""

ANSWERS_WITHOUT_DATE: dict[InsuranceStatus, str] = {
    "yes": N_("Listed as taking {plan}, we do not know when. Ask again."),
    "no": N_("Listed as not taking {plan}, we do not know when. Ask again."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof(Sourced):
    """One piece of evidence, worded."""

    kind: str
    words: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether one plan is taken, worded; ``sourced`` is None where nobody has said anything.

    ``is_old``: it is a yes or a no that is too old to trust. ``notes``: of which network, until when, for whom.
    """

    plan: str
    status: InsuranceStatus
    words: Message
    sourced: Sourced | None
    is_old: bool = False
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Sourced):
    """Something that is clearly offered at one place, worded; ``is_old``: they said so too long ago."""

    words: Message
    is_old: bool


@dataclass(frozen=True, slots=True)
class Old:
    """The facts that were last checked on one day, too long ago for a visit that depends on them."""

    day: date
    facts: tuple[Message, ...]

    @property
    def words(self) -> Message:
        """Say so."""
        if self.day == UNDATED:
            return Message(N_("No date is known for: {facts}."), {"facts": self.facts})
        return Message(N_("Last checked on {day:date}: {facts}."), {"day": self.day, "facts": self.facts})


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One listing as a list shows it; ``old`` is what a visit depends on and is too old to trust, the oldest first.

    ``offers`` are those that were asked for and have a clear yes: of the others nothing is said, not even no.
    """

    listing: Listing
    address: str
    distance: Message | None
    evidence: tuple[Proof, ...]
    insurance: tuple[Answer, ...]
    offers: tuple[Offered, ...]
    old: tuple[Old, ...]
    cost: card_price.Price | None


def card(
    listing: Listing, *, plans: Sequence[str], offers_wanted: Sequence[str] = (), origin: Origin | None, today: date
) -> Card:
    """Return the card of a listing, with an answer for each of ``plans``, and which of ``offers_wanted`` it has."""
    provider, location = listing.provider, listing.location
    answers = tuple(answer(plan, listing.insurance, today) for plan in plans)
    return Card(
        listing=listing,
        address=_address(provider.npi),
        distance=distance(listing.distance_miles, listing.location, origin),
        evidence=proofs(provider.evidence),
        insurance=answers,
        offers=_offered(listing, offers_wanted, today) if offers_wanted else (),
        old=old_facts(location, answers, today),
        cost=card_price.price(location, today, medicare=medicare(listing.insurance), npi=provider.npi),
    )


def _address(npi: str) -> str:
    """Return the address of a provider's page, with the search that found it, for distances and the way back."""
    path, search = address("therapists.therapist", (), npi=npi), _present_search()
    return f"{path}?{search}" if search else path


@per_request
def _present_search() -> str:
    return urlencode([*search_pairs(), *carried()], safe=",@~")


def proofs(evidence: Iterable[Evidence]) -> tuple[Proof, ...]:
    """Return the evidence in words, the strongest first; physical therapy in general only where alone."""
    ordered = sorted(evidence, key=lambda one: EVIDENCE_LADDER.index(one.kind))
    special = [one for one in ordered if one.facet != GENERAL]
    return tuple(
        Proof(kind=one.kind, words=evidence_words(one), source=one.source, as_of=one.as_of)
        for one in special or ordered
    )


def answer(plan: str, insurance: Iterable[Insurance], today: date) -> Answer:
    """Return what is known of a plan today: its own answer, else that of a network; or that there is none."""
    given = tuple(insurance)
    found = answer_for(plan, [one for one in given if one.counts_on(today)], plans_of_release())
    if found is None:
        return _answer_of_another_day(plan, given, today)
    about = {"plan": Message(plan_name(plan))}
    if found.status in ANSWERS_LONG_AGO and is_old(found, today):
        words = Message(ANSWERS_LONG_AGO[found.status], {**about, "day": found.as_of})
        if found.as_of == UNDATED:
            words = Message(ANSWERS_WITHOUT_DATE[found.status], about)
        return Answer(plan=plan, status=found.status, words=words, sourced=found, is_old=True)
    words = Message(ANSWERS[found.status], about)
    return Answer(plan=plan, status=found.status, words=words, sourced=found, notes=tuple(_notes(plan, found)))


def _notes(plan: str, found: Insurance) -> Iterator[Message]:
    """Say of which network an answer speaks, until when, and whether they take new patients of the plan."""
    if found.status == "yes" and found.plan != plan and plans_of_release().get(found.plan).kind == NETWORK:
        yield Message(N_("In its network {network}."), {"network": Message(plans_of_release().get(found.plan).name)})
    product = product_of(plan)
    if product and found.plan.partition("/")[0] == product:
        yield Message(N_("The list names it by a shorter number: {number}."), {"number": product.partition(":")[2]})
    if found.valid_until:
        yield Message(N_("The list says so until {day:date}."), {"day": found.valid_until})
    if found.status == "yes" and found.accepting_patients == "no":
        yield Message(N_("The list says: no new patients now."))


def _answer_of_another_day(plan: str, insurance: Sequence[Insurance], today: date) -> Answer:
    """Return that a plan is to be asked for, with the next day from which it is listed, or the last until it was."""
    keys = plans_of_release().covering(plan)
    listed = [one for one in insurance if one.plan in keys and one.status == "yes"]
    coming = [(one.valid_from, one) for one in listed if one.valid_from and one.valid_from > today]
    ended = [(one.valid_until, one) for one in listed if one.valid_until and one.valid_until < today]
    about = {"plan": Message(plan_name(plan))}
    if coming:
        day, one = min(coming, key=lambda found: found[0])
        words = Message(N_("Listed as taking {plan} from {day:date} on. Ask again."), {**about, "day": day})
        return Answer(plan=plan, status="unknown", words=words, sourced=one)
    if ended:
        day, one = max(ended, key=lambda found: found[0])
        words = Message(N_("Listed as taking {plan} until {day:date}. Ask again."), {**about, "day": day})
        return Answer(plan=plan, status="unknown", words=words, sourced=one)
    return Answer(plan=plan, status="unknown", words=Message(ANSWERS["unknown"], about), sourced=None)


def _offered(listing: Listing, offers_wanted: Sequence[str], today: date) -> tuple[Offered, ...]:
    clear = offered_at(listing.provider.facts, listing.location.location_key)
    return tuple(_offer(value, fact, today) for value, fact in clear.items() if value in offers_wanted)


def _offer(value: str, fact: Fact, today: date) -> Offered:
    words = Message(offers()[value].sentence)
    long_ago = is_old(fact, today)
    if long_ago:
        words = Message(N_("Listed on {day:date}: {offer}. Ask again."), {"day": fact.as_of, "offer": words})
    return Offered(words=words, is_old=long_ago, source=fact.source, as_of=fact.as_of)


def medicare(insurance: Iterable[Insurance]) -> InsuranceStatus:
    """Return whether Medicare is taken, from the answers of one place on one day."""
    found = answer_for("medicare", tuple(insurance), plans_of_release())
    return found.status if found else "unknown"


def is_old(sourced: Sourced, today: date) -> bool:
    """Return whether a fact is too old to trust."""
    return today - sourced.as_of > FRESH


def old_facts(location: PracticeLocation, answers: Iterable[Answer], today: date) -> tuple[Old, ...]:
    """Return what a visit at a location depends on and is too old to trust, by its day, the oldest first."""
    facts: list[tuple[Sourced, Message]] = [(location.address, Message(N_("the address")))]
    if location.phone and location.phone_origin:
        facts.append((location.phone_origin, Message(N_("the telephone number"))))
    facts += [(one.sourced, Message(plan_name(one.plan))) for one in answers if one.sourced and one.is_old]
    days: dict[date, list[Message]] = {}
    for sourced, name in facts:
        if is_old(sourced, today):
            days.setdefault(sourced.as_of, []).append(name)
    return tuple(Old(day, tuple(days[day])) for day in sorted(days))


def distance(away: float | None, location: PracticeLocation, origin: Origin | None) -> Message | None:
    """Return the distance (miles) in words, and from where: the place of the search, not the reader's door."""
    if away is None or origin is None:
        return None
    if origin.zip == location.zip[:5] and away < NO_DISTANCE_MILES:
        return Message(N_("0 miles: in ZIP code {zip}"), {"zip": origin.zip})
    if origin.zip:
        return Message(N_("{miles} miles from the center of {zip}"), {"miles": miles(away), "zip": origin.zip})
    return Message(N_("{miles} miles from the {place}"), {"miles": miles(away), "place": origin.label})
