"""A course of care as its page lays it out: visit by visit, the years, and the same course at a later time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from finder.coverage import Estimate, PlanOfCareEstimate
from finder.coverage.basics.money import total
from finder.coverage.estimate.results import Answer, YearTotals
from finder.coverage.rules.statements import Note, Step
from finder.i18n import N_
from finder.web.estimates.answer_page import AT_THE_VISIT, AnswerView

COLUMNS = {
    "allowed_amount": N_("Approved"),
    "deductible_applied": N_("Deductible"),
    "coinsurance": N_("Coinsurance"),
    "excess_charge": N_("Above that"),
    "medicare_pays": N_("Medicare pays"),
    "other_coverage_pays": N_("Others pay"),
}
"""The amounts of a visit, in the order of the table."""

DOES_NOT_ADD_UP = N_(
    "The amounts of the visits do not add up to this: what you pay at one visit counts toward your yearly amounts, so "
    "a later visit can cost less."
)

ONLY_IF_ANY = ("excess_charge", "other_coverage_pays")


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

    answer_view: AnswerView
    visits: tuple[VisitRow, ...]
    years: tuple[YearTotals, ...]
    later: Later | None
    columns: tuple[tuple[str, str], ...]
    """The amounts of the table: those that are known at every visit, by name and label."""

    @property
    def unpublished(self) -> int:
        """How many visits are on days whose amounts are not published, and count in no total."""
        return sum(not row.estimate.is_published for row in self.visits)

    @property
    def why_no_sum(self) -> str:
        """Why the least and the most of the visits do not add up to those of all (a catalogue id); empty: they do."""
        visits = [row.estimate.patient_bounds for row in self.visits if row.estimate.is_published]
        known = [one for one in visits if one is not None]
        if len(known) < len(visits) or self.answer_view.answer.patient_bounds is None:
            return ""  # nobody could add them up
        sums = total(*(one[0] for one in known)), total(*(one[1] for one in known))
        return "" if self.answer_view.answer.patient_bounds == sums else DOES_NOT_ADD_UP


@dataclass(frozen=True, slots=True)
class Alike:
    """Visits in a row, from number to number, whose amounts come about in the same steps."""

    first: int
    last: int
    steps: tuple[Step, ...]


def alike(answer: PlanOfCareEstimate) -> list[Alike]:
    """Group visits in a row whose steps are the same; a visit without steps is left out."""
    found: list[Alike] = []
    for number, visit in enumerate(answer.visits, start=1):
        if found and found[-1].last == number - 1 and found[-1].steps == visit.steps:
            found[-1] = Alike(found[-1].first, number, visit.steps)
        elif visit.bill or visit.settlement_steps:
            found.append(Alike(number, number, visit.steps))
    return found


def course(answer_view: AnswerView, later: Later | None) -> Course:
    """Lay out the answer for a course of care."""
    answer = answer_view.answer
    noted = answer_view.noted
    assert isinstance(answer, PlanOfCareEstimate), "a course of care is asked for by its visits"
    assert isinstance(noted, PlanOfCareEstimate), "each of its cases is a course of care too"
    visits = tuple(
        VisitRow(
            number=number,
            estimate=visit,
            notes=tuple(note for note in noted_visit.notes if note.code in AT_THE_VISIT),
        )
        for number, (visit, noted_visit) in enumerate(zip(answer.visits, noted.visits, strict=True), start=1)
    )
    return Course(
        answer_view=answer_view,
        visits=visits,
        years=answer.years,
        later=later,
        columns=tuple(
            (name, label)
            for name, label in COLUMNS.items()
            if _is_shown(name, visits) and name not in answer_view.left_out
        ),
    )


def _is_shown(name: str, visits: Sequence[VisitRow]) -> bool:
    amounts = [getattr(row.estimate, name) for row in visits if row.estimate.is_published]
    return None not in amounts and (name not in ONLY_IF_ANY or any(amounts))
