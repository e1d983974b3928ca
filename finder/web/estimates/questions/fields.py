"""The kinds of question that an estimate has, and how the text that people type becomes what a request wants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField

from finder.digits import whole_number
from finder.i18n import Message
from finder.web.http.language import language
from finder.web.presentation.formats import word

Made = TypeVar("Made")

Names = Mapping[str, str | Message]
"""Answers to choose from: the value in the address, and its words (a catalogue id)."""


def radio(label: str, names: Names, hint: str = "") -> RadioField:
    """Return a field for one of a few answers, all of them visible. The rules refuse any other answer."""
    return RadioField(label, description=hint, choices=_worded(names), validate_choice=False)


def select(label: str, names: Names, hint: str = "") -> SelectField:
    """Return a field for one of many answers."""
    return SelectField(label, description=hint, choices=_worded(names), validate_choice=False)


class DollarsField(StringField):
    """A question about an amount of money."""


def dollars(label: str, hint: str = "") -> DollarsField:
    """Return a field for an amount of money."""
    return DollarsField(label, description=hint, render_kw=_DECIMAL)


def text(label: str, hint: str = "") -> StringField:
    """Return a field for a few words."""
    return StringField(label, description=hint, render_kw={"maxlength": 80, **_NO_GUESSES})


def percents(label: str, hint: str = "") -> StringField:
    """Return a field for a percentage."""
    return StringField(label, description=hint, render_kw=_DECIMAL)


def count(label: str, hint: str = "") -> StringField:
    """Return a field for a whole number."""
    return StringField(label, description=hint, render_kw={"inputmode": "numeric", "maxlength": 4, **_NO_GUESSES})


_NO_GUESSES = {"autocomplete": "off"}
_DECIMAL = {"inputmode": "decimal", "maxlength": 14, **_NO_GUESSES}


def typed(field: Field) -> str:
    """Return what was typed, without the spaces around it."""
    return str(field.data or "").strip()


def amount_of(field: Field) -> str | None:
    """Return an amount without what people write around it: ``$1,200`` is ``1200``. Nothing typed is None."""
    return re.sub(r"[$,\s]", "", typed(field)) or None


def whole_of(field: Field) -> int | str | None:
    """Read a whole number; what is none goes on as it was typed, so that it is refused at its place."""
    text = typed(field)
    number = whole_number(text, 5)
    return text or None if number is None else number


def share_of(field: Field) -> str | None:
    """Return a percentage as a fraction; None where nothing was typed or it is no percentage."""
    return share(typed(field))


def share(percentage: str) -> str | None:
    """Return a percentage as a share of one: ``30`` and ``30%`` are ``0.3``; None where it is no percentage."""
    text = percentage.strip().removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", text, re.ASCII):
        return None
    part = Decimal(text) / 100
    return f"{part.normalize():f}" if part <= 1 else None


def searchable(text: str) -> str:
    """Return text as it is compared: small letters without accents, words apart by one space."""
    letters = "".join(it for it in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(it))
    return " ".join(re.findall(r"\w+", letters))


def is_yes(answer: str) -> bool:
    """Return whether a question was answered by yes."""
    return answer == "yes"


def answers_in(field: Field) -> tuple[str, ...]:
    """Return the answers to a question: an amount without signs, a choice, several choices; none where it is empty."""
    if isinstance(field, SelectMultipleField):
        return tuple(field.data or ())
    answer = amount_of(field) if isinstance(field, DollarsField) else field.data
    return () if answer is None else (answer,)


def choices(names: Names) -> dict[str, str]:
    """Return answers to choose from in the language of the page."""
    return {value: word(name) for value, name in names.items()}


def chosen_labels(field: Field) -> list[str]:
    """Return the labels of the answers that were chosen; a question that is answered in words has none."""
    if not isinstance(field, SelectField):
        return []
    return [label for _value, label, is_chosen, _attributes in field.iter_choices() if is_chosen]


def _worded(names: Names) -> Callable[[], dict[str, str]]:
    """Return a function that gives the answers in the language of the page: the same object each time."""
    return per_language(lambda: choices(names))


def per_language(make: Callable[[], Made]) -> Callable[[], Made]:
    """Return a function that makes something once for each language, and then returns that."""
    made: dict[str, Made] = {}

    def in_the_language_of_the_page() -> Made:
        of = language()
        if of not in made:
            made[of] = make()
        return made[of]

    return in_the_language_of_the_page
