"""Fictional staff CSVs, valid and faulty, and lists of insurers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from finder.intake.cleaning.fields import check_digit

COLUMNS = (
    "npi", "entity", "first_name", "last_name", "credentials", "taxonomy_codes", "street", "city", "state", "zip",
    "phone", "latitude", "longitude", "insurance_yes", "verified_on",
)  # fmt: skip

Row = dict[str, str]


def npi(number: int) -> str:
    """Return a valid NPI that nobody has: real ones do not begin with 2."""
    nine = f"2{number:08d}"
    return nine + check_digit(nine)


def row(number: int, **values: str) -> Row:
    """Return a fictional therapist, each at a street number of their own."""
    return {
        "npi": npi(number), "entity": "individual", "first_name": "Ida", "last_name": f"Example{number}",
        "credentials": "PT", "taxonomy_codes": "2251N0400X", "street": f"{number + 1} Elm Street",
        "city": "Cambridge", "state": "MA", "zip": "02139", "phone": "617-555-0123", "insurance_yes": "medicare",
        "verified_on": "2026-11-10",
    } | values  # fmt: skip


def write(rows: Iterable[Row]) -> str:
    """Write rows as a CSV."""
    rows, out = list(rows), io.StringIO()
    others = dict.fromkeys(column for row in rows for column in row if column not in COLUMNS)
    writer = csv.DictWriter(out, [*COLUMNS, *others], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def with_faults(count: int = 1000) -> str:
    """Return rows, five of them wrong: a digit, a duplicate, a plan, a ZIP code without its zero, a far place."""
    rows = [row(number) for number in range(count)]
    rows[9] = row(9, npi=npi(9)[:9] + str((int(npi(9)[9]) + 1) % 10))
    rows[19] = dict(rows[18])
    rows[29] = row(29, insurance_yes="medicare;moonshine")
    rows[39] = row(39, zip="2139")
    rows[49] = row(49, latitude="34.05", longitude="-118.24")
    return write(rows)


FAULTS = {
    "npi_invalid": (10, "npi"),
    "duplicate_row": (20, "npi"),
    "plan_unknown": (30, "insurance_yes"),
    "zip_leading_zero": (40, "zip"),
    "coordinates_outside_state": (50, "latitude"),
}
"""The notice of each fault, with its row and column."""


def provider_list(issuer: str, numbers: Iterable[int], last_updated_on: str = "2026-11-01") -> str:
    """Return the ``providers.json`` of a marketplace issuer with one plan, in which some therapists are."""
    entries = [
        {
            "npi": npi(number),
            "type": "INDIVIDUAL",
            "name": {"first": "Ida", "last": f"Example{number}"},
            "addresses": [
                {
                    "address": f"{number + 1} Elm Street", "city": "Cambridge", "state": "MA", "zip": "02139",
                    "phone": "617-555-0123",
                }
            ],
            "specialty": ["Physical Therapist"],
            "accepting": "accepting",
            "last_updated_on": last_updated_on,
            "plans": [{"plan_id_type": "HIOS-PLAN-ID", "plan_id": f"{issuer}MA0010001", "network_tier": "A"}],
        }
        for number in numbers
    ]  # fmt: skip
    return json.dumps(entries)


def plan_list(issuer: str, name: str) -> str:
    """Return the ``plans.json`` of a marketplace issuer with one plan."""
    plan = {
        "plan_id_type": "HIOS-PLAN-ID", "plan_id": f"{issuer}MA0010001", "marketing_name": name,
        "network": [{"network_tier": "A"}], "last_updated_on": "2026-11-01",
    }  # fmt: skip
    return json.dumps([plan])
