"""The page of costs: its address is the question, its answer has every step, and what is wrong is said at its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
import textstat
from flask.testing import FlaskClient

from tests.web.reading import parsed, prose, text_of

QUESTION = {
    "zip": "43210",
    "date": "2026-10-05",
    "visit": "follow_up",
    "setting": "private_practice",
    "participation": "participating",
    "deductible": "met",
}
"""A follow-up visit in Ohio with the deductible met: 20% of $103.35."""


def estimate_page(client: FlaskClient, changes: Mapping[str, str] | None = None, status: int = 200) -> str:
    """Ask, with some answers changed; give the text of the page."""
    response = client.get("/estimate", query_string={**QUESTION, **(changes or {})})
    assert response.status_code == status, response.text
    return text_of(parsed(response.text))


def amount(page: str) -> str:
    """Return the large amount of the answer."""
    found = re.search(r"You pay (?:about|from) (\$[0-9.,]+(?: to \$[0-9.,]+)?)", page)
    assert found, page
    return found[1]


def test_without_a_question_there_is_only_the_form(client: FlaskClient) -> None:
    page = client.get("/estimate").text
    assert "You pay" not in text_of(parsed(page))
    assert 'value="2026-11-20"' in page


@pytest.mark.parametrize(
    ("changes", "expected_amount"),
    [
        ({}, "$20.67"),
        ({"zip": "10001", "visit": "first_visit"}, "$32.80"),
        ({"zip": "10001", "visit": "first_visit", "deductible": "full"}, "$164.05"),
        ({"zip": "10001", "visit": "first_visit", "deductible": "part", "deductible_left": "130"}, "$136.81"),
        ({"zip": "10001", "visit": "first_visit", "deductible": "part", "deductible_left": " $130.00 "}, "$136.81"),
        ({"zip": "10001", "visit": "first_visit", "deductible": "unknown"}, "$32.80 to $164.05"),
        ({"zip": "77030", "visit": "by_hand", "services-0-code": "95992", "services-1-code": "97112",
          "services-1-units": "2"}, "$19.81"),
        ({"zip": "59601", "visit": "by_hand", "services-0-code": "97110", "services-0-units": "2",
          "services-1-code": "97116", "services-1-units": "1"}, "$14.69"),
        ({"visit": "by_hand", "services-2-code": "97112", "services-2-units": "1", "services-2-charge": "10"}, "$2.00"),
        ({"setting": "hospital_outpatient"}, "$20.67"),
    ],
)  # fmt: skip
def test_the_amount_is_right_to_the_cent(client: FlaskClient, changes: dict[str, str], expected_amount: str) -> None:
    assert amount(estimate_page(client, changes)) == expected_amount


def test_every_step_is_shown_with_its_source(client: FlaskClient) -> None:
    document = parsed(client.get("/estimate", query_string=QUESTION).text)
    steps = next(one for one in document.iter("table") if "step by step" in text_of(one))
    rows = [text_of(row) for row in steps.iter("tr")][1:]
    assert len(rows) > 5
    assert any("42 USC 1395w-4(b)(7)" in row for row in rows)
    assert rows[-1].endswith("$20.67")
    assert "Shown on November 20, 2026." in text_of(document)


def test_money_is_written_alike_wherever_it_is_said(client: FlaskClient) -> None:
    page = estimate_page(
        client, {"visit": "known_amount", "fee": "1200.5", "fee_charge": " $2,000 ", "therapy_used": "1500"}
    )
    assert "A visit for which Medicare approves $1,200.50" in page
    summary = page.split("What you told us")[1].split("Your answers")[0]
    for words in ("one visit $1,200.50", "$2,000.00", "Medicare approved this year $1,500.00"):
        assert words in summary
    plan = {"date": "2026-10-05", "coverage": "commercial", "plan_cost": "rate", "rate": "30", "plan_price": "80"}
    page = text_of(parsed(client.get("/estimate", query_string=plan, follow_redirects=True).text))
    assert "Your share, in percent 30" in page
    assert "$80.00" in page.split("What you told us")[1].split("Your answers")[0]


def test_what_is_not_known_is_shown_case_by_case(client: FlaskClient) -> None:
    page = estimate_page(client, {"deductible": "unknown"})
    assert "If your yearly deductible is paid: $20.67" in page
    assert "If nothing of your yearly deductible is paid: $103.35" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"date": "soon"}, "Day of the visit:"),
        ({"date": ""}, "Day of the visit: This is needed."),
        ({"zip": ""}, "ZIP code of the therapist: This is needed."),
        ({"zip": "00000"}, "ZIP code of the therapist:"),
        ({"zip": "'; DROP TABLE--"}, "ZIP code of the therapist:"),
        ({"deductible": "part"}, "How much of it is left to pay?"),
        ({"deductible": "part", "deductible_left": "-5"}, "An amount cannot be negative."),
        ({"deductible": "part", "deductible_left": "NaN"}, "How much of it is left to pay?"),
        ({"deductible": "part", "deductible_left": "1e9"}, "How much of it is left to pay?"),
        (
            {"deductible": "part", "deductible_left": "900"},
            "How much of it is left to pay? The yearly deductible of 2026 is $283.00. More than that cannot be left",
        ),
        ({"visit": "by_hand"}, "What kind of visit? Choose at least one service."),
        ({"visit": "by_hand", "services-1-code": "97112"}, "Units: 97112 is billed by time: give units or minutes."),
        ({"visit": "by_hand", "services-1-units": "2"}, "Service: This is needed."),
        ({"visit": "by_hand", "services-0-code": "97112", "services-0-units": "x"}, "Units:"),
        ({"visit": "by_hand", "services-0-code": "97112", "services-0-units": "1000000000"}, "Units:"),
        ({"visit": "by_hand", "services-0-code": "99999"}, "Service: We do not know this therapy code."),
        ({"setting": "moon"}, "What kind of place?"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: FlaskClient, changes: dict[str, str], says: str
) -> None:
    page = estimate_page(client, changes, 400)
    assert "Please look at this again" in page
    assert says in page
    html = client.get("/estimate", query_string={**QUESTION, **changes}).text
    for name in ("zip", "deductible_left", "services-0-units"):
        if changes.get(name):
            typed = changes[name].replace("'", "&#39;")
            assert f'value="{typed}"' in html


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_page(client: FlaskClient) -> None:
    page = estimate_page(client, {"zip": "1", "date": "soon", "deductible": "part", "visit": "by_hand"}, 400)
    labels = (
        "ZIP code of the therapist:",
        "Day of the visit:",
        "What kind of visit?",
        "How much of it is left to pay?",
    )
    places = [page.index(label) for label in labels]
    assert places == sorted(places)


ANSWERED = (
    "zip=43210",
    "zip=43210&participation=participating&deductible=met",
    "zip=43210&coverage=medigap&medigap_plan=N&participation=nonparticipating_unassigned",
    "coverage=medicare_advantage",
    "zip=1&deductible=part",
)


@pytest.mark.parametrize("question", ANSWERED)
@pytest.mark.parametrize("page", ["/estimate", "/estimate/course"])
def test_an_answer_can_be_read_in_grade_8(client: FlaskClient, page: str, question: str) -> None:
    html = client.get(f"{page}?{question}&start=2026-10-05&weeks=8", follow_redirects=True).text
    assert textstat.flesch_kincaid_grade(" ".join(prose(html))) <= 8.0


def test_the_deductible_is_never_called_a_share(client: FlaskClient) -> None:
    for page in (estimate_page(client), text_of(parsed(client.get("/").text))):
        assert not re.search(r"20\s*(%|percent) deductible", page)
