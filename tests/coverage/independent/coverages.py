"""What other coverage pays of a visit, and what it leaves to the patient.

A *bill* is what Part B leaves: ``deductible``, ``coinsurance``, ``excess``, ``not_covered``, ``assistant_gap`` (what
may fall on the patient besides), and whether it is ``priced``, its ``charges_known`` and ``without_estimate``. *Left*
holds what remains of the coverage's yearly amounts; settling lowers it. A settlement says ``patient_pays`` (None where
it cannot be known), ``range`` and ``other_coverage_pays``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.coverage.independent.figures import ZERO, cents, figure

Coverage = dict[str, Any]
Bill = dict[str, Any]
Left = dict[str, Decimal | None]
Settlement = dict[str, Any]

# Kinds whose amount depends on nothing that Part B decides.
OUTSIDE_PART_B = {"medicare_advantage", "commercial", "va_community_care", "self_pay"}

# Shares that a Medigap plan pays of the coinsurance, the Part B deductible and the excess charge.
MEDIGAP = {
    **dict.fromkeys("ABDMN", ("1", "0", "0")),
    "C": ("1", "1", "0"),
    "F": ("1", "1", "1"),
    "G": ("1", "0", "1"),
    "K": ("0.5", "0", "0"),
    "L": ("0.75", "0", "0"),
    "massachusetts_core": ("1", "0", "0"),
    "massachusetts_supplement_1": ("1", "1", "0"),
    "massachusetts_supplement_1a": ("1", "0", "0"),
    "minnesota_basic": ("1", "0", "0"),
    "minnesota_extended": ("1", "1", "0.8"),
    "wisconsin_basic": ("1", "0", "0"),
}


def settle(kind: str, bill: Bill, coverage: Coverage, left: Left, day: date) -> Settlement:
    """Settle a bill of Part B by one coverage that pays after Medicare."""
    total = bill["deductible"] + bill["coinsurance"] + bill["excess"]
    if kind in ("none", "slmb", "qi"):
        return _settlement(bill, total, ZERO)
    if kind in ("qmb", "tricare_for_life"):
        free = {**bill, "priced": True, "without_estimate": False, "assistant_gap": ZERO}
        return _settlement(free, ZERO, total if bill["priced"] else None)
    if kind == "medicaid":
        return _up_to(bill, ZERO, total)
    if kind == "employer_secondary":
        return _employer_secondary(bill, coverage, total)
    return _medigap(bill, coverage, left, day, total)


def _settlement(bill: Bill, patient: Decimal, other: Decimal | None, more: Decimal = ZERO) -> Settlement:
    """Add what Medicare does not cover. ``more`` is what the patient may owe besides."""
    patient += bill["not_covered"]
    most = patient + more + bill["assistant_gap"]
    if not (bill["priced"] and bill["charges_known"]):
        other = other if bill["priced"] else None
        known_range = None if bill["without_estimate"] else [patient, None]
        return {"patient_pays": None, "range": known_range, "other_coverage_pays": other}
    return {"patient_pays": patient, "range": [patient, most] if most > patient else None, "other_coverage_pays": other}


def _up_to(bill: Bill, least: Decimal, total: Decimal) -> Settlement:
    """Settle by a coverage that pays an unknown part of the Part B share."""
    share = total + bill["assistant_gap"]
    if not (bill["priced"] and bill["charges_known"]):
        known_range = None if bill["without_estimate"] else [least, None]
        unknown = {} if bill["priced"] and share == 0 else {"other_coverage_pays": None}
        return {"patient_pays": None, "range": known_range, **unknown}
    most = share + bill["not_covered"]
    if least == most:
        return {"patient_pays": least, "range": None, "other_coverage_pays": ZERO}
    return {"patient_pays": None, "range": [least, most], "other_coverage_pays": None}


def _employer_secondary(bill: Bill, coverage: Coverage, total: Decimal) -> Settlement:
    if coverage.get("paid") is None:
        return _up_to(bill, bill["not_covered"], total)
    paid = Decimal(coverage["paid"])
    most = max(ZERO, total + bill["assistant_gap"] - paid)
    patient = max(ZERO, total - paid)
    return _settlement({**bill, "assistant_gap": most - patient}, patient, min(total, paid))


def _medigap(bill: Bill, coverage: Coverage, left: Left, day: date, total: Decimal) -> Settlement:
    plan = coverage["plan"]
    if plan.startswith("high_deductible_"):
        borne = min(total, left["high_deductible"] or ZERO)
        left["high_deductible"] = (left["high_deductible"] or ZERO) - borne
        patient = max(borne, bill["deductible"]) if plan.endswith("g") else borne
        return _settlement(bill, patient, total - patient)
    coinsurance, deductible, excess = (Decimal(share) for share in MEDIGAP[plan])
    riders = coverage.get("riders", [])
    deductible = Decimal(1) if "part_b_deductible" in riders else deductible
    excess = Decimal(1) if "part_b_excess" in riders else excess
    own_excess = bill["excess"] - cents(bill["excess"] * excess)
    own = total - bill["excess"] - cents(bill["coinsurance"] * coinsurance) - cents(bill["deductible"] * deductible)
    if plan in ("K", "L"):
        own = min(own, left["limit"] or ZERO)
        left["limit"] = (left["limit"] or ZERO) - own
    copay, may_copay = ZERO, ZERO
    if plan == "N" and coverage.get("office_visit_copay") is not None:
        copay = min(Decimal(coverage["office_visit_copay"]), bill["coinsurance"])
    elif plan == "N":
        may_copay = min(figure("medigap_n_copay", day), bill["coinsurance"])
    patient = own + own_excess + copay
    return _settlement(bill, patient, total - patient, may_copay)


def employer_primary(claim: dict[str, Any], coverage: Coverage, deductible_left: Decimal, day: date) -> dict[str, Any]:
    """Return Medicare's amounts as second payer, and the bill that the employer's plan and Medicare leave.

    Source: 42 CFR 411.33, 411.35; what the plan paid counts towards the Part B deductible (42 CFR 411.30(b)).
    """
    charge, paid = Decimal(coverage["charge"]), Decimal(coverage["paid"])
    in_full = min(charge, Decimal(coverage.get("accepted_in_full") or charge))
    allowed = min(charge, Decimal(coverage.get("medicare_allowed_amount") or claim["allowed_amount"]))
    deductible, coinsurance, reduction = (
        claim[part] for part in ("deductible_applied", "coinsurance", "assistant_reduction")
    )
    if allowed != claim["allowed_amount"]:
        deductible = min(deductible_left, allowed)
        coinsurance = cents(figure("coinsurance_rate", day) * (allowed - deductible))
    alone = allowed - deductible - coinsurance
    highest = max(allowed, Decimal(coverage["allowed_amount"]))

    def as_second_payer(amount_alone: Decimal) -> Decimal:
        return max(ZERO, min(in_full - paid, amount_alone, highest - paid))

    medicare = as_second_payer(alone - reduction)
    gap = as_second_payer(alone) - medicare
    excess = ZERO if claim["assigned"] else max(ZERO, min(in_full, claim["limiting_charge"]) - allowed)
    unpaid = min(in_full, allowed + excess) - paid - medicare
    least, most = max(ZERO, unpaid - gap), max(ZERO, unpaid)
    owed = most if claim["assigned"] else least
    return {
        "paid": paid,
        "amounts": {
            "allowed_amount": allowed,
            "deductible_applied": deductible,
            "coinsurance": coinsurance,
            "medicare_pays": medicare,
            "excess_charge": excess,
            "assistant_reduction": most - owed,
        },
        "least_owed": _by_kind(least, excess, deductible, paid),
        "bill": {
            **_by_kind(owed, excess, deductible, paid),
            "not_covered": claim["not_covered"],
            "assistant_gap": most - owed,
            "priced": claim["priced"],
            "charges_known": claim["charges_known"],
            "without_estimate": False,
        },
    }


def _by_kind(owed: Decimal, excess: Decimal, deductible: Decimal, paid: Decimal) -> Bill:
    """Return by kind what is owed after an employer: its payment covers the deductible first, the excess last."""
    excess_owed = min(owed, excess)
    deductible_owed = min(owed - excess_owed, max(ZERO, deductible - paid))
    return {
        "deductible": deductible_owed,
        "coinsurance": owed - excess_owed - deductible_owed,
        "excess": excess_owed,
    }


def outside_part_b(coverage: Coverage, services: list[dict[str, Any]], left: Left) -> Settlement:
    """Return what the patient owes where Part B has no say. None for what needs an amount that is not known."""
    kind = coverage["kind"]
    if kind == "va_community_care":
        return {"patient_pays": None, "range": [ZERO, Decimal("50.00")]}
    if kind == "self_pay":
        charges = [service.get("charge") for service in services]
        known = sum((Decimal(charge) for charge in charges if charge is not None), ZERO)
        return (
            {"patient_pays": None, "range": [known, None]}
            if None in charges
            else {"patient_pays": known, "range": None}
        )
    amount = _plan_amount(coverage, left)
    if amount is None and left.get("out_of_pocket") != 0:
        return {"patient_pays": None}
    amount = amount or ZERO
    if left.get("out_of_pocket") is not None:
        amount = min(amount, left["out_of_pocket"])  # type: ignore[type-var]
        left["out_of_pocket"] -= amount  # type: ignore[operator]
    return {"patient_pays": amount, "range": None}


def _plan_amount(coverage: Coverage, left: Left) -> Decimal | None:
    """Return the copay, or deductible and coinsurance, before the out-of-pocket maximum; None if it cannot be known."""
    copay = None if coverage.get("copay") is None else Decimal(coverage["copay"])
    if copay is not None and not coverage.get("deductible_applies_to_copay"):
        return copay
    if coverage.get("allowed_amount") is None:
        return None
    allowed = Decimal(coverage["allowed_amount"])
    deductible = min(allowed, left.get("deductible") or ZERO)
    if left.get("deductible") is not None:
        left["deductible"] -= deductible  # type: ignore[operator]
    rest = allowed - deductible
    return deductible + (min(copay, rest) if copay is not None else cents(Decimal(coverage["coinsurance_rate"]) * rest))


def after_plan(settlement: Settlement, second: Coverage) -> Settlement:
    """Settle by a coverage that pays after a Medicare Advantage plan."""
    kind, amount = second["kind"], settlement["patient_pays"]
    if kind in ("qmb", "tricare_for_life"):
        return {"patient_pays": ZERO, "range": None}
    if kind in ("slmb", "qi"):
        return settlement
    if amount is None:
        return {}
    if kind == "employer_secondary" and second.get("paid") is not None:
        return {"patient_pays": max(ZERO, amount - Decimal(second["paid"])), "range": None}
    return {"patient_pays": None, "range": [ZERO, amount]} if amount else {"patient_pays": ZERO, "range": None}
