"""What a person answered about their insurance and this year's deductible, and the coverage that the answers make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from finder.coverage.other_coverage import KINDS

OWN_PRICE = tuple(name for name, kind in KINDS.items() if not kind.builds_on_part_b)
"""Coverage that does not build on Part B: Medicare's fees, the place and the deductible change nothing."""

UNKNOWN_SECOND: dict[str, Any] = {"kind": "employer_secondary"}
"""Some plan that pays something after Medicare: from nothing to all of the share."""

USUAL_VISITS = 10
"""Visits of a course of care, where the person has not chosen another number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers by the names of the questions; None: not answered, which counts as not known.

    Amounts are dollars as text without signs (``"1200.50"``) and ``rate`` is in percent. Whether they are right is for
    ``finder.coverage`` to decide, which refuses each wrong amount at its field.
    """

    coverage: str | None = None
    """What insurance the person has; None is Original Medicare alone."""
    medigap_plan: str | None = None
    medigap_limit_left: str | None = None
    medigap_deductible_left: str | None = None
    medigap_copay: str | None = None
    riders: tuple[str, ...] = ()
    assistance: str | None = None
    """Which help the person gets from the state."""
    work: str | None = None
    """Whether the plan from work pays ``first`` or ``second``."""
    work_charge: str | None = None
    work_price: str | None = None
    work_paid_first: str | None = None
    work_medicare: str | None = None
    work_paid_second: str | None = None
    plan_cost: str | None = None
    """Whether a plan with prices of its own has a ``copay`` or a ``rate``."""
    copay: str | None = None
    copay_after_deductible: str | None = None
    rate: str | None = None
    plan_price: str | None = None
    plan_deductible_left: str | None = None
    plan_deductible_year: str | None = None
    most_left: str | None = None
    most_year: str | None = None
    self_charge: str | None = None
    deductible: str | None = None
    """What is paid of the Part B deductible: ``met``, ``full``, ``part`` or ``unknown``."""
    deductible_left: str | None = None
    visits: int = USUAL_VISITS
    """How many visits of a course of care to add up."""

    @property
    def has_own_price(self) -> bool:
        """Whether the coverage has prices of its own, so that Medicare's fees change nothing."""
        return self.coverage in OWN_PRICE

    def deductible_remaining(self, whole: str) -> str:
        """Return what is left of the Part B deductible, in dollars, or ``unknown``; ``whole`` is that of the year.

        A part that was not given is empty, so that it is refused.
        """
        match self.deductible:
            case "met":
                return "0.00"
            case "full":
                return whole
            case "part":
                return self.deductible_left or ""
            case _:
                return "unknown"

    def other_coverage(self) -> dict[str, Any]:
        """Return the other coverage as a request has it; what is not known is left out, and so becomes a range."""
        match self.coverage:
            case None | "medicare":
                return {"kind": "none"}
            case "medigap" if self.medigap_plan in (None, "unknown"):
                return UNKNOWN_SECOND
            case "medigap":
                return self._medigap()
            case "assistance":
                return {"kind": "medicaid" if self.assistance in (None, "unknown") else self.assistance}
            case "work" if self.work == "first":
                return self._employer_first()
            case "work" if self.work == "second":
                return {"kind": "employer_secondary", "paid": self.work_paid_second}
            case "work" | "unknown":
                return UNKNOWN_SECOND
            case "medicare_advantage":
                return {"kind": "medicare_advantage", **self._plan()}
            case "commercial":
                return {"kind": "commercial", **self._plan(), **self._plan_deductible()}
            case kind:
                return {"kind": kind}

    def _medigap(self) -> dict[str, Any]:
        """Return a Medigap policy with the amounts that its plan has."""
        coverage: dict[str, Any] = {"kind": "medigap", "plan": self.medigap_plan}
        match self.medigap_plan:
            case "K" | "L":
                coverage["limit_remaining"] = self.medigap_limit_left
            case "high_deductible_f" | "high_deductible_g":
                coverage["high_deductible_remaining"] = self.medigap_deductible_left
            case "N":
                coverage["office_visit_copay"] = self.medigap_copay
            case "wisconsin_basic":
                coverage["riders"] = list(self.riders)
        return coverage

    def _employer_first(self) -> dict[str, Any]:
        """Return a plan from work that pays before Medicare."""
        return {
            "kind": "employer_primary",
            "charge": self.work_charge,
            "allowed_amount": self.work_price,
            "paid": self.work_paid_first,
            "medicare_allowed_amount": self.work_medicare,
        }

    def _plan(self) -> dict[str, Any]:
        """Return what a plan with prices of its own asks of the person."""
        yearly = {
            "allowed_amount": self.plan_price,
            "out_of_pocket_remaining": self.most_left,
            "out_of_pocket_annual": self.most_year,
        }
        match self.plan_cost:
            case "copay":
                return {**yearly, "copay": self.copay or ""}
            case "rate":
                return {**yearly, "coinsurance_rate": share(self.rate or "")}
            case _:
                return yearly

    def _plan_deductible(self) -> dict[str, Any]:
        """Return the deductible of a commercial plan."""
        return {
            "deductible_remaining": self.plan_deductible_left,
            "deductible_annual": self.plan_deductible_year,
            "deductible_applies_to_copay": self.plan_cost == "copay" and self.copay_after_deductible == "yes",
        }


USUAL = Answers(deductible="met")
"""What is assumed where a person has answered nothing: Original Medicare alone, the yearly deductible met."""


def share(percentage: str) -> str | None:
    """Return a percentage as a share of one: ``30`` and ``30%`` are ``0.3``; None where it is no percentage."""
    text = percentage.strip().removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", text, re.ASCII):
        return None
    part = Decimal(text) / 100
    return f"{part.normalize():f}" if part <= 1 else None
