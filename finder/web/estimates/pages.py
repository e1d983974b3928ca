"""The addresses of the estimate: a visit, a course of care, their tables and the chart."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from finder.errors import InvalidRequest
from finder.web.estimates import wording
from finder.web.estimates.addresses import shorter
from finder.web.estimates.answers import visit_answer
from finder.web.estimates.forms import visit_form
from finder.web.estimates.told import asked_words, told
from finder.web.estimates.wrong import put_errors
from finder.web.services import services

blueprint = Blueprint("estimates", __name__)
wording.register(blueprint)


@blueprint.get("/estimate")
def estimate() -> ResponseReturnValue:
    """Ask, and once asked, answer with every step; wrong answers come back with the reason at the question."""
    figures, today = services().figures, services().today()
    form = visit_form(request.args, figures, today)
    if address := shorter(form):
        return redirect(address)
    shown, errors = None, []
    if "zip" in request.args:
        try:
            shown = visit_answer(form, figures)
        except InvalidRequest as error:
            errors = put_errors(form, error.errors)
    page = render_template(
        "estimates/visit.html",
        form=form,
        shown=shown,
        errors=errors,
        told=told(form),
        asked=asked_words(form),
        today=today,
    )
    return (page, 400) if errors else page
