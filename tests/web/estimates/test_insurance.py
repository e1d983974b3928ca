"""The questions about insurance: a second coverage, insurance that is not known, situations with a name."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from flask.testing import FlaskClient

from finder.coverage.other_coverage.two_coverages import PAIRS, refusal
from finder.i18n import word
from finder.web.estimates.questions.possible_kinds import POSSIBLE_KINDS
from finder.web.estimates.questions.situations import SITUATIONS
from tests.web.estimates.estimate_pages import course, visit, visits_of
from tests.web.reading import parsed, text_of

FIRST = {
    "employer_primary": {"coverage": "work", "work": "first", "work_charge": "150", "work_price": "120",
                         "work_paid_first": "100"},
    "employer_secondary": {"coverage": "work", "work": "second", "work_paid_second": "4"},
    "medigap": {"coverage": "medigap", "medigap_plan": "K"},
    "medicare_advantage": {"coverage": "medicare_advantage", "plan_cost": "copay", "copay": "40"},
}  # fmt: skip
SECOND = {"medigap": {"second_medigap_plan": "K"}, "employer_secondary": {"second_work_paid_second": "15"}}
AMOUNTS = {
    # Medicare's allowed amount 120 - paid 100 - Medicare 20: nothing is left
    ("employer_primary", "medigap"): "You pay about $0.00",
    ("employer_primary", "medicaid"): "You pay about $0.00",
    ("medicare_advantage", "medicaid"): "You pay from $0.00 to $40.00",
    ("medicare_advantage", "slmb"): "You pay about $40.00",
    ("medicare_advantage", "qi"): "You pay about $40.00",
    ("medicare_advantage", "employer_secondary"): "You pay about $25.00",
}


@pytest.mark.parametrize(("first", "second"), sorted(PAIRS))
def test_every_pair_of_coverages_can_be_asked(client: FlaskClient, first: str, second: str) -> None:
    page = visit(client, **FIRST[first], second=second, **SECOND.get(second, {}))
    assert AMOUNTS.get((first, second), "You pay about $0.00") in page
    assert "And what pays after that?" in page.split("What you told us")[1]


def test_a_second_coverage_pays_over_a_course_too(client: FlaskClient) -> None:
    answers = {**FIRST["medicare_advantage"], "second": "employer_secondary", "second_work_paid_second": "15"}
    rows = visits_of(client, dates="2026-10-05 2026-10-08", **answers)
    assert [row[-1] for row in rows[1:]] == ["$25.00", "$25.00", "$50.00"]


def test_a_pair_that_does_not_exist_is_refused_at_the_second_question(client: FlaskClient) -> None:
    answers = {"coverage": "work", "work": "first", "second": "tricare_for_life", "second_medigap_plan": "Z"}
    response = client.get("/estimate", query_string={"zip": "43210", **answers}, follow_redirects=True)
    sentence = refusal("employer_primary", "tricare_for_life")
    assert response.status_code == 400
    assert sentence
    assert f"And what pays after that? {word(sentence, 'en')}" in text_of(parsed(response.text))


def test_choices_are_refused_in_words_that_the_page_shows(client: FlaskClient) -> None:
    answers = {"coverage": "medigap", "medigap_plan": "minnesota_basic", "riders": "part_b_copayment"}
    page = client.get("/estimate", query_string={"zip": "43210", **answers}, follow_redirects=True).text
    assert "This plan can have these riders, each once: the Part B deductible, charges above" in text_of(parsed(page))
    row = {"visit": "by_hand", "services-0-code": "97112", "services-0-units": "2", "services-0-discipline": "x"}
    page = client.get("/estimate", query_string={"zip": "43210", **row}, follow_redirects=True).text
    assert "Given by: Choose one of these." in text_of(parsed(page))


def test_unknown_insurance_shows_what_each_kind_would_mean(client: FlaskClient) -> None:
    page = visit(client, coverage="unknown")
    assert "It depends on your insurance: from $0.00" in page
    rows = {
        "Original Medicare and nothing else": "$24.00",
        "A Medicare Advantage plan (HMO or PPO)": "ask",
        "VA Community Care": "$0.00 to $50.00",
    }
    for name, amount in rows.items():
        kind = next(kind for kind in POSSIBLE_KINDS.values() if kind.name == name)
        assert f"{kind.name} {kind.ask} {amount}" in page
    assert "A red, white and blue card is Original Medicare." in page
    assert "Depende de su seguro: desde $0.00" in visit(client, coverage="unknown", lang="es")
    assert "It depends on your insurance: from $0.00 for 3 visits" in course(client, 3, coverage="unknown")


def test_the_table_of_unknown_insurance_has_every_kind(client: FlaskClient) -> None:
    args = {"date": "2026-10-05", "visit": "known_amount", "fee": "120", "deductible": "met", "coverage": "unknown"}
    response = client.get("/estimate.csv", query_string={**args, "participation": "participating"})
    rows = list(csv.DictReader(StringIO(response.text.removeprefix("\ufeff"))))
    assert [row["Case"] for row in rows] == [kind.name for kind in POSSIBLE_KINDS.values()]


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_situation_has_its_statement_in_place_of_a_figure_or_beside_it(client: FlaskClient, name: str) -> None:
    page = visit(client, coverage="situation", situation=name)
    assert SITUATIONS[name].text in page
    answer = page.split(SITUATIONS[name].text)[0 if SITUATIONS[name].has_figure else 1]
    assert ("You pay" in answer or "We cannot say" in answer) is SITUATIONS[name].has_figure


@pytest.mark.parametrize(
    ("answers", "amount"),
    [
        ({"situation": "railroad"}, "You pay about $24.00"),
        ({"situation": "small_employer"}, "You pay from $0.00 to $24.00"),
        ({"situation": "kidney_failure"}, "You pay from $0.00 to $24.00"),
        ({"situation": "no_part_b", "self_charge": "90"}, "You pay about $90.00"),
    ],
)
def test_a_situation_leads_to_the_right_kind(client: FlaskClient, answers: dict[str, str], amount: str) -> None:
    assert amount in visit(client, coverage="situation", **answers)


def test_what_the_therapist_must_accept_lowers_what_is_left(client: FlaskClient) -> None:
    # Medicare pays the lowest of 90 - 60, 96 and 120 - 60; of the 90 that the therapist may have nothing is left.
    answers = {**FIRST["employer_primary"], "work_paid_first": "60", "work_accepted": "90"}
    assert "The therapist must accept $90.00 as full payment." in visit(client, **answers)


def test_who_pays_first_is_explained_at_its_question(client: FlaskClient) -> None:
    page = text_of(parsed(client.get("/estimate").text))
    assert "With 20 or more workers the plan pays first. With fewer, Medicare pays first." in page
    assert "42 CFR 411.100–411.206" in page


def test_own_insurance_keeps_a_second_coverage_for_the_cards(client: FlaskClient) -> None:
    answers = {"coverage": "medicare_advantage", "plan_cost": "copay", "copay": "40", "second": "qmb"}
    response = client.get("/my-insurance", query_string={**answers, "then": "/therapists?near=02139"})
    assert response.status_code == 302
    assert "~2c-qmb" in response.location
    page = text_of(parsed(client.get(response.location).text))
    assert "$0.00 for the next visit, with your insurance" in page
