"""A condition is a row of data: its words lead to it, it can be searched, and only what a clinic confirmed counts."""

from __future__ import annotations

import tomllib
import typing
from pathlib import Path

import pytest

from finder.directory.provider import EvidenceKind
from finder.directory.vocabulary.conditions import Condition, conditions, type_names
from finder.directory.vocabulary.need import need_rows, understand
from finder.directory.vocabulary.specialties import confirmable, proves, specialties, specialty_values
from finder.i18n import LANGUAGES, word

CASES = tomllib.loads((Path(__file__).with_name("conditions.toml")).read_text(encoding="utf-8"))["case"]

TYPED = [(case["condition"], text) for case in CASES for text in (*case["en"], *case["es"])]

every_condition = pytest.mark.parametrize("condition", conditions().values(), ids=lambda one: one.condition)


def test_every_condition_has_words_of_both_languages_to_be_tried() -> None:
    assert [case["condition"] for case in CASES] == [one.condition for one in conditions().values()]
    assert all(len(case["en"]) >= 3 and len(case["es"]) >= 3 for case in CASES)


@pytest.mark.parametrize(("condition", "text"), TYPED)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_people_type_leads_to_the_condition_and_to_its_specialists(
    condition: str, text: str, language: str
) -> None:
    need = understand(text, language)
    facet = f"treats_{condition}"
    assert facet in need.specialties
    assert conditions()[facet].specialty in need.specialties
    assert need.leftover == ""


@every_condition
def test_the_vocabulary_has_words_for_the_condition_in_both_languages(condition: Condition) -> None:
    own = [row for row in need_rows() if condition.facet in row.get("facets", ())]
    assert all(any(row[language] for row in own) for language in ("en", "es"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_is_in_one_row_of_the_vocabulary(language: str) -> None:
    """Of two rows the one that is read first would win, and the other would never be reached by that phrase."""
    rows: dict[str, list[str]] = {}
    for row in need_rows():
        for phrase in row.get(language, ()):
            rows.setdefault(phrase, []).append(row["label"])
    assert len(rows) > 100
    assert {phrase: labels for phrase, labels in rows.items() if len(labels) > 1} == {}


@every_condition
def test_a_condition_is_a_choice_below_its_specialty_and_can_be_confirmed(condition: Condition) -> None:
    order = list(specialties())
    assert order.index(condition.specialty) < order.index(condition.facet)
    between = order[order.index(condition.specialty) + 1 : order.index(condition.facet)]
    assert set(between) <= set(conditions())
    assert condition.facet in specialty_values()
    assert condition.facet in {one.facet for one in confirmable()}


@every_condition
def test_only_what_a_clinic_confirmed_says_that_it_treats_a_condition(condition: Condition) -> None:
    kinds: tuple[str, ...] = typing.get_args(EvidenceKind)
    assert [kind for kind in kinds if proves(condition.facet, condition.facet, kind)] == ["confirmed"]
    assert not any(proves(condition.specialty, condition.facet, kind) for kind in kinds)


@every_condition
def test_a_condition_and_its_types_are_named_in_spanish(condition: Condition) -> None:
    names = [condition.label, condition.name, condition.plain_name, *condition.types.values()]
    names += [condition.types_label] if condition.types else []
    assert all(names)
    assert [name for name in names if word(name, "es") == name] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["condition"])
def test_the_spanish_choice_of_the_search_reads_as_it_should(case: dict[str, str]) -> None:
    assert word(conditions()[f"treats_{case['condition']}"].name, "es") == case["es_name"]


def test_every_type_that_words_name_is_one_of_its_condition() -> None:
    named = {row["type_name"] for row in need_rows() if row.get("type_name")}
    assert named <= {name for one in conditions().values() for name in type_names(one.type_field).values()}
    assert type_names("aquatic") == {}


def test_every_symptom_of_a_condition_is_one_of_the_vocabulary() -> None:
    labels = {row["label"] for row in need_rows()}
    assert all(one.symptoms <= labels for one in conditions().values())
