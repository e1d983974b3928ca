"""Answers to the questions about insurance, from a form or from an address, and what a request has of them.

What is known of a kind of insurance stands in the table of its questions alone; here is how the table is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import Form

from finder.pricing.insurance import OtherCoverage, RequestValue
from finder.web.estimates.questions.fields import answers_in
from finder.web.estimates.questions.insurance import GROUPS, NO_SECOND, QUESTIONS
from finder.web.estimates.questions.question import Question

Answers = Mapping[str, tuple[str, ...]]
"""What was answered, by the names of the questions: most have one answer, or none."""

FIRST, SECOND = "other_coverage.", "other_coverage[1]."
"""The beginnings of the paths of a coverage in a request: alone or first, and after another."""

USUAL = {question.name: (question.usual,) for question in QUESTIONS if question.usual}


def answers_of(form: Form, questions: Iterable[Question] = QUESTIONS) -> Answers:
    """Return what was answered to some questions of a form, whether it matters or not."""
    return {question.name: answers_in(form[question.name]) for question in questions}


def request_fields(answers: Answers) -> dict[str, RequestValue]:
    """Return the values of a request that follow from the answers about insurance, by their paths.

    A question without an answer has the usual one; a question that does not matter says nothing.
    """
    given = {**USUAL, **{name: texts for name, texts in answers.items() if texts}}
    fields: dict[str, RequestValue] = {}
    for question in QUESTIONS:
        if not _matters(question, given):
            continue
        texts = given.get(question.name, ())
        if question.kinds and not texts:
            continue
        if kind := question.kinds.get(_first(texts)):
            fields[question.path] = kind
        elif question.kinds_are_complete:
            fields[question.path] = ""
        elif question.path:
            fields[question.path] = question.value(texts)
    return fields


def other_coverage(answers: Answers) -> OtherCoverage:
    """Return the other coverage as a request has it: one, or two in the order in which they pay."""
    fields = request_fields(answers)
    first, second = _under(FIRST, fields), _under(SECOND, fields)
    return first if second.get("kind", NO_SECOND) == NO_SECOND else (first, second)


def _under(prefix: str, fields: Mapping[str, RequestValue]) -> dict[str, RequestValue]:
    return {path.removeprefix(prefix): value for path, value in fields.items() if path.startswith(prefix)}


def _matters(question: Question, given: Answers) -> bool:
    """Return whether a question matters for some answers: each of its groups must."""
    return all(GROUPS[group].matters(lambda name: _first(given.get(name, ()))) for group in question.groups)


def _first(texts: tuple[str, ...]) -> str:
    return texts[0] if texts else ""
