"""From the answers on the page to the request for ``finder.coverage``: one visit, or a course of care."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from finder.coverage import Figures
from finder.pricing.insurance import OneCoverage, RequestValue, coverages_in
from finder.pricing.requests import whole_deductible
from finder.web.estimates.questions.answers import answers_of, other_coverage
from finder.web.estimates.questions.fields import amount_of, typed
from finder.web.estimates.questions.forms import EstimateForm, VisitForm
from finder.web.estimates.questions.question import OF_A_SERVICE
from finder.web.estimates.questions.table import at_path, matters
from finder.web.estimates.questions.treatment import UNKNOWN, services_of
from finder.web.estimates.questions.year import year_of

Request = dict[str, Any]

LEFT, WHOLE = "_remaining", "_annual"
"""The ends of the names of a yearly amount of other coverage: what is left of it, and that of a whole year."""


def visit_request(form: VisitForm, figures: Figures) -> Request:
    """Make the request for one visit."""
    day = typed(form.date)
    return {"date_of_service": day or None, "services": _services(form, figures), **_person(form, day, figures)}


def course_request(form: EstimateForm, figures: Figures, days: Sequence[date]) -> Request:
    """Make the request for visits on some days, in order."""
    visits = [
        {"date_of_service": day.isoformat(), "services": _services(form, figures, is_first=day == days[0])}
        for day in days
    ]
    return {"visits": visits, **_person(form, days[0].isoformat(), figures)}


def begun_anew(request: Request, first_day: date, figures: Figures) -> Request:
    """Return a request for a later year: nothing is paid or used yet of the amounts that begin anew at New Year."""
    return {
        **request,
        "deductible_remaining": whole_deductible(first_day.isoformat(), figures),
        "therapy_used_to_date": None,
        "occupational_therapy_used_to_date": None,
        "other_coverage": [_renewed(one) for one in coverages_in(request["other_coverage"])],
    }


def _renewed(old: OneCoverage) -> dict[str, RequestValue]:
    """Return a coverage with nothing used of its yearly amounts."""
    return {name: old.get(name.removesuffix(LEFT) + WHOLE) if name.endswith(LEFT) else old[name] for name in old}


def _person(form: EstimateForm, first_day: str, figures: Figures) -> Request:
    """Return what holds for all visits: where, by whom, what was paid before, what else pays."""
    return {
        "zip": (typed(form.zip) or None) if matters(form, "zip") else None,
        "setting": form.setting.data if matters(form, "setting") else None,
        "participation": form.participation.data if matters(form, "participation") else "participating",
        "qualifying_apm": form.apm.data == "yes" and matters(form, "apm"),
        **(year_of(form, first_day, figures) if matters(form, "deductible") else {"deductible_remaining": "0.00"}),
        "other_coverage": other_coverage(answers_of(form)),
    }


def _services(form: EstimateForm, figures: Figures, *, is_first: bool = False) -> list[dict[str, Any]] | str:
    """Return the lines of a visit, or that they are not known.

    Where the services change nothing, one line has the charge, if there is one.
    """
    if matters(form, "visit"):
        if form.visit.data == UNKNOWN:
            return UNKNOWN
        return services_of(form, figures, is_first=is_first)
    question = at_path(form, OF_A_SERVICE)
    is_asked = question is not None and matters(form, question.name)
    return [{"fee": "0.00", "charge": amount_of(form[question.name]) if question and is_asked else None}]
