"""The address of an estimate without what says nothing: empty answers, and usual ones that do not matter."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import Form

from finder.web.estimates.questions import schedule
from finder.web.estimates.questions.forms import USUAL
from finder.web.estimates.questions.table import QUESTIONS, matters
from finder.web.estimates.questions.treatment import ROW_ANSWERS
from finder.web.http.urls import Pairs, address

STAYS_IF_EMPTY = frozenset(question.name for question in QUESTIONS if question.stays_if_empty)

_COURSE = {question.name for question in (*schedule.QUESTIONS, *schedule.LATER_QUESTIONS)} - {"date", "start"}
"""What only a course of care is asked."""


def shorter(form: Form) -> str | None:
    """Return the shorter address of the present question, or None where it is as short as can be."""
    pairs = list(request.args.items(multi=True))
    answered = telling(form, request.args)
    return f"{request.path}?{urlencode(answered)}" if len(answered) < len(pairs) else None


def elsewhere(endpoint: str, args: MultiDict[str, str]) -> str:
    """Return the address of the same question on the other page: the day of a visit is there the first of several."""
    names = {"date": "start"} if endpoint.endswith(".course") else {"start": "date"}
    only_here = {*_COURSE, *names.values()}
    pairs = [(names.get(name, name), value) for name, value in args.items(multi=True) if name not in only_here]
    return address(endpoint, pairs)


def is_asked(form: Form, args: MultiDict[str, str]) -> bool:
    """Return whether the address answers any question; the therapist of the page that led here is no answer."""
    return any(name.split("-", 1)[0] in form and name != "npi" for name in args)


def telling(form: Form, args: MultiDict[str, str]) -> Pairs:
    """Return the answers that have a meaning."""
    return [(name, value) for name, value in args.items(multi=True) if _tells(form, args, name, value)]


def _tells(form: Form, args: MultiDict[str, str], name: str, value: str) -> bool:
    if row := re.fullmatch(r"services-([0-9]+)-\w+", name):
        return bool(value) and any(args.get(f"services-{row[1]}-{part}") for part in ROW_ANSWERS)
    if not value:
        return name in STAYS_IF_EMPTY and name in form and matters(form, name)
    return value != USUAL.get(name) or (name in form and matters(form, name))
