"""A visitor's answers about their insurance, for the prices on every list, as the address has them (``?cover=…``).

The answers are those to the questions of ``finder.web.estimates``, in short: ``c-medigap~m-G~d-full`` is "Original
Medicare and Medigap plan G, none of the deductible paid". Nothing is stored, and a link made to be sent leaves them
out. The page that asks is ``finder.web.prices.views``; what prices the answers make, ``finder.pricing``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, request

from finder.http.request_context import per_request
from finder.pricing.insurance import USUAL_VISITS, PersonInsurance
from finder.web.estimates.questions import table
from finder.web.estimates.questions.answers import other_coverage, request_fields
from finder.web.estimates.questions.insurance import KINDS
from finder.web.estimates.questions.question import OF_A_SERVICE
from finder.web.estimates.questions.year import deductible_remaining
from finder.web.http.urls import Pairs, carry

ARGUMENT = "cover"
"""The argument that carries the answers."""

QUESTIONS = {question.short: question.name for question in table.QUESTIONS if question.short}
"""The question that each short name stands for; the answers stand in this order."""

VISITS = (6, 10, 16, 24)
"""The courses of care to choose from, in visits, two a week."""

_SHORT = {name: short for short, name in QUESTIONS.items()}
_MULTIPLE = frozenset(question.name for question in table.QUESTIONS if question.is_multiple)
_COUNT = "n"
_LONGEST = 400
_ANSWER = re.compile(r"[A-Za-z0-9_.]{1,40}")


@dataclass(frozen=True, slots=True)
class VisitorAnswers:
    """What a visitor answered, as (question, text) pairs in the order of ``QUESTIONS``."""

    pairs: tuple[tuple[str, str], ...]
    visits: int = USUAL_VISITS
    """How many visits of a course of care to add up."""

    @property
    def coverage(self) -> str:
        """What insurance they have, one of ``KINDS``; empty where they did not say."""
        return dict(self.pairs).get("coverage", "")

    def insurance(self) -> PersonInsurance:
        """Return what a price needs to know of the answers."""
        given: dict[str, tuple[str, ...]] = {}
        for question, text in self.pairs:
            given[question] = (*given.get(question, ()), text)
        return PersonInsurance(
            other_coverage=other_coverage(given),
            charge=request_fields(given).get(OF_A_SERVICE),
            deductible_remaining=deductible_remaining(given),
            visits=self.visits,
        )


USUAL = VisitorAnswers((("deductible", "met"),))
"""On what the prices rest where a visitor has answered nothing: the answers of ``finder.pricing.insurance.USUAL``."""


def register(app: Flask) -> None:
    """Let every link carry the answers, and templates ask for them."""
    carry(app, ARGUMENT, _present_text, not_to=("staff.",))
    app.jinja_env.globals["visitor_answers"] = visitor_answers


@per_request
def visitor_answers() -> VisitorAnswers | None:
    """Return the answers that the address of the present page carries; None without any."""
    return read_answers(request.args.get(ARGUMENT, ""))


def _present_text() -> str:
    answers = visitor_answers()
    return write_answers(answers) if answers else ""


def make_answers(pairs: Iterable[tuple[str, str]], visits: int = USUAL_VISITS) -> VisitorAnswers:
    """Make answers of (question, text) pairs: money without its signs, nothing that is empty or no answer.

    Of several answers to a question the first counts, unless it takes several.
    """
    given: dict[str, list[str]] = {name: [] for name in QUESTIONS.values()}
    for question, text in pairs:
        value = re.sub(r"[$,%\s]", "", text)
        if question in given and _ANSWER.fullmatch(value) and (question in _MULTIPLE or not given[question]):
            given[question].append(value)
    return VisitorAnswers(tuple((name, text) for name, texts in given.items() for text in texts), visits)


def write_answers(answers: VisitorAnswers) -> str:
    """Write answers as an address has them; ``read_answers`` reads them back."""
    parts = [f"{_SHORT[question]}-{text}" for question, text in answers.pairs]
    return "~".join(parts + ([f"{_COUNT}-{answers.visits}"] if answers.visits != USUAL_VISITS else []))


def read_answers(text: str) -> VisitorAnswers | None:
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
