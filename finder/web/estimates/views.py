"""The addresses of the estimate: a visit, a course of care, their tables, and the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from finder.coverage import Figures
from finder.directory.provider import Provider
from finder.errors import FinderError, InvalidRequest
from finder.http.assets import complete
from finder.http.services import services
from finder.spreadsheet import spreadsheet_csv
from finder.web.estimates import template_filters
from finder.web.estimates.answering import course_answer, planned_visits, situation_of, visit_answer
from finder.web.estimates.canonical_url import elsewhere, is_asked, shorter
from finder.web.estimates.chart import CHART_STYLES, bars_of, draw
from finder.web.estimates.course_page import Course, VisitCount
from finder.web.estimates.csv_rows import course_rows, visit_rows
from finder.web.estimates.form_errors import put_errors
from finder.web.estimates.past_charges import charged, known_answers, therapist
from finder.web.estimates.questions.forms import CourseForm, EstimateForm, course_form, visit_form
from finder.web.estimates.questions.situations import Situation
from finder.web.estimates.questions.table import with_hiding_rules
from finder.web.estimates.questions.treatment import service_codes
from finder.web.estimates.summary import given_answers, query_words

blueprint = Blueprint("estimates", __name__)
template_filters.register(blueprint)
complete("estimate.css", with_hiding_rules)

Form = TypeVar("Form", bound=EstimateForm)
Shows = TypeVar("Shows")


@dataclass(frozen=True, slots=True)
class AnsweredForm(Generic[Shows]):
    """The form with what was answered, and the answer, or what is wrong as (id of the question, words)."""

    form: EstimateForm
    answer: Shows | None
    errors: list[tuple[str, str]]
    statement: Situation | None = None
    """What stands in place of an answer, where the person's situation has no figure."""


@blueprint.get("/estimate")
def estimate() -> ResponseReturnValue:
    """Ask what a visit costs, and once asked, answer with every step."""
    return _page("estimates/visit.html", _ask(visit_form, visit_answer))


@blueprint.get("/estimate/course")
def course() -> ResponseReturnValue:
    """Ask what a course of care costs, and once asked, answer visit by visit."""
    return _page("estimates/course.html", _ask(course_form, course_answer))


@blueprint.get("/estimate.csv")
def visit_table() -> ResponseReturnValue:
    """Send the services of a visit as a table."""
    answered = _ask(visit_form, visit_answer, always=True)
    if answered.answer is None:
        return _page("estimates/visit.html", answered)
    return _csv("visit.csv", visit_rows(answered.answer, services().today()))


@blueprint.get("/estimate/course.csv")
def course_table() -> ResponseReturnValue:
    """Send the visits of a course of care as a table."""
    answered = _ask(course_form, course_answer, always=True)
    if answered.answer is None:
        return _page("estimates/course.html", answered)
    return _csv("course-of-care.csv", course_rows(answered.answer, services().today()))


@blueprint.get("/estimate/course/chart.svg")
def chart() -> ResponseReturnValue:
    """Draw what each visit of a course of care costs."""
    answered = _ask(course_form, course_answer, always=True)
    look = CHART_STYLES.get(request.args.get("look", "wide"))
    if answered.answer is None or look is None:
        abort(404)
    response = Response(draw(bars_of(answered.answer), look), mimetype="image/svg+xml")
    response.add_etag()
    return response.make_conditional(request)


def _ask(
    make: Callable[[MultiDict[str, str], Figures, date], Form],
    answer: Callable[[Form, Figures], Shows],
    *,
    always: bool = False,
) -> AnsweredForm[Shows]:
    """Read the question of the address, and answer it if there is one."""
    figures, about = services().figures, _therapist()
    known = (
        [pair for pair in known_answers(about, services().gazetteer) if pair[0] not in request.args] if about else []
    )
    form = make(MultiDict([*request.args.items(multi=True), *known]), figures, services().today())
    if not always and not is_asked(form, request.args):
        return AnsweredForm(form, None, [])
    situation = situation_of(form)
    if situation and not situation.has_figure:
        return AnsweredForm(form, None, [], situation)
    try:
        return AnsweredForm(form, answer(form, figures), [])
    except InvalidRequest as error:
        return AnsweredForm(form, None, put_errors(form, error.errors))


def _page(template: str, answered: AnsweredForm[Any]) -> ResponseReturnValue:
    """Show the form with the answer, or with what is wrong; a long address leads to the shorter one first."""
    form = answered.form
    if address := shorter(form):
        return redirect(address)
    about = _therapist()
    page = render_template(
        template,
        therapist=about,
        charges=charged(about, service_codes(form, services().figures)) if about else None,
        form=form,
        answer_view=answered.answer,
        statement=answered.statement,
        errors=answered.errors,
        given_answers=given_answers(form),
        visit_count=_visit_count(form, answered.answer),
        question=query_words(form) if "date" in form else "",
        today=services().today(),
        elsewhere=elsewhere("estimates.estimate" if "plan" in form else "estimates.course", request.args),
        same_question=request.query_string.decode("ascii", "ignore"),
    )
    return (page, 400) if answered.errors else page


def _visit_count(form: EstimateForm, answer: Any) -> VisitCount | None:
    """Return how many visits a total counts, or would count; None for a single visit."""
    if isinstance(answer, Course):
        return answer.count
    return planned_visits(form, services().figures) if isinstance(form, CourseForm) else None


def _therapist() -> Provider | None:
    """Return the therapist whom the question is about; without a directory there is none."""
    try:
        return therapist(request.args["npi"], services().directory()) if "npi" in request.args else None
    except FinderError:
        return None


def _csv(name: str, rows: Iterator[Sequence[str]]) -> Response:
    response = Response("".join(spreadsheet_csv(rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
