"""Answers laid over one another: what all share is known, and what the patient pays is the range over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from finder.coverage.estimate.results import (
    AMOUNTS,
    LINE_AMOUNTS,
    Amounts,
    Answer,
    Estimate,
    LineEstimate,
    PlanOfCareEstimate,
    YearTotals,
)
from finder.coverage.estimate.totals import year_totals
from finder.coverage.other_coverage import Range
from finder.coverage.rules.statements import Note
from finder.coverage.rules.thresholds import PoolStanding


def merge_all(answers: Sequence[Answer]) -> Answer:
    """Merge the answers for a visit, or those for a course of care with its years and its visits."""
    plans = [it for it in answers if isinstance(it, PlanOfCareEstimate)]
    if len(plans) < 2:
        return plans[0] if plans else merge_visits([it for it in answers if isinstance(it, Estimate)])
    return PlanOfCareEstimate(
        **_merge(plans),
        visits=tuple(merge_visits(same_day) for same_day in zip(*(plan.visits for plan in plans), strict=True)),
        years=tuple(_merge_years(plans)),
        notes=_shared_notes(plans),
    )


def _merge_years(plans: Sequence[PlanOfCareEstimate]) -> Iterator[YearTotals]:
    """Merge the totals of each year; a scenario without figures of a year has no amounts there."""
    by_year = [{it.year: it for it in plan.years} for plan in plans]
    for year in sorted({year for years in by_year for year in years}):
        same_year = [years.get(year, year_totals(year, ())) for years in by_year]
        yield YearTotals(**_merge(same_year), year=year, visits=max(it.visits for it in same_year))


def are_same(answers: Sequence[Answer]) -> bool:
    """Return whether answers have the same amounts, at every visit too, and nothing is left open in any of them."""
    if any(it.scenarios for it in answers):
        return False
    visits = (it.visits for it in answers if isinstance(it, PlanOfCareEstimate))
    return all(agree(same) for same in (answers, *zip(*visits, strict=True)))


def agree(answers: Iterable[Amounts]) -> bool:
    """Return whether the unknown changes nothing: all amounts are the same whatever it is."""
    return len({(tuple(getattr(it, name) for name in AMOUNTS), it.patient_pays_range) for it in answers}) == 1


def _common(values: Iterable[Any]) -> Any:
    """Return the value that all share, or None."""
    first, *others = values
    return first if all(other == first for other in others) else None


def _merge(answers: Iterable[Amounts]) -> dict[str, Any]:
    """Merge amounts: what all share is known; the patient's range goes from the best to the worst that has a figure."""
    answers = list(answers)
    merged = {name: _common(getattr(it, name) for it in answers) for name in AMOUNTS}
    known = [it.known_range for it in answers if it.known_range is not None]
    other = [it.other_coverage_bounds for it in answers if it.other_coverage_bounds is not None]
    is_partial = 0 < len(known) < len(answers) or any(it.range_is_partial for it in answers)
    is_open = len(set(known)) > 1 or any(it.patient_pays_range for it in answers) or is_partial
    return {
        **merged,
        "patient_pays_range": _widest(known) if known and is_open else None,
        "other_coverage_range": _widest(other) if len(other) == len(answers) and len(set(other)) > 1 else None,
        "range_is_partial": is_partial,
    }


def _widest(bounds: Sequence[Range]) -> Range:
    """Return the range from the least to the most of some ranges."""
    highest: list[Decimal] = [it[1] for it in bounds if it[1] is not None]
    return min(it[0] for it in bounds), max(highest) if len(highest) == len(bounds) else None


def merge_visits(visits: Sequence[Estimate]) -> Estimate:
    """Merge the same visit in every scenario."""
    first = visits[0]
    if len(visits) == 1:
        return first
    return Estimate(
        **_merge(visits),
        date_of_service=first.date_of_service,
        lines=_merge_lines([visit.lines for visit in visits]),
        notes=_shared_notes(visits),
        is_published=first.is_published,
        is_unassigned=_common(visit.is_unassigned for visit in visits),
        settlement_steps=_common(visit.settlement_steps for visit in visits) or (),
        deductible_remaining=_common(visit.deductible_remaining for visit in visits),
        therapy=_merge_standings([visit.therapy for visit in visits]),
        occupational_therapy=_merge_standings([visit.occupational_therapy for visit in visits]),
        locality=_common(visit.locality for visit in visits),
    )


def _merge_standings(standings: Sequence[PoolStanding]) -> PoolStanding:
    """Merge where a pool of therapy stands in every scenario: what all share is known."""
    return PoolStanding(**{it.name: _common(getattr(one, it.name) for one in standings) for it in fields(PoolStanding)})


def _shared_notes(answers: Sequence[Answer]) -> tuple[Note, ...]:
    """Return the notes that hold in every scenario that has a figure; where none has, in every scenario."""
    with_figure = [it for it in answers if it.patient_bounds is not None]
    first, *others = with_figure or answers
    return tuple(note for note in first.notes if all(note in it.notes for it in others))


def _merge_lines(lines: Sequence[Sequence[LineEstimate]]) -> tuple[LineEstimate, ...]:
    """Merge the lines of a visit where all scenarios have the same services, in units too; else there are none.

    What is known of a line is what all share. With different services no line is in every scenario, and one that is
    only in some would be taken for what is done.
    """
    services = {tuple((line.code, line.units) for line in of_scenario) for of_scenario in lines}
    return tuple(_merge_line(same) for same in zip(*lines, strict=True)) if len(services) == 1 else ()


def _merge_line(lines: Sequence[LineEstimate]) -> LineEstimate:
    """Merge the same line in every scenario."""
    shared: dict[str, Any] = {name: _common(getattr(line, name) for line in lines) for name in LINE_AMOUNTS}
    return replace(
        lines[0],
        **shared,
        modifiers=_common(line.modifiers for line in lines) or (),
        status=_common(line.status for line in lines),
    )
