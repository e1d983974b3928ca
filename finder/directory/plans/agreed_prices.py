"""What a plan has agreed to pay a provider for one unit of a service, as the facts of a release hold it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

AGREED = "negotiated_rate:"
"""How the field of such a fact begins; the key of a plan or network, a colon and the code of a service follow.

A field has a fact for each last day of its prices: the ranges of prices that end on different days stay apart.
"""

Bounds = tuple[Decimal, Decimal]
"""The least and the most, in dollars."""

_WRITTEN = re.compile(
    r"([0-9]{1,6}(?:\.[0-9]{1,6})?)-([0-9]{1,6}(?:\.[0-9]{1,6})?)(?: until ([0-9]{4}-[0-9]{2}-[0-9]{2}))?"
)


@dataclass(frozen=True, slots=True)
class AgreedRange:
    """The least and the most of the prices that end on one day; ``until`` is that day in ISO text, empty: no end."""

    least: Decimal
    most: Decimal
    until: str = ""

    @classmethod
    def read(cls, value: str) -> Self | None:
        """Read the value of a fact; None for other text."""
        found = _WRITTEN.fullmatch(value)
        return cls(Decimal(found[1]), Decimal(found[2]), found[3] or "") if found else None

    @property
    def text(self) -> str:
        """The value of a fact: ``"40.00-99.00"`` or ``"40.00-99.00 until 2027-12-31"``."""
        amounts = f"{self.least:.2f}-{self.most:.2f}"
        return f"{amounts} until {self.until}" if self.until else amounts

    @property
    def bounds(self) -> Bounds:
        """The least and the most."""
        return self.least, self.most

    def holds_on(self, day: date) -> bool:
        """Return whether the prices have not ended before a day."""
        return not self.until or self.until >= day.isoformat()
