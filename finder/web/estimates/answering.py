"""From the answers on a page to what the page shows: one visit, or a course of care."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from finder.coverage import Figures
from finder.coverage.estimate.results import Answer
from finder.errors import FieldError, InvalidRequest
from finder.pricing.insurance import OWN_PRICE
from finder.web.estimates.answer_page import AnswerView, answer_to, answer_view
from finder.web.estimates.course_page import Course, Later, course
from finder.web.estimates.form_errors import unreadable
from finder.web.estimates.questions.forms import CourseForm, EstimateForm, VisitForm
from finder.web.estimates.questions.schedule import days_of, weeks_later
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
    return _answer_view(answer, form)


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
    later = None
    if weeks:
        later_days = days_of(form, later_by=weeks)
        moved = _answer_on(form, later_days, figures, is_new_year=later_days[0].year != days[0].year)
        later = Later(weeks, moved)
    return course(_answer_view(answer, form), later)


def _answer_view(answer: Answer, form: EstimateForm) -> AnswerView:
    """Return an answer as the page lays it out."""
    return answer_view(answer, has_own_price=form.coverage.data in OWN_PRICE)


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
