"""A course of care: visits in order of date, each settled with what the visits before it have left.

A single visit is a course of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from finder.coverage.basics.money import ZERO, total
from finder.coverage.basics.visit import Visit
from finder.coverage.basics.vocabulary import Participation, Setting
from finder.coverage.estimate import notes
from finder.coverage.estimate.completing import complete, narrowed, with_uncovered
from finder.coverage.estimate.lines import plain_lines, priced_lines
from finder.coverage.estimate.request import Request
from finder.coverage.estimate.results import AMOUNTS, Estimate
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.parameters import NotPublished
from finder.coverage.other_coverage import Counters, Coverage, Settlement, Totals, VisitToSettle
from finder.coverage.other_coverage.base import UNKNOWN_TOTALS
from finder.coverage.rules.claim import Line, is_uncovered, uncovered_line
from finder.coverage.rules.part_b import Bill, bill_visit
from finder.coverage.rules.rates import Rates
from finder.coverage.rules.statements import Note
from finder.coverage.rules.thresholds import Pool, Therapy, judge
from finder.coverage.rules.units import count_units

ANY_DEDUCTIBLE = Decimal("999999.99")
"""A deductible that no visit uses up, in place of one that is not here."""


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What is left and used of a year's amounts before a visit."""

    year: int
    deductible: Decimal
    therapy: Therapy
    counters: Counters
    deductible_is_missing: bool = False
    is_first_visit: bool = True


@dataclass(frozen=True, slots=True)
class Course:
    """A request whose every answer is known, run with the figures.

    ``uses_up_all``: whether what is not known of the yearly amounts counts as used up (a service without a price) or as
    left (a deductible that is not here), so that later visits cost the least or the most.
    """

    request: Request
    figures: Figures
    unknown_prices_use_up_all: bool = False
    missing_deductible: Decimal = ZERO


def run(course: Course) -> list[Estimate]:
    """Estimate every visit in order of date, each with what the visits before it have left of the yearly amounts.

    At New Year every yearly amount starts again: the deductible, the thresholds, and those of other coverage. A visit
    that needs a figure that is not here has no amounts, and a note says so; the totals are those of the other visits.

    A service without a known price uses up an unknown part of the yearly amounts, from nothing to all that is left. A
    later visit of the same year is answered with the range between the two.
    Source: 42 USC 1395l(b), 1395l(g).
    """
    so_far: YearSoFar | None = None
    estimates = []
    for visit in course.request.visits:
        try:
            if so_far is None or so_far.year != visit.date_of_service.year:
                so_far = _begin_year(course, visit)
            estimate, so_far = _estimate_visit(course, visit, so_far)
            if course.unknown_prices_use_up_all and estimate.use_of_year_is_unknown:
                so_far = replace(so_far, deductible=ZERO, counters=so_far.counters.used_up())
                estimate = replace(estimate, deductible_remaining=ZERO)
        except NotPublished as missing:
            estimate = _unpublished(visit, missing)
        estimates.append(estimate)
    return estimates


def _begin_year(course: Course, visit: Visit) -> YearSoFar:
    """Begin a year: the first with what the request says is left and used, a later one anew. Raises NotPublished."""
    request, figures, day = course.request, course.figures, visit.date_of_service
    is_first = day.year == request.visits[0].date_of_service.year
    counters = (request.other_coverage.opening if is_first else request.other_coverage.renewed)(day, figures)
    therapy = Therapy(request.therapy_used_to_date, request.occupational_therapy_used_to_date)
    if is_first and request.deductible_remaining is not None:
        return YearSoFar(day.year, request.deductible_remaining, therapy, counters)
    if not request.uses_deductible:
        return YearSoFar(day.year, ZERO, therapy if is_first else Therapy(), counters)
    full = figures.parameters.part_b_deductible.find(day)
    return YearSoFar(
        year=day.year,
        deductible=full.amount if full else course.missing_deductible,
        therapy=therapy if is_first else Therapy(),
        counters=counters,
        deductible_is_missing=full is None,
    )


def _estimate_visit(course: Course, visit: Visit, so_far: YearSoFar) -> tuple[Estimate, YearSoFar]:
    """Estimate one visit, and say what it leaves of the year. Raises NotPublished."""
    request, figures, day = course.request, course.figures, visit.date_of_service
    rates = _rates(request, day, figures)
    units = _units(visit, request, figures)
    part_b = rates if isinstance(rates, NotPublished) else _part_b(visit, units, rates, request, so_far.deductible)
    case = VisitToSettle(figures=figures, day=day, services=visit.services, part_b=part_b, counters=so_far.counters)
    settlement = _settle(request.other_coverage, case)
    if not isinstance(part_b, NotPublished) and request.other_coverage.builds_on_part_b:
        return _under_part_b(course, visit, so_far, part_b, settlement)
    uncovered = _uncovered(visit, units, rates) if request.other_coverage.builds_on_part_b else []
    settlement = with_uncovered(narrowed(settlement), uncovered, request.other_coverage)
    estimate = Estimate(
        date_of_service=day,
        **_amounts(settlement, uncovered),
        lines=plain_lines(visit, units, part_b, uncovered),
        notes=(*notes.of_uncovered(uncovered, rates), *settlement.notes),
        settlement_steps=settlement.steps,
        share_of_total=settlement.share_of_total,
        locality=None if isinstance(rates, NotPublished) else rates.locality,
    )
    return estimate, replace(so_far, counters=settlement.counters, is_first_visit=False)


def _under_part_b(
    course: Course, visit: Visit, so_far: YearSoFar, bill: Bill, settlement: Settlement
) -> tuple[Estimate, YearSoFar]:
    """Answer a visit that Part B prices, and say what it leaves of the year."""
    request, figures = course.request, course.figures
    settlement = complete(settlement, bill, request.other_coverage)
    after = so_far.therapy.plus(bill)
    judgement = judge(so_far.therapy, after, visit, figures, is_first_visit=so_far.is_first_visit)
    deductible = so_far.deductible - settlement.deductible_used
    estimate = Estimate(
        date_of_service=visit.date_of_service,
        **_amounts(settlement, [it.line for it in bill.lines]),
        lines=priced_lines(bill, so_far.therapy, figures),
        notes=(*_notes(_as_paid(bill, settlement), request, figures), *settlement.notes, *judgement.notes),
        bill=bill,
        is_unassigned=bill.participation is Participation.NONPARTICIPATING_UNASSIGNED,
        medicare_pays_first=settlement.rests_on_bill,
        settlement_steps=settlement.steps,
        share_of_total=settlement.share_of_total,
        deductible_remaining=deductible if request.uses_deductible else None,
        deductible_is_missing=so_far.deductible_is_missing,
        therapy=judgement.standings[Pool.PHYSICAL_AND_SPEECH],
        occupational_therapy=judgement.standings[Pool.OCCUPATIONAL],
        locality=bill.rates.locality,
    )
    return estimate, replace(
        so_far, deductible=deductible, therapy=after, counters=settlement.counters, is_first_visit=False
    )


def _rates(request: Request, day: date, figures: Figures) -> Rates | NotPublished:
    """Look up the figures of a day, or return what is missing of them."""
    try:
        return Rates.on(figures, day, request.zip, qualifying_apm=request.qualifying_apm)
    except NotPublished as missing:
        return missing


def _units(visit: Visit, request: Request, figures: Figures) -> list[int]:
    """Count the units of a visit's services; none where the rule of the day is not here."""
    minutes = figures.parameters.timed_unit_minutes.find(visit.date_of_service)
    minimum = figures.parameters.timed_unit_minimum.find(visit.date_of_service)
    if minutes is None or minimum is None:
        return []
    rule = request.other_coverage.minutes_rule
    return count_units(visit.services, figures.code_table, rule, int(minutes.amount), int(minimum.amount))


def _part_b(visit: Visit, units: list[int], rates: Rates, request: Request, deductible: Decimal) -> Bill | NotPublished:
    """Bill a visit to Part B, or return what is missing for that.

    In a year of which neither the fees nor the deductible are here, nothing is billed that needs an amount of Part B.
    """
    is_free = request.setting is Setting.HOME_HEALTH_BENEFIT
    if rates.published_fees is None and rates.part_b_deductible is None and not is_free:
        return NotPublished("fee_schedule", rates.day)
    participation = request.participation
    if participation is Participation.NONPARTICIPATING_UNASSIGNED and request.other_coverage.requires_assignment:
        participation = Participation.NONPARTICIPATING_ASSIGNED
    try:
        return bill_visit(visit.services, units, rates, request.setting, participation, deductible)
    except NotPublished as missing:
        return missing


def _notes(bill: Bill, request: Request, figures: Figures) -> Iterator[Note]:
    """Describe what bears on a visit under Part B, as far as the patient may have to pay for it."""
    yield from notes.of_bill(bill, figures)
    if not request.other_coverage.pays_all:
        yield from notes.of_assistant(bill)


def _as_paid(bill: Bill, settlement: Settlement) -> Bill:
    """Return the bill with what Medicare does pay, where a plan pays before it."""
    if settlement.rests_on_bill:
        return bill
    totals = settlement.totals
    return replace(bill, medicare_pays=totals.medicare_pays, assistant_reduction=totals.assistant_reduction or ZERO)


def _uncovered(visit: Visit, units: list[int], rates: Rates | NotPublished) -> list[Line]:
    """List the services that a decision says are not covered: that needs no fee schedule."""
    if isinstance(rates, NotPublished):
        return []
    services = zip(visit.services, units, strict=True)
    return [uncovered_line(service, count) for service, count in services if is_uncovered(service, rates)]


def _settle(coverage: Coverage, case: VisitToSettle) -> Settlement:
    """Settle a visit; without Part B's bill, as far as the patient's part hangs on none. Raises NotPublished."""
    try:
        return coverage.settle(case)
    except NotPublished:
        settlement = coverage.settle_without_part_b(case)
        if settlement is None:
            raise
        return settlement


def _amounts(settlement: Settlement, lines: Sequence[Line]) -> dict[str, Any]:
    """Return the amounts of a settlement by the names of an estimate's fields; ``lines``: those of Part B."""
    totals = settlement.totals
    return {
        "allowed_amount": totals.allowed_amount,
        "deductible_applied": totals.deductible_applied,
        "coinsurance": totals.coinsurance,
        "medicare_pays": totals.medicare_pays,
        "excess_charge": totals.excess_charge,
        "not_covered": total(*(it.not_covered for it in lines)) if lines else _nothing_if_known(totals),
        "assistant_reduction": totals.assistant_reduction,
        "other_coverage_pays": settlement.other_coverage_pays,
        "patient_pays": settlement.patient_pays,
        "patient_pays_range": settlement.patient_range,
        "other_coverage_range": settlement.other_coverage_range,
    }


def _nothing_if_known(totals: Totals) -> Decimal | None:
    """Return that nothing is left uncovered by Part B where it is not asked; None where no amount is known."""
    return None if totals is UNKNOWN_TOTALS else ZERO


def _unpublished(visit: Visit, missing: NotPublished) -> Estimate:
    """Return the answer for a visit whose figures are not here: nothing, and why."""
    nothing: Any = dict.fromkeys(AMOUNTS)
    return Estimate(
        date_of_service=visit.date_of_service,
        **nothing,
        is_published=False,
        notes=(notes.not_published(missing),),
    )
