"""What an answer shows beside its amount: what is not covered, a stand-in, the therapy counters, lines for billers."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from flask.testing import FlaskClient

from tests.web.estimates.estimate_pages import course, days, table_of, visit, visits_of
from tests.web.reading import parsed, text_of

BY_HAND = {"zip": "43210", "visit": "by_hand", "services-1-code": "97112", "services-1-units": "2"}
INFRARED = {**BY_HAND, "services-0-code": "97026", "services-0-units": "1"}
"""Infrared light, which Medicare does not cover (NCD 270.6), and two units of balance training: $31.37 + $24.20."""

NOT_A_PRICE = "Not a price: what it would be at 2026 prices"


def visit_table(client: FlaskClient, **args: str) -> list[dict[str, str]]:
    """Return the rows of the table of a visit with the deductible met, by a participating therapist."""
    usual = {"date": "2026-10-05", "participation": "participating", "deductible": "met"}
    text = client.get("/estimate.csv", query_string={**usual, **args}).text
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_a_visit_in_a_year_without_amounts_has_a_reason_and_a_stand_in(client: FlaskClient) -> None:
    next_year = {"zip": "43210", "date": "2027-01-05", "visit": "follow_up"}
    answer = visit(client, **next_year).split("What you told us")[0]
    assert "You pay" not in answer
    assert f"We do not have the 2027 amounts yet. {NOT_A_PRICE} $20.67 for one visit" in answer
    whole, stand_in = visit_table(client, **next_year)
    assert {name for name, cell in whole.items() if cell} == {"Service", "Notes", "Shown on"}
    assert (stand_in["Service"], stand_in["You pay"]) == (NOT_A_PRICE, "20.67")


def test_a_stand_in_tells_that_a_new_deductible_begins(client: FlaskClient) -> None:
    args = {"dates": "12/28/2026 12/30/2026 01/04/2027 01/06/2027"}
    answer = course(client, 1, **args).split("What you told us")[0]
    # In January all of the first 120 goes to the deductible, and of the second too.
    assert f"{NOT_A_PRICE} $240.00 for 2 visits A new yearly deductible" in answer
    assert "You pay about $48.00 for 2 of your 4 visits" in answer
    assert [row["You pay"] for row in table_of(client, **args)] == ["24.00", "24.00", "", "", "48.00", "240.00"]


def test_what_is_not_covered_stands_before_the_price(client: FlaskClient) -> None:
    response = client.get(
        "/estimate",
        query_string={**INFRARED, "date": "2026-10-05", "participation": "participating", "deductible": "met"},
    )
    (focused,) = [one for one in parsed(response.text).iter() if one.get("autofocus") is not None]
    assert text_of(focused) == "Not covered by Medicare"
    answer = text_of(parsed(response.text)).split("What you told us")[0]
    assert answer.index("(97026)") < answer.index("You pay at least $11.11")
    assert answer.count("(97026)") == 1
    assert "Not covered by Medicare not known" in answer
    infrared, balance, whole = visit_table(client, **INFRARED)
    assert [row["Not covered by Medicare"] for row in (infrared, balance, whole)] == ["", "0.00", ""]


def test_a_charge_that_is_not_covered_is_paid_in_full(client: FlaskClient) -> None:
    charged = {**INFRARED, "services-0-charge": "25"}
    answer = visit(client, **charged)
    assert "You pay about $36.11" in answer  # 20% of 55.57, and 25
    assert "Not covered by Medicare $25.00" in answer
    assert [row["Not covered by Medicare"] for row in visit_table(client, **charged)] == ["25.00", "0.00", "25.00"]
    head, first, _second, total = visits_of(client, dates=days(2), **charged)
    column = head.index("Not covered")
    assert (first[column], total[column], total[-1]) == ("$25.00", "$50.00", "$72.22")
    assert "Not covered" not in visits_of(client, dates=days(2), **BY_HAND)[0]
    assert visits_of(client, dates=days(2), **INFRARED)[1][column] == "not known"


def test_what_is_covered_only_after_other_care_is_a_softer_notice(client: FlaskClient) -> None:
    answer = visit(client, **{**BY_HAND, "services-0-code": "G0283", "services-0-units": "1"})
    assert "Covered only after other care" not in answer
    answer = visit(client, **{**BY_HAND, "services-0-code": "90912", "services-0-units": "1"})
    before = answer.split("You pay")[0]
    assert "Covered only after other care" in before
    assert "Not covered by Medicare" not in before


def counters(client: FlaskClient, **args: str) -> list[str]:
    """Return the rows of the table of counters."""
    page = client.get("/estimate/course", query_string={"visit": "known_amount", "fee": "120", "plan": "dates", **args})
    tables = [one for one in parsed(page.text).iter("table") if "KX threshold" in text_of(one)]
    return [text_of(row) for table in tables for row in table.iter("tr")][1:]


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        # 20 × 120 = 2,400; 21 × 120 = 2,520; 25 × 120 = 3,000; 26 × 120 = 3,120.
        ({}, ["Physical and speech therapy, 2026 $3,120.00 $2,480.00: passed at visit 21, March 6, 2026 "
              "$3,000.00: passed at visit 26, March 21, 2026"]),
        ({"dates": days(20), "fee_discipline": "OT", "therapy_used": "2000", "ot_used": "100"},
         ["Occupational therapy, 2026 $2,500.00 $2,480.00: passed at visit 20, March 3, 2026 "
          "$3,000.00: $500.00 left"]),
        ({"dates": days(1), "therapy_used": "2500"},
         ["Physical and speech therapy, 2026 $2,620.00 $2,480.00: passed before these visits "
          "$3,000.00: $380.00 left"]),
        # Without assignment Medicare allows 114 a visit: 21 × 114 = 2,394, the 22nd passes.
        ({"dates": days(22), "participation": "unknown"},
         ["Physical and speech therapy, 2026 $2,508.00 to $2,640.00 "
          "$2,480.00: may be passed from visit 21 on, March 6, 2026 $3,000.00: $360.00 to $492.00 left"]),
        ({"dates": "12/30/2025 01/02/2026"},
         ["Physical and speech therapy, 2025 $120.00 $2,410.00: $2,290.00 left $3,000.00: $2,880.00 left",
          "Physical and speech therapy, 2026 $120.00 $2,480.00: $2,360.00 left $3,000.00: $2,880.00 left"]),
        ({"coverage": "medicare_advantage"}, []),
    ],
)  # fmt: skip
def test_the_counters_say_what_is_left_and_which_visit_passes(
    client: FlaskClient, changes: dict[str, str], rows: list[str]
) -> None:
    usual = {"dates": days(26), "participation": "participating", "deductible": "met"}
    assert counters(client, **{**usual, **changes}) == rows


def test_the_spreadsheet_has_both_counters(client: FlaskClient) -> None:
    last_visit = table_of(client, dates=days(21))[20]
    assert {name: cell for name, cell in last_visit.items() if "therapy:" in name} == {
        "Physical and speech therapy: approved so far this year": "2520.00",
        "Physical and speech therapy: left to the KX threshold": "0.00",
        "Physical and speech therapy: above the KX threshold": "Yes",
        "Physical and speech therapy: left to the review threshold": "480.00",
        "Physical and speech therapy: above the review threshold": "No",
        "Occupational therapy: approved so far this year": "0.00",
        "Occupational therapy: left to the KX threshold": "2480.00",
        "Occupational therapy: above the KX threshold": "No",
        "Occupational therapy: left to the review threshold": "3000.00",
        "Occupational therapy: above the review threshold": "No",
    }


def test_a_single_visit_has_its_counter_in_one_line(client: FlaskClient) -> None:
    line = "Physical and speech therapy, counted for 2026 with this visit: $2,520.00. KX threshold, $2,480.00: passed"
    page = visit(client, therapy_used="2400")
    assert f"{line} with this visit. Review threshold, $3,000.00: $480.00 left. A threshold is not a limit" in page


def test_billers_see_modifiers_reduced_units_limiting_charge_and_locality(client: FlaskClient) -> None:
    page = visit(client, **BY_HAND, participation="nonparticipating_unassigned", therapy_used="2480")
    folded = page.split("For billers: modifiers and fees")[1]
    assert "Medicare carrier 15202, locality 00" in folded
    # 1.0925 × 31.37 = 34.27; 1.0925 × 24.20 = 26.44
    assert "97112 GP KX $31.37 1 of 2, each $24.20 $60.71" in folded
    assert "Limiting charge" not in visit(client, **BY_HAND)
