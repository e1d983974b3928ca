"""The questions of an estimate put together, as a form whose answers are the address of the page.

Whether an answer is right is for ``finder.coverage`` to say; here is only what is asked, and what is usual.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField

from finder.coverage import Figures
from finder.web.estimates.questions.insurance import InsuranceQuestions
from finder.web.estimates.questions.place import PlaceQuestions
from finder.web.estimates.questions.schedule import ScheduleQuestions, usual_plan
from finder.web.estimates.questions.table import QUESTIONS
from finder.web.estimates.questions.treatment import FOLLOW_UP, ROWS, USUAL_COURSE, TreatmentQuestions, offer
from finder.web.estimates.questions.year import YearQuestions
from finder.web.http.language import lazy_gettext

USUAL = {
    **{question.name: question.usual for question in QUESTIONS if question.usual},
    **{f"services-{row}-code": "" for row in range(ROWS)},  # a list of rows needs every row
}
"""What is marked before anything is answered: the most usual, and where nothing is usual, that it is not known."""


class EstimateForm(InsuranceQuestions, PlaceQuestions, TreatmentQuestions, YearQuestions):
    """What is asked of a visit and of a course of care alike."""

    npi = HiddenField()
    """The therapist from whose page the question came."""


class VisitForm(EstimateForm):
    """The questions of one visit."""

    date = StringField(
        lazy_gettext("Day of the visit"),
        description=lazy_gettext("Amounts change each year."),
        render_kw={"type": "date"},
    )


class CourseForm(EstimateForm, ScheduleQuestions):
    """The questions of a course of care."""


def visit_form(args: MultiDict[str, str], figures: Figures, today: date) -> VisitForm:
    """Return the form of one visit, filled in with the arguments of the page."""
    form = VisitForm(_with_usual(args, {"date": today.isoformat(), "visit": FOLLOW_UP}))
    offer(form, figures, course=False)
    return form


def course_form(args: MultiDict[str, str], figures: Figures, today: date) -> CourseForm:
    """Make the form of a course of care with what was answered still in it."""
    usual = {"start": today.isoformat(), "visit": USUAL_COURSE, "plan": usual_plan(args)}
    form = CourseForm(_with_usual(args, usual))
    offer(form, figures, course=True)
    return form


def _with_usual(args: MultiDict[str, str], usual: Mapping[str, str]) -> MultiDict[str, str]:
    """Return the arguments with the usual answers to what was left out."""
    added = [(name, value) for name, value in {**USUAL, **usual}.items() if name not in args]
    return MultiDict([*args.items(multi=True), *added])
