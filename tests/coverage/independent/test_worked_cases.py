"""The independent calculator gives every worked case, so that it may judge the estimator."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.coverage.cases import differences
from tests.coverage.independent.calculator import calculate
from tests.coverage.independent.units import units_of

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("name", ["oracle_cases.json", "oracle_cases_2.json"])
def test_every_worked_case_matches_to_the_cent(shared_data: Path, name: str) -> None:
    cases = json.loads((shared_data / "fees" / name).read_text(encoding="utf-8"))
    mismatches = {case["name"]: list(differences(case["expect"], calculate(case["request"]))) for case in cases}
    assert len(cases) >= 14
    assert {name: found for name, found in mismatches.items() if found} == {}


@pytest.mark.parametrize(("per_code", "column"), [(False, "by_code_cms"), (True, "by_code_ama")])
def test_minutes_become_units(shared_data: Path, per_code: bool, column: str) -> None:
    with (shared_data / "fees" / "oracle_units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        minutes: dict[str, int] = json.loads(row["minutes"])
        units = units_of([{"code": code, "minutes": spent} for code, spent in minutes.items()], per_code)
        assert dict(zip(minutes, units, strict=True)) == json.loads(row[column]), row["case"]
    assert len(rows) == 18
