"""Errors at their questions: which question a wrong field of a request comes from, and the list above the form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wtforms import Field

from finder.errors import FieldError
from finder.i18n import N_, Message
from finder.web.estimates.questions.fields import chosen_labels, share_of
from finder.web.estimates.questions.forms import CourseForm, EstimateForm
from finder.web.estimates.questions.question import OF_A_SERVICE
from finder.web.estimates.questions.table import ORDER, QUESTIONS, at_path, matters
from finder.web.estimates.questions.treatment import BY_HAND, KNOWN, chosen_rows
from finder.web.presentation.formats import word

NOT_A_CHOICE = N_("Choose one of these.")

NO_SERVICE = N_("Choose at least one service.")


def unreadable(form: EstimateForm) -> Iterator[FieldError]:
    """Find what only a page can get wrong: a share that is no percentage, an answer to choose that is not there."""
    if matters(form, "rate") and share_of(form.rate) is None:
        yield FieldError("rate", Message(N_("Write a number from 0 to 100, like 30.")))
    for name in (question.name for question in QUESTIONS if question.must_be_offered):
        if name in form and matters(form, name) and not chosen_labels(form[name]):
            yield FieldError(name, Message(NOT_A_CHOICE))


def put_errors(form: EstimateForm, errors: Iterable[FieldError]) -> list[tuple[str, str]]:
    """Put each error at its question, once. Gives all as (id of the question, words), in the order of the page."""
    listed: dict[tuple[int, str, str], None] = {}
    for error in errors:
        field = _question(form, error.field)
        if word(NOT_A_CHOICE) in field.errors:
            continue  # what the request says of it are names that nobody has seen
        sentence = word(NO_SERVICE if error.field.endswith("services") else error.message)
        if sentence not in field.errors:
            field.errors = [*field.errors, sentence]
        label = field.label.text
        words = f"{label} {sentence}" if label.endswith("?") else f"{label}: {sentence}"
        listed[_place(field), _first_control(field), words] = None
    return [(control, words) for _place, control, words in sorted(listed)]


def _place(field: Field) -> int:
    """Return the place of a question on the page."""
    name = field.name.split("-", 1)[0]
    return ORDER.get(name, len(ORDER))


def _question(form: EstimateForm, path: str) -> Field:
    """Find the question that a field of a request comes from; what has none is answered for by the kind of visit."""
    path = re.sub(r"^visits(\[[0-9]+\]\.?)?", "", path)
    if match := re.fullmatch(r"services\[([0-9]+)\]\.(\w+)", path):
        return _of_service(form, int(match[1]), match[2])
    if path in ("date_of_service", "") and isinstance(form, CourseForm):
        return form.dates if form.plan.data == "dates" else form.start
    question = at_path(form, path)
    return form[question.name] if question and question.name != "services" else form.visit


def _of_service(form: EstimateForm, index: int, name: str) -> Field:
    """Find the question about a line of the visit."""
    if not matters(form, "visit"):
        charge = at_path(form, OF_A_SERVICE)
        return form[charge.name] if charge else form.visit
    if form.visit.data == KNOWN:
        return {"charge": form.fee_charge, "discipline": form.fee_discipline}.get(name, form.fee)
    rows = chosen_rows(form)
    if form.visit.data == BY_HAND and index < len(rows) and name in rows[index]:
        return rows[index][name]
    return form.visit


def _first_control(field: Field) -> str:
    """Return the id of what takes the focus for a question: of several buttons the first."""
    return f"{field.id}-0" if field.type in ("RadioField", "SelectMultipleField") else str(field.id)
