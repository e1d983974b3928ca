"""From the answers on a page to what the page shows: one visit, or a course of care."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from finder.coverage import Figures
from finder.coverage.statements import Note
from finder.errors import InvalidRequest
from finder.web.estimates.asking import alternatives, visit_request
from finder.web.estimates.shown import PLACE_UNKNOWN, VISIT_UNKNOWN, Shown, answer_to, shown
from finder.web.estimates.treatment import UNKNOWN
from finder.web.estimates.wrong import unreadable


def visit_answer(form: Any, figures: Figures) -> Shown:
    """Answer what one visit costs. Raises InvalidRequest with everything that is wrong."""
    errors = list(unreadable(form))
    try:
        request = visit_request(form, figures)
        answer, cases = answer_to(request, alternatives(request, form, figures), figures)
    except InvalidRequest as error:
        raise InvalidRequest([*errors, *error.errors]) from error
    if errors:
        raise InvalidRequest(errors)
    return shown(answer, cases, tuple(_unknown(form)) if cases else ())


def _unknown(form: Any) -> Iterator[Note]:
    """Say what the page does not know and a request has no word for."""
    if form.setting.data == UNKNOWN:
        yield PLACE_UNKNOWN
    elif form.visit.data == UNKNOWN:
        yield VISIT_UNKNOWN
