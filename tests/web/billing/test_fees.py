"""The fee table as a page, for a spreadsheet and for a program."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from flask.testing import FlaskClient

from tests.web.reading import parsed, text_of
from tests.web.validity import page_faults

OHIO = {"zip": "43210", "year": "2026", "code": "97112"}
"""Full 31.37, further unit 24.20, 95% 29.80, limiting charge 34.27, 20% 6.27: tests/coverage/billing/test_fee_table."""


def rows_of(page: str) -> list[str]:
    """Return the rows of the table of fees as text."""
    tables = [one for one in parsed(page).iter("table") if "fees" in (one.get("class") or "")]
    return [text_of(row) for table in tables for row in table.iter("tr")][1:]


def test_without_a_question_there_is_the_form_and_what_the_columns_mean(client: FlaskClient) -> None:
    page = client.get("/fees").text
    assert rows_of(page) == []
    assert "What the columns mean" in page
    assert '<option selected value="2026">' in page


def test_one_code_has_every_amount_with_its_place_and_sources(client: FlaskClient) -> None:
    page = client.get("/fees", query_string=OHIO).text
    (row,) = rows_of(page)
    assert "Yes 5 A paid by Medicare $31.37 $24.20 $29.80 $34.27 $6.27" in row
    words = text_of(parsed(page))
    assert "Carrier 15202, locality 00." in words
    assert "Conversion factor: $33.4009." in words
    for source in ("PPRRVU2026_Apr_nonQPP.txt", "GPCI2026.csv", "ZIP5_APR2026.csv", "42 USC 1395w-4(g)(2)(C)"):
        assert source in words


def test_without_a_code_there_are_all(client: FlaskClient) -> None:
    rows = rows_of(client.get("/fees?zip=10001&year=2026").text)
    assert len(rows) == 95
    assert any("97010" in row and "part of the other services – – – – –" in row for row in rows)


def test_a_zip_of_two_areas_says_so(client: FlaskClient) -> None:
    table = json.loads(client.get("/fees.json?zip=02324").text)
    assert table["needs_plus_four"] is True
    assert "Part of this ZIP code lies in another payment area." in client.get("/fees?zip=02324").text


def test_spreadsheet_and_program_get_the_same_rows(client: FlaskClient) -> None:
    (in_csv,) = csv.DictReader(StringIO(client.get("/fees.csv", query_string=OHIO).text.removeprefix("\ufeff")))
    table = json.loads(client.get("/fees.json", query_string=OHIO).text)
    (in_json,) = table["fees"]
    assert in_json == {
        "code": "97112", "name": "balance and coordination training", "timed": True, "multiple_procedure": "5",
        "status_code": "A", "status": "payable", "fee": "31.37", "reduced_fee": "24.20",
        "nonparticipating_fee": "29.80", "limiting_charge": "34.27", "coinsurance": "6.27",
    }  # fmt: skip
    assert (table["carrier"], table["locality"], table["locality_name"]) == ("15202", "00", "Ohio")
    assert [in_csv[name] for name in ("Code", "Fee of one unit", "Fee of a further unit", "Limiting charge")] == [
        "97112", "31.37", "24.20", "34.27",
    ]  # fmt: skip
    assert in_csv["Carrier"] == "15202"
    assert "CMS GPCI2026.csv" in in_csv["Sources"]


@pytest.mark.parametrize(
    ("changes", "sentence", "value"),
    [
        ({"zip": "4321"}, "ZIP code of the place of care: Write the five digits", 'value="4321"'),
        ({"code": "12345"}, "Code: We do not know this therapy code.", 'value="12345"'),
        (
            {"year": "2027"},
            "Fee schedule: We have the fee schedules of these years: 2026, 2025, 2024.",
            'value="43210"',
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_question_and_kept(
    client: FlaskClient, changes: dict[str, str], sentence: str, value: str
) -> None:
    for address in ("/fees", "/fees.csv"):
        response = client.get(address, query_string=OHIO | changes)
        assert response.status_code == 400
        assert page_faults(response, "en") == []
        assert sentence in text_of(parsed(response.text))
        assert value in response.text
    program = client.get("/fees.json", query_string=OHIO | changes)
    assert program.status_code == 400
    assert [error["field"] for error in json.loads(program.text)["errors"]] == list(changes)


def test_the_two_schedules_of_2024_can_be_told_apart(client: FlaskClient) -> None:
    page = client.get("/fees", query_string=OHIO | {"year": "2024"}).text
    assert '<option selected value="2024-03-09">March 9, 2024 to December 31, 2024</option>' in page
    assert "$32.15" in rows_of(page)[0]
    assert "$31.63" in rows_of(client.get("/fees", query_string=OHIO | {"year": "2024-01-01"}).text)[0]
