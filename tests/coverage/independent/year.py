"""What is left of every yearly amount, and the thresholds of therapy: New Year starts them again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.coverage.independent.coverages import OUTSIDE_PART_B
from tests.coverage.independent.figures import ZERO, figure

COUNTERS = (
    "year_to_date_allowed",
    "kx_threshold_passed",
    "review_threshold_passed",
    "occupational_therapy_year_to_date_allowed",
    "occupational_therapy_kx_threshold_passed",
)


def new_year(request: Mapping[str, Any], coverages: list[dict[str, Any]], day: date, first: bool) -> dict[str, Any]:
    """Return what is left of every yearly amount: as the request says in the first year, in full in later ones."""
    in_part_b = coverages[0]["kind"] not in OUTSIDE_PART_B and priced_year(day)
    full = figure("part_b_deductible", day) if in_part_b else ZERO
    return {
        "year": day.year,
        "priced": True,
        "deductible_known": True,
        "deductible": Decimal(request["deductible_remaining"]) if first else full,
        "used": Decimal(request.get("therapy_used_to_date", "0.00")) if first else ZERO,
        "occupational_used": Decimal(request.get("occupational_therapy_used_to_date", "0.00")) if first else ZERO,
        "left": [_left(coverage, day, first) for coverage in coverages],
    }


def _left(coverage: dict[str, Any], day: date, first: bool) -> dict[str, Any]:
    kind, plan = coverage["kind"], coverage.get("plan")

    def amount(name: str, full: Decimal | None) -> Decimal | None:
        return Decimal(coverage[name]) if first and coverage.get(name) is not None else full

    if kind == "medigap" and not priced_year(day):
        return {}
    if kind == "medigap" and plan in ("K", "L"):
        return {"limit": amount("limit_remaining", figure(f"medigap_{plan.lower()}_limit", day))}
    if kind == "medigap" and str(plan).startswith("high_deductible"):
        return {"high_deductible": amount("high_deductible_remaining", figure("medigap_high_deductible", day))}
    if kind not in ("medicare_advantage", "commercial"):
        return {}
    left: dict[str, Any] = {}
    for name in ("deductible", "out_of_pocket"):
        given, annual = coverage.get(f"{name}_remaining"), coverage.get(f"{name}_annual")
        later = None if annual is None else Decimal(annual)
        left[name] = amount(f"{name}_remaining", None if first else later)
        if _matters(name, coverage) and not first and given is not None and annual is None:
            left["unknown"] = True
    return left


def _matters(name: str, coverage: dict[str, Any]) -> bool:
    """Whether what the patient owes depends on a yearly amount: a copay mostly on no deductible, $0 on nothing."""
    if coverage.get("copay") is None or coverage.get("deductible_applies_to_copay"):
        return True
    return name == "out_of_pocket" and Decimal(coverage["copay"]) > 0


def priced_year(day: date) -> bool:
    try:
        figure("part_b_deductible", day)
    except LookupError:
        return False
    return True


def count(visit: dict[str, Any], day: date, year: dict[str, Any]) -> dict[str, Any]:
    """Count the visit towards both thresholds: at a critical access hospital at the fee-schedule rate."""
    for line in visit["lines"]:
        counter = "occupational_used" if line["discipline"] == "OT" else "used"
        counted = line["counted" if visit["cost_based"] else "allowed_amount"]
        year[counter] = None if counted is None or year[counter] is None else year[counter] + counted
    counts = {
        "year_to_date_allowed": year["used"],
        "occupational_therapy_year_to_date_allowed": year["occupational_used"],
    }
    kx_threshold = figure("kx_threshold", day)
    if year["used"] is not None:
        counts["kx_threshold_passed"] = year["used"] > kx_threshold
        counts["review_threshold_passed"] = year["used"] > figure("review_threshold", day)
    if year["occupational_used"] is not None:
        counts["occupational_therapy_kx_threshold_passed"] = year["occupational_used"] > kx_threshold
    return counts
