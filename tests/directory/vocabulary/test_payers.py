"""Payers and plans: their display names, and which answer holds at one practice location."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from finder.directory.provider import Insurance, InsuranceStatus
from finder.directory.vocabulary.payers import PlanNames, at_location, known_plans


@pytest.mark.parametrize(
    ("plan", "name"),
    [
        ("medicare", "Medicare"),
        ("va", "VA Community Care"),
        ("harborlight-ppo", "Harborlight PPO"),
        ("northwind-gold", "Northwind Gold"),
        ("12345XX9876543", "12345XX9876543"),
    ],
)
def test_a_plan_has_a_readable_name(plan: str, name: str) -> None:
    assert PlanNames().name(plan) == name


def test_a_published_name_is_shown_and_plans_that_share_one_are_told_apart() -> None:
    names = PlanNames({"1": "Harborlight Gold", "2": "Silver", "3": "SILVER", "medicare": "Else", "a-hmo": "A+"})
    assert [names.name(plan) for plan in ("1", "2", "3", "medicare", "a-hmo", "b-hmo")] == [
        "Harborlight Gold", "Silver (2)", "SILVER (3)", "Medicare", "A+", "B HMO",
    ]  # fmt: skip


def test_the_payers_always_offered_come_first() -> None:
    assert known_plans(["zebra", "medicare", "acme-hmo"]) == (
        "medicare",
        "medicaid",
        "tricare",
        "va",
        "acme-hmo",
        "zebra",
    )


@pytest.mark.parametrize("status", get_args(InsuranceStatus))
def test_the_answer_of_a_location_overrides_that_of_the_provider(status: InsuranceStatus) -> None:
    def insurance(location_key: str, answer: InsuranceStatus) -> Insurance:
        return Insurance(
            plan="medicare", status=answer, location_key=location_key, source="sample", as_of=date(2026, 1, 2)
        )

    answers = [insurance("here", status), insurance("", "yes"), insurance("there", "no")]
    assert [answer.status for answer in at_location(answers, "here")] == [status]
    assert [answer.status for answer in at_location(answers, "elsewhere")] == ["yes"]
