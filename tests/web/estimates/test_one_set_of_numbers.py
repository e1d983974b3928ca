"""Every way to see an answer shows the same numbers: the page, on paper, the spreadsheet, the chart, and the JSON."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from finder.coverage import estimate
from finder.coverage.estimate.response import to_json
from finder.http.services import services
from finder.web.estimates.answering import course_answer
from finder.web.estimates.chart import bars_of
from finder.web.estimates.questions.forms import course_form, visit_form
from finder.web.estimates.questions.schedule import days_of
from finder.web.estimates.requests import course_request, visit_request
from tests.conftest import TODAY
from tests.web.reading import text_of

Json = Mapping[str, Any]
Amounts = list[Decimal]

ZIPS = ("43210", "10001", "59601", "99501", "00901", "66101", "77030", "02139")
SETTINGS = (
    "private_practice", "private_practice", "hospital_outpatient", "rehabilitation_agency",
    "critical_access_hospital", "home_health_benefit", "unknown",
)  # fmt: skip
PARTICIPATIONS = ("participating", "nonparticipating_assigned", "nonparticipating_unassigned", "unknown")
DEDUCTIBLES: tuple[dict[str, str], ...] = (
    {"deductible": "met"}, {"deductible": "full"}, {"deductible": "unknown"},
    {"deductible": "part", "deductible_left": "57.31"},
)  # fmt: skip
INFRARED = {"visit": "by_hand", "services-0-code": "97026", "services-0-units": "1"}
TREATMENTS: tuple[dict[str, str], ...] = (
    *({"visit": name} for name in ("first_visit", "follow_up", "dizziness", "reevaluation", "unknown")),
    {"visit": "known_amount", "fee": "120"},
    {**INFRARED, "services-1-code": "97112", "services-1-units": "2"},
    {**INFRARED, "services-0-charge": "25", "services-1-code": "97110", "services-1-minutes": "25"},
)
COVERAGES: tuple[dict[str, str], ...] = (
    {}, {}, {},
    *({"coverage": "medigap", "medigap_plan": plan} for plan in ("G", "K", "N", "unknown")),
    *({"coverage": "assistance", "assistance": kind} for kind in ("qmb", "slmb", "medicaid")),
    {"coverage": "medicare_advantage"},
    {"coverage": "medicare_advantage", "plan_cost": "copay", "copay": "40", "most_left": "90"},
    {"coverage": "commercial", "plan_cost": "rate", "rate": "30", "plan_price": "100", "plan_deductible_left": "150"},
    {"coverage": "work", "work": "second", "work_paid_second": "14"},
    {"coverage": "tricare_for_life"}, {"coverage": "va_community_care"},
    {"coverage": "self_pay", "self_charge": "80"}, {"coverage": "unknown"},
)  # fmt: skip

PARTS = {
    "Approved amount": "allowed_amount",
    "Goes to your deductible": "deductible_applied",
    "Your coinsurance": "coinsurance",
    "Charged above that": "excess_charge",
    "Medicare pays": "medicare_pays",
    "Not covered by Medicare": "not_covered",
    "Your other coverage pays": "other_coverage_pays",
}
"""The amounts of the summary, and the columns of the spreadsheet, with their fields of the JSON."""

COLUMNS = {
    "Approved": "allowed_amount",
    "Deductible": "deductible_applied",
    "Coinsurance": "coinsurance",
    "Above that": "excess_charge",
    "Medicare pays": "medicare_pays",
    "Back by check": "medicare_pays",
    "Not covered": "not_covered",
    "Others pay": "other_coverage_pays",
    "Due at the desk": "due_at_visit",
}
"""The columns of the table of visits."""


@dataclass(frozen=True)
class Seen:
    """One question, seen in every way."""

    page: Element
    """The answer: its summary and its tables."""
    rows: Sequence[Mapping[str, str]]
    """The spreadsheet."""
    json: Json
    bars: Sequence[tuple[float | None, float | None]]

    @property
    def is_partial(self) -> bool:
        """Whether a scenario has no figure, so that the most is not known; the JSON has a note for that."""
        return any(note["code"] == "scenario_without_figure" for note in self.json["notes"])


def questions(how_many: int, seed: int) -> Iterator[dict[str, str]]:
    """Make up questions about a visit, from 2024 into a year without amounts."""
    dice = random.Random(seed)
    for _number in range(how_many):
        day = date(2024, 1, 2) + timedelta(days=dice.randrange(1180))
        yield {
            "zip": dice.choice(ZIPS),
            "date": f"{day}",
            "setting": dice.choice(SETTINGS),
            "participation": dice.choice(PARTICIPATIONS),
            **dice.choice(DEDUCTIBLES),
            **dice.choice(TREATMENTS),
            **dice.choice(COVERAGES),
        }


def course_questions(how_many: int, seed: int) -> Iterator[dict[str, str]]:
    """Make up questions about a course of care, half of them over New Year."""
    dice = random.Random(seed)
    for question in questions(how_many, seed):
        start = dice.choice([question["date"], f"{dice.choice([2025, 2026])}-12-{dice.randrange(10, 29)}"])
        del question["date"]
        question["visit"] = {"first_visit": "usual_course", "unknown": "usual_course"}.get(
            question["visit"], question["visit"]
        )
        yield {
            **question, "plan": "visits", "start": start, "visits": str(dice.randrange(2, 8)),
            "per_week": str(dice.randrange(1, 4)),
        }  # fmt: skip


def has_own_price(question: Mapping[str, str]) -> bool:
    """Return whether the coverage of a question sets the price, so that the amounts of Part B are not shown."""
    return question.get("coverage") in {"medicare_advantage", "commercial", "self_pay", "va_community_care", "unknown"}


def see(app: Flask, client: FlaskClient, path: str, question: Mapping[str, str]) -> Seen:
    """Ask one question in every way."""
    query = urlencode(question)
    response = client.get(f"{path}?{query}", follow_redirects=True)
    assert response.status_code == 200, response.text.split('role="alert"')[1][:600]
    found = re.search(r'<section class="panel answer.*?(?=<form )', response.text, re.DOTALL)
    assert found, question
    table = client.get(f"{path}.csv?{query}").text.removeprefix("\ufeff")
    with app.test_request_context(f"{path}?{query}"):
        figures = services().figures
        args = MultiDict(question)
        if path == "/estimate":
            request, bars = visit_request(visit_form(args, figures, TODAY), figures), []
        else:
            form = course_form(args, figures, TODAY)
            request = course_request(form, figures, days_of(form))
            bars = [(bar.low, bar.high) for bar in bars_of(course_answer(form, figures))]
        answer = to_json(estimate(request, figures))
    page = html5lib.parseFragment(found[0], namespaceHTMLElements=False)
    return Seen(page, list(csv.DictReader(StringIO(table))), answer, bars)


def dollars(text: str) -> Amounts:
    """Return the amounts of a text, in order."""
    return [Decimal(amount.replace(",", "")) for amount in re.findall(r"\$([0-9,]+\.[0-9]{2})", text)]


def money(text: str | None) -> Decimal | None:
    """Return an amount of the JSON or of the spreadsheet."""
    return Decimal(text) if text else None


def bounds_of(amounts: Json, *, is_partial: bool) -> tuple[Decimal, Decimal | None] | None:
    """Return the least and the most that the patient pays by the JSON."""
    if amounts["patient_pays_range"] is not None:
        low, high = map(money, amounts["patient_pays_range"])
        assert low is not None
        return low, None if is_partial else high
    pays = money(amounts["patient_pays"])
    return None if pays is None else (pays, None if is_partial else pays)


def in_words(bounds: tuple[Decimal, Decimal | None] | None) -> Amounts:
    """Return the amounts that a page shows of a range; none of one that says nothing."""
    if bounds is None or bounds == (Decimal(0), None):
        return []
    return [bounds[0]] if bounds[1] in (None, bounds[0]) else [it for it in bounds if it is not None]


def with_class(element: Element, name: str) -> list[Element]:
    """Return the elements of a class."""
    return [one for one in element.iter() if name in (one.get("class") or "").split()]


def check_summary(seen: Seen) -> None:
    """Hold the block at the top, which is also the top of the printed page, against the JSON."""
    (summary,) = with_class(seen.page, "answer")
    on_screen_alone = [inner for one in with_class(summary, "no-print") for inner in one.iter()]
    bounds = bounds_of(seen.json, is_partial=seen.is_partial)
    big = [inner for one in with_class(summary, "amount-big") for inner in one.iter("b")]
    at_most = [one for one in with_class(summary, "lead") if "It can be up to" in text_of(one)]
    amounts = [amount for one in (*big, *at_most) for amount in dollars(text_of(one))]
    assert amounts == ([bounds[0]] if is_by_kind(seen) and bounds else in_words(bounds))
    assert not {*big, *at_most} & {*on_screen_alone}, "the summary is printed"
    parts = {
        text_of(one.findall("dt")[0]): one.findall("dd")[0].findall("b")[0] for one in summary.findall(".//dl/div")
    }
    for label, amount in parts.items():
        value = money(seen.json[PARTS[label]])
        assert value is None or dollars(text_of(amount))[-1] == value, label
        assert value is not None or not dollars(text_of(amount)) or label == "Your other coverage pays"
    if seen.json["allowed_amount"] and "scenarios" not in seen.json:
        assert {label for label, name in PARTS.items() if money(seen.json[name])} <= {*parts}
    check_stand_in(seen, summary)


def is_by_kind(seen: Seen) -> bool:
    """Return whether the scenarios are kinds of insurance."""
    return any(note["code"] == "insurance_unknown" for note in seen.json["notes"])


def check_stand_in(seen: Seen, summary: Element) -> None:
    """Hold what stands in for visits without figures, on the page and in the spreadsheet, against the JSON."""
    stand_in = seen.json["stand_in"]
    blocks = with_class(summary, "stand-in")
    rows = [row for row in seen.rows if "Not a price" in (row.get("Visit") or row.get("Service") or "")]
    if stand_in is None:
        assert not blocks
        return
    bounds = bounds_of(stand_in, is_partial=False)
    amounts = in_words(bounds)
    assert [dollars(text_of(with_class(one, "amount")[0])) for one in blocks] == [amounts] * len(blocks)
    assert bool(blocks) == bool(amounts)
    (row,) = rows
    check_row(row, stand_in, is_partial=False)


def check_row(row: Mapping[str, str], amounts: Json, *, is_partial: bool, is_summary: bool = False) -> None:
    """Hold a row of the spreadsheet against the JSON; ``is_summary``: some of its cells are left to the cases."""
    bounds = bounds_of(amounts, is_partial=is_partial)
    low, high = bounds or (None, None)
    assert (money(row["You pay at least"]), money(row["You pay at most"])) == (low, high)
    assert money(row["You pay"]) == (low if low == high else None)
    for label, name in PARTS.items():
        value = money(row[label])
        if value is not None or (not is_summary and name != "other_coverage_pays"):
            assert value == money(amounts[name]), label
    for label, name in {"Due at the visit, at most": "due_at_visit", "Back by check": "returned_by_check"}.items():
        if name in amounts:
            assert money(row[label]) == money(amounts[name]), label


def totals_of(seen: Seen, label: str) -> list[Mapping[str, str]]:
    """Return the rows of the spreadsheet that have totals: of the answer, or of each case."""
    return [row for row in seen.rows if row.get("Service") == label]


def check_cases(seen: Seen) -> None:
    """Hold the cases of the page, and their amounts, against the scenarios of the JSON."""
    scenarios = [*seen.json.get("scenarios", {}).values()]
    amounts = [dollars(text_of(one)) for one in seen.page.findall(".//summary/strong")]
    if len(scenarios) == len(amounts) and not is_by_kind(seen):
        assert amounts == [shown_in_case(bounds_of(one, is_partial=False)) for one in scenarios]


def shown_in_case(bounds: tuple[Decimal, Decimal | None] | None) -> Amounts:
    """Return the amounts that a case shows."""
    return [Decimal(0)] if bounds == (Decimal(0), None) else in_words(bounds)


def test_a_visit_shows_one_set_of_numbers_in_every_way(sample_app: Flask, client: FlaskClient) -> None:
    kinds = set()
    for question in questions(140, seed=20261120):
        seen = see(sample_app, client, "/estimate", question)
        try:
            check_summary(seen)
            check_cases(seen)
            totals = totals_of(seen, "The whole visit")
            if len(totals) == 1:
                check_row(totals[0], seen.json, is_partial=seen.is_partial, is_summary=has_own_price(question))
            elif len(totals) == len(seen.json["scenarios"]) and not is_by_kind(seen):
                for row, one in zip(totals, seen.json["scenarios"].values(), strict=True):
                    check_row(row, one, is_partial=False, is_summary=has_own_price(question))
            kinds.add(bool(seen.json["stand_in"]))
        except AssertionError as error:
            pytest.fail(f"/estimate?{urlencode(question)}: {error}")
    assert kinds == {True, False}


def test_a_course_shows_one_set_of_numbers_in_every_way(sample_app: Flask, client: FlaskClient) -> None:
    for question in course_questions(60, seed=20261121):
        seen = see(sample_app, client, "/estimate/course", question)
        try:
            check_summary(seen)
            check_visits(seen, is_own_price=has_own_price(question))
        except AssertionError as error:
            pytest.fail(f"/estimate/course?{urlencode(question)}: {error}")


def check_visits(seen: Seen, *, is_own_price: bool) -> None:
    """Hold every visit and the total, in the table, the spreadsheet and the chart, against the JSON."""
    (table,) = with_class(seen.page, "visits")
    labels = [text_of(one) for one in table.findall("thead/tr/th")]
    rows = [[text_of(cell) for cell in row] for row in table.iter("tr")][1:]
    answers = [*seen.json["visits"], seen.json]
    without_case = is_own_price or "scenarios" in seen.json
    assert len(rows) == len(answers)
    for row, csv_row, amounts in zip(rows, seen.rows, answers, strict=False):
        cells = dict(zip(labels, row, strict=True))
        bounds = bounds_of(amounts, is_partial=seen.is_partial or bool(is_by_kind(seen) and amounts is seen.json))
        assert dollars(cells["You pay"]) == in_words(bounds)
        for label, name in COLUMNS.items():
            if label in cells and name != "other_coverage_pays":
                assert dollars(cells[label]) == [it for it in [money(amounts[name])] if it is not None], label
        check_row(csv_row, amounts, is_partial=seen.is_partial, is_summary=without_case)
    expected = [bounds_of(one, is_partial=seen.is_partial) or (None, None) for one in seen.json["visits"]]
    assert [*seen.bars] == [tuple(None if it is None else float(it) for it in one) for one in expected]
