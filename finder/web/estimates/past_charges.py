"""What a therapist is known to have charged, beside the estimate; and what their page knows that the form need not ask.

The averages are from Medicare's payment records of a year, and stand in the release as facts of the provider.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finder.digits import decimal_number, is_digits
from finder.directory.provider import Fact, Provider
from finder.directory.search import Directory
from finder.places.gazetteer import Gazetteer
from finder.web.http.urls import Pairs

CHARGE, ALLOWED = "average_charge:", "average_allowed_amount:"
"""The facts, each with the code of a service at its end; dollars and cents as text."""

MOST = 8
"""Services that are shown where the visit has none of them."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a therapist charged for one unit of a service on average in a year, and what Medicare approved of it."""

    code: str
    year: int
    charge: Decimal
    allowed: Decimal | None


@dataclass(frozen=True, slots=True)
class Charged:
    """The therapist whom an estimate is about, and what they charged."""

    provider: Provider
    charges: tuple[Charge, ...]
    source: str


def therapist(npi: str, directory: Directory) -> Provider | None:
    """Return the provider of an NPI, if there is one."""
    return directory.provider(npi) if is_digits(npi, 10) else None


def charged(provider: Provider, codes: Sequence[str]) -> Charged:
    """Return what a therapist charged for the services of a visit; for none of them, what else is known."""
    known = {one.code: one for one in _charges(provider.facts)}
    of_visit = tuple(known[code] for code in dict.fromkeys(codes) if code in known)
    source = next((fact.source for fact in provider.facts if fact.field.startswith(CHARGE)), "")
    return Charged(provider, of_visit or tuple(known.values())[:MOST], source)


def known_answers(provider: Provider, gazetteer: Gazetteer) -> Pairs:
    """Return the answers that the data of a provider has: the ZIP code of the only place, and the participation."""
    zips = {gazetteer.fee_zip(location.zip, location.state) for location in provider.locations}
    facts = {fact.field: fact.value for fact in provider.facts}
    takes_part = facts.get("medicare_participation") == "participating" or facts.get("medicare_assignment") == "yes"
    answers = [("zip", zips.pop())] if len(zips) == 1 and zips != {""} else []
    return [*answers, ("participation", "participating")] if takes_part else answers


def _charges(facts: Sequence[Fact]) -> Iterator[Charge]:
    allowed = {fact.field.removeprefix(ALLOWED): fact for fact in facts if fact.field.startswith(ALLOWED)}
    for fact in facts:
        code = fact.field.removeprefix(CHARGE)
        amount = dollars(fact.value) if fact.field.startswith(CHARGE) else None
        if amount is not None:
            yield Charge(code, fact.as_of.year, amount, dollars(allowed[code].value) if code in allowed else None)


def dollars(text: str) -> Decimal | None:
    """Read an amount of a fact; None where it is none."""
    return decimal_number(text, 9, 6)
