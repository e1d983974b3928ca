"""Single figures by date, each with its source and certainty: the deductible, the rates, the thresholds.

A figure is one file of ``data/medicare``, and one field of ``Parameters`` of the same name. Tables (fees, ZIP codes)
live in ``fee_schedule`` and ``localities``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from finder.errors import FinderError

Certainty = Literal["primary", "secondary", "unverified"]
"""``primary``: the law, notice or file itself was read; ``secondary``: a page that quotes it; ``unverified``: neither.
"""


class NotPublished(FinderError):
    """Medicare’s amounts for that date are not here yet."""

    def __init__(self, figure: str, day: date) -> None:
        super().__init__(f"{figure} has no figure for {day}")
        self.figure = figure
        self.day = day


@dataclass(frozen=True, slots=True)
class Value:
    """An amount and its days (``last_day`` None: until it is changed), with its source."""

    parameter: str
    first_day: date
    last_day: date | None
    amount: Decimal
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure over time: its name, what it is, its unit, and its values in order of date."""

    name: str
    description: str
    unit: str
    begins: date | None
    """The first day of a figure that begins later than the fee schedules; its file has the reason."""
    ends_by_law: bool
    """Whether later years may have no value."""
    values: tuple[Value, ...]

    def on(self, day: date) -> Value:
        """Return the value of a day. Raises NotPublished: the value of another year is never an answer."""
        for value in reversed(self.values):
            if value.first_day <= day:
                if value.last_day is None or day <= value.last_day:
                    return value
                break
        raise NotPublished(self.name, day)

    def find(self, day: date) -> Value | None:
        """Return the value of a day, or None if there is none."""
        try:
            return self.on(day)
        except NotPublished:
            return None


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every single figure that the rules use; the fields are the files."""

    assistant_share: Parameter
    coinsurance_rate: Parameter
    commercial_limit: Parameter
    kx_threshold: Parameter
    limiting_charge_share: Parameter
    medicare_advantage_limit: Parameter
    medigap_high_deductible: Parameter
    medigap_k_limit: Parameter
    medigap_l_limit: Parameter
    medigap_minnesota_extended_limit: Parameter
    medigap_n_copay: Parameter
    medigap_wisconsin_copay: Parameter
    mppr_practice_expense_share: Parameter
    nonparticipating_share: Parameter
    part_b_deductible: Parameter
    qualifying_apm: Parameter
    review_threshold: Parameter
    sequestration_rate: Parameter
    telehealth: Parameter
    timed_unit_minimum: Parameter
    timed_unit_minutes: Parameter
    va_primary_copay: Parameter
    va_specialty_copay: Parameter
    work_gpci_floor: Parameter

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the figures, which are those of their files."""
        return tuple(field.name for field in fields(cls))

    @classmethod
    def load(cls, folder: Path) -> Parameters:
        """Read every figure from its file in ``folder``."""
        return cls(**{name: read_parameter(folder / f"{name}.toml") for name in cls.names()})


def read_parameter(path: Path) -> Parameter:
    """Read one figure in the form ``description``, ``unit``, ``[[value]]`` with from, to, amount, source, certainty."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return Parameter(
        name=path.stem,
        description=content["description"],
        unit=content["unit"],
        begins=content.get("begins"),
        ends_by_law=content.get("ends_by_law", False),
        values=tuple(read_value(path.stem, value) for value in content["value"]),
    )


def read_value(name: str, value: Mapping[str, Any]) -> Value:
    """Read one dated, cited amount of a figure."""
    return Value(name, value["from"], value.get("to"), Decimal(value["amount"]), value["source"], value["certainty"])
