"""The ids of marketplace plans: their keys and issuers, and the years beside them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from finder.directory.plans.keys import hios_key, published_plan_key, slug
from finder.intake.sources.formats.json_files import text
from finder.intake.sources.payers.periods import ALWAYS, Period, joined

_YEARS = re.compile(r"(20[0-9]{2})(?:\.0+)?(?:\s*(?:[-–—]|to)\s*(20[0-9]{2}))?")
"""A year, or the first and the last of several."""


@dataclass(frozen=True, slots=True)
class PlanId:
    """A plan as a file identifies it."""

    written: str
    key: str
    issuer: str
    """The five digits of its issuer, empty if the id is of another system."""


@lru_cache(maxsize=65_536)
def plan_id(written: str, collection: str) -> PlanId | None:
    """Read an id; one of another system is a key together with the collection's name. None if there is none."""
    if found := hios_key(written):
        return PlanId(written, found, found.removeprefix("hios:")[:5])
    key = published_plan_key("", "", written, collection) if slug(written) else None
    return PlanId(written, key, "") if key else None


@dataclass(frozen=True, slots=True)
class Years:
    """Years as a file lists them."""

    numbers: tuple[int, ...]
    unreadable: tuple[str, ...]

    @property
    def is_unknown(self) -> bool:
        """Whether years are written and none can be read."""
        return bool(self.unreadable) and not self.numbers

    def periods(self) -> tuple[Period, ...]:
        """Return the years as periods, those that follow each other as one; without years there is no limit."""
        return joined(map(Period.of_year, self.numbers)) or (ALWAYS,)


def read_years(value: Any) -> Years:
    """Read years as numbers or text: ``2026``, ``"2026"``, ``2026.0``, ``"2025-2027"``, ``"2025, 2026"``.

    A list or an object in the place of a year is unreadable; null and empty text are no year.
    """
    numbers: set[int] = set()
    unreadable: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list | dict):
            unreadable.append(json.dumps(item, default=str))
        for part in filter(None, map(str.strip, re.split("[,;]", text(item)))):
            years = _between(part)
            numbers.update(years)
            unreadable += [] if years else [part]
    return Years(tuple(sorted(numbers)), tuple(unreadable))


def _between(written: str) -> range:
    """Return the years that a text means; none for other text."""
    found = _YEARS.fullmatch(written)
    return range(int(found[1]), int(found[2] or found[1]) + 1) if found else range(0)
