"""What every kind of other coverage has in common.

Its input, its result, and the yearly amounts that it counts down.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO, total
from finder.coverage.basics.visit import Service
from finder.coverage.basics.vocabulary import MinutesRule
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.parameters import NotPublished
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


@dataclass(frozen=True, slots=True)
class Share:
    """What a payer leaves to the patient of a visit, in dollars, by its kinds."""

    deductible: Decimal
    coinsurance: Decimal
    excess: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """All of it."""
        return self.deductible + self.coinsurance + self.excess

    def lessened(self, amount: Decimal) -> Share:
        """Return what is left of it after ``amount`` dollars: the coinsurance goes first, the deductible last."""
        coinsurance = min(self.coinsurance, amount)
        excess = min(self.excess, amount - coinsurance)
        return Share(
            self.deductible - (amount - coinsurance - excess), self.coinsurance - coinsurance, self.excess - excess
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitToSettle:
    """A visit to settle: its day and services, what is left to the patient, and what is left of the yearly amounts."""

    figures: Figures
    day: date
    services: Sequence[Service]
    part_b: Bill | NotPublished
    """Part B's bill, or what is missing for one; coverage that does not build on Part B does not need it."""
    left_before: Share | None = None
    """What a coverage that pays before this one has left; None: what Part B leaves."""
    counters: Counters

    @property
    def bill(self) -> Bill:
        """Part B's bill. Raises NotPublished."""
        if isinstance(self.part_b, NotPublished):
            raise self.part_b
        return self.part_b

    @property
    def share(self) -> Share:
        """What is left to the patient before this coverage pays. Raises NotPublished."""
        if self.left_before is not None:
            return self.left_before
        return Share(self.bill.deductible_applied, self.bill.coinsurance, self.bill.excess_charge)

    @property
    def totals(self) -> Totals:
        """The amounts of Part B's bill; unknown without one."""
        return UNKNOWN_TOTALS if isinstance(self.part_b, NotPublished) else totals_of(self.part_b)


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
        paid = total(self.medicare_pays, self.assistant_reduction)
        if due is None or paid is None:
            due, paid = total(self.deductible_applied, self.coinsurance, self.excess_charge), ZERO
        return None if due is None else due - paid - patient


UNKNOWN_TOTALS = Totals(None, None, None, None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The shares of a visit, as far as Medicare covers it.

    patient + Medicare + other coverage + assistant reduction = allowed amount + excess charge.
    """

    totals: Totals
    other_coverage_pays: Decimal | None
    patient_pays: Decimal | None
    patient_range: Range | None = None
    other_coverage_range: Range | None = None
    """The least and the most that the other coverage pays, where the patient may have to pay some of it."""
    deductible_used: Decimal = ZERO
    """The part of the Part B deductible."""
    left: Share | None = None
    """What is left to the patient, by its kinds; None: it is all coinsurance to a coverage that pays after this one."""
    unused: Decimal = ZERO
    """What the coverage would still pay if the patient owed more, where it pays a set amount."""
    missing_assistant_part: Decimal | None = None
    """What an assistant's care may cost the patient of an unassigned claim; None: all of Medicare's reduction."""
    rests_on_bill: bool = True
    """Whether the settlement is only as complete as Part B's bill."""
    share_of_total: Range | None = None
    """What the visit adds to the least and the most total of a course, where that is not ``patient_range``."""
    counters: Counters
    steps: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()


class Coverage(ABC):
    """What pays beside Part B, or in its place: one kind of coverage, or several in the order in which they pay."""

    builds_on_part_b: bool = True
    """Whether Part B prices the visit first."""

    @property
    def needs_part_b(self) -> bool:
        """Whether what the patient pays hangs on Part B's amounts."""
        return self.builds_on_part_b and not self.pays_all

    pays_all: bool = False
    """Whether the patient pays nothing even where an amount is not known."""
    pays_set_amount: bool = False
    """Whether it pays so many dollars of a visit, so that a more expensive visit need not cost the patient more."""
    may_pay_uncovered: bool = False
    """Whether it may pay for services that Medicare does not cover."""
    requires_assignment: bool = False
    """Whether every therapist must accept Medicare's amount for this person."""
    minutes_rule: MinutesRule = MinutesRule.MEDICARE

    def opening(self, day: date, figures: Figures) -> Counters:
        """Return what is left of the yearly amounts before the first visit. Raises NotPublished."""
        return Counters()

    def renewed(self, day: date, figures: Figures) -> Counters:
        """Return the yearly amounts as they start again in the year of ``day``. Raises NotPublished."""
        return Counters()

    @abstractmethod
    def settle(self, case: VisitToSettle) -> Settlement:
        """Return the shares of a visit. Raises NotPublished where a figure of Part B is needed that is not here."""

    def settle_without_part_b(self, case: VisitToSettle) -> Settlement | None:
        """Return the patient's part where it hangs on no figure of Part B; None where it does."""
        return None


class CoverageKind(Coverage):
    """One kind of coverage, with the person's answers about it."""

    @classmethod
    @abstractmethod
    def read(cls, fields: Fields, figures: Figures) -> Self | None:
        """Read the fields of a request; None: one of them is wrong, and noted."""


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
    share = case.share
    patient = share.amount - pays
    is_open = highest is not None and highest != patient
    return Settlement(
        totals=case.totals,
        other_coverage_pays=pays,
        patient_pays=patient,
        patient_range=(patient, highest) if is_open else None,
        other_coverage_range=(pays - (highest - patient), pays) if is_open and highest is not None else None,
        deductible_used=share.deductible,
        counters=counters or case.counters,
        steps=steps,
        notes=notes,
    )


def open_after_part_b(case: VisitToSettle, *, steps: tuple[Step, ...] = (), notes: tuple[Note, ...]) -> Settlement:
    """Settle coverage whose payment is unknowable: the patient pays between nothing and what Part B leaves."""
    share = case.share
    is_nothing_left = share.amount == ZERO
    return Settlement(
        totals=case.totals,
        other_coverage_pays=ZERO if is_nothing_left else None,
        patient_pays=ZERO if is_nothing_left else None,
        patient_range=None if is_nothing_left else (ZERO, share.amount),
        deductible_used=share.deductible,
        counters=case.counters,
        steps=steps,
        notes=notes,
    )


def nothing_to_pay(case: VisitToSettle, *notes: Note) -> Settlement:
    """Settle coverage that leaves nothing to the patient, where no other amount is known."""
    return Settlement(
        totals=UNKNOWN_TOTALS, other_coverage_pays=None, patient_pays=ZERO, counters=case.counters, notes=notes
    )
