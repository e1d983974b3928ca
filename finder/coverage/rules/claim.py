"""The lines of a claim: what Medicare allows for each, and what may be charged above that.

The deductible comes after, in ``part_b``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from finder.coverage.basics.money import ZERO, to_cents
from finder.coverage.basics.visit import Service
from finder.coverage.basics.vocabulary import LineStatus, Participation
from finder.coverage.figures.coverage_decisions import Effect
from finder.coverage.figures.fee_schedule import price
from finder.coverage.rules.rates import Rates
from finder.coverage.rules.reductions import PricedService, reduce_multiple_procedures


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a claim before the deductible. ``allowed_amount`` is None if it is unknown beforehand."""

    service: Service
    units: int
    status: LineStatus | None
    """None: the fee schedule of the day is not here, and nothing hangs on it."""
    allowed_amount: Decimal | None
    excess_charge: Decimal = ZERO
    limiting_charge: Decimal | None = None
    """The most that may be billed for the line, where the claim is not assigned."""
    not_covered: Decimal | None = ZERO
    """The charge of a service that Medicare does not cover, which the patient pays; None: the charge is not known."""
    threshold_amount: Decimal | None = ZERO
    """What the line adds to the yearly therapy thresholds; None: it has no price."""
    priced: PricedService | None = None
    """The price by the fee schedule, None without one."""
    is_charge_lower: bool = False
    """Whether the provider's own charge, being lower, is the allowed amount."""


def status_of(service: Service, rates: Rates) -> LineStatus:
    """Return what Medicare does with a service on the day; a fee that is known is paid. Raises NotPublished."""
    if service.code is None:
        return LineStatus.PAYABLE
    if is_uncovered(service, rates):
        return LineStatus.NOT_COVERED
    return rates.fees.schedule.relative_values[service.code].status


def is_uncovered(service: Service, rates: Rates) -> bool:
    """Return whether a national decision says that Medicare does not cover a service on the day, whatever the fees."""
    decision = rates.decision(service.code)
    return decision is not None and decision.effect is Effect.NOT_COVERED


def uncovered_line(service: Service, units: int) -> Line:
    """List a service that Medicare does not cover: it pays nothing, and the patient pays the charge."""
    return Line(
        service=service,
        units=units,
        status=LineStatus.NOT_COVERED,
        allowed_amount=ZERO,
        not_covered=service.charge,
    )


def price_claim(
    services: Sequence[Service], units: Sequence[int], rates: Rates, participation: Participation
) -> list[Line]:
    """Price the lines of a claim by the fee schedule, under a known participation."""
    statuses = [status_of(service, rates) for service in services]
    priced = reduce_multiple_procedures(
        [_price_service(*it, rates) for it in zip(services, units, statuses, strict=True)]
    )
    return [_line(*it, rates, participation) for it in zip(services, units, priced, statuses, strict=True)]


def _price_service(service: Service, units: int, status: LineStatus, rates: Rates) -> PricedService:
    """Price one unit of a service, whole and reduced.

    What is not payable costs nothing and takes no part in the reduction.
    """
    if service.fee is not None:
        return PricedService(None, 1, service.fee, service.fee)
    fees = rates.fees
    if status is not LineStatus.PAYABLE or fees.gpci is None:
        return PricedService(None, 0, ZERO, ZERO)
    value = fees.schedule.relative_values[service.code or ""]
    factor = fees.conversion_factor.amount
    fee = price(value, fees.gpci, factor)
    reduced = price(value, fees.gpci, factor, rates.mppr_practice_expense_share.amount) if value.is_reducible else fee
    return PricedService(value, units, fee, reduced)


def _line(
    service: Service, units: int, priced: PricedService, status: LineStatus, rates: Rates, participation: Participation
) -> Line:
    """Allow the lesser of charge and fee, and find what may be charged above it."""
    if status is LineStatus.NOT_COVERED:
        return uncovered_line(service, units)
    if status is LineStatus.PRICED_BY_CONTRACTOR:
        return Line(service=service, units=units, status=status, allowed_amount=None, threshold_amount=None)
    fee_amount = allowed_fee(priced, rates, participation)
    is_charge_lower = service.charge is not None and service.charge < fee_amount
    allowed = service.charge if is_charge_lower and service.charge is not None else fee_amount
    excess, limit = ZERO, None
    if participation is Participation.NONPARTICIPATING_UNASSIGNED:
        limit = limiting_charge(priced, rates)
        excess = excess_charge(allowed, limit, service.charge)
    return Line(
        service=service,
        units=units,
        status=status,
        allowed_amount=allowed,
        excess_charge=excess,
        limiting_charge=limit,
        threshold_amount=allowed,
        priced=priced,
        is_charge_lower=is_charge_lower,
    )


def allowed_fee(priced: PricedService, rates: Rates, participation: Participation) -> Decimal:
    """Add up what Medicare allows for the units of a line, in dollars.

    A participating therapist is allowed the fee. One who does not take part in Medicare, whether or not assignment is
    taken, is allowed 95% of it: of the rounded fee of each unit, rounded again.
    Source: 42 USC 1395w-4(a)(3).
    """
    if participation is Participation.PARTICIPATING:
        return priced.fee_amount
    return _by_unit(priced, rates.nonparticipating_share.amount)


def limiting_charge(priced: PricedService, rates: Rates) -> Decimal:
    """Add up the most that may be billed on an unassigned claim: 109.25% (115% of 95%) of the fee of each unit.

    Source: 42 USC 1395w-4(g)(2)(C).
    """
    return _by_unit(priced, rates.limiting_charge_share.amount)


def excess_charge(allowed: Decimal, limit: Decimal, charge: Decimal | None) -> Decimal:
    """Find what the patient owes above the allowed amount on an unassigned claim.

    That is the charge, but never more than the limiting charge, which is assumed where the charge is not known.
    Source: 42 USC 1395w-4(g)(1).
    """
    billed = limit if charge is None else min(charge, limit)
    return max(ZERO, billed - allowed)


def _by_unit(priced: PricedService, share: Decimal) -> Decimal:
    """Take a share of the fee of each unit, rounded for each, and add up."""
    whole = to_cents(priced.fee * share) * (priced.units - priced.reduced_units)
    return whole + to_cents(priced.reduced_fee * share) * priced.reduced_units
