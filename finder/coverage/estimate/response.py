"""An answer as JSON types: money as text with two decimals, sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from finder.coverage.estimate.at_the_desk import at_the_desk
from finder.coverage.estimate.notes import of_stand_in
from finder.coverage.estimate.results import (
    AMOUNTS,
    LINE_AMOUNTS,
    Amounts,
    Answer,
    Estimate,
    LineEstimate,
    PlanOfCareEstimate,
    StandIn,
    YearTotals,
    leaves,
)
from finder.coverage.figures.localities import Locality
from finder.coverage.figures.parameters import Value
from finder.coverage.other_coverage import Range
from finder.coverage.rules.statements import Note, Step
from finder.coverage.rules.thresholds import PoolStanding
from finder.errors import InvalidRequest
from finder.i18n import Message, word


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
        **_at_the_desk(visit),
        "lines": [_line(line) for line in visit.lines],
        "steps": _steps(visit.steps, language),
        "notes": _notes(visit.notes, language),
        "deductible_remaining": _money(visit.deductible_remaining),
        **_standing(visit.therapy),
        **{f"occupational_therapy_{name}": value for name, value in _standing(visit.occupational_therapy).items()},
        **_locality(visit.locality),
        "visits_without_figures": visit.visits_without_figures,
        "stand_in": _stand_in(visit.stand_in, language),
        **_scenarios(visit.scenarios, language),
    }


def _plan(plan: PlanOfCareEstimate, language: str) -> dict[str, Any]:
    return {
        **_amounts(plan),
        **_at_the_desk(plan),
        "visits": [_visit(visit, language) for visit in plan.visits],
        "years": [_year(year) for year in plan.years],
        "visits_without_figures": plan.visits_without_figures,
        "stand_in": _stand_in(plan.stand_in, language),
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


def _standing(standing: PoolStanding) -> dict[str, Any]:
    """Return where a pool of therapy stands in the year."""
    return {
        "year_to_date_allowed": _money(standing.allowed),
        "kx_threshold_passed": standing.kx_threshold_passed,
        "kx_threshold_remaining": _money(standing.kx_threshold_remaining),
        "review_threshold_passed": standing.review_threshold_passed,
        "review_threshold_remaining": _money(standing.review_threshold_remaining),
    }


def _locality(locality: Locality | None) -> dict[str, str | None]:
    """Return the payment area whose fees are used."""
    return {
        "carrier": locality.carrier if locality else None,
        "locality": locality.number if locality else None,
    }


def _stand_in(stand_in: StandIn | None, language: str) -> dict[str, Any] | None:
    """Return what stands in for visits without figures, with the sentences that name it as that."""
    if stand_in is None:
        return None
    deductible = stand_in.part_b_deductible
    return {
        "year": stand_in.year,
        "visit_count": stand_in.visits,
        "part_b_deductible": _money(deductible.amount if deductible else None),
        **_amounts(stand_in),
        "notes": _notes(of_stand_in(stand_in), language),
    }


def _at_the_desk(answer: Answer) -> dict[str, str | None]:
    """Return what is asked for at the visit, and what comes back by check."""
    payment = at_the_desk(answer)
    return {
        "due_at_visit": _money(payment.due_at_visit),
        "returned_by_check": _money(payment.returned_by_check),
    }


def _year(year: YearTotals) -> dict[str, Any]:
    return {"year": year.year, "visit_count": year.visits, **_amounts(year)}


def _line(line: LineEstimate) -> dict[str, Any]:
    amounts = {name: _money(getattr(line, name)) for name in LINE_AMOUNTS}
    return {
        "code": line.code,
        "units": line.units,
        **amounts,
        "status": line.status.value if line.status else None,
        "reduced_units": line.reduced_units,
        "modifiers": list(line.modifiers),
    }


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
