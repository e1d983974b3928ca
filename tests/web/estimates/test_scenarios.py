"""The scenarios of people, on the pages of costs: what each pays, to the cent, and what is refused with its reason."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO

import pytest
from flask.testing import FlaskClient

from tests.web.estimates.estimate_pages import COURSE, course, days, table_of, visit, visits_of
from tests.web.reading import parsed, text_of


def test_an_unmet_deductible_is_used_up_visit_by_visit(client: FlaskClient) -> None:
    rows = visits_of(client, dates=days(3), deductible="full")
    assert [row[-1] for row in rows] == ["You pay", "$120.00", "$120.00", "$58.40", "$298.40"]
    assert rows[-1][-2] == "$61.60"
    page = course(client, 3, deductible="full")
    assert "You pay about $298.40 for 3 visits" in page
    assert not re.search(r"20\s*(%|percent)\s*deductible", page)


@pytest.mark.parametrize(
    ("coverage", "amount"),
    [
        ({}, "You pay about $240.00 for 10 visits"),
        ({"coverage": "medigap", "medigap_plan": "G"}, "You pay about $0.00 for 10 visits"),
        ({"coverage": "medigap", "medigap_plan": "K"}, "You pay about $120.00 for 10 visits"),
        ({"coverage": "medigap", "medigap_plan": "K", "medigap_limit_left": "60"}, "You pay about $60.00 for 10"),
        ({"coverage": "medigap", "medigap_plan": "N"}, "You pay about $0.00 for 10 visits It can be up to $200.00."),
        ({"coverage": "medigap", "medigap_plan": "N", "medigap_copay": "15"}, "You pay about $150.00 for 10 visits"),
        ({"coverage": "medigap", "medigap_plan": "unknown"}, "You pay from $0.00 to $240.00 for 10 visits"),
        ({"coverage": "assistance", "assistance": "qmb"}, "You pay about $0.00 for 10 visits"),
        ({"coverage": "assistance", "assistance": "slmb"}, "You pay about $240.00 for 10 visits"),
        ({"coverage": "assistance"}, "You pay from $0.00 to $240.00 for 10 visits"),
        ({"coverage": "tricare_for_life"}, "You pay about $0.00 for 10 visits"),
        ({"coverage": "work", "work": "second", "work_paid_second": "14"}, "You pay about $100.00 for 10 visits"),
        ({"coverage": "medicare_advantage", "plan_cost": "copay", "copay": "40", "most_left": "250"},
         "You pay about $250.00 for 10 visits"),
        ({"coverage": "commercial", "plan_cost": "rate", "rate": "30%", "plan_price": "100",
          "plan_deductible_left": "150"}, "You pay about $405.00 for 10 visits"),
        ({"coverage": "self_pay", "self_charge": "80"}, "You pay about $800.00 for 10 visits"),
        ({"coverage": "va_community_care"}, "You pay from $0.00 to $500.00 for 10 visits"),
        ({"participation": "nonparticipating_unassigned"}, "You pay about $399.00 for 10 visits"),
        ({"participation": "nonparticipating_assigned"}, "You pay about $228.00 for 10 visits"),
    ],
)  # fmt: skip
def test_ten_visits_with_every_kind_of_coverage(client: FlaskClient, coverage: dict[str, str], amount: str) -> None:
    assert amount in course(client, 10, **coverage)


PLAN_N = {"coverage": "medigap", "medigap_plan": "N"}


def test_what_plan_n_may_leave_stands_at_each_visit_and_in_the_sum_of_them(client: FlaskClient) -> None:
    rows = visits_of(client, dates=days(10), **PLAN_N)
    assert {row[-1] for row in rows[1:-1]} == {"$0.00 to $20.00"}
    assert {row[-2] for row in rows[1:-1]} == {"$4.00 to $24.00"}  # of the coinsurance, $24, the copay is left out
    assert rows[-1][-2:] == ["$40.00 to $240.00", "$0.00 to $200.00"]
    assert "do not add up" not in rows[-1][0]
    page = course(client, 10, **PLAN_N)
    assert "Your other coverage pays $40.00 to $240.00" in page
    assert (
        "from $0.00 to $20.00. The table has the numbers."
        in client.get(
            "/estimate/course", query_string={**COURSE, **PLAN_N, "dates": days(10)}, follow_redirects=True
        ).text
    )
    assert "Your other coverage pays $4.00 to $24.00" in visit(client, **PLAN_N)


def test_the_visits_of_plan_n_add_up_where_the_deductible_is_not_known(client: FlaskClient) -> None:
    rows = visits_of(client, dates=days(5), deductible="unknown", **PLAN_N)
    pays = ["$0.00 to $120.00", "$0.00 to $120.00", "$0.00 to $58.40", "$0.00 to $20.00", "$0.00 to $20.00"]
    assert [row[-1] for row in rows[1:]] == [*pays, "$0.00 to $338.40"]
    assert "do not add up" not in rows[-1][0]


def test_where_the_visits_do_not_add_up_the_total_says_why(client: FlaskClient) -> None:
    plan_k = {"coverage": "medigap", "medigap_plan": "K", "medigap_limit_left": "60", "deductible": "unknown"}
    rows = visits_of(client, dates=days(6), **plan_k)
    # With the deductible met 12 at each of five visits; with none of it paid 60 at the first: the limit is reached.
    assert [row[-1] for row in rows[1:]] == ["$12.00 to $60.00", *["$0.00 to $12.00"] * 4, "$0.00", "$60.00"]
    assert "do not add up to this" in rows[-1][0]
    assert "do not add up to this" in table_of(client, dates=days(6), **plan_k)[-1]["Notes"]


def test_the_table_for_a_spreadsheet_has_the_amounts_of_the_page_and_their_sum(client: FlaskClient) -> None:
    columns = ("Visit", "Your other coverage pays", "You pay", "You pay at least", "You pay at most")
    rows = [[row[name] for name in columns] for row in table_of(client, dates=days(3), **PLAN_N)]
    visits = [[number, "", "", "0.00", "20.00"] for number in "123"]
    assert rows == [*visits, ["All visits", "", "", "0.00", "60.00"]]
    paid = table_of(client, dates=days(3), **PLAN_N, medigap_copay="15")
    assert [row["You pay"] for row in paid] == ["15.00", "15.00", "15.00", "45.00"]


def test_qmb_says_that_nobody_may_bill(client: FlaskClient) -> None:
    assert "you may not be billed" in course(client, 10, coverage="assistance", assistance="qmb")


def test_charging_more_than_medicare_allows_shows_both_parts(client: FlaskClient) -> None:
    page = visit(client, participation="nonparticipating_unassigned")
    assert "You pay about $39.90" in page
    assert "Your coinsurance $22.80" in page
    assert "Charged above that $17.10" in page


def test_what_medicare_takes_off_its_check_is_added_up_over_the_visits(client: FlaskClient) -> None:
    unassigned = {"participation": "nonparticipating_unassigned"}
    assert "That costs you $1.82 more" in visit(client, **unassigned)
    assert "That costs you $18.20 more" in course(client, 10, **unassigned)


def test_medicare_advantage_asks_for_the_copay_and_shows_no_share_of_medicare(client: FlaskClient) -> None:
    for page in (visit(client, coverage="medicare_advantage"), course(client, 10, coverage="medicare_advantage")):
        assert "We cannot say yet what you pay" in page
        assert "Ask your plan for its copay" in page
        assert "20%" not in page


ADVANTAGE = {"coverage": "medicare_advantage"}
COPAY = {**ADVANTAGE, "plan_cost": "copay", "copay": "40"}
RATE = {**ADVANTAGE, "plan_cost": "rate", "rate": "30", "plan_price": "100"}


@pytest.mark.parametrize(
    ("plan", "columns", "amounts"),
    [
        (ADVANTAGE, ["Visit", "You pay"], ["not known"]),
        (COPAY, ["Visit", "You pay"], ["$40.00"]),
        (
            RATE,
            ["Visit", "Approved", "Coinsurance", "Others pay", "You pay"],
            ["$100.00", "$30.00", "$70.00", "$30.00"],
        ),
    ],
)
def test_a_plan_that_sets_the_price_has_no_amounts_of_part_b(
    client: FlaskClient, plan: dict[str, str], columns: list[str], amounts: list[str]
) -> None:
    head, *rows = visits_of(client, dates=days(3), **plan)
    assert head == columns
    assert [row[1:] for row in rows[:-1]] == [amounts] * 3
    for row in table_of(client, dates=days(3), **plan):
        assert row["Medicare pays"] == row["Goes to your deductible"] == row["Charged above that"] == ""
    for page in (visit(client, **plan), course(client, 3, **plan)):
        assert "Medicare pays" not in page.split("Your answers")[0]
        assert "goes to your deductible" not in page
    single = client.get("/estimate.csv", query_string={"date": "2026-10-05", **plan}).text.removeprefix("\ufeff")
    assert list(csv.DictReader(StringIO(single)))[-1]["Medicare pays"] == ""


def test_what_nobody_knows_is_no_bar_of_nothing(client: FlaskClient) -> None:
    page = client.get(
        "/estimate/course", query_string={**COURSE, **ADVANTAGE, "dates": days(3)}, follow_redirects=True
    ).text
    assert "Bar chart of 3 visits with no known cost." in page
    assert "$0.00" not in text_of(parsed(page)).split("Your answers")[0]


def test_a_deductible_of_the_plan_itself_is_shown(client: FlaskClient) -> None:
    plan = {"coverage": "commercial", "plan_cost": "rate", "rate": "30", "plan_price": "100"}
    head, *rows = visits_of(client, dates=days(3), plan_deductible_left="150", **plan)
    assert head == ["Visit", "Approved", "Deductible", "Coinsurance", "Others pay", "You pay"]
    assert [row[2] for row in rows] == ["$100.00", "$50.00", "$0.00", "$150.00"]


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ({"coverage": "work", "work": "first", "work_charge": "175", "work_price": "150", "work_paid_first": "100"},
         "You pay about $0.00"),
        ({"coverage": "work", "work": "first"}, "You pay from $0.00 to $24.00"),
        ({"coverage": "unknown"}, "It depends on your insurance: from $0.00"),
        ({"setting": "home_health_benefit"}, "You pay about $0.00"),
        ({"setting": "skilled_nursing_part_b", "participation": "nonparticipating_unassigned"}, "You pay about $24.00"),
        ({"setting": "unknown"}, "You pay at least $24.00"),
        ({"fee_charge": "100"}, "You pay about $20.00"),
    ],
)  # fmt: skip
def test_a_visit_in_other_places_and_with_other_payers(
    client: FlaskClient, changes: dict[str, str], amount: str
) -> None:
    assert amount in visit(client, **changes)


def test_a_critical_access_hospital_is_refused_without_its_charge(client: FlaskClient) -> None:
    refused = visit(client, setting="critical_access_hospital")
    assert "We cannot say yet what you pay" in refused
    assert "a critical access hospital sets its own charges" in refused
    assert "$" not in refused.split("We cannot say yet what you pay")[1].split("What you told us")[0].replace("$0", "")
    assert "You pay about $60.00" in visit(client, setting="critical_access_hospital", charge="300")


def test_thresholds_are_notes_at_their_visits_and_no_limit(client: FlaskClient) -> None:
    rows = visits_of(client, dates=days(26), zip="")
    assert [row[0].split(".")[0] for row in rows if "This is not a limit" in row[0]] == ["21", "26"]
    assert "that you need the care" in rows[21][0]
    assert "physical and speech therapy together" in rows[21][0]
    assert rows[-1][-1] == "$624.00"


def test_occupational_therapy_is_counted_by_itself(client: FlaskClient) -> None:
    used = {"fee_discipline": "OT", "therapy_used": "2480", "dates": days(21)}
    rows = visits_of(client, **used)
    assert [row[0].split(".")[0] for row in rows if "occupational therapy" in row[0]] == ["21"]


def test_new_year_begins_the_deductible_anew_and_shows_each_year(client: FlaskClient) -> None:
    page = course(client, 6, dates=days(6, first=date(2025, 12, 23)))
    assert "Year by year" in page
    assert re.search(r"2025 3 \$360\.00 \$0\.00 \$72\.00", page)
    assert re.search(r"2026 3 \$360\.00 \$283\.00 \$298\.40", page)


def test_visits_in_a_year_without_amounts_are_left_out_and_say_so(client: FlaskClient) -> None:
    page = course(client, 4, dates="12/28/2026 12/30/2026 01/04/2027 01/06/2027")
    assert "You pay about $48.00 for 2 of your 4 visits" in page
    says = "2 of your 4 visits are in 2027. They are not in the total: we do not have the 2027 amounts yet."
    assert page.count(says) == 2  # below the amount, and at the question
    assert "2 of your 4 visits $240.00" in page
    rows = visits_of(client, dates="12/28/2026 12/30/2026 01/04/2027 01/06/2027")
    assert [row[0][:18] for row in rows if "amounts yet" in row[0]] == ["3. January 4, 2027"]  # said once


def test_the_same_visits_at_a_later_time_stand_beside(client: FlaskClient) -> None:
    args = {"plan": "weekly", "start": "2025-12-01", "weeks": "2", "per_week": "2", "deductible": "met"}
    page = course(client, 1, **args, later="new_year")
    assert "As planned December 1, 2025 to December 11, 2025 $96.00" in page
    assert "5 weeks later January 5, 2026 to January 15, 2026 $322.40" in page
    assert "Of this, $283.00 goes to your deductible." in page
    assert "One week later" in course(client, 1, **args, later="weeks", later_weeks="1")


def test_holidays_are_left_out_if_asked(client: FlaskClient) -> None:
    args = {"plan": "weekly", "start": "2026-11-23", "weeks": "1", "per_week": "2"}
    assert "November 27, 2026" in course(client, 1, **args, holidays="yes")
    assert "November 26, 2026" in course(client, 1, **args, holidays="no")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"dates": ""}, "The days of the visits: Write the day of each visit."),
        ({"dates": "soon"}, "We could not read “soon”."),
        ({"dates": "2026-01-05 01/05/2026"}, "The days of the visits:"),
        ({"dates": days(151)}, "These are too many: 150 days at most."),
        ({"dates": "1999-01-05"}, "We do not have the 1999 amounts."),
        ({"plan": "weekly", "start": ""}, "Day of the first visit:"),
        ({"plan": "weekly", "start": "9999-12-31"}, "Day of the first visit:"),
        ({"plan": "visits", "visits": "367"}, "How many visits? This must be a whole number from 1 to 366."),
        ({"plan": "visits", "visits": ""}, "How many visits?"),
        ({"plan": "weekly", "weeks": "53"}, "This must be a whole number from 1 to 52."),
        ({"plan": "weekly", "weeks": "1e9"}, "For how many weeks?"),
        ({"plan": "weekly", "per_week": "6"}, "How often? Choose one of these."),
        ({"plan": "never"}, "How are your visits planned? Choose one of these."),
        ({"later": "weeks", "later_weeks": "-1"}, "How many weeks later?"),
        ({"fee": ""}, "Medicare-approved amount for one visit:"),
        ({"fee": "-120"}, "Medicare-approved amount for one visit: An amount cannot be negative."),
        ({"coverage": "moon"}, "What insurance do you have? Choose one of these."),
        ({"coverage": "medigap", "medigap_plan": "Z"}, "Which Medigap plan? Choose one of these."),
        ({"coverage": "medigap", "medigap_plan": "K", "medigap_limit_left": "-1"},
         "What is left of the plan’s yearly limit? An amount cannot be negative."),
        ({"coverage": "medicare_advantage", "plan_cost": "copay"}, "Your copay for a therapy visit:"),
        ({"coverage": "commercial", "plan_cost": "rate", "rate": "101"}, "Write a number from 0 to 100, like 30."),
        ({"coverage": "work", "work": "first", "work_paid_first": "x"}, "What does the plan pay first for the visit?"),
        ({"setting": "critical_access_hospital", "charge": "NaN"}, "What does the hospital charge for the visit?"),
        ({"coverage": "self_pay", "self_charge": "Infinity"}, "What do they charge you for the visit?"),
        ({"deductible": "part", "deductible_left": "2830"}, "The yearly deductible of 2026 is $283.00."),
        ({"therapy_used": "lots"}, "Physical and speech therapy that Medicare approved this year:"),
        ({"participation": "'; DROP TABLE visits--"}, "Do they take Medicare’s amount as full payment?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_course_is_said_at_its_question(
    client: FlaskClient, changes: dict[str, str], says: str
) -> None:
    args = {**COURSE, "dates": days(3), "start": "2026-10-05", "weeks": "2", **changes}
    response = client.get("/estimate/course", query_string=args, follow_redirects=True)
    page = text_of(parsed(response.text))
    assert response.status_code == 400, page
    assert says in page
    assert "Traceback" not in page
