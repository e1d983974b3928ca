"""Answers to the questions about insurance, from a form or from an address, and what a request has of them.

What is known of a kind of insurance stands in the table of its questions alone; here is how the table is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import Form

from finder.pricing.insurance import RequestValue
from finder.web.estimates.questions.fields import answers_in
from finder.web.estimates.questions.insurance import GROUPS, QUESTIONS
from finder.web.estimates.questions.question import Question

Answers = Mapping[str, tuple[str, ...]]
"""What was answered, by the names of the questions: most have one answer, or none."""

OTHER_COVERAGE = "other_coverage."
KIND = f"{OTHER_COVERAGE}kind"

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
        if kind := question.kinds.get(_first(texts)):
            fields[KIND] = kind
        elif question.path:
            fields[question.path] = question.value(texts)
    return fields


def other_coverage(answers: Answers) -> dict[str, RequestValue]:
    """Return the other coverage as a request has it."""
    fields = request_fields(answers).items()
    return {path.removeprefix(OTHER_COVERAGE): value for path, value in fields if path.startswith(OTHER_COVERAGE)}


def _matters(question: Question, given: Answers) -> bool:
    """Return whether a question matters for some answers: each of its groups must."""
    groups = (GROUPS[group] for group in question.groups)
    return all(group.matters(_first(given.get(group.question, ()))) for group in groups)


def _first(texts: tuple[str, ...]) -> str:
    return texts[0] if texts else ""
