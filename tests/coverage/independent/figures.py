"""The published figures by date, read from data/medicare: no rules here."""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

MEDICARE = Path(__file__).resolve().parents[3] / "data" / "medicare"
ZERO = Decimal("0.00")


def cents(amount: Decimal) -> Decimal:
    """Round half up to cents."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def figure(name: str, day: date) -> Decimal:
    """Return the value of one figure on a day. Raises LookupError where no value is held."""
    for value in _toml(name)["value"]:
        if value["from"] <= day <= value.get("to", date.max):
            return Decimal(value["amount"])
    raise LookupError(f"{name} on {day}")


def timed_codes() -> set[str]:
    """Return the codes whose minutes are added up over the visit."""
    return set(_toml("therapy_codes")["timed"])


def fee_schedule(day: date) -> dict[str, Any]:
    """Return the fee schedule of a day: factor, apm_factor, codes and gpcis. Raises LookupError where none is held."""
    for schedule in fee_schedules():
        if schedule["from"] <= day <= schedule["to"]:
            return schedule
    raise LookupError(f"fee schedule on {day}")


@cache
def fee_schedules() -> list[dict[str, Any]]:
    """Return all held fee schedules, oldest first."""
    return [_fee_schedule(folder) for folder in sorted((MEDICARE / "fee_schedule").iterdir())]


def _fee_schedule(folder: Path) -> dict[str, Any]:
    about = tomllib.loads((folder / "schedule.toml").read_text(encoding="utf-8"))
    apm = about.get("qualifying_apm_conversion_factor", about["conversion_factor"])
    return {
        "from": about["from"],
        "to": about["to"],
        "factor": Decimal(about["conversion_factor"]["amount"]),
        "apm_factor": Decimal(apm["amount"]),
        "codes": {
            row["code"]: {
                "status": _status(row),
                "reducible": row["multiple_procedure"] == "5",
                "rvus": [Decimal(row[part]) for part in ("work_rvu", "pe_rvu", "mp_rvu")],
            }
            for row in _rows(folder / "relative_values.csv")
        },
        "gpcis": {
            (row["carrier"], row["locality"]): [Decimal(row[part]) for part in ("work_gpci", "pe_gpci", "mp_gpci")]
            for row in _rows(folder / "gpci.csv")
        },
    }


def _status(row: dict[str, str]) -> str:
    """Return the status of a code: what is restricted (R) and has no values is priced by the contractor (C)."""
    has_values = any(Decimal(row[part]) for part in ("work_rvu", "pe_rvu", "mp_rvu"))
    return "C" if row["status"] == "R" and not has_values else row["status"]


@cache
def localities() -> dict[str, tuple[str, str]]:
    """Return carrier and locality of every ZIP code. One file serves all years."""
    (path,) = (MEDICARE / "zip_localities").glob("*.csv")
    found = {}
    for row in _rows(path):
        for span in row["zips"].split():
            first, _, last = span.partition("-")
            for ending in range(int(first), int(last or first) + 1):
                found[f"{row['prefix']}{ending:02}"] = (row["carrier"], row["locality"])
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((MEDICARE / f"{name}.toml").read_text(encoding="utf-8"))
