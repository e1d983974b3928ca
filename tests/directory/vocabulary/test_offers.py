"""Offers: their vocabulary, and which answer holds at one practice location."""

from __future__ import annotations

from datetime import date

import pytest

from finder.directory.provider import Fact
from finder.directory.vocabulary.offers import answer_at, offered_at, offers


def fact(value: str, location_key: str = "", field: str = "aquatic") -> Fact:
    return Fact(field=field, value=value, location_key=location_key, source="staff", as_of=date(2026, 1, 2))


def test_the_choices_stand_in_a_fixed_order_and_each_has_its_words() -> None:
    assert list(offers()) == ["accepting_patients", "telehealth", "aquatic"]
    for value, offer in offers().items():
        assert value == offer.value
        assert offer.plain_name == offer.name[0].lower() + offer.name[1:]
    assert len({offer.fact for offer in offers().values()}) == len(offers())


@pytest.mark.parametrize("everywhere", ["yes", "no", "unknown", None])
@pytest.mark.parametrize("here", ["yes", "no", "unknown", "some", "", None])
def test_only_yes_counts_and_the_answer_of_a_location_overrides_the_general_one(
    here: str | None, everywhere: str | None
) -> None:
    facts = [fact("yes", "elsewhere"), fact("yes", "here", "gender")]
    facts += [fact(here, "here")] if here is not None else []
    facts += [fact(everywhere)] if everywhere is not None else []
    holds = here if here is not None else everywhere
    answer = answer_at(facts, "aquatic", "here")
    assert (answer and answer.value) == holds
    assert list(offered_at(facts, "here")) == (["aquatic"] if holds == "yes" else [])


def test_contradicting_answers_for_one_location_count_as_none() -> None:
    facts = [fact("yes", "here"), fact("no", "here"), fact("yes")]
    assert answer_at(facts, "aquatic", "here") is None
    assert offered_at(facts, "here") == {}
    assert list(offered_at(facts, "there")) == ["aquatic"]


def test_no_answer_is_no_offer() -> None:
    assert offered_at([], "here") == {}
