"""The totals of visits: a course of care, and each of its years; a sum with an unknown amount is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from finder.coverage.basics.money import total
from finder.coverage.estimate.results import (
    AMOUNTS,
    Estimate,
    PlanOfCareEstimate,
    YearTotals,
)
from finder.coverage.other_coverage import Range
from finder.coverage.rules.statements import Note


def plan_of_care(visits: Sequence[Estimate], person: tuple[Note, ...]) -> PlanOfCareEstimate:
    """Add up a course of care. Visits without figures count in no total, and a note says so."""
    published = [visit for visit in visits if visit.is_published]
    years = sorted({visit.date_of_service.year for visit in published})
    left_out = {note.text.text: note for visit in visits if not visit.is_published for note in visit.notes}
    return PlanOfCareEstimate(
        **add_up(published),
        visits=tuple(visits),
        years=tuple(
            year_totals(year, [visit for visit in published if visit.date_of_service.year == year]) for year in years
        ),
        notes=(*left_out.values(), *person),
    )


def year_totals(year: int, visits: Sequence[Estimate]) -> YearTotals:
    """Add up the visits of one year."""
    return YearTotals(**add_up(visits), year=year, visits=len(visits))


def add_up(visits: Sequence[Estimate]) -> dict[str, Any]:
    """Add up amounts by name; a sum with an unknown amount is unknown, and that of no visit is too."""
    sums = {name: total(*(getattr(visit, name) for visit in visits)) if visits else None for name in AMOUNTS}
    bounds = None
    if any(visit.patient_pays_range for visit in visits):
        bounds = _add_ranges([visit.share_of_total or visit.patient_bounds for visit in visits])
    other = None
    if any(visit.other_coverage_range for visit in visits):
        other = _add_ranges([visit.other_coverage_bounds for visit in visits])
    if bounds and bounds[0] == bounds[1]:
        return {**sums, "patient_pays": bounds[0], "patient_pays_range": None, "other_coverage_range": other}
    return {**sums, "patient_pays_range": bounds, "other_coverage_range": other}


def _add_ranges(bounds: Sequence[Range | None]) -> Range | None:
    """Add up the least and the most; None where nothing can be said of one."""
    known = [it for it in bounds if it is not None]
    low = total(*(it[0] for it in known))
    if len(known) < len(bounds) or low is None:
        return None
    return low, total(*(it[1] for it in known))
