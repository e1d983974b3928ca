"""Words for people: messages with arguments, their catalogues, and how money, shares and dates are written.

A ``Message`` is an English sentence with named places (``"You pay {share:money}."``) and the values that go there; it
is made where the fact is known and worded here, once the reader's language is. No page lives here and no rule.
"""

from __future__ import annotations

import gettext as gettext_module
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple


class Language(NamedTuple):
    """A language of the product."""

    name: str
    """In its own words, for the link that leads to it."""
    locale: str
    """How money, numbers and dates are written."""


KNOWN_LANGUAGES = {"en": Language("English", "en_US"), "es": Language("Español", "es_US")}
"""The languages of the product by their codes; the first is the one in which the sources are written."""

LANGUAGES = tuple(KNOWN_LANGUAGES)

TRANSLATIONS = Path(__file__).parent / "translations"


def N_(text: str) -> str:
    """Mark a sentence for the catalogue without translating it here."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for a person, not yet worded: the English text is its id in the catalogues.

    Places are named and typed: ``{amount:money}`` (Decimal dollars), ``{rate:percent}`` (Decimal share of one),
    ``{day:date}``, ``{count:number}``, ``{name}`` (text as it is, or another Message, or a sequence of either).
    """

    text: str
    arguments: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> gettext_module.NullTranslations:
    """Load the catalogue of a language; English, and any language that we do not have, is the sentences themselves."""
    return gettext_module.translation("messages", TRANSLATIONS, languages=[language], fallback=True)


def word(message: Message | str, language: str = "en") -> str:
    """Return a message in a language."""
    text, arguments = (message.text, message.arguments) if isinstance(message, Message) else (message, {})
    translated = catalogue(language).gettext(text) if text else ""
    if not arguments:
        return translated
    return "".join(
        literal if name is None else literal + _written(arguments[name], kind, language)
        for literal, name, kind in _parts(translated)
    )


def _locale(language: str) -> str:
    return KNOWN_LANGUAGES.get(language, KNOWN_LANGUAGES[LANGUAGES[0]]).locale


def money(amount: Decimal, language: str = "en") -> str:
    """Write dollars and cents: ``$1,234.50``."""
    return _currency(str(amount), _locale(language))


def percent(share: Decimal, language: str = "en") -> str:
    """Write a share of one as a percentage, with the decimals that it has: ``20%``, ``109.25%``."""
    return _decimal(str((share * 100).normalize()), _locale(language)) + "%"


def number(value: int | Decimal, language: str = "en") -> str:
    """Write a number with its thousands marked and all its decimals."""
    return _decimal(str(value), _locale(language), all_decimals=True)


def day(value: date, language: str = "en") -> str:
    """Write a date in words: ``October 5, 2026``, ``5 de octubre de 2026``."""
    return _date(value, _locale(language))


_MOST_WRITTEN = 8192
"""Amounts, numbers and days that are remembered as they are written: writing one takes longer than to work it out."""


@lru_cache(maxsize=_MOST_WRITTEN)
def _currency(digits: str, locale: str) -> str:
    """Write dollars. The digits are text, because 1.5 and 1.50 are equal and not written alike."""
    from babel.numbers import format_currency  # here, so that the rules of coverage load the standard library alone

    return format_currency(digits, "USD", locale=locale)


@lru_cache(maxsize=_MOST_WRITTEN)
def _decimal(digits: str, locale: str, *, all_decimals: bool = False) -> str:
    from babel.numbers import format_decimal

    return format_decimal(digits, locale=locale, decimal_quantization=not all_decimals)


@lru_cache(maxsize=_MOST_WRITTEN)
def _date(value: date, locale: str) -> str:
    from babel.dates import format_date

    return format_date(value, format="long", locale=locale)


@lru_cache(maxsize=_MOST_WRITTEN)
def _parts(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """Return the parts of a sentence: what stands before a place, the name of the place (None: the end), its kind."""
    return tuple((literal, name, kind or "") for literal, name, kind, _ in string.Formatter().parse(text))


def _written(value: object, kind: str, language: str) -> str:
    """Write a value as a place of a sentence asks, by the kinds that ``Message`` names."""
    match kind, value:
        case "money", Decimal():
            return money(value, language)
        case "percent", Decimal():
            return percent(value, language)
        case "number", int() | Decimal():
            return number(value, language)
        case "date", date():
            return day(value, language)
        case "", Message():
            return word(value, language)
        case "", str():
            return value
        case "", Sequence():
            return ", ".join(_written(part, "", language) for part in value)
        case "", _:
            return str(value)
        case _:
            raise ValueError(f"{value!r} cannot be written as {kind!r}")
