"""The errors that a person can cause or meet, each with the words that person reads.

The docstring of an error class is its message: what is wrong, then what to do. What bears on the single case
(the ZIP that was typed, the places that were meant) is an attribute. Which HTTP status an error becomes is written
once, in ``finder.web.presentation.error_pages``; which exit status, in ``finder.cli``.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass

from finder.i18n import Message, word


class FinderError(Exception):
    """Something went wrong. Try again; if it goes on, tell us what you did."""

    def __init__(self, detail: Message | str | None = None, *, field: str | None = None) -> None:
        super().__init__(word(detail or self.message()))
        self.detail = detail
        self.field = field

    @classmethod
    def message(cls) -> str:
        """Return the message of this kind of error: its docstring, in one line, untranslated (a catalogue id)."""
        return " ".join(inspect.cleandoc(cls.__doc__ or FinderError.__doc__ or "").split())


class Refused(FinderError):
    """This cannot be done as asked."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field of a request: its path (``services[0].code``) and what to do about it."""

    field: str
    message: Message | str


class InvalidRequest(FinderError):
    """Some of what was entered cannot be used. Each field says why."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{error.field}: {word(error.message)}" for error in errors))
        self.errors = tuple(errors)


def error_text(error: FinderError, language: str = "en") -> str:
    """Return what an error tells a person: the detail of the single case, else the message of its kind, translated."""
    return word(error.detail or error.message(), language)
