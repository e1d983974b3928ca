"""What a person answered, in words: the questions that mattered with their answers, for the page and for paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wtforms import SelectField

from finder.coverage import Figures
from finder.i18n import N_, Message
from finder.web.estimates.questions.fields import DollarsField, amount_of, chosen_labels, typed
from finder.web.estimates.questions.forms import EstimateForm
from finder.web.estimates.questions.table import QUESTIONS, matters
from finder.web.estimates.questions.treatment import BY_HAND, KNOWN, UNKNOWN, chosen_rows
from finder.web.presentation.formats import day, money, word

SAID_ELSEWHERE = ("dates", "plan")
"""The days of the visits, which the table of the answer has; and how they are planned, which the next answers tell."""

NOT_ASKED = {"apm": "no", "later": "no", "second": "no"}
"""Answers that need not be said again: what was offered was not wanted."""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A question and what was answered."""

    question: str
    answer: str


def given_answers(form: EstimateForm) -> list[GivenAnswer]:
    """Return the answers that the estimate rests on, in the order of the page."""
    found = []
    for name in (question.name for question in QUESTIONS if question.name not in SAID_ELSEWHERE):
        if name not in form or not matters(form, name) or form[name].data == NOT_ASKED.get(name, ""):
            continue
        if text := _answer_text(form, name):
            label = word(N_("The services")) if name == "services" else form[name].label.text
            found.append(GivenAnswer(label, text))
    return found


def query_words(form: EstimateForm) -> str:
    """Describe in one line what an answer is for: the kind of visit, the day, the place, as far as they matter."""
    parts = [_visit(form)] if matters(form, "visit") else []
    parts.append(_answer_text(form, "date"))
    if matters(form, "zip") and typed(form.zip):
        parts.append(word(Message(N_("ZIP code {zip}"), {"zip": typed(form.zip)})))
    return ", ".join(part for part in parts if part)


def _visit(form: EstimateForm) -> str:
    """Describe what is done: the kind of visit, or what stands in its place."""
    if form.visit.data == BY_HAND:
        return "; ".join(_services(form))
    if form.visit.data == KNOWN and (fee := amount_of(form.fee)):
        return word(Message(N_("A visit for which Medicare approves {amount}"), {"amount": _dollars(fee)}))
    return word(N_("Any kind of visit")) if form.visit.data == UNKNOWN else _answer_text(form, "visit")


def _answer_text(form: EstimateForm, name: str) -> str:
    """Return the answer to a question in words; empty where nothing was answered."""
    field = form[name]
    if name == "services":
        return "; ".join(_services(form))
    if isinstance(field, SelectField):
        return ", ".join(chosen_labels(field))
    text = typed(field)
    if text and isinstance(field, DollarsField):
        return _dollars(amount_of(field) or text)
    if name in ("date", "start"):
        try:
            return day(date.fromisoformat(text))
        except ValueError:
            return text
    return text


def _dollars(amount: str) -> str:
    """Write an amount as everywhere on the pages; text that is no amount is shown as it was typed."""
    return money(Decimal(amount)) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", amount, re.ASCII) else amount


def _services(form: EstimateForm) -> Iterator[str]:
    """Return the services that were chosen by hand, in words."""
    for row in chosen_rows(form):
        code = typed(row.code)
        name = word(Figures.code_name(code)) if code and chosen_labels(row.code) else typed(row.typed) or code
        measure = {"units": N_("{name}, units: {count}"), "minutes": N_("{name}, minutes: {count}")}
        filled = next((key for key in measure if typed(row[key])), None)
        yield word(Message(measure[filled], {"name": name, "count": typed(row[filled])})) if filled else name
