"""An estimate as rows for a spreadsheet: the services of a visit, or the visits of a course of care.

Money is a bare figure and days are ISO, for a spreadsheet to reckon with; what is not known is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import date
from decimal import Decimal
from typing import Any

from finder.coverage import Estimate
from finder.coverage.estimate.at_the_desk import at_the_desk
from finder.coverage.estimate.notes import of_stand_in
from finder.coverage.estimate.results import Amounts, Answer, StandIn
from finder.coverage.rules.thresholds import Pool
from finder.i18n import N_
from finder.web.estimates.answer_page import STAND_IN, AnswerView, Range
from finder.web.estimates.course_page import Course
from finder.web.estimates.template_filters import counted_visits, left_out_words, line_status, service_name
from finder.web.estimates.therapy_counters import POOL_NAMES, standing_of
from finder.web.http.language import gettext
from finder.web.presentation.formats import word


def visit_rows(answer_view: AnswerView, today: date) -> Iterator[Sequence[str]]:
    """Return the header, the services of the visit in every case, and the totals of each case."""
    yield [
        gettext("Case"), gettext("Service"), gettext("Code"), gettext("Units"), gettext("What Medicare does with it"),
        *_amount_names(), gettext("Notes"), gettext("Shown on"),
    ]  # fmt: skip
    cases: list[tuple[str, Any, Set[str]]] = [(case.label, case.answer, frozenset()) for case in answer_view.cases]
    for label, answer, left_out in cases or [("", answer_view.answer, answer_view.left_out)]:
        yield from _of_case(label, answer, left_out, today)


def _of_case(label: str, answer: Estimate, left_out: Set[str], today: date) -> Iterator[Sequence[str]]:
    for line in answer.lines:
        if line.code is None:
            continue
        amounts = (
            line.allowed_amount, line.deductible_applied, line.coinsurance, line.excess_charge, line.medicare_pays,
            line.not_covered,
        )  # fmt: skip
        yield [
            label, service_name(line.code), line.code, str(line.units), line_status(line.status),
            *map(_money, amounts), *[""] * 7, f"{today}",
        ]  # fmt: skip
    reasons = " ".join(word(note.text) for note in answer.notes if note.is_reason and note.code not in STAND_IN)
    yield [label, gettext("The whole visit"), "", "", "", *_amounts(answer, left_out), reasons, f"{today}"]
    if answer.stand_in:
        name, cells, note = _stand_in(answer.stand_in)
        yield [label, name, "", "", "", *cells, note, f"{today}"]


def course_rows(course: Course, today: date) -> Iterator[Sequence[str]]:
    """Return the header, the visits in order of date, and their totals."""
    yield [
        gettext("Visit"), gettext("Date"), *_amount_names(), *_counter_names(), gettext("Notes"), gettext("Shown on"),
    ]  # fmt: skip
    left_out = course.answer_view.left_out
    for row in course.visits:
        visit = row.estimate
        yield [
            str(row.number), f"{visit.date_of_service}", *_amounts(visit, left_out), *_counters(visit),
            " ".join(word(note.text) for note in row.notes), f"{today}",
        ]  # fmt: skip
    count = course.count
    label = counted_visits(count)
    remarks = " ".join(filter(None, (left_out_words(count), word(course.why_no_sum))))
    answer = course.answer_view.answer
    no_counters = [""] * len(_counter_names())
    yield [label, "", *_amounts(answer, left_out), *no_counters, remarks, f"{today}"]
    if answer.stand_in:
        name, amounts, note = _stand_in(answer.stand_in)
        yield [name, "", *amounts, *no_counters, note, f"{today}"]


def _amount_names() -> list[str]:
    return [
        gettext("Approved amount"), gettext("Goes to your deductible"), gettext("Your coinsurance"),
        gettext("Charged above that"), gettext("Medicare pays"), gettext("Not covered by Medicare"),
        gettext("Your other coverage pays"),
        gettext("You pay"), gettext("You pay at least"), gettext("You pay at most"),
        gettext("Due at the visit, at most"), gettext("Back by check"),
    ]  # fmt: skip


COUNTERS = (
    N_("%(therapy)s: approved so far this year"),
    N_("%(therapy)s: left to the KX threshold"),
    N_("%(therapy)s: above the KX threshold"),
    N_("%(therapy)s: left to the review threshold"),
    N_("%(therapy)s: above the review threshold"),
)
"""The columns of each pool of therapy."""


def _counter_names() -> list[str]:
    """Name the counters of both pools of therapy."""
    return [gettext(column, therapy=word(POOL_NAMES[pool])) for pool in Pool for column in COUNTERS]


def _counters(visit: Estimate) -> Iterator[str]:
    """Return where both pools stand with a visit."""
    for standing in (standing_of(visit, pool) for pool in Pool):
        yield _money(standing.allowed)
        yield _money(standing.kx_threshold_remaining)
        yield _yes_or_no(standing.kx_threshold_passed)
        yield _money(standing.review_threshold_remaining)
        yield _yes_or_no(standing.review_threshold_passed)


_PART_B = ("allowed_amount", "deductible_applied", "coinsurance", "excess_charge", "medicare_pays", "not_covered")


def _amounts(answer: Answer, left_out: Set[str]) -> list[str]:
    due = at_the_desk(answer)
    return [*_shares(answer, left_out), _money(due.due_at_visit), _money(due.returned_by_check)]


def _stand_in(stand_in: StandIn) -> tuple[str, list[str], str]:
    """Return what stands in for visits without figures: its name, its amounts, and what begins anew."""
    name = gettext("Not a price: what it would be at %(year)s prices", year=stand_in.year)
    note = " ".join(word(note.text) for note in of_stand_in(stand_in))
    return name, [*_shares(stand_in, frozenset()), "", ""], note


def _shares(amounts: Amounts, left_out: Set[str]) -> Iterator[str]:
    """Return who pays what, and the least and the most that the patient pays."""
    for name in _PART_B:
        yield "" if name in left_out else _money(getattr(amounts, name))
    yield "" if "other_coverage_pays" in left_out else _money(_one(amounts.other_coverage_bounds))
    least, most = amounts.patient_bounds or (None, None)
    yield from map(_money, (_one(amounts.patient_bounds), least, most))


def _one(bounds: Range | None) -> Decimal | None:
    """Return the amount whose least and most are the same; any other is not known."""
    return bounds[0] if bounds and bounds[0] == bounds[1] else None


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _yes_or_no(answer: bool | None) -> str:
    return "" if answer is None else gettext("Yes") if answer else gettext("No")
