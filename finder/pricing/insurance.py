"""What the price of a visit needs to know of a person: what pays beside Part B, and what is left of the deductible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from finder.coverage.other_coverage import KINDS

OWN_PRICE = tuple(name for name, kind in KINDS.items() if not kind.builds_on_part_b)
"""Coverage that does not build on Part B: Medicare's fees, the place and the deductible change nothing."""

USUAL_VISITS = 10
"""Visits of a course of care, where the person has not chosen another number."""

RequestValue = str | bool | tuple[str, ...] | None
"""A value in a request: an amount is dollars as text without signs (``"1200.50"``); None: not known."""

OneCoverage = Mapping[str, RequestValue]
OtherCoverage = OneCoverage | tuple[OneCoverage, ...]
"""One coverage beside Part B or in its place, or several in the order in which they pay."""


def coverages_in(value: OtherCoverage) -> Sequence[OneCoverage]:
    """Return the coverages of a request in the order in which they pay."""
    return value if isinstance(value, tuple) else (value,)


def _no_other_coverage() -> Mapping[str, RequestValue]:
    return {"kind": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInsurance:
    """A person's insurance in the words of a request; without arguments Original Medicare alone.

    Whether the amounts are right is for ``finder.coverage`` to decide, which refuses each wrong amount at its field.
    """

    other_coverage: OtherCoverage = field(default_factory=_no_other_coverage, hash=False)
    """The field of that name in a request, as it is."""
    charge: RequestValue = None
    """What is charged for a visit; it counts only where the coverage has prices of its own."""
    deductible_remaining: str | None = "unknown"
    """What is left of the Part B deductible, in dollars, or ``unknown``; None: all of the year's."""
    visits: int = USUAL_VISITS
    """How many visits of a course of care to add up."""

    @property
    def has_own_price(self) -> bool:
        """Whether the coverage that pays first has prices of its own, so that Medicare's fees change nothing."""
        return coverages_in(self.other_coverage)[0]["kind"] in OWN_PRICE


USUAL = PersonInsurance(deductible_remaining="0.00")
"""What is assumed where a person has answered nothing: Original Medicare alone, the yearly deductible met."""
