"""What a visit costs: the questions and the answer on one page, whose address holds both."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from finder.coverage import estimate as work_out
from finder.errors import InvalidRequest
from finder.web.estimate_form import asked_words, estimate_form, put_errors, request_of
from finder.web.services import services

blueprint = Blueprint("estimates", __name__)


@blueprint.get("/estimate")
def estimate() -> str | tuple[str, int]:
    """Ask, and once asked, answer with every step; wrong answers come back with the reason at the question."""
    figures, today = services().figures, services().today()
    form = estimate_form(request.args, figures, today)
    answer, errors = None, []
    if "zip" in request.args:
        try:
            answer = work_out(request_of(form, figures))
        except InvalidRequest as error:
            errors = put_errors(form, error)
    page = render_template(
        "estimates/estimate.html", form=form, answer=answer, errors=errors, asked=asked_words(form, today), today=today
    )
    return (page, 400) if errors else page
