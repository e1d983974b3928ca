"""A visit of a request: its day and its services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finder.coverage.basics.vocabulary import Discipline


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A line of a claim: a code with units or minutes, or a participating fee that is already known."""

    code: str | None = None
    fee: Decimal | None = None
    units: int | None = None
    minutes: int | None = None
    discipline: Discipline = Discipline.PT
    assistant: bool = False
    """Whether a therapist's assistant gave the service (CQ or CO modifier)."""
    charge: Decimal | None = None
    """What the provider charges for the whole line, in dollars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The services of one day."""

    date_of_service: date
    services: tuple[Service, ...]
    """Empty: not known."""
