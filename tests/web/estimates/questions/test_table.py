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
from finder.http.assets import asset_text
from finder.web.estimates.questions import insurance
from finder.web.estimates.questions.answers import answers_of, other_coverage
from finder.web.estimates.questions.forms import CourseForm, VisitForm, visit_form
from finder.web.estimates.questions.insurance import KINDS
from finder.web.estimates.questions.layout import Block, insurance_blocks
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
        assert any(name in question.groups for question in QUESTIONS), name
        assert group.question in NAMES
        assert re.search(rf'class="[^"]*\bif-{name}[ "]', html), name
        assert f" .if-{name}" in style
    for question in QUESTIONS:
        assert set(question.groups) <= set(GROUPS)
        assert re.search(rf'name="{question.name}(-[0-9]+-code)?"', html), question.name


def test_the_style_sheet_hides_a_question_where_it_does_not_matter() -> None:
    rules = list(hiding_rules())
    assert 'form:not(:has([name="coverage"][value="medigap"]:checked)) .if-medigap' in rules
    assert 'form:not(:has([name="medigap_plan"] [value="N"]:checked)) .if-medigap-n' in rules
    unless = 'form:has([name="setting"][value="home_health_benefit"]:checked) .if-year'
    assert unless in rules


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
    assert other_coverage(answers_of(form_of(app, coverage=kind)))["kind"] in COVERAGES


def test_what_a_row_says_of_its_answers_fits_the_form_and_the_kinds_of_coverage(app: Flask) -> None:
    form = form_of(app)
    for question in QUESTIONS:
        assert set(question.kinds.values()) <= set(COVERAGES), question.name
        if question.name in form:
            assert question.is_multiple is isinstance(form[question.name], SelectMultipleField), question.name


def test_every_answer_about_insurance_goes_along_and_into_the_request() -> None:
    groups = {group.question for group in GROUPS.values()}
    for question in insurance.QUESTIONS:
        assert question.short, question.name
        assert question.path or question.kinds or question.name in groups, question.name


def test_a_question_matters_if_all_its_groups_do(app: Flask) -> None:
    form = form_of(app, coverage="commercial", setting="critical_access_hospital")
    assert not matters(form, "charge"), "its inner group matters, its outer one does not"
    assert matters(form, "plan_price")
    assert matters(form, "npi"), "what is not in the table is always asked"
