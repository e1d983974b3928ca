"""The request for ``finder.coverage`` that prices a usual visit, or a usual course of care, in a private practice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from finder.coverage import Figures
from finder.coverage.rules.calendar import visit_days
from finder.pricing.insurance import PersonInsurance

Request = dict[str, Any]

FIRST_VISIT, FOLLOW_UP = "first_visit", "follow_up"
"""The usual visits of a course of care, by their names in the figures."""

VISITS_A_WEEK = 2


def visit_request(
    insurance: PersonInsurance, zip_code: str, participation: str, day: date, figures: Figures
) -> Request:
    """Return the request for one follow-up visit."""
    return {
        "date_of_service": day.isoformat(),
        "services": _services(insurance, FOLLOW_UP, figures),
        **_person(insurance, zip_code, participation, day, figures),
    }


def course_request(
    insurance: PersonInsurance, zip_code: str, participation: str, day: date, figures: Figures
) -> Request:
    """Return the request for a first visit on a day and the follow-up visits after it."""
    days = visit_days(day, per_week=VISITS_A_WEEK, visits=insurance.visits, skip_holidays=True)
    return {
        "visits": _visits(insurance, days, figures),
        **_person(insurance, zip_code, participation, days[0], figures),
    }


def _visits(insurance: PersonInsurance, days: Sequence[date], figures: Figures) -> list[Request]:
    kinds = [FIRST_VISIT, *[FOLLOW_UP] * (len(days) - 1)]
    return [
        {"date_of_service": day.isoformat(), "services": _services(insurance, kind, figures)}
        for day, kind in zip(days, kinds, strict=True)
    ]


def _services(insurance: PersonInsurance, kind: str, figures: Figures) -> list[Request]:
    """Return the lines of a visit; where Medicare's fees change nothing, one line has the charge, if there is one."""
    if insurance.has_own_price:
        return [{"fee": "0.00", "charge": insurance.charge}]
    return [dict(service) for service in figures.presets[kind]]


def _person(insurance: PersonInsurance, zip_code: str, participation: str, day: date, figures: Figures) -> Request:
    """Return what holds for all visits: where, by whom, what was paid before, what else pays."""
    person = {"participation": participation, "other_coverage": insurance.other_coverage}
    if insurance.has_own_price:
        return {**person, "deductible_remaining": "0.00"}
    remaining = insurance.deductible_remaining
    return {
        **person,
        "zip": zip_code or None,
        "setting": "private_practice",
        "deductible_remaining": whole_deductible(day.isoformat(), figures) if remaining is None else remaining,
    }


def whole_deductible(day: str, figures: Figures) -> str:
    """Return the Part B deductible of the year of a day (``2026-10-05``); ``unknown`` where it is no such day."""
    try:
        value = figures.parameters.part_b_deductible.find(date.fromisoformat(day))
    except ValueError:
        value = None
    return str(value.amount) if value else "unknown"
