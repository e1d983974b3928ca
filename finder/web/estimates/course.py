"""A course of care as its page lays it out: visit by visit, the years, and the same course at a later time."""

from __future__ import annotations

from dataclasses import dataclass

from finder.coverage import Estimate, PlanOfCareEstimate
from finder.coverage.results import YearTotals
from finder.coverage.statements import Note, Step
from finder.web.estimates.shown import AT_THE_VISIT, Answer, Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One visit of the table; its notes are those about something that happens at this visit."""

    number: int
    estimate: Estimate
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """The same visits, moved by some weeks."""

    weeks: int
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All that the page of a course of care lays out."""

    shown: Shown
    visits: tuple[VisitRow, ...]
    years: tuple[YearTotals, ...]
    later: Later | None
    has_excess_charge: bool
    has_other_coverage: bool

    @property
    def unpublished(self) -> int:
        """How many visits are on days whose amounts are not published, and count in no total."""
        return sum(not row.estimate.is_published for row in self.visits)


@dataclass(frozen=True, slots=True)
class Alike:
    """Visits in a row, from number to number, whose amounts come about in the same steps."""

    first: int
    last: int
    steps: tuple[Step, ...]


def alike(answer: PlanOfCareEstimate) -> list[Alike]:
    """Put visits in a row together if their steps are the same; a visit without steps is left out."""
    found: list[Alike] = []
    for number, visit in enumerate(answer.visits, start=1):
        if found and found[-1].last == number - 1 and found[-1].steps == visit.steps:
            found[-1] = Alike(found[-1].first, number, visit.steps)
        elif visit.bill or visit.settlement_steps:
            found.append(Alike(number, number, visit.steps))
    return found


def course(shown: Shown, later: Later | None) -> Course:
    """Lay out the answer for a course of care."""
    answer = shown.answer
    assert isinstance(answer, PlanOfCareEstimate), "a course of care is asked for by its visits"
    visits = tuple(
        VisitRow(
            number=number,
            estimate=visit,
            notes=tuple(note for note in visit.notes if note.code in AT_THE_VISIT),
        )
        for number, visit in enumerate(answer.visits, start=1)
    )
    return Course(
        shown=shown,
        visits=visits,
        years=answer.years,
        later=later,
        has_excess_charge=any(row.estimate.excess_charge for row in visits),
        has_other_coverage=any(row.estimate.other_coverage_pays for row in visits),
    )
