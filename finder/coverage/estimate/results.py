"""The answer to a request: amounts of a visit, of a year, of a course of care; unknown amounts are None, never zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cached_property

from finder.coverage.basics.vocabulary import LineStatus
from finder.coverage.estimate.explain import explain_bill, explain_result, explain_year
from finder.coverage.figures.localities import Locality
from finder.coverage.figures.parameters import Value
from finder.coverage.other_coverage import KINDS
from finder.coverage.other_coverage.base import Range
from finder.coverage.rules.part_b import Bill
from finder.coverage.rules.statements import Note, Step
from finder.coverage.rules.thresholds import PoolStanding


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """Who pays what, in dollars.

    patient + Medicare + other coverage + assistant reduction = allowed amount + excess charge + not covered, wherever
    all are known; the assistant reduction is what Medicare takes off for care by an assistant. Where an employer's plan
    pays first, the sum is the larger of what both payers paid and what the provider may have.
    """

    allowed_amount: Decimal | None
    deductible_applied: Decimal | None
    coinsurance: Decimal | None
    medicare_pays: Decimal | None
    excess_charge: Decimal | None
    not_covered: Decimal | None
    """The charges of services that Medicare does not cover, which the patient pays."""
    assistant_reduction: Decimal | None
    other_coverage_pays: Decimal | None
    patient_pays: Decimal | None
    patient_pays_range: Range | None = None
    """The least and the most that the patient may pay (None: no limit is known), where that is not one amount."""
    other_coverage_range: Range | None = None
    """The least and the most that the other coverage pays, where that is not one amount and both are known."""
    range_is_partial: bool = False
    """Whether a scenario has no figure: the range spans the others alone, and the patient may pay more."""

    @property
    def known_range(self) -> Range | None:
        """The least and the most of the scenarios that have a figure; None where nothing can be said."""
        if self.patient_pays_range is not None:
            return self.patient_pays_range
        return None if self.patient_pays is None else (self.patient_pays, self.patient_pays)

    @property
    def patient_bounds(self) -> Range | None:
        """The least and the most that the patient may pay; None where nothing can be said.

        A scenario without a figure leaves the most open.
        """
        if self.known_range is None or not self.range_is_partial:
            return self.known_range
        return self.known_range[0], None

    @property
    def patient_range(self) -> Range | None:
        """The least and the most that the patient may pay, where that is not one amount."""
        return self.patient_bounds if self.patient_pays_range else None

    @property
    def other_coverage_bounds(self) -> Range | None:
        """The least and the most that the other coverage pays; None where it is not known."""
        pays = self.other_coverage_pays
        if self.other_coverage_range is not None:
            return self.other_coverage_range
        return None if pays is None else (pays, pays)


AMOUNTS = tuple(it.name for it in fields(Amounts) if it.default is MISSING)
"""The names of the single amounts."""


@dataclass(frozen=True, kw_only=True)
class LineEstimate:
    """The amounts of one service of a visit."""

    code: str | None
    units: int
    status: LineStatus | None
    """None: the fee schedule of the day is not here."""
    allowed_amount: Decimal | None = None
    deductible_applied: Decimal | None = None
    coinsurance: Decimal | None = None
    medicare_pays: Decimal | None = None
    excess_charge: Decimal | None = None
    not_covered: Decimal | None = None
    assistant_reduction: Decimal | None = None
    fee_per_unit: Decimal | None = None
    """The fee-schedule amount of one unit, as a participating therapist is paid it."""
    reduced_fee_per_unit: Decimal | None = None
    """That of a unit that is reduced as a further procedure of the day; None where none is."""
    reduced_units: int = 0
    limiting_charge: Decimal | None = None
    """The most that may be billed for the line on an unassigned claim; None on any other."""
    modifiers: tuple[str, ...] = ()


LINE_AMOUNTS = tuple(
    it.name for it in fields(LineEstimate) if it.name not in ("code", "units", "status", "reduced_units", "modifiers")
)
"""The names of the amounts of a line."""


@dataclass(frozen=True, kw_only=True)
class StandIn(Amounts):
    """What the visits without figures would cost at the amounts of the last year that is known: never the answer."""

    year: int
    """The year whose amounts stand in."""
    visits: int
    part_b_deductible: Value | None
    """That year's deductible, which begins again; None where the visits use none."""


@dataclass(frozen=True, kw_only=True)
class Estimate(Amounts):
    """The estimate of one visit."""

    date_of_service: date
    lines: tuple[LineEstimate, ...] = ()
    notes: tuple[Note, ...] = ()
    scenarios: Mapping[str, Estimate] = field(default_factory=dict)
    """Where something is not known: the estimate for each thing that it may be, by name.

    A scenario of a place or of a kind of visit has scenarios of its own where more is not known.
    """
    is_published: bool = True
    """Whether the figures of the day are here; where not, every amount is None."""
    bill: Bill | None = None
    """Part B's bill, where Part B prices the visit."""
    is_unassigned: bool | None = False
    """Whether the claim is unassigned, so that the therapist may ask for the whole bill; None: it depends."""
    medicare_pays_first: bool = True
    """Whether no plan pays before Medicare, so that the amounts of the bill are those of the answer."""
    settlement_steps: tuple[Step, ...] = ()
    share_of_total: Range | None = None
    """What the visit adds to the least and the most total; None: its own least and most.

    They differ where the visits before it may have cost more or less: what was paid there is not paid again here.
    """
    deductible_remaining: Decimal | None = None
    """Of the Part B deductible, after the visit; None where it is not used, or nobody knows."""
    therapy: PoolStanding = field(default_factory=PoolStanding)
    """Where physical and speech therapy together stand in the year with this visit."""
    occupational_therapy: PoolStanding = field(default_factory=PoolStanding)
    locality: Locality | None = None
    """The payment area whose fees are used."""
    deductible_is_missing: bool = False
    """Whether the year's deductible is not here, so that the visit is tried with nothing and with all of it left."""
    stand_in: StandIn | None = None

    @property
    def use_of_year_is_unknown(self) -> bool:
        """Whether Part B prices the visit and a price is missing, so that nobody knows what it uses of the year."""
        return self.bill is not None and self.deductible_applied is None

    @property
    def visits_without_figures(self) -> int:
        """How many visits have no amounts, because the figures of their day are not here."""
        return 0 if self.is_published else 1

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """How the amounts come about, in order."""
        bill_steps = explain_bill(self.bill, pays_first=self.medicare_pays_first) if self.bill else ()
        return (*bill_steps, *self.settlement_steps, *explain_result(self.patient_pays, self.patient_range))


@dataclass(frozen=True, kw_only=True)
class YearTotals(Amounts):
    """The totals of the visits of one year."""

    year: int
    visits: int


@dataclass(frozen=True, kw_only=True)
class PlanOfCareEstimate(Amounts):
    """The estimate of a course of care: totals, years, and every visit in order of date.

    Visits on days whose figures are not here count in no total.
    """

    visits: tuple[Estimate, ...]
    years: tuple[YearTotals, ...]
    notes: tuple[Note, ...] = ()
    scenarios: Mapping[str, PlanOfCareEstimate] = field(default_factory=dict)
    stand_in: StandIn | None = None

    @property
    def visits_without_figures(self) -> int:
        """How many visits have no amounts, because the figures of their day are not here."""
        return sum(not visit.is_published for visit in self.visits)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """How the total comes about, year by year; each visit has steps of its own."""
        years = (explain_year(it.year, it.visits, it.patient_pays) for it in self.years)
        return (*years, *explain_result(self.patient_pays, self.patient_range))


Answer = Estimate | PlanOfCareEstimate


def leaves(scenarios: Mapping[str, Answer]) -> Iterator[tuple[str, Answer]]:
    """Return the scenarios in which all is known, by their names joined: ``elsewhere_participating_deductible_met``.

    A kind of insurance is one scenario, with scenarios of its own where more is not known.
    """
    for name, scenario in scenarios.items():
        if scenario.scenarios and name not in KINDS:
            yield from ((f"{name}_{inner}", it) for inner, it in leaves(scenario.scenarios))
        else:
            yield name, scenario
