"""Warnings about a claim that can hardly be right. They are notes: nothing is refused, and no amount changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from finder.coverage.basics.visit import Service, Visit
from finder.coverage.figures.claim_edits import ClaimEdits, Evaluations
from finder.coverage.figures.figures import Figures
from finder.coverage.rules.statements import Note
from finder.i18n import N_, Message


def implausible(visits: Sequence[Visit], figures: Figures) -> Iterator[Note]:
    """Warn about what an estimate takes as it is given although a payer would hardly; each kind of thing once.

    Args:
        visits: in order of date.
        figures: for the lists of codes.

    Source: 42 CFR 410.61; Medicare Benefit Policy Manual, chapter 15, sections 220.3 and 230.1.
    """
    edits = figures.claim_edits
    if any(_has_several(visit, it) for visit in visits for it in edits.evaluations):
        text = N_("There is more than one evaluation in a visit. Usually one is billed: check the list.")
        yield Note("implausible_evaluations", Message(text))
    if any(len(_days_with(it.first, visits)) > 1 for it in edits.evaluations):
        text = N_("A first evaluation is here on more than one day. Later ones are re-evaluations: check the list.")
        yield Note("implausible_repeated_evaluation", Message(text))
    longest = max((_timed_minutes(visit, figures) for visit in visits), default=0)
    if longest > edits.most_hours_a_day * 60:
        text = N_("These services take {hours:number} hours of treatment on one day. Check the units or minutes.")
        yield Note("implausible_time", Message(text, {"hours": -(-longest // 60)}))
    if any(_is_too_often(codes, visits, edits) for codes in edits.monitoring):
        text = N_(
            "Home monitoring is here more than once within {days:number} days. It is billed once: check the list."
        )
        yield Note("implausible_monitoring", Message(text, {"days": edits.monitoring_days}))


def _has_several(visit: Visit, evaluations: Evaluations) -> bool:
    """Return whether a visit has more evaluations of a discipline than it may."""
    codes = [code for code in _codes(visit.services) if code in evaluations.codes]
    return len(codes) > (len(set(codes)) if evaluations.may_be_several else 1)


def _is_too_often(codes: Collection[str], visits: Sequence[Visit], edits: ClaimEdits) -> bool:
    """Return whether services of which one is billed in so many days are there twice."""
    span = timedelta(days=edits.monitoring_days)
    return any(later - earlier < span for earlier, later in pairwise(_billings(codes, visits)))


def _days_with(codes: Collection[str], visits: Sequence[Visit]) -> set[date]:
    return set(_billings(codes, visits))


def _billings(codes: Collection[str], visits: Sequence[Visit]) -> list[date]:
    """Return the day of every unit of some services, in order."""
    return [visit.date_of_service for visit in visits for code in _codes(visit.services) if code in codes]


def _codes(services: Sequence[Service]) -> Iterator[str]:
    """Return the code of every unit of services that are not timed."""
    for service in services:
        if service.code:
            yield from [service.code] * (service.units or 1)


def _timed_minutes(visit: Visit, figures: Figures) -> int:
    """Add up the minutes of the services of a visit that are counted by time."""
    table = figures.code_table
    unit = figures.parameters.timed_unit_minutes.find(visit.date_of_service)
    unit_minutes = {**dict.fromkeys(table.timed, int(unit.amount) if unit else 0), **table.unit_minutes}
    return sum(
        service.minutes or unit_minutes[service.code] * (service.units or 1)
        for service in visit.services
        if service.code in unit_minutes
    )
