"""What Part B pays for a visit and leaves to the patient, by setting; other coverage comes after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from finder.coverage.basics.money import ZERO, to_cents, total
from finder.coverage.basics.visit import Service
from finder.coverage.basics.vocabulary import LineStatus, Participation, Setting
from finder.coverage.rules.claim import Line, price_claim, status_of
from finder.coverage.rules.rates import Rates


@dataclass(frozen=True, slots=True)
class SettledLine:
    """A line with its deductible, its coinsurance and Medicare's payment; None where the line has no price."""

    line: Line
    deductible_applied: Decimal | None
    coinsurance: Decimal | None
    medicare_pays: Decimal | None
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
    medicare_pays: Decimal = ZERO
    excess_charge: Decimal = ZERO

    @property
    def patient_share(self) -> Decimal:
        """What Part B leaves to the patient: deductible, coinsurance and excess charge."""
        return self.deductible_applied + self.coinsurance + self.excess_charge

    @property
    def assistant_reduction(self) -> Decimal:
        """The amount that is not paid because an assistant gave the care."""
        return self.allowed_amount - self.deductible_applied - self.coinsurance - self.medicare_pays


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
    nothing.
    Source: 42 USC 1395l(a), 1395m(k), 1395m(g), 1395fff.
    """
    is_charge_based = setting is Setting.CRITICAL_ACCESS_HOSPITAL
    if setting is Setting.HOME_HEALTH_BENEFIT:
        lines = [unbilled_line(service, count, rates) for service, count in zip(services, units, strict=True)]
    elif is_charge_based:
        lines = charge_claim(services, units, rates)
    else:
        lines = price_claim(services, units, rates, participation)
    settled = settle(lines, deductible_remaining, rates, assistants_count=not is_charge_based)
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
        medicare_pays=total(*(it.medicare_pays for it in priced)) or ZERO,
        excess_charge=total(*(it.line.excess_charge for it in priced)) or ZERO,
    )


def unbilled_line(service: Service, units: int, rates: Rates) -> Line:
    """List a service for which Part B is billed nothing."""
    return Line(service=service, units=units, status=status_of(service, rates), allowed_amount=ZERO)


def charge_claim(services: Sequence[Service], units: Sequence[int], rates: Rates) -> list[Line]:
    """Take the charges of a critical access hospital as they are: the fee schedule does not apply there.

    Source: 42 USC 1395m(g); Medicare Claims Processing Manual, chapter 5, section 10.
    """
    unpaid = (LineStatus.BUNDLED, LineStatus.NOT_VALID_FOR_MEDICARE)
    return [
        Line(
            service=service,
            units=count,
            status=status_of(service, rates),
            allowed_amount=ZERO if status_of(service, rates) in unpaid else service.charge,
        )
        for service, count in zip(services, units, strict=True)
    ]


def settle(
    lines: Sequence[Line], deductible_remaining: Decimal, rates: Rates, *, assistants_count: bool
) -> tuple[SettledLine, ...]:
    """Use up the deductible line by line in the order of the claim.

    Of the rest the patient pays 20%, Medicare the rest.

    The coinsurance of each line is rounded half up to cents. Of an assistant's line Medicare pays 85% of its share; the
    patient's 20% stays on the whole allowed amount.
    Source: 42 USC 1395l(a), 1395l(b), 1395m(k), 1395m(v)(1).
    """
    settled = []
    a_price_is_missing = False
    for line in lines:
        if line.allowed_amount is None:
            settled.append(SettledLine(line, None, None, None))
            a_price_is_missing = True
            continue
        is_certain = not (a_price_is_missing and deductible_remaining)
        deductible = min(deductible_remaining, line.allowed_amount)
        deductible_remaining -= deductible
        coinsurance = to_cents((line.allowed_amount - deductible) * rates.coinsurance_rate.amount)
        medicare = line.allowed_amount - deductible - coinsurance
        if line.service.assistant and assistants_count:
            medicare = to_cents(medicare * rates.assistant_share.amount)
        settled.append(SettledLine(line, deductible, coinsurance, medicare, is_certain))
    return tuple(settled)
