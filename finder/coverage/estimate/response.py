"""An answer as JSON types: money as text with two decimals, sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from finder.coverage.estimate.results import (
    AMOUNTS,
    Amounts,
    Estimate,
    LineEstimate,
    PlanOfCareEstimate,
    YearTotals,
    leaves,
)
from finder.coverage.figures.parameters import Value
from finder.coverage.other_coverage import Range
from finder.coverage.rules.statements import Note, Step
from finder.errors import InvalidRequest
from finder.i18n import Message, word

LINE_AMOUNTS = ("allowed_amount", "deductible_applied", "coinsurance", "medicare_pays", "excess_charge")


def to_json(answer: Estimate | PlanOfCareEstimate, language: str = "en") -> dict[str, Any]:
    """Return an answer as the response of the API and of ``flask estimate``."""
    if isinstance(answer, PlanOfCareEstimate):
        return _plan(answer, language)
    return _visit(answer, language)


def errors_to_json(error: InvalidRequest, language: str = "en") -> dict[str, list[dict[str, str]]]:
    """Return the errors of a wrong request: field and message of each."""
    return {"errors": [{"field": it.field, "message": word(it.message, language)} for it in error.errors]}


def _visit(visit: Estimate, language: str) -> dict[str, Any]:
    return {
        "date_of_service": visit.date_of_service.isoformat(),
        **_amounts(visit),
        "lines": [_line(line) for line in visit.lines],
        "steps": _steps(visit.steps, language),
        "notes": _notes(visit.notes, language),
        "deductible_remaining": _money(visit.deductible_remaining),
        "year_to_date_allowed": _money(visit.year_to_date_allowed),
        "occupational_therapy_year_to_date_allowed": _money(visit.occupational_therapy_year_to_date_allowed),
        "kx_threshold_passed": visit.kx_threshold_passed,
        "review_threshold_passed": visit.review_threshold_passed,
        **_scenarios(visit.scenarios, language),
    }


def _plan(plan: PlanOfCareEstimate, language: str) -> dict[str, Any]:
    return {
        **_amounts(plan),
        "visits": [_visit(visit, language) for visit in plan.visits],
        "years": [_year(year) for year in plan.years],
        "steps": _steps(plan.steps, language),
        "notes": _notes(plan.notes, language),
        **_scenarios(plan.scenarios, language),
    }


def _scenarios(scenarios: Mapping[str, Estimate] | Mapping[str, PlanOfCareEstimate], language: str) -> dict[str, Any]:
    """Return the scenarios in which all is known, where there are some."""
    return {"scenarios": {name: to_json(it, language) for name, it in leaves(scenarios)}} if scenarios else {}


def _amounts(amounts: Amounts) -> dict[str, Any]:
    return {
        **{name: _money(getattr(amounts, name)) for name in AMOUNTS},
        "patient_pays_range": _range(amounts.patient_pays_range),
    }


def _year(year: YearTotals) -> dict[str, Any]:
    return {"year": year.year, "visit_count": year.visits, **_amounts(year)}


def _line(line: LineEstimate) -> dict[str, Any]:
    amounts = {name: _money(getattr(line, name)) for name in LINE_AMOUNTS}
    return {"code": line.code, "units": line.units, **amounts, "status": line.status.value}


def _steps(steps: Iterable[Step], language: str) -> list[dict[str, Any]]:
    return [
        {
            "text": word(step.text, language),
            "formula": _word_or_none(step.formula, language),
            "amount": _money(step.amount),
            "parameter": step.parameter,
            "source": step.source,
            "certainty": step.certainty,
        }
        for step in steps
    ]


def _notes(notes: Iterable[Note], language: str) -> list[dict[str, str]]:
    return [{"code": note.code, "text": word(note.text, language), **_figure(note.figure)} for note in notes]


def _figure(figure: Value | None) -> dict[str, str]:
    """Return the figure that a note names, with its source."""
    if figure is None:
        return {}
    return {"parameter": figure.parameter, "source": figure.source, "certainty": figure.certainty}


def _word_or_none(message: Message | None, language: str) -> str | None:
    return None if message is None else word(message, language)


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _range(bounds: Range | None) -> list[str | None] | None:
    return None if bounds is None else [_money(bounds[0]), _money(bounds[1])]
