"""A course of care as its page lays it out: visit by visit, the years, and the same course at a later time.

How many of its visits a total counts is found here alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from finder.coverage import Estimate, PlanOfCareEstimate
from finder.coverage.basics.money import total
from finder.coverage.estimate.at_the_desk import at_the_desk
from finder.coverage.estimate.results import Answer, YearTotals
from finder.coverage.rules.statements import Note, Step
from finder.i18n import N_
from finder.web.estimates.answer_page import AT_THE_VISIT, AnswerView, has_uncovered

COLUMNS = {
    "allowed_amount": N_("Approved"),
    "deductible_applied": N_("Deductible"),
    "coinsurance": N_("Coinsurance"),
    "excess_charge": N_("Above that"),
    "not_covered": N_("Not covered"),
    "medicare_pays": N_("Medicare pays"),
    "other_coverage_pays": N_("Others pay"),
}
"""The amounts of a visit, in the order of the table."""

WHOLE_BILL = {"due_at_visit": N_("Due at the desk"), "medicare_pays": N_("Back by check")}
"""The columns that take the place of what Medicare pays where the patient may have to pay the whole bill."""

DOES_NOT_ADD_UP = N_(
    "The amounts of the visits do not add up to this: what you pay at one visit counts toward your yearly amounts, so "
    "a later visit can cost less."
)

LEFT_OUT = "amounts_not_published"
"""The note that visits have no figures: the page has a sentence with their number instead."""

ONLY_IF_ANY = ("excess_charge", "other_coverage_pays")


@dataclass(frozen=True, slots=True)
class VisitCount:
    """How many visits a total counts, of how many; the others are in years without figures."""

    counted: int
    total: int
    years_left_out: tuple[int, ...]

    @property
    def left_out(self) -> int:
        """How many visits no total counts."""
        return self.total - self.counted


def count_visits(visits: Iterable[tuple[date, bool]]) -> VisitCount:
    """Count visits: the day of each, and whether there are figures for it."""
    days = list(visits)
    years = sorted({day.year for day, has_figures in days if not has_figures})
    return VisitCount(sum(has_figures for _day, has_figures in days), len(days), tuple(years))


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One visit of the table; its notes are those about something that happens at this visit."""

    number: int
    estimate: Estimate
    notes: tuple[Note, ...]
    new_notes: tuple[Note, ...]
    """The notes that no earlier visit has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """The same visits, moved by some weeks, beside those that are planned: the same number of visits on both sides."""

    weeks: int
    first_day: date
    last_day: date
    compared: int
    """How many visits are compared, from the first on: those with figures at both times. 0: there is no comparison."""
    planned: Answer
    moved: Answer


def comparable(planned: Answer, moved: Answer) -> int:
    """Count the visits, from the first on, that have figures at both times."""
    assert isinstance(planned, PlanOfCareEstimate), "a course of care is asked for by its visits"
    assert isinstance(moved, PlanOfCareEstimate), "moved, it is a course of care too"
    pairs = zip(planned.visits, moved.visits, strict=True)
    return sum(1 for _pair in takewhile(lambda pair: pair[0].is_published and pair[1].is_published, pairs))


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
    def count(self) -> VisitCount:
        """How many of the visits the totals count."""
        return count_visits((row.estimate.date_of_service, row.estimate.is_published) for row in self.visits)

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
    visits = tuple(_rows(answer, noted))
    return Course(
        answer_view=replace(answer_view, reasons=tuple(it for it in answer_view.reasons if it.code != LEFT_OUT)),
        visits=visits,
        years=answer.years,
        later=later,
        columns=tuple(_columns(answer, visits, answer_view.left_out)),
    )


def _columns(answer: PlanOfCareEstimate, visits: Sequence[VisitRow], left_out: Set[str]) -> Iterator[tuple[str, str]]:
    """Return the amounts of the table, by name and label."""
    is_whole_bill = at_the_desk(answer).is_whole_bill
    for name, label in COLUMNS.items():
        if name not in left_out and _is_shown(name, visits):
            yield from WHOLE_BILL.items() if is_whole_bill and name == "medicare_pays" else [(name, label)]


def _rows(answer: PlanOfCareEstimate, noted: PlanOfCareEstimate) -> Iterator[VisitRow]:
    """Make the rows of the table; the notes of a visit are those of ``noted``."""
    seen: set[str] = set()
    for number, (visit, noted_visit) in enumerate(zip(answer.visits, noted.visits, strict=True), start=1):
        notes = tuple(note for note in noted_visit.notes if note.code in AT_THE_VISIT)
        new = tuple(note for note in notes if f"{note.text}" not in seen)
        seen.update(f"{note.text}" for note in notes)
        yield VisitRow(number=number, estimate=visit, notes=notes, new_notes=new)


def _is_shown(name: str, visits: Sequence[VisitRow]) -> bool:
    if name == "not_covered":  # where its price is not known, that is said
        return any(has_uncovered(row.estimate) for row in visits)
    amounts = [getattr(row.estimate, name) for row in visits if row.estimate.is_published]
    return None not in amounts and (name not in ONLY_IF_ANY or any(amounts))
