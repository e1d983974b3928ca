"""What every kind of other coverage has in common.

Its input, its result, and the yearly amounts that it counts down.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar, Self

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO, total
from finder.coverage.basics.visit import Service
from finder.coverage.basics.vocabulary import MinutesRule
from finder.coverage.figures.figures import Figures
from finder.coverage.rules.part_b import Bill
from finder.coverage.rules.statements import Note, Step

Range = tuple[Decimal, Decimal | None]
"""The least and the most that the patient may pay; None: no limit is known."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The coverage's own yearly amounts that are left; None if it has no such amount or it is unknown."""

    deductible: Decimal | None = None
    """A deductible of its own, such as that of a high-deductible Medigap plan."""
    limit: Decimal | None = None
    """The most that the patient still has to pay this year."""
    least_deductible: Decimal = ZERO
    """What is left of the deductible at least, where visits of unknown cost may have used it."""
    least_limit: Decimal | None = None
    """What is left of the limit at least, where visits of unknown cost may have used it."""
    is_unknown_after_new_year: bool = False
    """Whether a yearly amount has started again and the new one is unknown."""

    def used_up(self) -> Counters:
        """Return the amounts with nothing left."""
        return replace(
            self,
            deductible=None if self.deductible is None else ZERO,
            limit=None if self.limit is None else ZERO,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitToSettle:
    """A visit to settle: its day and services, Part B's bill, and what is left of the yearly amounts.

    ``bill`` is made for every visit; coverage that does not build on Part B ignores its amounts.
    """

    figures: Figures
    day: date
    services: Sequence[Service]
    bill: Bill
    counters: Counters


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts of a visit in dollars before the patient's and the other coverage's part; None is not known."""

    allowed_amount: Decimal | None
    deductible_applied: Decimal | None
    coinsurance: Decimal | None
    medicare_pays: Decimal | None
    excess_charge: Decimal | None
    assistant_reduction: Decimal | None = ZERO

    def left_after(self, patient: Decimal) -> Decimal | None:
        """Return what the other coverage pays for a patient's share; None if an amount is unknown."""
        due = total(self.allowed_amount, self.excess_charge)
        paid = total(self.medicare_pays, self.assistant_reduction, patient)
        return None if due is None or paid is None else due - paid


UNKNOWN_TOTALS = Totals(None, None, None, None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The shares of a visit. patient + Medicare + other coverage = allowed amount + excess charge."""

    totals: Totals
    other_coverage_pays: Decimal | None
    patient_pays: Decimal | None
    patient_range: Range | None = None
    deductible_used: Decimal = ZERO
    """The part of the Part B deductible."""
    rests_on_bill: bool = True
    """Whether the settlement is only as complete as Part B's bill."""
    share_of_total: Range | None = None
    """What the visit adds to the least and the most total of a course, where that is not ``patient_range``."""
    counters: Counters
    steps: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()


class Coverage(ABC):
    """One kind of other coverage, with the person's answers about it."""

    builds_on_part_b: ClassVar[bool] = True
    """Whether Part B prices the visit first."""
    pays_all: ClassVar[bool] = False
    """Whether the patient pays nothing even where an amount is not known."""
    pays_set_amount: ClassVar[bool] = False
    """Whether it pays so many dollars of a visit, so that a more expensive visit need not cost the patient more."""
    requires_assignment: ClassVar[bool] = False
    """Whether every therapist must accept Medicare's amount for this person."""
    minutes_rule: ClassVar[MinutesRule] = MinutesRule.MEDICARE

    @classmethod
    @abstractmethod
    def read(cls, fields: Fields, figures: Figures) -> Self | None:
        """Read the fields of a request; None: one of them is wrong, and noted."""

    def opening(self, day: date, figures: Figures) -> Counters:
        """Return what is left of the yearly amounts before the first visit. Raises NotPublished."""
        return Counters()

    def renewed(self, day: date, figures: Figures) -> Counters:
        """Return the yearly amounts as they start again in the year of ``day``. Raises NotPublished."""
        return Counters()

    @abstractmethod
    def settle(self, case: VisitToSettle) -> Settlement:
        """Return the shares of a visit."""


def totals_of(bill: Bill) -> Totals:
    """Return the amounts of Part B's bill."""
    return Totals(
        bill.allowed_amount,
        bill.deductible_applied,
        bill.coinsurance,
        bill.medicare_pays,
        bill.excess_charge,
        bill.assistant_reduction,
    )


def after_part_b(
    case: VisitToSettle,
    pays: Decimal,
    *,
    counters: Counters | None = None,
    steps: tuple[Step, ...] = (),
    notes: tuple[Note, ...] = (),
    highest: Decimal | None = None,
) -> Settlement:
    """Settle coverage that pays ``pays`` dollars of what Part B leaves to the patient.

    ``highest``: what the patient may pay at worst.
    """
    patient = case.bill.patient_share - pays
    return Settlement(
        totals=totals_of(case.bill),
        other_coverage_pays=pays,
        patient_pays=patient,
        patient_range=None if highest is None or highest == patient else (patient, highest),
        deductible_used=case.bill.deductible_applied,
        counters=counters or case.counters,
        steps=steps,
        notes=notes,
    )


def open_after_part_b(case: VisitToSettle, *, steps: tuple[Step, ...] = (), notes: tuple[Note, ...]) -> Settlement:
    """Settle coverage whose payment is unknowable: the patient pays between nothing and what Part B leaves."""
    return Settlement(
        totals=totals_of(case.bill),
        other_coverage_pays=None,
        patient_pays=None,
        patient_range=(ZERO, case.bill.patient_share),
        deductible_used=case.bill.deductible_applied,
        counters=case.counters,
        steps=steps,
        notes=notes,
    )
