"""What a visitor said of their insurance, for the prices on every list: it stands in the address (``?cover=…``).

The answers are those to the questions of ``finder.web.estimates``, in short: ``c-medigap~m-G~d-full`` is "Original
Medicare and Medigap plan G, none of the deductible paid". Nothing is kept, and a link made to be sent leaves them out.
The page that asks is ``finder.web.prices.views``; what they make of a price, ``finder.web.prices.card_price``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, request

from finder.http.request_context import per_request
from finder.web.estimates.questions.insurance import KINDS
from finder.web.http.urls import Pairs, carry

COVER = "cover"
"""The argument that carries the answers."""

QUESTIONS = {
    "c": "coverage",
    "m": "medigap_plan",
    "ml": "medigap_limit_left",
    "mh": "medigap_deductible_left",
    "mn": "medigap_copay",
    "mr": "riders",
    "a": "assistance",
    "w": "work",
    "wc": "work_charge",
    "wp": "work_price",
    "wf": "work_paid_first",
    "wm": "work_medicare",
    "ws": "work_paid_second",
    "p": "plan_cost",
    "k": "copay",
    "ka": "copay_after_deductible",
    "r": "rate",
    "pp": "plan_price",
    "pd": "plan_deductible_left",
    "py": "plan_deductible_year",
    "ol": "most_left",
    "oy": "most_year",
    "s": "self_charge",
    "d": "deductible",
    "dl": "deductible_left",
}
"""The question that each short name stands for; the answers stand in this order."""

VISITS = (6, 10, 16, 24)
"""The courses of care to choose from, in visits, two a week."""

USUAL_VISITS = 10

_COUNT = "n"
_LONGEST = 400
_ANSWER = re.compile(r"[A-Za-z0-9_.]{1,40}")
_SHORT = {question: short for short, question in QUESTIONS.items()}


@dataclass(frozen=True, slots=True)
class Cover:
    """The answers as (question, answer) pairs, in the order of ``QUESTIONS``, and the visits of a course of care."""

    answers: tuple[tuple[str, str], ...]
    visits: int = USUAL_VISITS

    def __str__(self) -> str:
        parts = [f"{_SHORT[question]}-{answer}" for question, answer in self.answers]
        return "~".join(parts + ([f"{_COUNT}-{self.visits}"] if self.visits != USUAL_VISITS else []))


def register(app: Flask) -> None:
    """Let every link carry the answers, and templates ask for them."""
    carry(app, COVER, lambda: str(cover() or ""), not_to=("staff.",))
    app.jinja_env.globals["cover"] = cover


@per_request
def cover() -> Cover | None:
    """Give the answers that the address of the present page carries."""
    return read_cover(request.args.get(COVER, ""))


def make_cover(answers: Iterable[tuple[str, str]], visits: int = USUAL_VISITS) -> Cover:
    """Make answers from what a form has: money without its marks, nothing that is empty."""
    given = [(question, re.sub(r"[$,%\s]", "", answer)) for question, answer in answers]
    kept = [(question, answer) for question, answer in given if question in _SHORT and _ANSWER.fullmatch(answer)]
    order = list(_SHORT)
    return Cover(tuple(sorted(kept, key=lambda pair: order.index(pair[0]))), visits)


def read_cover(text: str) -> Cover | None:
    """Read answers from an address; what cannot be read is passed over, and without a kind of insurance all is."""
    pairs: Pairs = []
    visits = USUAL_VISITS
    for part in text[:_LONGEST].split("~"):
        short, _, answer = part.partition("-")
        if short == _COUNT and answer in map(str, VISITS):
            visits = int(answer)
        elif short in QUESTIONS:
            pairs.append((QUESTIONS[short], answer))
    made = make_cover(pairs, visits)
    return made if dict(made.answers).get("coverage") in KINDS else None
