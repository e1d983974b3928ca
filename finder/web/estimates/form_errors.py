"""Errors at their questions: which question a wrong field of a request comes from, and the list above the form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wtforms import Field, SelectField

from finder.errors import FieldError
from finder.i18n import N_, Message
from finder.web.estimates.questions.fields import chosen_labels, share_of, typed
from finder.web.estimates.questions.forms import CourseForm, EstimateForm
from finder.web.estimates.questions.question import OF_A_SERVICE
from finder.web.estimates.questions.table import ORDER, QUESTIONS, at_path, matters
from finder.web.estimates.questions.treatment import BY_HAND, KNOWN, chosen_rows, found_services
from finder.web.presentation.formats import word

NOT_A_CHOICE = N_("Choose one of these.")

SECOND_KIND = "other_coverage[1].kind"
"""Where it is wrong that two coverages share a bill: the question about the second."""

NO_SERVICE = N_("Choose at least one service.")

UNKNOWN_SERVICE = N_("We know no service by this code or name. Choose one from the list, or type a code like 97112.")

MOST_LISTED = 4
"""Services named where words can be several."""


def unreadable(form: EstimateForm) -> Iterator[FieldError]:
    """Find what only a page can get wrong: a share that is no percentage, an answer to choose that is not there."""
    if matters(form, "rate") and share_of(form.rate) is None:
        yield FieldError("rate", Message(N_("Write a number from 0 to 100, like 30.")))
    for name in (question.name for question in QUESTIONS if question.must_be_offered):
        if name in form and matters(form, name) and not chosen_labels(form[name]):
            yield FieldError(name, Message(NOT_A_CHOICE))
    if matters(form, "services"):
        yield from _unreadable_services(form)


def _unreadable_services(form: EstimateForm) -> Iterator[FieldError]:
    """Find services that were typed in words that stand for none, or for several."""
    for index, row in enumerate(chosen_rows(form)):
        if not typed(row.typed):
            continue
        found = [*found_services(row).values()]
        text = N_("This can be several services: {services}. Type the code.") if found else UNKNOWN_SERVICE
        yield FieldError(f"services[{index}].code", Message(text, {"services": tuple(found[:MOST_LISTED])}))


def put_errors(form: EstimateForm, errors: Iterable[FieldError]) -> list[tuple[str, str]]:
    """Put each error at its question, once. Gives all as (id of the question, words), in the order of the page."""
    listed: dict[tuple[int, str, str], None] = {}
    for error in errors:
        field = _question(form, error.field)
        if word(NOT_A_CHOICE) in field.errors or (field.short_name == "typed" and field.errors):
            continue  # what the request says of it are names that nobody has seen, or that the words are no code
        sentence = word(NO_SERVICE if error.field.endswith("services") else _as_seen(field, error.message))
        if sentence not in field.errors:
            field.errors = [*field.errors, sentence]
        label = field.label.text
        words = f"{label} {sentence}" if label.endswith("?") else f"{label}: {sentence}"
        listed[_place(field), _first_control(field), words] = None
    return [(control, words) for _place, control, words in sorted(listed)]


def _as_seen(field: Field, message: Message | str) -> Message | str:
    """Return a message about a choice in the words of the page: the names of a request are never seen there."""
    if isinstance(message, str):
        return message
    if "choices" in message.arguments:
        return Message(NOT_A_CHOICE)
    labels = {value: label for value, label, *_ in field.iter_choices()} if isinstance(field, SelectField) else {}
    seen = {
        name: [labels.get(one, one) for one in value] if isinstance(value, list) else value
        for name, value in message.arguments.items()
    }
    return Message(message.text, seen)


def _place(field: Field) -> int:
    """Return the place of a question on the page."""
    name = field.name.split("-", 1)[0]
    return ORDER.get(name, len(ORDER))


def _question(form: EstimateForm, path: str) -> Field:
    """Find the question that a field of a request comes from; what has none is answered for by the kind of visit."""
    path = re.sub(r"^visits\[[0-9]+\]\.?", "", path)
    if match := re.fullmatch(r"services\[([0-9]+)\]\.(\w+)", path):
        return _of_service(form, int(match[1]), match[2])
    if isinstance(form, CourseForm) and path in ("date_of_service", "visits", ""):
        counted = form.visits if path == "visits" else form.start
        return form.dates if form.plan.data == "dates" else counted
    question = at_path(form, SECOND_KIND if path == "other_coverage" else path.replace("[0]", "", 1))
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
        return rows[index].typed if name == "code" and typed(rows[index].typed) else rows[index][name]
    return form.visit


def _first_control(field: Field) -> str:
    """Return the id of what takes the focus for a question: of several buttons the first."""
    return f"{field.id}-0" if field.type in ("RadioField", "SelectMultipleField") else str(field.id)
