"""From the answers on a page to what the page shows: one visit, or a course of care."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from finder.coverage import Figures
from finder.coverage.estimate.results import Answer
from finder.coverage.rules.statements import Note
from finder.errors import FieldError, InvalidRequest
from finder.i18n import Message
from finder.web.estimates.answer_page import AnswerView, answer_to, answer_view
from finder.web.estimates.course_page import Course, Later, VisitCount, comparable, count_visits, course
from finder.web.estimates.form_errors import unreadable
from finder.web.estimates.questions.forms import CourseForm, EstimateForm, VisitForm
from finder.web.estimates.questions.schedule import days_of, weeks_later
from finder.web.estimates.questions.situations import SITUATIONS, Situation
from finder.web.estimates.questions.table import matters
from finder.web.estimates.requests import begun_anew, course_request, visit_request


def visit_answer(form: VisitForm, figures: Figures) -> AnswerView:
    """Return what a visit costs. Raises InvalidRequest with every error."""
    errors = list(unreadable(form))
    try:
        answer = answer_to(visit_request(form, figures), figures)
    except InvalidRequest as error:
        raise InvalidRequest([*errors, *error.errors]) from error
    if errors:
        raise InvalidRequest(errors)
    return _answer_view(answer, form, figures)


def course_answer(form: CourseForm, figures: Figures) -> Course:
    """Return what a course of care costs and, if asked, the same course later. Raises InvalidRequest."""
    errors = list(unreadable(form))
    days, weeks = _schedule(form, errors) or ((figures.schedules[-1].first_day,), 0)
    try:
        answer = _answer_on(form, days, figures)
    except InvalidRequest as error:
        raise InvalidRequest([*errors, *error.errors]) from error
    if errors:
        raise InvalidRequest(errors)
    later = _later(form, answer, days, weeks, figures) if weeks else None
    return course(_answer_view(answer, form, figures), later)


def planned_visits(form: CourseForm, figures: Figures) -> VisitCount | None:
    """Count the visits of a form that is not answered yet; None where their days cannot be read."""
    last_day = figures.schedules[-1].last_day
    try:
        return count_visits((day, day <= last_day) for day in days_of(form))
    except InvalidRequest:
        return None


def _later(form: CourseForm, planned: Answer, days: Sequence[date], weeks: int, figures: Figures) -> Later:
    """Answer for the same visits some weeks later, and compare as many as have figures at both times."""
    later_days = days_of(form, later_by=weeks)
    is_new_year = later_days[0].year != days[0].year
    moved = _answer_on(form, later_days, figures, is_new_year=is_new_year)
    compared = comparable(planned, moved)
    if 0 < compared < len(days):
        planned = _answer_on(form, days[:compared], figures)
        moved = _answer_on(form, later_days[:compared], figures, is_new_year=is_new_year)
    return Later(
        weeks=weeks,
        first_day=later_days[0],
        last_day=later_days[-1],
        compared=compared,
        planned=planned,
        moved=moved,
    )


def _answer_view(answer: Answer, form: EstimateForm, figures: Figures) -> AnswerView:
    """Return an answer as the page lays it out."""
    situation = situation_of(form)
    said_first = (Note("situation", Message(situation.text), is_reason=True),) if situation else ()
    return answer_view(answer, figures, has_own_price=not matters(form, "zip"), said_first=said_first)


def situation_of(form: EstimateForm) -> Situation | None:
    """Return the situation that was chosen, where it matters."""
    return SITUATIONS.get(form.situation.data or "") if matters(form, "situation") else None


def _schedule(form: CourseForm, errors: list[FieldError]) -> tuple[Sequence[date], int] | None:
    """Return the days of the visits and by how many weeks to move them; what is wrong is added to the errors."""
    try:
        days = days_of(form)
        return days, weeks_later(form, days[0])
    except InvalidRequest as error:
        errors.extend(error.errors)
    return None


def _answer_on(form: CourseForm, days: Sequence[date], figures: Figures, *, is_new_year: bool = False) -> Answer:
    """Answer for visits on some days; in a new year every yearly amount has begun anew."""
    request = course_request(form, figures, days)
    if is_new_year:
        request = begun_anew(request, days[0], figures)
    return answer_to(request, figures)
