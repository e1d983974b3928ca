"""A course of care: visits in order of date, each settled with what the visits before it have left.

A single visit is a course of one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from finder.coverage.basics.money import ZERO
from finder.coverage.basics.visit import Visit
from finder.coverage.basics.vocabulary import Participation
from finder.coverage.estimate import notes
from finder.coverage.estimate.request import Request
from finder.coverage.estimate.results import Estimate, LineEstimate
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.parameters import NotPublished
from finder.coverage.other_coverage import Counters, Coverage, Settlement, VisitToSettle
from finder.coverage.other_coverage.base import UNKNOWN_TOTALS
from finder.coverage.rules.part_b import Bill, SettledLine, bill_visit
from finder.coverage.rules.rates import Rates
from finder.coverage.rules.thresholds import Pool, Therapy, judge
from finder.coverage.rules.units import count_units


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What is left and used of a year's amounts before a visit."""

    year: int
    deductible: Decimal
    therapy: Therapy
    counters: Counters
    is_first_visit: bool = True


def run(request: Request, figures: Figures, *, unknown_prices_use_up_all: bool = False) -> list[Estimate]:
    """Estimate every visit in order of date, each with what the visits before it have left of the yearly amounts.

    New Year begins every yearly amount anew: the deductible, the thresholds, and those of other coverage. A visit on a
    day whose figures are not here has no amounts, and a note says so; the totals are those of the other visits.

    A service without a known price uses up an unknown part of the yearly amounts, from nothing to all that is left. A
    later visit of the same year is answered with the range between the two.
    Source: 42 USC 1395l(b), 1395l(g).
    """
    so_far: YearSoFar | None = None
    estimates = []
    for visit in request.visits:
        try:
            if so_far is None or so_far.year != visit.date_of_service.year:
                is_first = visit.date_of_service.year == request.visits[0].date_of_service.year
                so_far = (_begin_first_year if is_first else _begin_year)(request, visit, figures)
            estimate, so_far = _estimate_visit(request, visit, figures, so_far)
            if unknown_prices_use_up_all and estimate.use_of_year_is_unknown:
                so_far = replace(so_far, deductible=ZERO, counters=so_far.counters.used_up())
                estimate = replace(estimate, deductible_remaining=ZERO)
        except NotPublished as missing:
            estimate = _unpublished(visit, missing)
        estimates.append(estimate)
    return estimates


def _begin_year(request: Request, visit: Visit, figures: Figures) -> YearSoFar:
    """Begin a later year, in which every yearly amount begins anew. Raises NotPublished."""
    day = visit.date_of_service
    figures.schedule(day)
    deductible = ZERO
    if request.uses_deductible:
        deductible = figures.parameters.part_b_deductible.on(day).amount
    return YearSoFar(day.year, deductible, Therapy(), request.other_coverage.renewed(day, figures))


def _begin_first_year(request: Request, visit: Visit, figures: Figures) -> YearSoFar:
    """Begin the first year with what the request says is left and used. Raises NotPublished."""
    day = visit.date_of_service
    figures.schedule(day)
    if request.deductible_remaining is None:  # all of it is left, and the year's figure is not here
        raise NotPublished("part_b_deductible", day)
    therapy = Therapy(request.therapy_used_to_date, request.occupational_therapy_used_to_date)
    return YearSoFar(day.year, request.deductible_remaining, therapy, request.other_coverage.opening(day, figures))


def _estimate_visit(request: Request, visit: Visit, figures: Figures, so_far: YearSoFar) -> tuple[Estimate, YearSoFar]:
    """Estimate one visit, and say what it leaves of the year. Raises NotPublished."""
    coverage = request.other_coverage
    day = visit.date_of_service
    bill = _bill(request, visit, figures, so_far.deductible)
    case = VisitToSettle(figures=figures, day=day, services=visit.services, bill=bill, counters=so_far.counters)
    settlement = _narrowed(_with_open_lines(coverage.settle(case), bill, coverage))
    after = so_far.therapy.plus(bill) if coverage.builds_on_part_b else so_far.therapy
    judgement = judge(so_far.therapy, after, visit, figures, is_first_visit=so_far.is_first_visit)
    bill_notes = tuple(notes.of_bill(bill, figures)) if coverage.builds_on_part_b else ()
    deductible = so_far.deductible - settlement.deductible_used
    estimate = Estimate(
        date_of_service=day,
        **_amounts(settlement),
        patient_pays_range=settlement.patient_range,
        lines=tuple(_line(line, shows_amounts=coverage.builds_on_part_b) for line in bill.lines),
        notes=(*bill_notes, *settlement.notes, *judgement.notes),
        bill=bill if coverage.builds_on_part_b else None,
        settlement_steps=settlement.steps,
        share_of_total=settlement.share_of_total,
        deductible_remaining=deductible if request.uses_deductible else None,
        year_to_date_allowed=after.known(Pool.of_visit(visit)),
        occupational_therapy_year_to_date_allowed=after.known(Pool.OCCUPATIONAL),
        kx_threshold_passed=judgement.kx_threshold_passed,
        review_threshold_passed=judgement.review_threshold_passed,
    )
    return estimate, replace(
        so_far, deductible=deductible, therapy=after, counters=settlement.counters, is_first_visit=False
    )


def _bill(request: Request, visit: Visit, figures: Figures, deductible: Decimal) -> Bill:
    """Bill a visit to Part B."""
    coverage = request.other_coverage
    rates = Rates.on(figures, visit.date_of_service, request.zip, qualifying_apm=request.qualifying_apm)
    units = count_units(
        visit.services,
        figures.code_table,
        coverage.minutes_rule,
        int(rates.timed_unit_minutes.amount),
        int(rates.timed_unit_minimum.amount),
    )
    participation = request.participation
    if participation is Participation.NONPARTICIPATING_UNASSIGNED and coverage.requires_assignment:
        participation = Participation.NONPARTICIPATING_ASSIGNED
    return bill_visit(visit.services, units, rates, request.setting, participation, deductible)


def _with_open_lines(settlement: Settlement, bill: Bill, coverage: Coverage) -> Settlement:
    """Where a line has no price, no total is known; the patient pays at least the part of the other lines."""
    if bill.is_complete or not coverage.builds_on_part_b or not settlement.rests_on_bill:
        return settlement
    settlement = replace(settlement, totals=UNKNOWN_TOTALS, other_coverage_pays=None, steps=())
    if coverage.pays_all:
        return settlement
    low = settlement.patient_range[0] if settlement.patient_range else settlement.patient_pays
    bounds = None if bill.is_refused or low is None else (low, None)
    return replace(settlement, patient_pays=None, patient_range=bounds)


def _narrowed(settlement: Settlement) -> Settlement:
    """Where the least and the most that the patient may pay are one amount, that is the answer."""
    bounds = settlement.patient_range
    if settlement.patient_pays is not None or bounds is None or bounds[0] != bounds[1]:
        return settlement
    return replace(
        settlement,
        patient_pays=bounds[0],
        patient_range=None,
        other_coverage_pays=settlement.totals.left_after(bounds[0]),
    )


def _amounts(settlement: Settlement) -> dict[str, Any]:
    """Return the amounts of a settlement by the names of an estimate's fields."""
    totals = settlement.totals
    return {
        "allowed_amount": totals.allowed_amount,
        "deductible_applied": totals.deductible_applied,
        "coinsurance": totals.coinsurance,
        "medicare_pays": totals.medicare_pays,
        "excess_charge": totals.excess_charge,
        "assistant_reduction": totals.assistant_reduction,
        "other_coverage_pays": settlement.other_coverage_pays,
        "patient_pays": settlement.patient_pays,
    }


def _line(settled: SettledLine, *, shows_amounts: bool) -> LineEstimate:
    """Return a line of the answer."""
    line = settled.line
    if not shows_amounts:
        return LineEstimate(code=line.service.code, units=line.units, status=line.status)
    return LineEstimate(
        code=line.service.code,
        units=line.units,
        status=line.status,
        allowed_amount=line.allowed_amount,
        deductible_applied=settled.deductible_applied if settled.is_certain else None,
        coinsurance=settled.coinsurance if settled.is_certain else None,
        medicare_pays=settled.medicare_pays if settled.is_certain else None,
        excess_charge=None if line.allowed_amount is None else line.excess_charge,
    )


def _unpublished(visit: Visit, missing: NotPublished) -> Estimate:
    """Return the answer for a visit whose figures are not here: nothing, and why."""
    return Estimate(
        date_of_service=visit.date_of_service,
        allowed_amount=None,
        deductible_applied=None,
        coinsurance=None,
        medicare_pays=None,
        excess_charge=None,
        other_coverage_pays=None,
        patient_pays=None,
        assistant_reduction=None,
        is_published=False,
        notes=(notes.not_published(missing),),
    )
