"""One visit under Part B: fees, allowed amounts, deductible, coinsurance, and what Medicare pays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.coverage.independent.figures import ZERO, cents, fee_schedule, figure, localities
from tests.coverage.independent.units import units_of

Line = dict[str, Any]

# National coverage determinations 270.6 (infrared) and 30.3.3 (dry needling, as a therapist's service).
NOT_COVERED = {"97026", "20560", "20561"}
STATUS = {"B": "bundled", "I": "not_valid_for_medicare", "C": "priced_by_contractor"}
OCCUPATIONAL = {"97165", "97166", "97167", "97168"}
AMOUNTS = (
    "allowed_amount",
    "deductible_applied",
    "coinsurance",
    "medicare_pays",
    "excess_charge",
    "assistant_reduction",
)


def discipline(service: dict[str, Any]) -> str:
    """Return PT, OT or SLP: as given, else the code's own."""
    code = service.get("code", "")
    own = "OT" if code in OCCUPATIONAL else "SLP" if code.startswith(("925", "926")) else "PT"
    return str(service.get("discipline") or own)


def claim(
    request: dict[str, Any],
    services: list[dict[str, Any]],
    day: date,
    deductible: Decimal,
    deductible_known: bool = True,
) -> dict[str, Any]:
    """Return the lines of a visit with their amounts, and the totals of the lines that have a figure.

    Once a line without a price may have used up an unknown part of the deductible, that of later lines is unknown.
    ``priced`` says whether every line has its Medicare figure, ``charges_known`` whether the charge of every line that
    Medicare does not cover is known.
    """
    setting, participation = request.get("setting", "private_practice"), request["participation"]
    lines = _priced_lines(request, services, day)
    for line in lines:
        line["counted"] = _allowed_by_schedule(line, participation, day)
        _allow(line, setting, participation, day)
        line["share_known"] = deductible_known or deductible == 0 or line["allowed_amount"] == 0
        if line["allowed_amount"] is None:
            deductible_known = False
        else:
            line["deductible_applied"] = min(deductible, line["allowed_amount"])
            deductible -= line["deductible_applied"]
            _share(line, setting, day)
    totals = {
        field: sum((line[field] or ZERO for line in lines), ZERO)
        for field in (*AMOUNTS, "not_covered", "limiting_charge")
    }
    return {
        "lines": lines,
        **totals,
        "priced": all(line["allowed_amount"] is not None for line in lines),
        "shares_known": all(line["share_known"] for line in lines),
        "deductible_known": deductible_known,
        "charges_known": all(line["not_covered"] is not None for line in lines),
        "cost_based": setting == "critical_access_hospital",
        "assigned": participation != "nonparticipating_unassigned",
    }


def _priced_lines(request: dict[str, Any], services: list[dict[str, Any]], day: date) -> list[Line]:
    schedule = fee_schedule(day)
    gpcis = schedule["gpcis"][localities()[request["zip"]]]
    factor = schedule["apm_factor" if request.get("qualifying_apm") else "factor"]

    def fee(code: str, pe_share: Decimal = Decimal(1)) -> Decimal:
        work, pe, mp = schedule["codes"][code]["rvus"]
        return cents((work * gpcis[0] + pe * pe_share * gpcis[1] + mp * gpcis[2]) * factor)

    lines = []
    for service, units in zip(services, units_of(services), strict=True):
        line: Line = {
            "code": service.get("code"),
            "units": units,
            "discipline": discipline(service),
            "assistant": service.get("assistant", False),
            "charge": Decimal(service["charge"]) if service.get("charge") else None,
            "status": "payable",
            "reducible": False,
            "fees": {},
        }
        if "fee" in service:
            line["unit_fees"] = [Decimal(service["fee"])] * units
        else:
            about = schedule["codes"][service["code"]]
            line["status"] = "not_covered" if service["code"] in NOT_COVERED else STATUS.get(about["status"], "payable")
            line["reducible"] = about["reducible"] and line["status"] == "payable" and units > 0
            line["pe_rvu"] = about["rvus"][1]
            line["unit_fees"] = [fee(service["code"])] * units
            if line["status"] == "payable" and units and request["participation"] == "participating":
                line["fees"] = {"fee_per_unit": fee(service["code"])}
        lines.append(line)
    _reduce_multiple_procedures(lines, lambda code: fee(code, figure("mppr_practice_expense_share", day)))
    return lines


def _reduce_multiple_procedures(lines: list[Line], reduced_fee: Any) -> None:
    """Halve the practice expense of every reducible unit of the day but the one with the highest."""
    reducible = [line for line in lines if line["reducible"]]
    ranked = sorted(reducible, key=lambda line: (-line["pe_rvu"], -line["unit_fees"][0]))
    for line in reducible:
        unreduced = 1 if line is ranked[0] else 0
        reduced = line["units"] - unreduced
        line["unit_fees"] = line["unit_fees"][:unreduced] + [reduced_fee(line["code"])] * reduced
        if reduced and line["fees"]:
            line["fees"] |= {"reduced_fee_per_unit": reduced_fee(line["code"]), "reduced_units": reduced}


def _allowed_by_schedule(line: Line, participation: str, day: date) -> Decimal | None:
    """Return what the fee schedule allows for a line, whatever is charged; None where it has no price."""
    if line["status"] == "priced_by_contractor":
        return None
    if line["status"] != "payable":
        return ZERO
    if participation == "participating":
        return sum(line["unit_fees"], ZERO)
    share = figure("nonparticipating_share", day)
    return sum((cents(fee * share) for fee in line["unit_fees"]), ZERO)


def _allow(line: Line, setting: str, participation: str, day: date) -> None:
    charge, status = line["charge"], line["status"]
    line.update(dict.fromkeys((*AMOUNTS, "not_covered", "limiting_charge"), ZERO))
    if status == "not_covered":
        line["not_covered"] = charge
    elif setting == "critical_access_hospital" and status in ("payable", "priced_by_contractor"):
        line["allowed_amount"] = charge
    elif line["counted"] is None:
        line["allowed_amount"] = None
    else:
        line["allowed_amount"] = line["counted"] if charge is None else min(line["counted"], charge)
    if participation == "nonparticipating_unassigned" and status == "payable":
        share = figure("limiting_charge_share", day)
        line["limiting_charge"] = sum((cents(fee * share) for fee in line["unit_fees"]), ZERO)
        billed = line["limiting_charge"] if charge is None else min(charge, line["limiting_charge"])
        line["excess_charge"] = max(ZERO, billed - line["allowed_amount"])


def _share(line: Line, setting: str, day: date) -> None:
    """Divide what is left after the deductible: 20% is the patient's, Medicare pays the rest, less for an assistant."""
    after_deductible = line["allowed_amount"] - line["deductible_applied"]
    line["coinsurance"] = cents(figure("coinsurance_rate", day) * after_deductible)
    full = after_deductible - line["coinsurance"]
    line["medicare_pays"] = full
    if line["assistant"] and setting != "critical_access_hospital":
        line["medicare_pays"] = cents(figure("assistant_share", day) * full)
        line["assistant_reduction"] = full - line["medicare_pays"]
