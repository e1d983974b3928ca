"""What insurers have agreed to pay a therapist, as they publish it: for each service a range, never one number.

The ranges are from the insurers' files of in-network rates, and stand in the release as facts of the provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from finder.coverage import presets
from finder.directory.plans.agreed_prices import AGREED, AgreedRange, Bounds
from finder.directory.provider import Provider, Sourced
from finder.web.presentation.plan_names import plan_name, plans_of_release

MOST = 8
"""Services that are shown of a plan: those of usual visits first."""


@dataclass(frozen=True, slots=True)
class AgreedPrice:
    """The least and the most that a plan pays for one unit of a service."""

    code: str
    bounds: Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPrices(Sourced):
    """What one plan has agreed to."""

    plan: str
    name: str
    prices: tuple[AgreedPrice, ...]


def agreed_prices(provider: Provider, plan_id: str | None, today: date) -> tuple[AgreedPrices, ...]:
    """Return the prices of the plan asked for; of every plan where none was or nothing is known of it.

    A price that has ended is left out; those of one service that end on different days are one range while they last.
    """
    found: dict[tuple[str, str, date], dict[str, Bounds]] = {}
    for fact in provider.facts:
        plan, _, code = fact.field.removeprefix(AGREED).rpartition(":")
        price = AgreedRange.read(fact.value) if fact.field.startswith(AGREED) else None
        if price and price.holds_on(today):
            prices = found.setdefault((plan, fact.source, fact.as_of), {})
            least, most = prices.get(code, price.bounds)
            prices[code] = (min(least, price.least), max(most, price.most))
    known = [
        AgreedPrices(plan=plan, name=plan_name(plan), source=source, as_of=as_of, prices=_usual_first(prices))
        for (plan, source, as_of), prices in sorted(found.items())
    ]
    covered = plans_of_release().covering(plan_id) if plan_id else ()
    return tuple([one for one in known if one.plan in covered] or known)


def _usual_first(prices: Mapping[str, Bounds]) -> tuple[AgreedPrice, ...]:
    usual = {service["code"] for services in presets().values() for service in services}
    codes = sorted(prices, key=lambda code: (code not in usual, code))
    return tuple(AgreedPrice(code, prices[code]) for code in codes[:MOST])
