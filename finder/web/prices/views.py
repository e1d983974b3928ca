"""The page that asks visitors of their insurance once, for the prices on every list; the address keeps the answers."""

from __future__ import annotations

from flask import Blueprint, Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import Field

from finder.errors import FieldError, InvalidRequest
from finder.http.services import services
from finder.i18n import N_, Message
from finder.pricing.insurance import USUAL_VISITS
from finder.web.estimates.answer_page import answer_to
from finder.web.estimates.form_errors import put_errors, unreadable
from finder.web.estimates.questions.fields import radio
from finder.web.estimates.questions.forms import USUAL, VisitForm
from finder.web.estimates.questions.table import matters
from finder.web.estimates.questions.treatment import offer
from finder.web.estimates.requests import visit_request
from finder.web.estimates.summary import NOT_ASKED, GivenAnswer, given_answers
from finder.web.http.language import chosen, lazy_gettext
from finder.web.http.return_to import THEN, back, came_from, this_page
from finder.web.http.urls import address, carried
from finder.web.prices.insurance_answers import (
    ARGUMENT,
    QUESTIONS,
    VISITS,
    VisitorAnswers,
    make_answers,
    visitor_answers,
    write_answers,
)

blueprint = Blueprint("my_insurance", __name__)

FIXED = {"zip": "10001", "visit": "follow_up", "setting": "private_practice", "participation": "participating"}
"""A visit like any other, to try the answers with; the place and the therapist come from each card."""


class InsuranceForm(VisitForm):
    """The questions of an estimate, of which only those about the person are asked, and how many visits to add up."""

    visits = radio(
        lazy_gettext("For how many visits shall we add up the cost?"),
        {f"{count}": Message(N_("{count:number} visits, two a week"), {"count": count}) for count in VISITS},
        lazy_gettext("Your therapist plans this with you at the first visit. You can change it later."),
    )


def register(app: Flask) -> None:
    """Add the page, and let templates lead to it."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["my_insurance_address"] = ask_address


def ask_address() -> str:
    """Return the address of the questions, which lead back to the present page."""
    return address("my_insurance.ask", [*carried(), (THEN, this_page())])


@blueprint.get("/my-insurance")
def ask() -> ResponseReturnValue:
    """Ask; once answered, lead back to the page that one came from, with the answers in its address."""
    form = insurance_form(request.args if "coverage" in request.args else _answered_before())
    errors: list[tuple[str, str]] = []
    if "coverage" in request.args:
        form_errors = _wrong_with(form)
        if not form_errors:
            return redirect(_back_with(write_answers(chosen_answers(form))))
        errors = put_errors(form, form_errors)
    page = render_template(
        "prices/ask.html", form=form, errors=errors, then=came_from(), then_name=THEN, forget=_back_with("")
    )
    return (page, 400) if errors else page


def _back_with(answers: str) -> str:
    """Return the address that the visitor came from with other answers, in the language that was chosen here."""
    language = chosen()
    return back(**{ARGUMENT: answers}, **({"lang": language} if language else {}))


def insurance_form(args: MultiDict[str, str]) -> InsuranceForm:
    """Make the form with what was answered still in it."""
    fixed = {**FIXED, "date": services().today().isoformat()}
    usual = {**USUAL, "visits": f"{USUAL_VISITS}"}
    answers = [(name, value) for name, value in args.items(multi=True) if name not in fixed]
    added = [(name, value) for name, value in {**usual, **fixed}.items() if name not in args or name in fixed]
    form = InsuranceForm(MultiDict([*answers, *added]))
    offer(form, services().figures, course=False)
    return form


def chosen_answers(form: InsuranceForm) -> VisitorAnswers:
    """Return the answers that matter, for the address."""
    answers = [
        (name, value)
        for name in QUESTIONS.values()
        if matters(form, name)
        for value in _values(form[name])
        if value != NOT_ASKED.get(name)
    ]
    visits = form.visits.data or ""
    return make_answers(answers, int(visits) if visits in map(str, VISITS) else USUAL_VISITS)


def answers_in_words(answers: VisitorAnswers) -> list[GivenAnswer]:
    """Return the answers in words, as the page of estimates has them."""
    form = insurance_form(MultiDict(answers.pairs))
    labels = {str(form[name].label.text) for name, _ in answers.pairs}
    return [one for one in given_answers(form) if str(one.question) in labels]


def _answered_before() -> MultiDict[str, str]:
    """Return the answers of the present address, as the form has them."""
    answers = visitor_answers()
    return MultiDict([*answers.pairs, ("visits", f"{answers.visits}")]) if answers else MultiDict()


def _values(field: Field) -> list[str]:
    return list(field.data) if isinstance(field.data, list) else [field.data or ""]


def _wrong_with(form: InsuranceForm) -> list[FieldError]:
    """Try the answers with a usual visit; that the year has no amounts yet is no fault of theirs."""
    errors = list(unreadable(form))
    try:
        answer_to(visit_request(form, services().figures), services().figures)
    except InvalidRequest as error:
        errors += error.errors
    return [error for error in errors if error.field != "date_of_service"]
