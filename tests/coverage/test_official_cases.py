"""The worked cases, the unit tables and the published amounts that lie beside the checkout."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from finder.cli.estimate import estimate_command
from finder.coverage import Figures
from finder.coverage.figures.fee_schedule import price
from finder.coverage.official.gpci import parse_gpcis
from finder.coverage.official.rvu import ENCODING, parse_relative_values
from tests.coverage.cases import answer, differences

pytestmark = pytest.mark.shared


@pytest.fixture(scope="session")
def fees(shared_data: Path) -> Path:
    return shared_data / "fees"


@pytest.mark.parametrize(("name", "fewest"), [("oracle_cases.json", 29), ("oracle_cases_2.json", 14)])
def test_every_worked_case_matches_to_the_cent_through_the_command(fees: Path, name: str, fewest: int) -> None:
    cases = json.loads((fees / name).read_text(encoding="utf-8"))
    requests = "\n".join(json.dumps(case["request"]) for case in cases)
    result = CliRunner().invoke(estimate_command, ["-", "--ndjson"], input=requests)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    mismatches = {
        case["name"]: list(differences(case["expect"], given)) for case, given in zip(cases, answers, strict=True)
    }
    assert len(cases) >= fewest
    assert {case: found for case, found in mismatches.items() if found} == {}


@pytest.mark.parametrize(("kind", "column"), [("none", "by_code_cms"), ("commercial", "by_code_ama")])
def test_minutes_become_units_in_both_ways(fees: Path, kind: str, column: str) -> None:
    with (fees / "oracle_units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    mismatches: dict[str, Any] = {}
    for row in rows:
        minutes: dict[str, int] = json.loads(row["minutes"])
        request = {
            "date_of_service": "2026-10-05",
            "zip": "43210",
            "participation": "participating",
            "deductible_remaining": "0.00",
            "services": [{"code": code, "minutes": spent} for code, spent in minutes.items()],
            "other_coverage": {"kind": kind},
        }
        units = {line["code"]: line["units"] for line in answer(request)["lines"]}
        if units != json.loads(row[column]):
            mismatches[row["case"]] = units
    assert len(rows) == 18
    assert mismatches == {}


def test_parser_and_formula_give_every_published_amount_of_2025(fees: Path) -> None:
    relative_values = parse_relative_values((fees / "PPRRVU2025_Oct.csv").read_text(encoding=ENCODING))
    gpcis = parse_gpcis((fees / "GPCI2025.csv").read_text(encoding="utf-8-sig"), Decimal(1)).rows
    compared: Counter[str] = Counter()
    mismatches = []
    with (fees / "PFREV4.txt").open(encoding="ascii", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == 16]
    for _year, carrier, locality, code, modifier, nonfacility, facility, *_rest in rows:
        official = relative_values.rows[code, modifier.strip()]
        gpci = gpcis[carrier, locality]
        in_facility = replace(official.value, pe_rvu=official.facility_pe_rvu)
        factor = relative_values.conversion_factor
        amounts = price(official.value, gpci, factor), price(in_facility, gpci, factor)
        compared[code] += 1
        if amounts != (Decimal(nonfacility), Decimal(facility)):
            mismatches.append((carrier, locality, code, modifier, amounts))
    assert compared == {"50688": 218, "76145": 218, "76813": 436, "76814": 654}
    assert mismatches == []


def test_every_zip_code_of_the_official_file_has_its_locality_and_no_other_has_one(fees: Path) -> None:
    states = {"EK": "KS", "WK": "KS", "EM": "MO", "WM": "MO"}
    with (fees / "ZIP5_APR2026.csv").open(encoding="utf-8-sig", newline="") as file:
        official = {
            row["ZIP CODE"]: (
                row["CARRIER"],
                row["LOCALITY"],
                states.get(row["STATE"], row["STATE"]),
                row["PLUS 4 FLAG"] == "1",
            )
            for row in csv.DictReader(file)
        }
    localities = Figures.load().localities
    day = date(2026, 10, 5)
    given = {}
    for number in range(100_000):
        locality = localities.of_zip(f"{number:05}", day)
        if locality:
            given[f"{number:05}"] = (locality.carrier, locality.number, locality.state, locality.needs_plus_four)
    assert len(given) == 42_956
    assert given == official


@pytest.mark.parametrize(
    ("day", "rvu"),
    [
        (date(2024, 1, 1), "pprrvu_rvu24a_jan.csv"),
        (date(2024, 3, 8), "pprrvu_rvu24a_jan.csv"),
        (date(2024, 3, 9), "pprrvu_rvu24ar_jan.csv"),
        (date(2025, 1, 1), "PPRRVU2025_Oct.csv"),
        (date(2026, 12, 31), "PPRRVU2026_Apr_nonQPP.txt"),
    ],
)
def test_the_figures_are_those_of_the_official_file_of_the_day(fees: Path, day: date, rvu: str) -> None:
    official = parse_relative_values((fees / rvu).read_text(encoding=ENCODING))
    figures = Figures.load()
    schedule = figures.schedule(day)
    assert schedule.conversion_factor.amount == official.conversion_factor
    assert dict(schedule.relative_values) == {
        code: official.rows[code, ""].value for code in figures.code_table.codes if (code, "") in official.rows
    }
