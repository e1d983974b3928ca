"""Requests for estimates as a table, answered row by row."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from finder.coverage import estimate, to_json
from finder.exchange.estimates.table import (
    ANSWER_COLUMNS,
    ANSWER_FIELDS,
    COLUMNS,
    AnsweredRow,
    NotATable,
    read_table,
)
from finder.resources import ROOT
from tests.coverage.cases import answer

HEADER = "id,date_of_service,zip,participation,services,deductible_remaining,coverage"
ROW = "a,2026-10-05,10001,participating,97112*2;97530*1,0,"


def answered(*lines: str) -> list[AnsweredRow]:
    """Answer a table of these lines."""
    return list(read_table(StringIO("\r\n".join(lines), newline="")).answered(estimate))


def errors(row: AnsweredRow) -> dict[str, str]:
    """Return what is wrong with a row, by field."""
    return {error["field"]: error["message"] for error in row.response["errors"]}


def requests_of_the_cases() -> Iterator[dict[str, Any]]:
    """Return the requests of all cases that are one visit."""
    for path in sorted((ROOT / "tests/cases").rglob("*.toml")):
        request = tomllib.loads(path.read_text(encoding="utf-8"))["request"]
        if "visits" not in request:
            yield request


def test_every_field_of_an_answer_has_its_column() -> None:
    answers = [answer(request) for request in requests_of_the_cases()]
    scenarios = [scenario for response in answers for scenario in response.get("scenarios", {}).values()]
    fields = {field for response in (*answers, *scenarios) for field in response}
    assert fields - {"date_of_service"} == set(ANSWER_FIELDS)
    assert len(answers) > 20
    assert len(set(ANSWER_COLUMNS)) == len(ANSWER_COLUMNS)
    assert not set(ANSWER_COLUMNS) & COLUMNS.keys()


def test_the_documentation_names_every_column() -> None:
    text = (ROOT / "docs/estimates.md").read_text(encoding="utf-8")
    assert [name for name in (*COLUMNS, *ANSWER_COLUMNS) if f"`{name}`" not in text] == []


def test_a_row_is_repeated_with_its_answer() -> None:
    (row,) = answered(HEADER, ROW)
    cells = dict(zip([*HEADER.split(","), *ANSWER_COLUMNS], row.cells, strict=True))
    assert list(cells.values())[:7] == ROW.split(",")
    assert (cells["patient_pays"], cells["medicare_pays"], cells["patient_pays_range"]) == ("18.86", "75.43", "")
    assert cells["kx_threshold_passed"] == "false"
    assert [line["code"] for line in json.loads(cells["lines"])] == ["97112", "97530"]
    assert cells["errors"] == ""


def test_the_answer_is_that_of_the_request_in_json() -> None:
    coverage = {"kind": "medigap", "plan": "N", "office_visit_copay": None}
    line = ["b", "2026-10-05", "10001", "", "97112-CQ:24m@60.00", "", json.dumps(coverage)]
    buffer = StringIO()
    csv.writer(buffer).writerow(line)
    (row,) = answered(HEADER, buffer.getvalue())
    request = {
        "date_of_service": "2026-10-05",
        "zip": "10001",
        "services": [{"code": "97112", "minutes": 24, "charge": "60.00", "discipline": "PT", "assistant": True}],
        "other_coverage": coverage,
    }
    assert row.response == to_json(estimate(request))
    scenarios = json.loads(row.cells[-2])
    assert scenarios.keys() == row.response["scenarios"].keys()
    assert all("patient_pays" in scenario and "steps" not in scenario for scenario in scenarios.values())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_in_any_order_and_spelling_and_more_columns(delimiter: str) -> None:
    header = ["Chart No", "SERVICES", "zip", "Date of service", "patient_pays", "therapy used to date"]
    row = ["=7", '"97112*2;97530*1"', "2139", "2026-10-05", "1.00", ""]
    table = read_table(["\ufeff\r\n", delimiter.join(header) + "\r\n", "\r\n", delimiter.join(row) + "\r\n"])
    assert table.columns == ("Chart No", "SERVICES", "zip", "Date of service", "therapy used to date")
    (one,) = table.answered(estimate)
    assert one.row.number == 4
    assert one.cells[:5] == ["=7", "97112*2;97530*1", "02139", "2026-10-05", ""]
    assert one.response["patient_pays_range"]


def test_wrong_rows_say_what_is_wrong_and_the_others_are_answered() -> None:
    rows = answered(
        HEADER + ",qualifying_apm",
        ROW,
        "b,10/5/2026,1000,x,97112*2;97112 2,0,{,maybe",
        'c,2026-10-05,10001,participating,97112*2,0,{"kind":"medigap","plan":"G"},',
        "d,2026-10-05,10001,participating,97112,0,,,,",
        "e,10/5/2026,00000,participating,97112*0,-1,,TRUE",
        'f,2026-10-05,10001,participating,97112*2,0,"{""kind"":""qmb"",""kind"":""slmb""}",',
    )
    assert ["errors" in row.response for row in rows] == [False, *[True] * 5]
    assert errors(rows[1]).keys() == {"services[1]", "coverage", "qualifying_apm"}
    assert "quotes" in errors(rows[2])["request"]
    assert "2 cells more than there are columns" in errors(rows[3])["request"]
    assert errors(rows[4]).keys() == {"date_of_service", "zip", "services[0].units", "deductible_remaining"}
    assert errors(rows[5]) == {"coverage.kind": "This field is given twice."}
    assert {len(row.cells) for row in rows} == {8 + len(ANSWER_COLUMNS)}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "date_of_service, services"),
        (["id,zip", "1,2"], "date_of_service, services"),
        ([HEADER + ",Services", ROW], "twice: services"),
        ([HEADER, ROW + '"never', 'closed"x', "x"], "Row 2 cannot be read as CSV"),
        ([HEADER, ROW, "x" * (csv.field_size_limit() + 1)], "Row 3 cannot be read as CSV"),
    ],
)
def test_what_is_no_table_is_refused_whole(lines: list[str], words: str) -> None:
    with pytest.raises(NotATable, match=words):
        answered(*lines)
