"""What a negotiated price says: until when it counts, and whether it is the price of an outpatient therapy visit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from finder.intake.cleaning.fields import clean_date
from finder.intake.sources.formats.json_files import text, texts

LEAST, MOST = Decimal(1), Decimal(2_000)
"""Dollars. No unit or visit of therapy costs less or more; payers use such figures in place of a price."""

AMOUNTS = frozenset({"negotiated", "fee schedule"})
"""The types that are an amount for a service. Others: derived (for the payer's books), percentage, per diem."""

OTHER_PEOPLE = frozenset({"GO", "GN", "CO", "CQ"})
"""The modifiers of occupational and speech therapy, and of assistants' services, which are paid less."""

FORMULA = re.compile(
    r"%|[*×=]|\bpct\b|\bper\s?cent|\bcharges?\b|\b(?:lesser|greater|lower|higher) of\b|\bformula|\brvus?\b"
    r"|\bconversion factor|\bmultipl|\btimes\b|\bcalculat|\bmethodolog|\bgrouper|\bper[ -](?:diem|day|case|episode)\b"
    r"|\bcase rate|\bminus\b|\boutlier|\bstop[ -]loss|\bcapitat|\bvar(?:y|ies)\b|\bdepend|\bbased (?:on|upon)\b",
    re.IGNORECASE,
)
"""Words of a price that is reckoned from something else, for which payers write a placeholder as the amount.

The field is for such prices alone, but some payers write remarks there: "standard rate for established patients".
"""

NO_LIMIT = 9000
"""Years from this one on mean "without an end": ``9999-12-31``."""

Bounds = tuple[Decimal, Decimal] | None
"""The lowest and the highest price in dollars; None where a membership is known without a price."""

Terms = dict[tuple[str, str], Bounds]
"""What is agreed with a provider: by code (empty: no price) and the last day, an ISO date (empty: no end)."""


class Price(NamedTuple):
    """One negotiated price; ``amount`` is None if it is none of a visit, and ``why`` the code of the notice then."""

    until: str
    amount: Decimal | None
    why: str = ""
    written: str = ""


def read_price(price: Mapping[str, Any]) -> Price:
    """Read one entry of ``negotiated_prices``."""
    until = last_day(text(price.get("expiration_date")))
    written = text(price.get("negotiated_rate"))
    kind = text(price.get("negotiated_type")).lower()
    if kind == "percentage":
        return Price(until, None, "rate_is_percentage", written)
    if kind not in AMOUNTS or not _is_of_a_visit(price):
        return Price(until, None, "rates_of_no_visit")
    amount = _amount(written)
    return Price(until, amount) if amount else Price(until, None, "rate_implausible", written)


def last_day(expiration: str) -> str:
    """Return the last day of a price as an ISO date; empty if it has no end or an unreadable one."""
    day = clean_date(expiration).value
    return day.isoformat() if day and day.year < NO_LIMIT else ""


def widen(terms: Terms, more: Mapping[tuple[str, str], Bounds]) -> None:
    """Add what is agreed to what is known already."""
    for key, bounds in more.items():
        terms[key] = widened(terms.get(key), bounds)


def widened(first: Bounds, second: Bounds) -> Bounds:
    """Return the range that covers two ranges."""
    if first is None or second is None:
        return first or second
    return min(first[0], second[0]), max(first[1], second[1])


def latest(days: Iterable[str]) -> str:
    """Return the latest of several last days, of which the empty one is without end."""
    return max(days, key=lambda day: day or "~")


def _is_of_a_visit(price: Mapping[str, Any]) -> bool:
    """Return whether a price is of an outpatient's visit with a physical therapist, and an amount by itself."""
    if text(price.get("setting")).lower() == "inpatient":
        return False
    written = " ".join(texts(price.get("billing_code_modifier"))).upper()
    if OTHER_PEOPLE.intersection(re.findall(r"[0-9A-Z]+", written)):
        return False
    return not any(map(FORMULA.search, texts(price.get("additional_information"))))


def _amount(written: str) -> Decimal | None:
    """Return an amount in dollars, None if no therapy costs that."""
    try:
        amount = Decimal(written)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and LEAST <= amount <= MOST else None
