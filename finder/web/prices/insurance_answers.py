"""A visitor's answers about their insurance, for the prices on every list, as the address has them (``?cover=…``).

The answers are those to the questions of ``finder.web.estimates``, in short: ``c-medigap~m-G~d-full`` is "Original
Medicare and Medigap plan G, none of the deductible paid". Nothing is stored, and a link made to be sent leaves them
out. The page that asks is ``finder.web.prices.views``; what prices the answers make, ``finder.pricing``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask, request

from finder.http.request_context import per_request
from finder.pricing.answers import USUAL_VISITS, Answers
from finder.web.estimates.questions import table
from finder.web.estimates.questions.insurance import KINDS
from finder.web.http.urls import Pairs, carry

ARGUMENT = "cover"
"""The argument that carries the answers."""

QUESTIONS = {question.short: question.name for question in table.QUESTIONS if question.short}
"""The question that each short name stands for; the answers stand in this order."""

VISITS = (6, 10, 16, 24)
"""The courses of care to choose from, in visits, two a week."""

_COUNT = "n"
_LONGEST = 400
_ANSWER = re.compile(r"[A-Za-z0-9_.]{1,40}")


def register(app: Flask) -> None:
    """Let every link carry the answers, and templates ask for them."""
    carry(app, ARGUMENT, _present_text, not_to=("staff.",))
    app.jinja_env.globals["visitor_answers"] = visitor_answers


@per_request
def visitor_answers() -> Answers | None:
    """Return the answers that the address of the present page carries; None without any."""
    return read_answers(request.args.get(ARGUMENT, ""))


def _present_text() -> str:
    answers = visitor_answers()
    return write_answers(answers) if answers else ""


def make_answers(pairs: Iterable[tuple[str, str]], visits: int = USUAL_VISITS) -> Answers:
    """Make answers of (question, text) pairs: money without its signs, nothing that is empty or no answer.

    Of several answers to a question the first counts; only riders may be several.
    """
    values: dict[str, Any] = {}
    riders: list[str] = []
    for question, text in pairs:
        value = re.sub(r"[$,%\s]", "", text)
        if question not in _QUESTIONS or not _ANSWER.fullmatch(value):
            continue
        if question == "riders":
            riders.append(value)
        else:
            values.setdefault(question, value)
    return Answers(**values, riders=tuple(riders), visits=visits)


_QUESTIONS = frozenset(QUESTIONS.values())


def pairs_of(answers: Answers) -> Pairs:
    """Return the answers as (question, text) pairs, in the order of ``QUESTIONS``."""
    return [(question, text) for question in QUESTIONS.values() for text in _texts(getattr(answers, question))]


def _texts(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def write_answers(answers: Answers) -> str:
    """Write answers as an address has them; ``read_answers`` reads them back."""
    parts = [f"{short}-{text}" for short, name in QUESTIONS.items() for text in _texts(getattr(answers, name))]
    return "~".join(parts + ([f"{_COUNT}-{answers.visits}"] if answers.visits != USUAL_VISITS else []))


def read_answers(text: str) -> Answers | None:
    """Read answers from an address; what cannot be read is passed over, and without a kind of insurance all is."""
    pairs: Pairs = []
    visits = USUAL_VISITS
    for part in text[:_LONGEST].split("~"):
        short, _, answer = part.partition("-")
        if short == _COUNT and answer in map(str, VISITS):
            visits = int(answer)
        elif short in QUESTIONS:
            pairs.append((QUESTIONS[short], answer))
    answers = make_answers(pairs, visits)
    return answers if answers.coverage in KINDS else None
