"""No address of an estimate breaks the page: every answer is given, or asked again with the reason at its question."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.web.estimates.questions.forms import USUAL
from finder.web.estimates.questions.table import ORDER
from tests.web.hard_numbers import HARD_NUMBERS
from tests.web.reading import parsed, text_of

NASTY = (
    *HARD_NUMBERS, "", " ", "0", "-1", "1", "43210", "00000", "Infinity", "1e9", "1000000000", "½",
    "2026-10-05", "2027-01-01", "0000-00-00", "9999-12-31", "10/05/2026", "'; DROP TABLE visits--", "=1+1", "<b>",
    "\x00", "{amount:money}", "%(name)s", "😀" * 40, "unknown", "medigap", "critical_access_hospital", "self_pay",
    "commercial", "work", "first", "by_hand", "known_amount", "dates", "weeks", "rate", "K", "97112", "part", "300",
)  # fmt: skip
NAMES = sorted({
    *ORDER, *USUAL, "npi", "lang", "keep", "look", "later", "later_weeks", "dates", "plan", "services-0-units",
    "services-0-minutes", "services-0-charge", "services-1-code", "services-99999999999-code", "services-x-code",
    "services-0-assistant", "services-0-typed", "services",
})  # fmt: skip
PAGES = ("/estimate", "/estimate/course", "/estimate.csv", "/estimate/course.csv", "/estimate/course/chart.svg")


@pytest.mark.slow
@settings(max_examples=150)
@given(
    page=st.sampled_from(PAGES[:4]),
    args=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NASTY) | st.text(max_size=20)), max_size=14),
)
def test_whatever_is_asked_is_answered_or_refused(client: FlaskClient, page: str, args: list[tuple[str, str]]) -> None:
    response = client.get(f"{page}?{urlencode(args)}")
    assert response.status_code in {200, 302, 400}
    if response.status_code == 302:
        again = client.get(response.headers["Location"])
        assert again.status_code in {200, 400}, "the shorter address is as short as can be"
    if response.status_code == 400:
        assert "Please look at this again" in response.text


@pytest.mark.parametrize("page", PAGES)
def test_an_address_of_junk_is_no_error_of_ours(client: FlaskClient, page: str) -> None:
    for query in ("%ff%fe", "zip=%00", "a" * 3000, "zip[]=1&zip[a]=2", "&&&===", "zip=1&zip=2&zip=3"):
        assert client.get(f"{page}?{query}", follow_redirects=True).status_code in {200, 400, 404}


def test_an_answer_that_nobody_offered_is_refused_in_our_own_words(client: FlaskClient) -> None:
    response = client.get("/estimate?coverage=zzz&zip=43210")
    assert response.status_code == 400
    assert "Choose one of these." in text_of(parsed(response.text))
    assert "employer_primary" not in text_of(parsed(response.text))


def test_a_table_holds_nothing_that_a_spreadsheet_would_run(client: FlaskClient) -> None:
    args = {
        "zip": "43210",
        "date": "2026-10-05",
        "visit": "by_hand",
        "services-0-code": "97112",
        "services-0-units": "1",
    }
    for query in (args, {**args, "npi": "=1+1"}):
        text = client.get("/estimate.csv", query_string=query).text
        cells = [cell for line in text.removeprefix("\ufeff").splitlines() for cell in line.split(",")]
        assert len(cells) > 30
        assert [cell for cell in cells if cell.lstrip('"')[:1] in {"=", "+", "-", "@"} and cell] == []


def test_a_table_has_the_amounts_and_the_day(client: FlaskClient) -> None:
    args = "zip=43210&date=2026-10-05&participation=participating&deductible=met"
    response = client.get(f"/estimate.csv?{args}")
    assert response.mimetype == "text/csv"
    rows = [line.split(",") for line in response.text.removeprefix("\ufeff").split("\r\n") if line]
    assert rows[0][-1] == "Shown on"
    assert rows[1][1:4] == ["balance and coordination training", "97112", "2"]
    assert rows[-1][5:] == [
        "103.35",
        "0.00",
        "20.67",
        "0.00",
        "82.68",
        "0.00",
        "0.00",
        "20.67",
        "20.67",
        "20.67",
        "20.67",
        "0.00",
        "",
        "2026-11-20",
    ]
    visits = client.get("/estimate/course.csv?zip=43210&start=2026-12-28&weeks=2&per_week=1&deductible=met").text
    assert "2026-12-28,,0.00" in visits
    assert "We do not have the 2027 amounts yet." in visits


def test_a_chart_is_the_same_for_the_same_question_and_loads_nothing(client: FlaskClient) -> None:
    address = (
        "/estimate/course/chart.svg?zip=43210&start=2026-10-05&weeks=3&deductible=full&participation=participating"
    )
    first, second = client.get(address), client.get(address)
    assert first.mimetype == "image/svg+xml"
    assert first.data == second.data
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert not re.search(r"<script|<image|<style|@import|href=|\son\w+=", first.text)
    assert not re.search(r"https?://(?!www\.w3\.org/)", first.text)
    bars = re.findall(r'aria-roledescription="bar"', first.text)
    assert len(bars) == 6
    dark = client.get(f"{address}&look=narrow-dark").text
    assert "#182327" in dark
    assert 'width="320"' in dark
    assert client.get(f"{address}&look=huge").status_code == 404


def test_what_was_answered_is_said_again_for_paper(client: FlaskClient) -> None:
    service = "visit=by_hand&services-0-code=97112&services-0-minutes=24"
    policy = "coverage=medigap&medigap_plan=wisconsin_basic&riders=part_b_excess&medigap_limit_left=5"
    page = text_of(parsed(client.get(f"/estimate?zip=43210&{service}&{policy}").text))
    summary = page.split("What you told us")[1].split("Your answers")[0]
    assert "Which Medigap plan? Wisconsin: Basic" in summary
    assert "What does your policy pay on top (riders)? charges above Medicare’s amount" in summary
    assert "The services balance and coordination training, minutes: 24" in summary
    assert "yearly limit" not in summary, "what does not matter is not said"
