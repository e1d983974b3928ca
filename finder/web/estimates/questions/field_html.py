"""The HTML of the questions, written once for each answer and language: most of sixty are unanswered."""

from __future__ import annotations

from collections.abc import Hashable

from flask import current_app, get_template_attribute
from markupsafe import Markup
from wtforms import Field

from finder.web.estimates.questions.table import BY_NAME
from finder.web.estimates.questions.treatment import OFFERED
from finder.web.http.language import language

MOST_QUESTIONS = 4000
"""As many as are kept, each of some thousand letters; then all are forgotten."""

LONGEST_ANSWER = 60
"""A longer text is typed once and never again."""

_EXTENSION = "estimate_questions"


def ask(control: Field, extra_class: str = "") -> Markup:
    """Return a question as ``components/field.html`` writes it: label, hint, error and control."""
    key = _key(control, extra_class)
    if key is None:
        return _write(control, extra_class)
    written: dict[Hashable, tuple[object, Markup]] = current_app.extensions.setdefault(_EXTENSION, {})
    choices = _offered(control)
    of_choices, html = written.get(key, (None, None))
    if html is None or of_choices is not choices:
        if len(written) >= MOST_QUESTIONS:
            written.clear()
        html = _write(control, extra_class)
        written[key] = choices, html
    return html


def _key(control: Field, extra_class: str) -> Hashable | None:
    """Return what the HTML of a question depends on; None where it is not kept.

    The choices of most questions are always the same; those that are put in are told by the object that has them.
    """
    answer = control.data
    if control.errors or (answer is not None and not isinstance(answer, str)) or len(answer or "") > LONGEST_ANSWER:
        return None
    return language(), control.id, str(control.label.text), extra_class, answer, id(_offered(control))


def _offered(control: Field) -> object:
    """Return the choices of a question, where they are put in; the same object each time."""
    return getattr(control, "choices", None) if control.short_name in OFFERED else None


def _write(control: Field, extra_class: str) -> Markup:
    field = get_template_attribute("components/field.html", "field")
    row = BY_NAME.get(control.name)
    return Markup(field(control, extra_class, choice_groups=row.choice_groups if row else {}))  # noqa: S704  # a template has escaped it
