"""A course of care on its page: how many visits are asked for, and how many a total counts."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.estimates.estimate_pages import course, table_of, visit, visits_of
from tests.web.reading import parsed, text_of

BY_COUNT = {"plan": "visits", "start": "2026-10-05"}


def test_a_course_is_asked_by_its_number_of_visits(client: FlaskClient) -> None:
    rows = visits_of(client, **BY_COUNT, visits="11", per_week="2")
    assert [row[0] for row in rows[-3:]] == ["10. November 5, 2026", "11. November 9, 2026", "All visits"]
    assert rows[-1][-1] == "$264.00"


@pytest.mark.parametrize(
    ("old", "visits"),
    [({"weeks": "5", "per_week": "3"}, 15), ({"per_week": "3"}, 24), ({"weeks": "3"}, 6), ({}, 16)],
)
def test_earlier_addresses_still_tell_visits_a_week_and_weeks(
    client: FlaskClient, old: dict[str, str], visits: int
) -> None:
    args = {"start": "2026-01-05", "zip": "", "visit": "known_amount", "fee": "120", "participation": "participating"}
    page = client.get("/estimate/course", query_string={**args, "deductible": "met", **old}, follow_redirects=True)
    assert f"for {visits} visits" in text_of(parsed(page.text))


def test_the_question_tells_which_visits_no_total_would_count(client: FlaskClient) -> None:
    page = text_of(parsed(client.get("/estimate/course?start=2026-12-28&visits=3&per_week=1").text))
    assert "2 of your 3 visits are in 2027. They are not in the total" in page
    unanswered = text_of(parsed(client.get("/estimate/course").text))
    assert "As filled in here: 4 of your 16 visits are in 2027." in unanswered


def test_every_total_tells_for_how_many_visits_it_is(client: FlaskClient) -> None:
    args = {**BY_COUNT, "start": "2026-12-28", "visits": "3", "per_week": "2"}
    assert "You pay about $48.00 for 2 of your 3 visits" in course(client, 1, **args)
    assert "what you pay at each visit, for 2 of your 3 visits, from $24.00 to $24.00" in (
        client.get("/estimate/course", query_string={**args, "visit": "known_amount", "fee": "120", "deductible": "met",
                   "participation": "participating", "zip": ""}).text
    )  # fmt: skip
    *_visits, total, stand_in = table_of(client, **args)
    assert (total["Visit"], total["You pay"]) == ("2 of your 3 visits", "48.00")
    assert total["Notes"].startswith("One of your 3 visits is in 2027.")
    # A new deductible begins: all of the 120 goes to it.
    assert (stand_in["Visit"], stand_in["You pay"]) == ("Not a price: what it would be at 2026 prices", "120.00")


def test_a_later_start_is_compared_for_as_many_visits_at_both_times(client: FlaskClient) -> None:
    args = {**BY_COUNT, "start": "2026-12-07", "visits": "6", "per_week": "2", "later": "weeks", "later_weeks": "2"}
    page = course(client, 1, **args)
    assert "You pay about $144.00 for 6 visits" in page
    assert "We have amounts for both times for the first 4 visits only, so we compare those." in page
    assert "As planned December 7, 2026 to December 17, 2026 $96.00 for 4 of your 6 visits" in page
    assert "2 weeks later December 21, 2026 to December 31, 2026 $96.00 for 4 of your 6 visits" in page


def test_without_amounts_for_the_later_time_nothing_is_compared(client: FlaskClient) -> None:
    page = course(client, 1, **BY_COUNT, visits="2", later="new_year")
    assert "We cannot compare. Later, your visits would be from January 4, 2027 to January 7, 2027" in page
    assert "You pay about $48.00 for 2 visits" in page


def test_what_is_due_at_the_desk_and_what_comes_back_stands_at_the_total_and_at_each_visit(client: FlaskClient) -> None:
    args = {**BY_COUNT, "visits": "2", "participation": "nonparticipating_unassigned"}
    page = course(client, 1, **args)
    assert "At the desk you may have to pay the whole bills: $262.20 in all." in page
    assert "Medicare then sends its part to you by check: $182.40." in page
    rows = visits_of(client, **args)
    assert rows[0][-3:] == ["Due at the desk", "Back by check", "You pay"]
    assert [row[-3:] for row in rows[2:]] == [["$131.10", "$91.20", "$39.90"], ["$262.20", "$182.40", "$79.80"]]
    assert "Due at the visit: $24.00 (your share)." in visit(client)
    assert "At the desk you may have to pay the whole bill: $131.10." in visit(
        client, participation="nonparticipating_unassigned"
    )


def test_help_from_the_state_is_never_asked_for_money_at_the_desk(client: FlaskClient) -> None:
    page = visit(client, participation="nonparticipating_unassigned", coverage="assistance", assistance="qmb")
    assert "Due at the visit: $0.00" in page
    assert "whole bill" not in page


def test_a_note_that_holds_for_many_visits_is_said_once(client: FlaskClient) -> None:
    rows = visits_of(client, **{**BY_COUNT, "start": "2026-12-31"}, visits="4", per_week="2")
    assert [row[0] for row in rows if "amounts yet" in row[0]] == [
        "2. January 4, 2027 We do not have the 2027 amounts yet."
    ]
