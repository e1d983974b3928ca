"""Which service: a list with codes and plain names, and a code or a name that is typed."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from tests.web.reading import parsed, text_of

BY_HAND = {
    "zip": "43210",
    "date": "2026-10-05",
    "participation": "participating",
    "deductible": "met",
    "visit": "by_hand",
}


def answer(client: FlaskClient, status: int = 200, **rows: str) -> str:
    """Ask with services chosen by hand (``s0_code`` …); give the text of the page."""
    services = {f"services-{name[1]}-{name[3:]}": value for name, value in rows.items()}
    response = client.get("/estimate", query_string={**BY_HAND, **services}, follow_redirects=True)
    assert response.status_code == status
    return text_of(parsed(response.text))


def by_id(document: Element, name: str) -> Element:
    return next(element for element in document.iter() if element.get("id") == name)


def test_the_list_has_code_and_name_and_the_neurologic_group_stands_first(client: FlaskClient) -> None:
    document = parsed(client.get("/estimate").text)
    groups = list(by_id(document, "services-0-code").iter("optgroup"))
    assert groups[0].get("label") == "Balance, walking and nerves"
    assert [option.get("value") for option in groups[0]][:2] == ["97112", "97116"]
    assert text_of(groups[0][0]) == "97112 – balance and coordination training"
    assert sum(len(group) for group in groups) == 95


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("97112", "en"),
        (" 97112 – whatever", "en"),
        ("Coordination", "en"),
        ("coordinación", "es"),
        ("coordinacion", "es"),
    ],
)
def test_a_typed_code_or_name_is_taken(client: FlaskClient, typed: str, language: str) -> None:
    query = {**BY_HAND, "services-0-typed": typed, "services-0-units": "2", "lang": language}
    document = parsed(client.get("/estimate", query_string=query, follow_redirects=True).text)
    chosen = [one.get("value") for one in by_id(document, "services-0-code").iter("option") if "selected" in one.attrib]
    assert chosen == ["97112"]
    assert by_id(document, "services-0-typed").get("value") == ""
    assert "$11.11" in text_of(document)


def test_words_for_none_or_for_several_services_are_refused_at_the_text(client: FlaskClient) -> None:
    several = answer(client, 400, s0_typed="exercise", s0_units="1")
    assert (
        "This can be several services: 97110 – strength and flexibility exercise, 97113 – exercise in water" in several
    )
    assert "This is not a therapy code" not in several
    nothing = answer(client, 400, s0_typed="99213", s0_units="1")
    assert "Or type its code or name: We know no service by this code or name." in nothing


def test_a_code_without_a_national_price_is_known_and_says_why(client: FlaskClient) -> None:
    page = answer(client, s0_typed="97799", s1_code="97112", s1_units="1")
    assert "97799 (another rehabilitation service without a code) has no national price" in page


def test_an_assistant_at_an_evaluation_is_refused_there(client: FlaskClient) -> None:
    assert "An assistant gives it: This is an evaluation: the therapist must do it." in answer(
        client, 400, s0_code="97162", s0_assistant="y"
    )


def test_an_implausible_claim_is_answered_with_a_warning(client: FlaskClient) -> None:
    page = answer(client, s0_code="97161", s1_code="97162")
    assert "There is more than one evaluation in a visit." in page
