"""The kinds of question that an estimate has, and how the text that people type becomes what a request wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from finder.i18n import Message
from finder.web.presentation.formats import word

Names = Mapping[str, str | Message]
"""Answers to choose from: the value in the address, and its words (a catalogue id)."""


def radio(label: Any, names: Names, hint: Any = "") -> RadioField:
    """Ask for one of a few answers, all of them in sight. What is none of them is for the rules to refuse."""
    return RadioField(label, description=hint, choices=_worded(names), validate_choice=False)


def select(label: Any, names: Names, hint: Any = "") -> SelectField:
    """Ask for one of many answers."""
    return SelectField(label, description=hint, choices=_worded(names), validate_choice=False)


class DollarsField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A question about an amount of money."""


def dollars(label: Any, hint: Any = "") -> DollarsField:
    """Ask for an amount of money."""
    return DollarsField(label, description=hint, render_kw=_DECIMAL)


def percents(label: Any, hint: Any = "") -> StringField:
    """Ask for a share of a hundred."""
    return StringField(label, description=hint, render_kw=_DECIMAL)


def count(label: Any, hint: Any = "") -> StringField:
    """Ask for a whole number."""
    return StringField(label, description=hint, render_kw={"inputmode": "numeric", "maxlength": 4, **_NO_GUESSES})


_NO_GUESSES = {"autocomplete": "off"}
_DECIMAL = {"inputmode": "decimal", "maxlength": 14, **_NO_GUESSES}


def typed(field: Any) -> str:
    """Give what was typed, without the spaces around it."""
    return (field.data or "").strip()


def amount_of(field: Any) -> str | None:
    """Take off what people write around an amount: ``$1,200`` is ``1200``. Nothing typed is None."""
    return re.sub(r"[$,\s]", "", typed(field)) or None


def whole_of(field: Any) -> int | str | None:
    """Read a whole number; what is none goes on as it was typed, so that it is refused at its place."""
    text = typed(field)
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) else text or None


def share_of(field: Any) -> str | None:
    """Read a percentage as a share of one: ``30`` and ``30%`` are ``0.3``. None: nothing typed, or no percentage."""
    text = typed(field).removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", text, re.ASCII):
        return None
    try:
        share = Decimal(text) / 100
    except InvalidOperation:
        return None
    return f"{share.normalize():f}" if share <= 1 else None


def chosen(names: Iterable[tuple[str, str | Message]]) -> list[SelectChoice]:
    """Word answers to choose from in the language of the page."""
    return [SelectChoice(value, word(name)) for value, name in names]


def _worded(names: Names) -> Callable[[], list[SelectChoice]]:
    return lambda: chosen(names.items())
