"""The multiple procedure payment reduction (MPPR): of a day's therapy units, one is paid in full, the others less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from finder.coverage.basics.money import ZERO
from finder.coverage.figures.fee_schedule import RelativeValue


@dataclass(frozen=True, slots=True)
class PricedService:
    """The units of one line of a claim, with the participating fee of a unit, in full and reduced.

    ``value`` is None for a fee that is known beforehand: it is never reduced.
    """

    value: RelativeValue | None
    units: int
    fee: Decimal
    reduced_fee: Decimal
    reduced_units: int = 0

    @property
    def is_reducible(self) -> bool:
        """Return whether the reduction applies to these units."""
        return self.value is not None and self.value.is_reducible and self.units > 0

    @property
    def fee_amount(self) -> Decimal:
        """The participating fee of all units, in dollars."""
        return (
            self.fee * (self.units - self.reduced_units) + self.reduced_fee * self.reduced_units if self.units else ZERO
        )


def reduce_multiple_procedures(services: Sequence[PricedService]) -> list[PricedService]:
    """Halve the practice expense of every therapy unit of a day except the highest-priced one.

    Applies to codes with multiple-procedure indicator 5, for one patient at one provider, over all disciplines. The
    unit with the highest practice expense is paid in full (of equal ones, that with the higher fee; then the first on
    the claim). Other codes neither lose anything nor take the full place. The order of the lines never changes the
    total.
    Source: 42 USC 1395w-4(b)(7), 1395m(k)(7).
    """
    reducible = [index for index, service in enumerate(services) if service.is_reducible]
    if not reducible:
        return list(services)

    def rank(index: int) -> tuple[Decimal, Decimal, int]:
        service = services[index]
        return (service.value.pe_rvu if service.value else ZERO, service.fee, -index)

    in_full = max(reducible, key=rank)
    return [
        replace(service, reduced_units=service.units - (index == in_full)) if service.is_reducible else service
        for index, service in enumerate(services)
    ]
