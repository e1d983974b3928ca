"""How an edit is written: the name of its field, and its value as text. Nothing else takes either apart.

Fields: ``name``, ``credentials``, ``location_name``, ``address`` (JSON of street, city, state, zip), ``phone`` (ten
digits, then `` x`` and an extension), ``plan:<id>`` (yes, no, unknown), ``confirmed:<facet>`` (yes),
``fact:<name>`` (one answer a line), ``listing`` (closed).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

PLAN, CONFIRMED, FACT = "plan", "confirmed", "fact"
"""The kinds of field that have a name of their own behind a colon."""

LISTING = "listing"

YES, UNKNOWN, CLOSED = "yes", "unknown", "closed"
"""Values: of a confirmation; of a plan that nothing is known about; of a listing."""

OF_PROVIDER = frozenset({"name", "credentials"})
"""The fields of a provider; each is a column of its table."""

_FIELD = re.compile(
    r"name|credentials|location_name|address|phone|listing|(confirmed|fact):[a-z0-9_:.-]{1,80}|plan:[A-Za-z0-9_:./-]{1,200}"
)


@dataclass(frozen=True, slots=True)
class EditField:
    """What an edit is about: a kind and, for plans, confirmations and facts, the name of one."""

    kind: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> EditField:
        """Take a field apart as an edit has it; ``is_field`` says whether there is such a field."""
        kind, _, name = text.partition(":")
        return cls(kind, name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind


def is_field(text: str) -> bool:
    """Whether staff can edit a field that is so called."""
    return _FIELD.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedAddress:
    """The value of an address; ``zip`` has five digits or nine."""

    street: str
    city: str
    state: str
    zip: str

    @classmethod
    def parse(cls, value: str) -> EditedAddress:
        """Read the value of an edit."""
        return cls.of(json.loads(value))

    @classmethod
    def of(cls, row: Mapping[Any, object]) -> EditedAddress:
        """Take the address of a practice location, by the names of its columns."""
        return cls(**{part: str(row[part]) for part in ("street", "city", "state", "zip")})

    def __str__(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class EditedPhone:
    """The value of a telephone number: ten digits, or none, and an extension, or none."""

    number: str
    extension: str = ""

    @classmethod
    def parse(cls, value: str) -> EditedPhone:
        """Read the value of an edit."""
        number, _, extension = value.partition(" x")
        return cls(number, extension)

    def __str__(self) -> str:
        return f"{self.number} x{self.extension}" if self.extension else self.number


def join_answers(answers: Iterable[str]) -> str:
    """Write the answers of a fact as the value of an edit."""
    return "\n".join(sorted(answers))


def split_answers(value: str) -> tuple[str, ...]:
    """Read the answers of a fact; an edit that says nothing is one empty answer."""
    return tuple(value.split("\n"))


def location_value(kind: str, row: Mapping[Any, object]) -> str:
    """Write a field of a practice location as the value of an edit: ``location_name``, ``address`` or ``phone``."""
    if kind == "address":
        return str(EditedAddress.of(row))
    if kind == "phone":
        return str(EditedPhone(str(row["phone"]), str(row["phone_extension"] or "")))
    return str(row["name"])
