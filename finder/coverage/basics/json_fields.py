"""Reads a JSON object field by field, so that every invalid field gets its own error."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from finder.errors import FieldError
from finder.i18n import N_, Message

LARGEST_AMOUNT = Decimal(1_000_000)
"""Dollars; larger amounts are typing errors."""

Choice = TypeVar("Choice", bound=StrEnum)


class Fields:
    """The fields of one JSON object at a path.

    Errors are collected in ``errors``. A missing field and null are the same.
    """

    def __init__(self, value: object, path: str, errors: list[FieldError]) -> None:
        self.path = path
        self.errors = errors
        self._read: set[str] = set()
        self._values: Mapping[str, object] = value if isinstance(value, Mapping) else {}
        self.is_object = isinstance(value, Mapping)
        if not self.is_object:
            errors.append(FieldError(path or "request", Message(N_("This must be an object with named fields."))))

    @property
    def is_empty(self) -> bool:
        """Return whether the object has no fields."""
        return all(value is None for value in self._values.values())

    def has(self, key: str) -> bool:
        """Return whether a field is given."""
        return self.get(key) is not None

    def fail(self, key: str, message: str, **arguments: object) -> None:
        """Add the error of a field, unless the value was no object, which has an error already."""
        if self.is_object:
            self.errors.append(FieldError(self.name(key), Message(message, arguments)))

    def name(self, key: str) -> str:
        """Return the path of a field."""
        return f"{self.path}.{key}" if self.path else key

    def get(self, key: str) -> object:
        """Return the raw value of a field."""
        self._read.add(key)
        return self._values.get(key)

    def text(self, key: str, *, required: bool = False) -> str | None:
        """Read text."""
        value = self.get(key)
        if isinstance(value, str) and value:
            return value
        if value is not None:
            self.fail(key, N_("This must be text in quotes."))
        elif required:
            self.fail(key, N_("This is needed."))
        return None

    def day(self, key: str) -> date | None:
        """Read a required date, such as ``2026-10-05``."""
        text = self.text(key, required=True)
        if text is None:
            return None
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.fail(key, N_("This must be a date like 2026-10-05."))
        return None

    def money(self, key: str) -> Decimal | None:
        """Read dollars, written as text: ``"164.05"``."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fail(key, N_('Write an amount of money as text, like "283.00".'))
            return None
        if re.fullmatch(r"-\d+(\.\d+)?", value, re.ASCII):
            self.fail(key, N_("An amount cannot be negative."))
            return None
        if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", value, re.ASCII):
            self.fail(key, N_("Write an amount in dollars and cents, like 283.00."))
            return None
        amount = Decimal(value)
        if amount > LARGEST_AMOUNT:
            self.fail(key, N_("This amount is too large."))
            return None
        return amount.quantize(Decimal("0.01"))

    def rate(self, key: str) -> Decimal | None:
        """Read a share from 0 to 1, written as text: ``"0.20"``."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, str) and re.fullmatch(r"0(\.\d{1,4})?|1(\.0{1,4})?", value, re.ASCII):
            return Decimal(value)
        self.fail(key, N_("Write a share as text between 0 and 1: 20% is 0.20."))
        return None

    def whole(self, key: str, *, most: int) -> int | None:
        """Read a whole number from 1 to ``most``."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        self.fail(key, N_("This must be a whole number from 1 to {most:number}."), most=most)
        return None

    def flag(self, key: str) -> bool:
        """Read true or false; a missing field is false."""
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fail(key, N_("This must be true or false."))
        return False

    def choice(self, key: str, choices: type[Choice], default: Choice) -> Choice:
        """Read one of the words of an enumeration."""
        return choices(self.one_of(key, [choice.value for choice in choices], default.value))

    def one_of(self, key: str, names: Collection[str], default: str) -> str:
        """Read one of the allowed words."""
        value = self.get(key)
        if isinstance(value, str) and value in names:
            return value
        if value is not None:
            self.fail(key, N_("This must be one of: {choices}."), choices=list(names))
        return default

    def items(self, key: str, *, most: int) -> list[Fields]:
        """Read a list of one to ``most`` objects."""
        value = self.get(key)
        if not isinstance(value, list | tuple) or not value:
            self.fail(key, N_("This must be a list with at least one entry."))
            return []
        if len(value) > most:
            self.fail(key, N_("This list is too long: {most:number} entries at most."), most=most)
            return []
        return [Fields(item, f"{self.name(key)}[{index}]", self.errors) for index, item in enumerate(value)]

    def words(self, key: str) -> tuple[str, ...]:
        """Read a list of words, which may be empty."""
        value = self.get(key)
        if value is None:
            return ()
        if isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
            return tuple(value)
        self.fail(key, N_("This must be a list of words."))
        return ()

    def close(self) -> None:
        """Add an error for every field that was not read, so that misspelled names are not ignored."""
        for key, value in self._values.items():
            if key not in self._read and value is not None:
                self.errors.append(
                    FieldError(self.name(printable_key(key)), Message(N_("There is no such field here.")))
                )


def printable_key(key: str) -> str:
    """Return a name from input in a printable form: short, and in plain characters."""
    return str(key)[:60].encode("ascii", "replace").decode()
