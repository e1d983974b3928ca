"""Prices for the visitor's own insurance: asked once, carried in the URL, equal to the linked estimate."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from finder.coverage import Figures
from finder.coverage.estimate.request import Request, read_request
from finder.directory.provider import PracticeLocation
from finder.errors import InvalidRequest
from finder.pricing import insurance, requests
from finder.web.estimates import requests as page_requests
from finder.web.estimates.questions.forms import course_form, visit_form
from finder.web.estimates.questions.insurance import KINDS
from finder.web.estimates.questions.schedule import days_of
from finder.web.prices import card_price
from finder.web.prices.insurance_answers import (
    QUESTIONS,
    USUAL,
    VISITS,
    make_answers,
    read_answers,
    write_answers,
)
from tests.conftest import TODAY
from tests.web import listings
from tests.web.documents import cards, heading, links, page
from tests.web.reading import parsed, text_of

SEARCH = "/therapists?near=02139&miles=50"
MEDIGAP_G = "c-medigap~m-G~d-full"


def location(state: str, zip_code: str) -> PracticeLocation:
    """Make a practice location whose fees go by a ZIP code."""
    return replace(listings.location(), state=state, zip=zip_code)


def test_answers_are_read_back_from_the_url() -> None:
    answers = make_answers([("deductible", "part"), ("coverage", "medigap"), ("deductible_left", "$1,20.50")], 16)
    assert write_answers(answers) == "c-medigap~d-part~dl-120.50~n-16"
    assert read_answers(write_answers(answers)) == answers


@given(
    st.dictionaries(st.sampled_from(list(QUESTIONS.values())), st.from_regex(r"[a-z0-9_.]{1,20}", fullmatch=True)),
    st.sampled_from(list(KINDS)),
    st.sampled_from(VISITS),
)
def test_any_answers_are_read_back_from_the_url(texts: dict[str, str], kind: str, visits: int) -> None:
    answers = make_answers({**texts, "coverage": kind}.items(), visits)
    assert read_answers(write_answers(answers)) == answers


@pytest.mark.parametrize(
    "text", ["", "x", "c", "c-", "c-nothing", "m-G", "~~~", "c-<script>", "d-full", "C-MEDIGAP", "n-10", "c medigap"]
)
def test_arguments_without_insurance_are_passed_over(text: str) -> None:
    assert read_answers(text) is None


def test_what_cannot_be_read_beside_an_answer_is_passed_over() -> None:
    answers = read_answers("c-medicare~zz-1~n-7~d-<b>~d-met")
    assert answers == make_answers([("coverage", "medicare"), ("deductible", "met")])


def test_of_several_answers_the_first_counts_unless_a_question_takes_several() -> None:
    answers = read_answers("c-medigap~m-N~m-G~mr-part_b_excess~mr-part_b_deductible~c-work")
    assert answers
    assert write_answers(answers) == "c-medigap~m-N~mr-part_b_excess~mr-part_b_deductible"


def test_who_has_answered_nothing_sees_the_usual_prices_and_their_explanation() -> None:
    assert USUAL.insurance() == insurance.USUAL


@given(st.text(max_size=600))
def test_any_url_argument_is_read_without_an_error(text: str) -> None:
    answers = read_answers(text)
    assert answers is None or read_answers(write_answers(answers)) == answers


def test_every_card_shows_a_visit_and_a_course_of_care(client: FlaskClient) -> None:
    document = page(client, f"{SEARCH}&insurance=medicare&insurance_status=yes&cover={MEDIGAP_G}")
    assert cards(document)
    for card in cards(document):
        text = text_of(card)
        # plan G pays the coinsurance, never the deductible: ten visits cost the yearly deductible of 2026
        assert re.search(r"\$[0-9]+\.[0-9]{2} for the next visit, with your insurance", text)
        assert "$283.00 for 10 visits." in text


def test_a_course_into_a_year_without_amounts_counts_its_visits(client: FlaskClient) -> None:
    document = page(client, f"{SEARCH}&insurance=medicare&insurance_status=yes&cover={MEDIGAP_G}~n-24")
    text = text_of(cards(document)[0])
    assert "for 12 of your 24 visits." in text
    assert "The other 12 are in a year whose amounts we do not have yet." in text


@pytest.mark.parametrize("which", ["for the next visit", "for 10 visits"])
def test_a_price_equals_the_linked_estimate(client: FlaskClient, which: str) -> None:
    document = page(client, f"{SEARCH}&insurance=medicare&insurance_status=yes&cover=c-medicare~d-part~dl-30")
    (amount, *_) = [one for one in cards(document)[0].iter("p") if which in text_of(one)]
    dollars = re.search(r"\$[0-9,.]+[0-9]", text_of(amount))
    link = next(one.get("href") for one in amount.iter("a"))
    assert dollars
    assert link
    answer = client.get(link, follow_redirects=True)
    assert answer.status_code == 200
    assert dollars[0] in text_of(page(client, answer.request.path + "?" + answer.request.query_string.decode()))


def test_who_is_not_known_to_take_medicare_has_an_honest_range(client: FlaskClient) -> None:
    document = page(client, f"{SEARCH}&insurance=medicare&insurance_status=unknown&cover=c-medicare~d-met")
    ask = [text_of(card) for card in cards(document) if "ask whether they take it" in text_of(card)]
    assert ask
    for text in ask:
        low, high = map(Decimal, re.findall(r"\$([0-9.]+[0-9])", text)[:2])
        assert low < high
        assert "It depends on whether they take Medicare’s amount as full payment" in text


def test_a_price_that_only_the_plan_knows_is_not_shown(client: FlaskClient) -> None:
    text = text_of(cards(page(client, f"{SEARCH}&cover=c-medicare_advantage~p-unknown"))[0])
    assert "Ask before you go Only your plan can say what you pay for a visit." in text
    assert "$" not in text


def test_a_copay_is_the_same_everywhere(client: FlaskClient) -> None:
    for card in cards(page(client, f"{SEARCH}&cover=c-medicare_advantage~p-copay~k-40")):
        assert "$40.00 for the next visit" in text_of(card)
        assert "$400.00 for 10 visits" in text_of(card)


def test_the_order_by_cost_is_by_the_most_that_one_may_pay(client: FlaskClient) -> None:
    address = "/therapists?near=CT&sort=cost&cover=c-medicare~d-met"
    most = []
    for number in (1, 2, 3):
        for card in cards(page(client, f"{address}&page={number}")):
            amounts = next(one for one in card.iter("b") if "$" in text_of(one))
            most.append(Decimal(re.findall(r"\$([0-9.]+[0-9])", text_of(amounts))[-1]))
    assert most == sorted(most)
    assert len(set(most)) > 1


def test_insurance_answers_are_kept_in_links_but_not_in_the_share_link(client: FlaskClient) -> None:
    document = page(client, f"{SEARCH}&cover={MEDIGAP_G}")
    therapist = next(one.get("href") or "" for one in cards(document)[0].iter("a"))
    assert f"cover={MEDIGAP_G}" in therapist
    assert "with your insurance" in text_of(page(client, therapist))
    shares = [text_of(one) for one in document.iter("p") if one.get("class") == "share-address"]
    assert [MEDIGAP_G in one for one in shares] == [False, True]
    assert parse_qs(urlsplit(shares[0]).query) == {"near": ["02139"], "miles": ["50"]}
    (off,) = links(document, "Forget my answers")
    assert "cover" not in off
    assert "Prices for you" not in text_of(page(client, off))


def test_the_share_link_of_a_list_has_no_insurance_answers(client: FlaskClient) -> None:
    npi = re.findall(r"/therapists/([0-9]{10})", client.get(SEARCH).text)[0]
    document = page(client, f"/shortlist?npis={npi}&cover={MEDIGAP_G}&view=large&lang=en")
    (link,) = [text_of(one) for one in document.iter("p") if one.get("id") == "share-link"]
    assert parse_qs(urlsplit(link).query) == {"npis": [npi]}


def test_the_questions_are_asked_once_and_lead_back(client: FlaskClient) -> None:
    (ask,) = links(page(client, f"{SEARCH}&q=dizzy"), "Prices for my insurance")
    asking_page = page(client, ask)
    then = next(box.get("value") for box in asking_page.iter("input") if box.get("name") == "then")
    response = client.get(
        "/my-insurance",
        query_string={"coverage": "medigap", "medigap_plan": "G", "deductible": "full", "visits": "6", "then": then},
    )
    assert response.status_code == 302
    assert response.location == f"{SEARCH}&q=dizzy&cover={MEDIGAP_G}~n-6"
    again = page(client, f"/my-insurance?cover={MEDIGAP_G}~n-6")
    checked = {box.get("name"): box.get("value") for box in again.iter("input") if box.get("checked") is not None}
    assert {"coverage": "medigap", "deductible": "full", "visits": "6"}.items() <= checked.items()


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"coverage": "medicare", "deductible": "part", "deductible_left": "-3"}, "An amount cannot be negative."),
        ({"coverage": "medicare", "deductible": "part", "deductible_left": ""}, "Please look at this again"),
        ({"coverage": "medicare", "deductible": "part", "deductible_left": "900"}, "deductible of 2026 is $283.00."),
        ({"coverage": "medicare_advantage", "plan_cost": "copay", "copay": "x"}, "dollars and cents"),
        ({"coverage": "commercial", "plan_cost": "rate", "rate": "120"}, "from 0 to 100"),
        ({"coverage": "magic"}, "Choose one of these."),
    ],
)
def test_an_invalid_answer_is_an_error_at_its_question_and_stays_typed(
    client: FlaskClient, answers: dict[str, str], says: str
) -> None:
    response = client.get("/my-insurance", query_string={**answers, "then": "/therapists?near=02139"})
    assert response.status_code == 400
    assert says in response.text
    for name, value in answers.items():
        if name in ("deductible_left", "copay", "rate") and value:
            assert f'value="{value}"' in response.text


ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "x", "/a\nb"]


@pytest.mark.parametrize("then", [*ELSEWHERE, "/" + "a" * 5000])
def test_the_form_never_redirects_to_another_site(client: FlaskClient, then: str) -> None:
    response = client.get("/my-insurance", query_string={"coverage": "self_pay", "then": then})
    assert response.location == "/?cover=c-self_pay"
    for address in ("/display", "/my-insurance"):
        document = parsed(client.get(address, query_string={"then": then}).text)
        ours = [link.get("href") or "" for link in document.iter("a")]
        assert all(link.startswith(("/", "#", "tel:")) and not link.startswith(("//", "/\\")) for link in ours)


def test_the_language_chosen_here_is_kept_on_the_way_back(client: FlaskClient) -> None:
    answers = {"coverage": "self_pay", "lang": "es"}
    assert client.get("/my-insurance", query_string=answers).location == "/?cover=c-self_pay&lang=es"
    came_from = {**answers, "then": "/?lang=en"}
    assert client.get("/my-insurance", query_string=came_from).location == "/?cover=c-self_pay&lang=es"


TEXTS = st.sampled_from(["", "7", "40.50", "x", "unknown", "yes", "copay", "rate", "first", "second", "part", "full"])


@given(
    st.dictionaries(st.sampled_from(list(QUESTIONS.values())), TEXTS),
    st.sampled_from(list(KINDS)),
    st.sampled_from(["G", "K", "N", "high_deductible_g", "wisconsin_basic", "unknown"]),
    st.sampled_from(VISITS),
)
def test_the_linked_estimate_asks_what_the_card_asks(
    sample_app: Flask, texts: dict[str, str], kind: str, plan: str, visits: int
) -> None:
    answers = make_answers({**texts, "coverage": kind, "medigap_plan": plan}.items(), visits)
    figures = sample_app.extensions["finder"].figures
    person = answers.insurance()
    of_card = ("10001", "participating" if person.has_own_price else "unknown", TODAY, figures)
    with sample_app.test_request_context(f"/?cover={write_answers(answers)}"):
        visit = visit_form(estimate_args(card_price._visit_question("unknown", TODAY)), figures, TODAY)
        course = course_form(estimate_args(card_price._course_question("unknown", TODAY)), figures, TODAY)
        pairs = [
            (requests.visit_request(person, *of_card), page_requests.visit_request(visit, figures)),
            (
                requests.course_request(person, *of_card),
                page_requests.course_request(course, figures, days_of(course)),
            ),
        ]
    for on_card, on_page in pairs:
        assert request_or_error_fields(on_card, figures) == request_or_error_fields(on_page, figures)


def test_a_forged_situation_is_no_kind_of_insurance() -> None:
    answers = make_answers([("coverage", "situation"), ("situation", "unknown")], 10)
    assert answers.insurance().other_coverage == {"kind": ""}


def estimate_args(question: str) -> MultiDict[str, str]:
    return MultiDict(parse_qsl(f"zip=10001&{question}"))


def request_or_error_fields(request: dict[str, Any], figures: Figures) -> Request | list[str]:
    """Return the parsed request, or the names of its invalid fields."""
    try:
        return read_request(request, figures)
    except InvalidRequest as invalid:
        return [error.field for error in invalid.errors]


def test_a_payment_area_is_priced_once(sample_app: Flask) -> None:
    with sample_app.test_request_context(f"/?cover={MEDIGAP_G}"):
        first, second = (
            card_price.price(location("NY", zip_code), TODAY, medicare="yes") for zip_code in ("10001", "10002")
        )
    assert first
    assert second
    assert first.bounds == second.bounds
    assert "zip=10002" in second.address


@pytest.mark.parametrize(
    ("answers", "is_priced"),
    [("", False), (MEDIGAP_G, False), ("c-unknown", False), ("c-self_pay~s-90", True)],
)
def test_who_does_not_take_medicare_has_no_price_with_medicare(
    client: FlaskClient, sample_app: Flask, answers: str, is_priced: bool
) -> None:
    with sample_app.test_request_context(f"/?cover={answers}"):
        refused = card_price.price(location("MA", "02139"), TODAY, medicare="no")
        assert refused
        assert (refused.bounds is not None, refused.without_medicare) == (is_priced, not is_priced)
        assert (card_price.cost_of(TODAY)("02139", "no") is not None) == is_priced
    listed = [
        one
        for one in page(client, f"{SEARCH}&cover={answers}").iter("article")
        if "Does not take Medicare" in text_of(one)
    ]
    assert listed
    refusals = [
        "We cannot show a cost with Medicare: they are listed as not taking it." in text_of(one) for one in listed
    ]
    assert set(refusals) == {not is_priced}


def test_where_there_are_no_fees_there_is_no_price(client: FlaskClient, sample_app: Flask) -> None:
    with sample_app.test_request_context("/"):
        assert card_price.price(location("MA", "00000"), TODAY, medicare="yes") is None
        assert card_price.cost_of(TODAY)("00000", "yes") is None
    assert heading(page(client, SEARCH))


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ("c-self_pay", "Ask before you go You pay their own price. Ask them for it in writing before you go"),
        ("c-unknown", "Ask before you go It depends on your insurance. Look at your card, or call 1-800-MEDICARE."),
        ("c-va_community_care", "$0.00 to $50.00 for the next visit"),
        ("c-commercial", "Ask before you go Only your plan can say what you pay for a visit."),
    ],
)
def test_who_knows_the_price_is_named_by_the_coverage(client: FlaskClient, answers: str, words: str) -> None:
    text = text_of(parsed(client.get(f"/therapists?near=02139&cover={answers}").text))
    assert words in text
    assert ("Only your plan" in text) is (answers == "c-commercial")
