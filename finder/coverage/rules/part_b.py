"""What Part B pays for a visit and leaves to the patient, by setting; other coverage comes after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from finder.coverage.basics.money import ZERO, to_cents, total
from finder.coverage.basics.visit import Service
from finder.coverage.basics.vocabulary import LineStatus, Participation, Setting
from finder.coverage.figures.parameters import NotPublished
from finder.coverage.rules.claim import Line, price_claim, status_of, uncovered_line
from finder.coverage.rules.rates import Rates


@dataclass(frozen=True, slots=True)
class SettledLine:
    """A line with its deductible, its coinsurance and Medicare's payment; None where the line has no price."""

    line: Line
    deductible_applied: Decimal | None
    coinsurance: Decimal | None
    medicare_pays: Decimal | None
    """None, too, at a critical access hospital, which Medicare pays by its costs."""
    assistant_reduction: Decimal | None = ZERO
    """What is not paid because an assistant gave the care."""
    is_certain: bool = True
    """False after a line without a price while some deductible is left: that line may use it up before this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A visit under Part B. The amounts are those of the lines that have a price.

    ``is_complete`` is False where a line has none; ``is_refused`` where no estimate can be made at all.
    """

    setting: Setting
    participation: Participation
    rates: Rates
    lines: tuple[SettledLine, ...]
    deductible_remaining: Decimal
    """The deductible that is left before the visit."""
    is_complete: bool = True
    is_refused: bool = False
    allowed_amount: Decimal = ZERO
    deductible_applied: Decimal = ZERO
    coinsurance: Decimal = ZERO
    medicare_pays: Decimal | None = ZERO
    """None at a critical access hospital, which Medicare pays by its costs."""
    excess_charge: Decimal = ZERO
    assistant_reduction: Decimal = ZERO
    """The amount that is not paid because an assistant gave the care."""
    not_covered: Decimal | None = ZERO
    """The charges of the services that Medicare does not cover; None where one is not known."""

    @property
    def patient_share(self) -> Decimal:
        """What Part B leaves to the patient of the services that it covers: deductible, coinsurance, excess charge."""
        return self.deductible_applied + self.coinsurance + self.excess_charge


def bill_visit(
    services: Sequence[Service],
    units: Sequence[int],
    rates: Rates,
    setting: Setting,
    participation: Participation,
    deductible_remaining: Decimal,
) -> Bill:
    """Bill a visit to Part B in its setting, under a known participation, with so many dollars of the deductible left.

    In every institution but a critical access hospital therapy is paid by the fee schedule, as in a private practice:
    the patient's share is 20% of the lesser of charge and fee. A home-health episode (homebound, plan of care) costs
    nothing. Raises NotPublished where a service needs a fee of a day whose schedule is not here.
    Source: 42 USC 1395l(a), 1395m(k), 1395m(g), 1395fff.
    """
    is_charge_based = setting is Setting.CRITICAL_ACCESS_HOSPITAL
    if setting is Setting.HOME_HEALTH_BENEFIT:
        lines = [unbilled_line(service, count, rates) for service, count in zip(services, units, strict=True)]
    elif is_charge_based:
        lines = charge_claim(services, units, rates)
    else:
        lines = price_claim(services, units, rates, participation)
    settled = settle(lines, deductible_remaining, rates, is_paid_by_cost=is_charge_based)
    priced = [it for it in settled if it.line.allowed_amount is not None]
    return Bill(
        setting=setting,
        participation=participation,
        rates=rates,
        lines=settled,
        deductible_remaining=deductible_remaining,
        is_complete=len(priced) == len(settled),
        is_refused=is_charge_based and len(priced) < len(settled),
        allowed_amount=total(*(it.line.allowed_amount for it in priced)) or ZERO,
        deductible_applied=total(*(it.deductible_applied for it in priced)) or ZERO,
        coinsurance=total(*(it.coinsurance for it in priced)) or ZERO,
        medicare_pays=total(*(it.medicare_pays for it in priced)),
        excess_charge=total(*(it.line.excess_charge for it in priced)) or ZERO,
        assistant_reduction=total(*(it.assistant_reduction for it in priced)) or ZERO,
        not_covered=total(*(it.line.not_covered for it in settled)),
    )


def unbilled_line(service: Service, units: int, rates: Rates) -> Line:
    """List a service for which Part B is billed nothing; without a fee schedule its status is not known."""
    try:
        status = status_of(service, rates)
    except NotPublished:
        status = None
    return Line(service=service, units=units, status=status, allowed_amount=ZERO)


def charge_claim(services: Sequence[Service], units: Sequence[int], rates: Rates) -> list[Line]:
    """Take the charges of a critical access hospital as they are: the fee schedule does not apply there.

    Only the yearly thresholds count the visit by the fee schedule.
    Source: 42 USC 1395m(g); Medicare Claims Processing Manual, chapter 5, section 10; CMS Change Request 8426.
    """
    by_schedule = price_claim(
        [replace(service, charge=None) for service in services], units, rates, Participation.PARTICIPATING
    )
    return [_charged_line(service, line) for service, line in zip(services, by_schedule, strict=True)]


def _charged_line(service: Service, by_schedule: Line) -> Line:
    """Take the charge of a service, of whose line by the fee schedule only the status and the threshold count."""
    if by_schedule.status is LineStatus.NOT_COVERED:
        return uncovered_line(service, by_schedule.units)
    is_unpaid = by_schedule.status in (LineStatus.BUNDLED, LineStatus.NOT_VALID_FOR_MEDICARE)
    return Line(
        service=service,
        units=by_schedule.units,
        status=by_schedule.status,
        allowed_amount=ZERO if is_unpaid else service.charge,
        threshold_amount=by_schedule.threshold_amount,
    )


def settle(
    lines: Sequence[Line], deductible_remaining: Decimal, rates: Rates, *, is_paid_by_cost: bool
) -> tuple[SettledLine, ...]:
    """Use up the deductible line by line in the order of the claim.

    Of the rest the patient pays 20%, Medicare the rest.

    The coinsurance of each line is rounded half up to cents. Of an assistant's line Medicare pays 85% of its share; the
    patient's 20% stays on the whole allowed amount. A critical access hospital is paid by its costs, whoever gives the
    care, so that what Medicare pays is not known.
    Source: 42 USC 1395l(a), 1395l(b), 1395m(g), 1395m(k), 1395m(v)(1).
    """
    settled = []
    a_price_is_missing = False
    for line in lines:
        if line.allowed_amount is None:
            settled.append(SettledLine(line, None, None, None, None))
            a_price_is_missing = True
            continue
        is_certain = not (a_price_is_missing and deductible_remaining and line.allowed_amount)
        deductible = min(deductible_remaining, line.allowed_amount)
        deductible_remaining -= deductible
        coinsurance = to_cents((line.allowed_amount - deductible) * rates.coinsurance_rate.amount)
        rest = line.allowed_amount - deductible - coinsurance
        medicare = to_cents(rest * rates.assistant_share.amount) if line.service.assistant else rest
        if is_paid_by_cost and line.status is not LineStatus.NOT_COVERED:
            settled.append(SettledLine(line, deductible, coinsurance, None, ZERO, is_certain))
        else:
            settled.append(SettledLine(line, deductible, coinsurance, medicare, rest - medicare, is_certain))
    return tuple(settled)
