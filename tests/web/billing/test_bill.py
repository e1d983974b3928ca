"""The page that checks a bill: posted, never kept, and right to the cent (the amounts: tests/coverage/billing)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from finder.web.billing import bill
from tests.web.reading import parsed, text_of
from tests.web.staff.office import hidden
from tests.web.validity import page_faults

BILL = {
    "date": "2026-10-05",
    "zip": "43210",
    "setting": "private_practice",
    "participation": "participating",
    "coverage": "none",
    "deductible": "met",
    "notice": "unknown",
    "lines-0-code": "97112",
    "lines-0-units": "1",
    "lines-0-charge": "$60",
    "requested": "34.90",
}
"""A participating therapist in Ohio asks for 34.90, of which 6.27 are due."""


def send(client: FlaskClient, changes: Mapping[str, str] | None = None, address: str = "/bill") -> TestResponse:
    """Open the form and send it, with some answers changed."""
    token = hidden(client.get(address).text, "form_token")
    return client.post(address, data={"form_token": token, **BILL, **(changes or {})})


def answer(client: FlaskClient, changes: Mapping[str, str] | None = None) -> str:
    """Return the text of the page that answers."""
    response = send(client, changes)
    assert response.status_code == 200, text_of(parsed(response.text))
    assert page_faults(response, "en") == []
    return text_of(parsed(response.text))


def test_too_much_is_named_with_what_to_ask_back_and_the_law(client: FlaskClient) -> None:
    page = answer(client)
    assert "They ask you for too much $28.63 is what you can ask back" in page
    assert "They ask you for $34.90 They may ask you for $6.27 Charged in all $60.00" in page
    assert "“balance billing”, which is not allowed. Source: 42 USC 1395u(b)(3)(B)(ii), 1395u(h)(1)" in page
    assert "Maximum You May Be Billed" in page


def test_what_is_due_is_found_right(client: FlaskClient) -> None:
    assert "They may ask you for this" in answer(client, {"requested": "6.27"})


def test_without_assignment_the_whole_bill_up_to_the_limiting_charge(client: FlaskClient) -> None:
    page = answer(client, {"participation": "nonparticipating_unassigned", "requested": "60"})
    assert "The charge is $25.73 above the limiting charge of $34.27." in page
    assert "Medicare then sends $23.84 to you. In the end the visit costs you $10.43." in page


def test_what_is_not_known_is_shown_case_by_case_with_the_question_to_ask(client: FlaskClient) -> None:
    page = answer(client, {"participation": "unknown", "requested": "20"})
    assert "It depends on what we do not know You can ask back from $0.00 to $14.04." in page
    assert "They may ask you for $5.96 to $34.27" in page
    assert "If the therapist takes part in Medicare $6.27" in page
    assert "Did you accept Medicare assignment for this claim?" in page


def test_qmb_owes_nothing_and_gets_a_letter(client: FlaskClient) -> None:
    response = send(client, {"coverage": "qmb", "participation": "unknown"})
    page = text_of(parsed(response.text))
    assert "$34.90 is what you can ask back" in page
    assert "against the law to bill you" in page
    assert 'href="/bill/qmb-letter"' in response.text
    letter = client.get("/bill/qmb-letter?lang=es")
    assert "42 U.S.C. 1396a(n)(3)(B)" in letter.text
    assert "<input" not in letter.text
    assert "Federal law does not let you bill me" in letter.text, "it goes out in English"


def test_a_bill_is_kept_by_nobody(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    response = send(client, {"requested": "1234.56"})
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    assert "1234.56" not in "".join(capfd.readouterr())
    assert 'value="1234.56"' not in client.get("/bill?asked=1234.56").text, "nothing is read from the address"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"date": ""}, "Day of the visit: This is needed."),
        ({"date": "1999-01-01"}, "Day of the visit: We do not have the 1999 amounts."),
        ({"zip": "4"}, "ZIP code of the therapist: Write the five digits"),
        ({"requested": ""}, "How much do they ask you to pay? This is needed."),
        ({"requested": "-3"}, "How much do they ask you to pay? An amount cannot be negative."),
        ({"lines-0-code": "99999"}, "1. Code: We do not know this therapy code."),
        ({"lines-0-units": ""}, "1. Units: Type the units that the bill shows."),
        ({"lines-2-code": "97110", "lines-2-units": "x"}, "3. Units:"),
        ({"lines-0-charge": "abc"}, "1. Charge: Write an amount in dollars and cents"),
        ({"lines-0-code": "", "lines-0-units": "", "lines-0-charge": ""}, "1. Code: Type at least one line"),
        ({"deductible": "part", "deductible_left": ""}, "Only if you had paid part of it: how much was left?"),
        ({"setting": "hospital_outpatient", "participation": "nonparticipating_unassigned"},
         "Do they take Medicare’s amount as full payment? This choice is for a private practice only."),
        ({"setting": "moon"}, "What kind of place? Choose one of these."),
        ({"coverage": "moon"}, "What insurance did you have on that day? Choose one of these."),
        ({"coverage": "medigap", "medigap_plan": "Z"}, "Only with Medigap: which plan? Choose one of these."),
        ({"coverage": "medicare_advantage", "copay": "x"}, "your copay for a visit: Write an amount"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_question_and_all_is_kept(
    client: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    response = send(client, changes)
    assert response.status_code == 400
    assert page_faults(response, "en") == []
    assert sentence in text_of(parsed(response.text))
    typed = [value for name, value in (BILL | changes).items() if name not in ("setting", "coverage", "medigap_plan")]
    assert [value for value in typed if value not in response.text] == []


def test_more_lines_keep_what_was_typed_up_to_twelve(client: FlaskClient) -> None:
    page = send(client, {"more": "1", "requested": ""})
    assert page.status_code == 200
    assert 'value="97112"' in page.text
    assert len(re.findall(r'name="lines-\d+-code"', page.text)) == 8
    assert re.search(r"<input[^>]*autofocus[^>]*lines-4-code", page.text)
    full = send(client, {"more": "1", **{f"lines-{number}-code": "97116" for number in range(1, 8)}})
    assert len(re.findall(r'name="lines-\d+-code"', full.text)) == 12
    assert 'name="more"' not in full.text
    assert len(re.findall(r'name="lines-\d+-code"', send(client, {"more": "1", "lines-999-code": "1"}).text)) == 8


def test_a_form_that_was_open_too_long_keeps_what_was_typed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bill, "FORM_SECONDS", -1)
    response = send(client)
    assert response.status_code == 400
    assert "This form had been open too long" in response.text
    assert 'value="34.90"' in response.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_answers_are_valid_pages_in_both_languages(client: FlaskClient, language: str) -> None:
    for changes in ({}, {"participation": "unknown", "setting": "unknown"}, {"coverage": "medicare_advantage"}):
        assert page_faults(send(client, changes, f"/bill?lang={language}"), language) == []
