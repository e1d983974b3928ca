"""The table of questions: every question is declared once, and the page, its style and its errors follow from it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField

from finder.coverage import Figures
from finder.coverage.other_coverage import KINDS as COVERAGES
from finder.coverage.other_coverage import UNKNOWN_INSURANCE
from finder.coverage.other_coverage.two_coverages import PAIRS
from finder.http.assets import asset_text
from finder.pricing.insurance import coverages_in
from finder.web.estimates.questions import insurance
from finder.web.estimates.questions.answers import answers_of, other_coverage
from finder.web.estimates.questions.forms import CourseForm, VisitForm, visit_form
from finder.web.estimates.questions.insurance import KINDS, MEDIGAP, NO_SECOND, RIDERS, SECOND_KINDS
from finder.web.estimates.questions.layout import Block, insurance_blocks
from finder.web.estimates.questions.possible_kinds import POSSIBLE_KINDS
from finder.web.estimates.questions.table import GROUPS, HIDING_RULES, QUESTIONS, at_path, hiding_rules, matters

NAMES = [question.name for question in QUESTIONS]


def form_of(app: Flask, **answers: str) -> VisitForm:
    with app.test_request_context("/estimate"):
        return visit_form(MultiDict(answers), Figures.load(), date(2026, 10, 5))


def test_the_forms_ask_what_the_table_has(app: Flask) -> None:
    with app.test_request_context("/estimate"):
        fields = {*VisitForm()._fields, *CourseForm()._fields} - {"npi"}
    assert fields == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


def test_short_names_are_unique() -> None:
    assert max(Counter(question.short for question in QUESTIONS if question.short).values()) == 1


def test_every_group_is_used_hidden_and_on_the_page(client: FlaskClient) -> None:
    html = client.get("/estimate").text + client.get("/estimate/course").text
    style = asset_text("estimate.css")
    assert HIDING_RULES not in style
    for name, group in GROUPS.items():
        used = (*(it.groups for it in QUESTIONS), *(it.choice_groups.values() for it in QUESTIONS))
        assert any(name in groups for groups in used), name
        assert {one.question for way in group.ways for one in way} <= set(NAMES)
        assert re.search(rf'class="[^"]*\bif-{name}[ "]', html), name
        assert f" .if-{name}" in style
    for question in QUESTIONS:
        assert {*question.groups, *question.choice_groups.values()} <= set(GROUPS)
        assert re.search(rf'name="{question.name}(-[0-9]+-code)?"', html), question.name


def test_the_style_sheet_hides_a_question_where_it_does_not_matter() -> None:
    rules = list(hiding_rules())
    assert 'form:not(:has([name="coverage"][value="medigap"]:checked)) .if-medigap' in rules
    assert 'form:not(:has([name="medigap_plan"] [value="wisconsin_basic"]:checked)) .if-medigap-copay-rider' in rules
    unless = 'form:not(:not(:has([name="setting"][value="home_health_benefit"]:checked))) .if-year'
    assert unless in rules
    first, other = ('[name="coverage"][value="work"]:checked', '[name="work"][value="first"]:checked')
    assert f"form:not(:has({first}):has({other})) .if-offer-medigap" in rules


def test_the_layout_has_every_question_about_insurance_in_order() -> None:
    def names(parts: tuple[str | Block, ...]) -> list[str]:
        return [name for part in parts for name in ([part] if isinstance(part, str) else names(part.parts))]

    assert names(insurance_blocks()) == NAMES[: NAMES.index("zip")]


def test_an_error_is_put_at_the_question_that_was_asked(app: Flask) -> None:
    first = form_of(app, coverage="work", work="first")
    second = form_of(app, coverage="work", work="second")
    paid = [at_path(form, "other_coverage.paid") for form in (first, second)]
    assert [question.name for question in paid if question] == ["work_paid_first", "work_paid_second"]
    kind = [at_path(form, "other_coverage.kind") for form in (first, form_of(app, coverage="medigap"))]
    assert [question.name for question in kind if question] == ["work", "coverage"]
    assert at_path(first, "nothing") is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_insurance_makes_a_coverage_that_is_known(app: Flask, kind: str) -> None:
    (coverage,) = coverages_in(other_coverage(answers_of(form_of(app, coverage=kind))))
    assert coverage["kind"] in {*COVERAGES, UNKNOWN_INSURANCE}


def test_what_a_row_says_of_its_answers_fits_the_form_and_the_kinds_of_coverage(app: Flask) -> None:
    form = form_of(app)
    for question in QUESTIONS:
        assert set(question.kinds.values()) <= {*COVERAGES, UNKNOWN_INSURANCE}, question.name
        if question.name in form:
            assert question.is_multiple is isinstance(form[question.name], SelectMultipleField), question.name


def test_every_answer_about_insurance_goes_along_and_into_the_request() -> None:
    groups = {one.question for group in GROUPS.values() for way in group.ways for one in way}
    for question in insurance.QUESTIONS:
        assert question.short, question.name
        assert question.path or question.kinds or question.name in groups, question.name


def test_a_question_matters_if_all_its_groups_do(app: Flask) -> None:
    form = form_of(app, coverage="commercial", setting="critical_access_hospital")
    assert not matters(form, "charge"), "its inner group matters, its outer one does not"
    assert matters(form, "plan_price")
    assert matters(form, "npi"), "what is not in the table is always asked"


def test_the_second_coverages_are_those_of_the_known_pairs(app: Flask) -> None:
    assert set(SECOND_KINDS) - {NO_SECOND} == {second for _, second in PAIRS}
    form = form_of(app, coverage="medicare_advantage", second="qmb")
    assert matters(form, "second")
    assert coverages_in(other_coverage(answers_of(form)))[1] == {"kind": "qmb"}
    assert GROUPS["offer-medigap"].matters({"coverage": "work", "work": "first"}.__getitem__)
    assert not GROUPS["offer-medigap"].matters({"coverage": "medigap", "work": "first"}.__getitem__)
    assert not matters(form_of(app, coverage="tricare_for_life"), "second")


def test_the_questions_about_a_medigap_plan_are_those_of_its_figures() -> None:
    plans = Figures.load().medigap_plans
    assert set(MEDIGAP) == {*plans, "unknown"}
    assert set(RIDERS) == set(Figures.load().medigap_riders)

    def answers_of_group(group: str) -> set[str]:
        return {answer for way in GROUPS[group].ways for one in way for answer in one.answers}

    assert answers_of_group("medigap-limit") == {name for name, plan in plans.items() if plan.yearly_limit}
    assert answers_of_group("medigap-high") == {name for name, plan in plans.items() if plan.high_deductible}
    assert answers_of_group("medigap-riders") == {name for name, plan in plans.items() if plan.riders}
    for rider, group in {"part_b_excess": "medigap-excess-rider", "part_b_copayment": "medigap-copay-rider"}.items():
        assert answers_of_group(group) == {name for name, plan in plans.items() if rider in plan.riders}


def test_every_kind_of_coverage_has_words_for_those_who_do_not_know_theirs() -> None:
    assert set(POSSIBLE_KINDS) == set(COVERAGES)
