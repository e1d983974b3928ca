"""From a request to its answer: what is not known is tried in every way, and the answers are laid over one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from finder.coverage.basics.money import ZERO, total
from finder.coverage.basics.vocabulary import Participation
from finder.coverage.estimate import notes
from finder.coverage.estimate.plan_of_care import run
from finder.coverage.estimate.request import Request
from finder.coverage.estimate.results import AMOUNTS, Amounts, Estimate, LineEstimate, PlanOfCareEstimate, YearTotals
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage import Range
from finder.coverage.rules.statements import Note
from finder.errors import FieldError, InvalidRequest

KNOWN_PARTICIPATIONS = (
    Participation.PARTICIPATING,
    Participation.NONPARTICIPATING_ASSIGNED,
    Participation.NONPARTICIPATING_UNASSIGNED,
)


def answer(request: Request, figures: Figures) -> Estimate | PlanOfCareEstimate:
    """Answer a request. Raises InvalidRequest where a single visit needs a figure that is not published."""
    scenarios = {name: _run(scenario, figures) for name, scenario in _scenarios(request, figures).items()}
    if request.is_plan_of_care:
        return _answer_plan(request, figures, scenarios)
    return _answer_visit(request, figures, {name: visits[0] for name, visits in scenarios.items()})


def _run(request: Request, figures: Figures) -> list[Estimate]:
    """Estimate the visits of a request; a missing price may use up nothing of the yearly amounts or all of them."""
    least_used = run(request, figures)
    if not any(visit.use_of_year_is_unknown for visit in least_used):
        return least_used
    all_used = run(request, figures, unknown_prices_use_up_all=True)
    visits = [_after_unknown_prices(*same) for same in zip(least_used, all_used, strict=True)]
    if request.other_coverage.pays_set_amount:
        return visits
    # What a missing price uses up, the patient has paid at that visit: the least total is that with nothing used up.
    return [
        replace(visit, share_of_total=least.patient_bounds) for visit, least in zip(visits, least_used, strict=True)
    ]


def _after_unknown_prices(least_used: Estimate, all_used: Estimate) -> Estimate:
    """Lay over one another what a visit costs when missing prices have used up nothing of the year, and all."""
    merged = _merge_visits([least_used, all_used])
    if _agree([least_used, all_used]) and merged.lines == least_used.lines:
        return replace(least_used, deductible_remaining=merged.deductible_remaining)
    return replace(merged, notes=(notes.PRICE_BEFORE_UNKNOWN, *merged.notes))


def _scenarios(request: Request, figures: Figures) -> dict[str, Request]:
    """Make a request for everything that the unknown may be, by name; what does not bear on the answer is filled in."""
    participations = {"": request.participation}
    if request.participation_is_open:
        participations = {it.value: it for it in KNOWN_PARTICIPATIONS}
    elif request.participation is Participation.UNKNOWN:
        participations = {"": Participation.PARTICIPATING}
    deductibles = {"": request.deductible_remaining}
    full = figures.parameters.part_b_deductible.find(request.visits[0].date_of_service)
    if request.deductible_is_open:
        deductibles = {"deductible_met": ZERO, "deductible_not_met": full.amount if full else None}
    elif request.deductible_remaining is None:
        deductibles = {"": ZERO}
    return {
        "_".join(filter(None, (by, left))): replace(
            request, participation=participation, deductible_remaining=deductible
        )
        for by, participation in participations.items()
        for left, deductible in deductibles.items()
    }


def _unknown_notes(request: Request) -> tuple[Note, ...]:
    """Describe what is not known."""
    unknown = (
        (request.participation_is_open, notes.PARTICIPATION_UNKNOWN),
        (request.deductible_is_open, notes.DEDUCTIBLE_UNKNOWN),
    )
    return tuple(note for is_open, note in unknown if is_open)


def _person_notes(request: Request, figures: Figures) -> tuple[Note, ...]:
    """Describe what holds for the whole request."""
    if not request.other_coverage.builds_on_part_b:
        return ()
    return tuple(notes.of_person(request, figures, request.visits[0].date_of_service))


def _answer_visit(request: Request, figures: Figures, scenarios: Mapping[str, Estimate]) -> Estimate:
    """Answer for a single visit."""
    for scenario in scenarios.values():
        if not scenario.is_published:
            raise InvalidRequest([FieldError("date_of_service", note.text) for note in scenario.notes])
    person = _person_notes(request, figures)
    scenarios = {name: replace(it, notes=(*it.notes, *person)) for name, it in scenarios.items()}
    merged = _merge_visits(list(scenarios.values()))
    if len(scenarios) == 1 or _agree(scenarios.values()):
        return merged
    return replace(merged, notes=(*_unknown_notes(request), *merged.notes), scenarios=scenarios)


def _answer_plan(request: Request, figures: Figures, scenarios: Mapping[str, Sequence[Estimate]]) -> PlanOfCareEstimate:
    """Answer for a course of care."""
    person = _person_notes(request, figures)
    plans = {name: _plan(visits, person) for name, visits in scenarios.items()}
    first = next(iter(plans.values()))
    if len(plans) == 1:
        return first
    same_days = list(zip(*(plan.visits for plan in plans.values()), strict=True))
    merged = PlanOfCareEstimate(
        **_merge(plans.values()),
        visits=tuple(_merge_visits(same_day) for same_day in same_days),
        years=tuple(
            YearTotals(**_merge(same_year), year=same_year[0].year, visits=same_year[0].visits)
            for same_year in zip(*(plan.years for plan in plans.values()), strict=True)
        ),
        notes=first.notes,
    )
    if all(_agree(same) for same in (plans.values(), *same_days)):
        return merged
    return replace(merged, notes=(*_unknown_notes(request), *merged.notes), scenarios=plans)


def _plan(visits: Sequence[Estimate], person: tuple[Note, ...]) -> PlanOfCareEstimate:
    """Add up a course of care. Visits without figures count in no total, and a note says so."""
    published = [visit for visit in visits if visit.is_published]
    years = sorted({visit.date_of_service.year for visit in published})
    left_out = {note.text.text: note for visit in visits if not visit.is_published for note in visit.notes}
    return PlanOfCareEstimate(
        **add_up(published),
        visits=tuple(visits),
        years=tuple(
            _year(year, [visit for visit in published if visit.date_of_service.year == year]) for year in years
        ),
        notes=(*left_out.values(), *person),
    )


def _year(year: int, visits: Sequence[Estimate]) -> YearTotals:
    return YearTotals(**add_up(visits), year=year, visits=len(visits))


def add_up(visits: Sequence[Estimate]) -> dict[str, Any]:
    """Add up amounts by name; a sum with an unknown amount is unknown, and that of no visit is too."""
    sums = {name: total(*(getattr(visit, name) for visit in visits)) if visits else None for name in AMOUNTS}
    bounds = _add_ranges(visits) if any(visit.patient_pays_range for visit in visits) else None
    if bounds and bounds[0] == bounds[1]:
        return {**sums, "patient_pays": bounds[0], "patient_pays_range": None}
    return {**sums, "patient_pays_range": bounds}


def _add_ranges(visits: Iterable[Estimate]) -> Range | None:
    """Add up the least and the most; None where nothing can be said of a visit."""
    bounds = [visit.share_of_total or visit.patient_bounds for visit in visits]
    known = [it for it in bounds if it is not None]
    low = total(*(it[0] for it in known))
    if len(known) < len(bounds) or low is None:
        return None
    return low, total(*(it[1] for it in known))


def _agree(answers: Iterable[Amounts]) -> bool:
    """Return whether the unknown changes nothing: all amounts are the same whatever it is."""
    return len({(tuple(getattr(it, name) for name in AMOUNTS), it.patient_pays_range) for it in answers}) == 1


def _common(values: Iterable[Any]) -> Any:
    """Return the value that all share, or None."""
    first, *others = values
    return first if all(other == first for other in others) else None


def _merge(answers: Iterable[Amounts]) -> dict[str, Any]:
    """Merge amounts: what all share is known; the patient's range goes from the best to the worst."""
    answers = list(answers)
    merged = {name: _common(getattr(it, name) for it in answers) for name in AMOUNTS}
    bounds = [it.patient_bounds for it in answers]
    known = [it for it in bounds if it is not None]
    is_open = len(set(known)) > 1 or any(it.patient_pays_range for it in answers)
    return {**merged, "patient_pays_range": _widest(known) if is_open and len(known) == len(bounds) else None}


def _widest(bounds: Sequence[Range]) -> Range:
    """Return the range from the least to the most of some ranges."""
    highest: list[Decimal] = [it[1] for it in bounds if it[1] is not None]
    return min(it[0] for it in bounds), max(highest) if len(highest) == len(bounds) else None


def _merge_visits(visits: Sequence[Estimate]) -> Estimate:
    """Merge the same visit in every scenario."""
    first = visits[0]
    if len(visits) == 1:
        return first
    shared = {note.code: note for note in first.notes if all(note in visit.notes for visit in visits)}
    names = (
        "deductible_remaining",
        "year_to_date_allowed",
        "occupational_therapy_year_to_date_allowed",
        "kx_threshold_passed",
        "review_threshold_passed",
    )
    return Estimate(
        **_merge(visits),
        date_of_service=first.date_of_service,
        lines=tuple(_merge_lines(same) for same in zip(*(visit.lines for visit in visits), strict=True)),
        notes=tuple(shared.values()),
        is_published=first.is_published,
        settlement_steps=_common(visit.settlement_steps for visit in visits) or (),
        **{name: _common(getattr(visit, name) for visit in visits) for name in names},
    )


def _merge_lines(lines: Sequence[LineEstimate]) -> LineEstimate:
    """Merge the same line in every scenario."""
    names = ("allowed_amount", "deductible_applied", "coinsurance", "medicare_pays", "excess_charge")
    return replace(lines[0], **{name: _common(getattr(line, name) for line in lines) for name in names})
