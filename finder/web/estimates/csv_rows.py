"""An estimate as rows for a spreadsheet: the services of a visit, or the visits of a course of care.

Money is a bare figure and days are ISO, for a spreadsheet to reckon with; what is not known is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import date
from decimal import Decimal
from typing import Any

from finder.coverage import Estimate
from finder.coverage.estimate.results import Amounts
from finder.web.estimates.answer_page import AnswerView, Range
from finder.web.estimates.course_page import Course
from finder.web.estimates.template_filters import line_status, service_name
from finder.web.http.language import gettext
from finder.web.presentation.formats import word


def visit_rows(answer_view: AnswerView, today: date) -> Iterator[Sequence[str]]:
    """Return the header, the services of the visit in every case, and the totals of each case."""
    yield [
        gettext("Case"), gettext("Service"), gettext("Code"), gettext("Units"), gettext("What Medicare does with it"),
        *_amount_names(), gettext("Shown on"),
    ]  # fmt: skip
    cases: list[tuple[str, Any, Set[str]]] = [(case.label, case.answer, frozenset()) for case in answer_view.cases]
    for label, answer, left_out in cases or [("", answer_view.answer, answer_view.left_out)]:
        yield from _of_case(label, answer, left_out, today)


def _of_case(label: str, answer: Estimate, left_out: Set[str], today: date) -> Iterator[Sequence[str]]:
    for line in answer.lines:
        if line.code is None:
            continue
        amounts = (
            line.allowed_amount, line.deductible_applied, line.coinsurance, line.excess_charge, line.medicare_pays
        )  # fmt: skip
        yield [
            label, service_name(line.code), line.code, str(line.units), line_status(line.status),
            *map(_money, amounts), "", "", "", "", f"{today}",
        ]  # fmt: skip
    yield [label, gettext("The whole visit"), "", "", "", *_amounts(answer, left_out), f"{today}"]


def course_rows(course: Course, today: date) -> Iterator[Sequence[str]]:
    """Return the header, the visits in order of date, and their totals."""
    yield [
        gettext("Visit"), gettext("Date"), *_amount_names(), gettext("Approved so far this year"),
        gettext("Above the KX threshold"), gettext("Above the review threshold"), gettext("Notes"), gettext("Shown on"),
    ]  # fmt: skip
    left_out = course.answer_view.left_out
    for row in course.visits:
        visit = row.estimate
        yield [
            str(row.number), f"{visit.date_of_service}", *_amounts(visit, left_out), _money(visit.year_to_date_allowed),
            _yes_or_no(visit.kx_threshold_passed), _yes_or_no(visit.review_threshold_passed),
            " ".join(word(note.text) for note in row.notes), f"{today}",
        ]  # fmt: skip
    all_visits = _amounts(course.answer_view.answer, left_out)
    yield [gettext("All visits"), "", *all_visits, "", "", "", word(course.why_no_sum), f"{today}"]


def _amount_names() -> list[str]:
    return [
        gettext("Approved amount"), gettext("Goes to your deductible"), gettext("Your coinsurance"),
        gettext("Charged above that"), gettext("Medicare pays"), gettext("Your other coverage pays"),
        gettext("You pay"), gettext("You pay at least"), gettext("You pay at most"),
    ]  # fmt: skip


_PART_B = ("allowed_amount", "deductible_applied", "coinsurance", "excess_charge", "medicare_pays")


def _amounts(amounts: Amounts, left_out: Set[str]) -> list[str]:
    least, most = amounts.patient_bounds or (None, None)
    known = {name: getattr(amounts, name) for name in _PART_B}
    known["other_coverage_pays"] = _one(amounts.other_coverage_bounds)
    cells = [None if name in left_out else amount for name, amount in known.items()]
    return [_money(amount) for amount in (*cells, _one(amounts.patient_bounds), least, most)]


def _one(bounds: Range | None) -> Decimal | None:
    """Return the amount whose least and most are the same; any other is not known."""
    return bounds[0] if bounds and bounds[0] == bounds[1] else None


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _yes_or_no(answer: bool | None) -> str:
    return "" if answer is None else gettext("Yes") if answer else gettext("No")
