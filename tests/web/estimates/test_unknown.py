"""The kind of place or of visit is not known: what each may cost, on the pages and in the tables."""

from __future__ import annotations

import csv
import re
from io import StringIO

from flask.testing import FlaskClient

from tests.web.estimates.estimate_pages import days, table_of, visit, visits_of


def test_the_kind_of_visit_may_be_unknown(client: FlaskClient) -> None:
    page = visit(client, zip="43210", visit="unknown")
    assert "You pay from $" in page
    for kind in ("First visit", "Follow-up visit", "Visit for dizziness", "Re-evaluation"):
        assert f"If the visit is of this kind: {kind}: $" in page


def test_neither_the_place_nor_the_visit_need_be_known(client: FlaskClient) -> None:
    page = visit(client, zip="43210", setting="unknown", visit="unknown")
    assert "You pay at least $12.88" in page
    assert "We do not know what kind of place it is." in page
    assert "We do not know what kind of visit it is. The range covers all the usual kinds." in page
    elsewhere = "If it is a clinic, or a hospital of the usual kind, and the visit is of this kind"
    amounts = {
        "First visit": "28.45",
        "Follow-up visit": "20.67",
        "Visit for dizziness": "14.15",
        "Re-evaluation": "12.88",
    }
    for kind, amount in amounts.items():
        assert f"{elsewhere}: {kind}: ${amount}" in page
    assert page.count("If it is a critical access hospital, which sets its own charges: we cannot say") == 1
    assert "It can be up to" not in page
    spanish = visit(client, zip="43210", setting="unknown", visit="unknown", lang="es")
    assert (
        "Si es una clínica, o un hospital del tipo habitual, y la visita es de este tipo: Primera visita: $28.45"
        in spanish
    )


def test_the_table_of_a_visit_has_all_amounts_of_each_case(client: FlaskClient) -> None:
    args = {
        "date": "2026-10-05",
        "zip": "43210",
        "visit": "unknown",
        "deductible": "met",
        "participation": "participating",
    }
    response = client.get("/estimate.csv", query_string={**args, "setting": "unknown"})
    rows = list(csv.DictReader(StringIO(response.text.removeprefix("\ufeff"))))
    totals = [row for row in rows if row["Service"] == "The whole visit"]
    approved = ["142.24", "103.35", "70.76", "64.42", ""]
    assert [row["Approved amount"] for row in totals] == approved
    assert [row["You pay"] for row in totals] == ["28.45", "20.67", "14.15", "12.88", ""]


UNKNOWN_PLACE = {"setting": "unknown", "deductible": "part", "deductible_left": "50"}


def test_an_unknown_place_leaves_open_all_but_the_least(client: FlaskClient) -> None:
    page = visit(client, **UNKNOWN_PLACE)
    assert "You pay at least $64.00" in page
    assert "If it is a clinic, or a hospital of the usual kind: $64.00" in page
    assert "If it is a critical access hospital, which sets its own charges: we cannot say" in page
    answer = page.split("You pay at least")[1].split("It depends")[0]
    assert "Goes to your deductible" not in answer  # each case has its own amounts


def test_in_an_unknown_place_a_course_has_open_visits_and_no_sums_of_a_clinic(client: FlaskClient) -> None:
    rows = visits_of(client, dates=days(3), **UNKNOWN_PLACE)
    assert [row[1:] for row in rows] == [
        ["You pay"],
        *([f"${low} or more"] for low in ("64.00", "24.00", "24.00", "112.00")),
    ]
    table = table_of(client, dates=days(3), **UNKNOWN_PLACE)
    assert [row["You pay at least"] for row in table] == ["64.00", "24.00", "24.00", "112.00"]
    assert {row["You pay at most"] + row["Approved amount"] for row in table} == {""}
    # The thresholds count what the fee schedule allows, at a critical access hospital too.
    assert [row["Physical and speech therapy: approved so far this year"] for row in table] == [
        "120.00",
        "240.00",
        "360.00",
        "",
    ]


def test_where_the_patient_pays_the_same_in_each_case_no_amount_of_one_case_is_shown(client: FlaskClient) -> None:
    page = visit(client, zip="43210", setting="unknown", visit="unknown", coverage="assistance", assistance="qmb")
    answer = page.split("What you told us")[0]
    assert "You pay about $0.00" in answer
    assert "Any kind of visit, October 5, 2026, ZIP code 43210" in answer
    assert "Approved amount" not in answer
    assert set(re.findall(r"\$[0-9,]+\.[0-9]{2}", answer)) == {"$0.00"}


def test_what_is_due_at_the_desk_is_open_where_the_therapist_may_be_any(client: FlaskClient) -> None:
    # By one who charges more, the whole bill may be asked for, and Medicare's part comes back.
    *visits, total = table_of(client, dates=days(2), participation="unknown")
    assert {row["Due at the visit, at most"] + row["Back by check"] for row in (*visits, total)} == {""}
    assert [row["Due at the visit, at most"] for row in table_of(client, dates=days(2))] == ["24.00", "24.00", "48.00"]
