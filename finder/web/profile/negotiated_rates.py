"""What insurers have agreed to pay a therapist, as they publish it: for each service a range, never one number.

The ranges are from the insurers' files of in-network rates, and stand in the release as facts of the provider.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finder.coverage import presets
from finder.directory.provider import Fact, Provider, Sourced
from finder.web.estimates.past_charges import dollars
from finder.web.presentation.plan_names import plan_name

RATE = "negotiated_rate:"
"""The fact, with the plan and the code of a service after it; its value is the least and the most, in dollars."""

MOST = 8
"""Services that are shown of a plan: those of usual visits first."""


@dataclass(frozen=True, slots=True)
class AgreedPrice:
    """The least and the most that a plan pays for one unit of a service."""

    code: str
    bounds: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPrices(Sourced):
    """What one plan has agreed to."""

    plan: str
    name: str
    prices: tuple[AgreedPrice, ...]


def agreed_prices(provider: Provider, plan_id: str | None) -> tuple[AgreedPrices, ...]:
    """Return the prices of the plan asked for; of every plan where none was or nothing is known of it."""
    found: dict[tuple[str, str, date], list[AgreedPrice]] = {}
    for fact in provider.facts:
        plan, _, code = fact.field.removeprefix(RATE).rpartition(":")
        price = _price(code, fact) if fact.field.startswith(RATE) else None
        if price:
            found.setdefault((plan, fact.source, fact.as_of), []).append(price)
    known = [
        AgreedPrices(plan=plan, name=plan_name(plan), source=source, as_of=as_of, prices=_usual_first(prices))
        for (plan, source, as_of), prices in sorted(found.items())
    ]
    return tuple([one for one in known if one.plan == plan_id] or known)


def _usual_first(prices: Iterable[AgreedPrice]) -> tuple[AgreedPrice, ...]:
    usual = {service["code"] for services in presets().values() for service in services}
    return tuple(sorted(prices, key=lambda price: (price.code not in usual, price.code))[:MOST])


def _price(code: str, fact: Fact) -> AgreedPrice | None:
    least, most = map(dollars, fact.value.partition("-")[::2])
    return None if least is None or most is None else AgreedPrice(code, (least, most))
