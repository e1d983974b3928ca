"""What answers about insurance make of a request: each kind of coverage, with the amounts that it has."""

from __future__ import annotations

from typing import Any

import pytest

from finder.pricing.insurance import coverages_in
from finder.web.estimates.questions.answers import other_coverage, request_fields
from finder.web.estimates.questions.fields import share
from finder.web.estimates.questions.question import OF_A_SERVICE
from finder.web.estimates.questions.year import deductible_remaining


def given(answers: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {question: (answer,) for question, answer in answers.items()}


@pytest.mark.parametrize(
    ("answers", "coverage"),
    [
        ({}, {"kind": "none"}),
        ({"coverage": "medicare"}, {"kind": "none"}),
        ({"coverage": "unknown"}, {"kind": "unknown"}),
        ({"coverage": "medigap"}, {"kind": "medigap", "plan": "unknown"}),
        (
            {"coverage": "medigap", "medigap_plan": "unknown", "medigap_copay": "20"},
            {"kind": "medigap", "plan": "unknown"},
        ),
        ({"coverage": "medigap", "medigap_plan": "G", "medigap_copay": "20"}, {"kind": "medigap", "plan": "G"}),
        (
            {"coverage": "medigap", "medigap_plan": "N", "medigap_copay": "20"},
            {"kind": "medigap", "plan": "N", "office_visit_copay": "20"},
        ),
        (
            {"coverage": "medigap", "medigap_plan": "wisconsin_basic", "riders": "part_b_excess"},
            {
                "kind": "medigap",
                "plan": "wisconsin_basic",
                "riders": ("part_b_excess",),
                "office_visit_copay": None,
            },
        ),
        ({"coverage": "assistance"}, {"kind": "medicaid"}),
        ({"coverage": "assistance", "assistance": "qmb"}, {"kind": "qmb"}),
        ({"coverage": "work"}, {"kind": "employer_secondary"}),
        (
            {"coverage": "work", "work": "first", "work_price": "90", "work_paid_second": "5"},
            {
                "kind": "employer_primary",
                "charge": None,
                "allowed_amount": "90",
                "paid": None,
                "medicare_allowed_amount": None,
                "accepted_in_full": None,
            },
        ),
        ({"coverage": "work", "work": "second", "work_paid_second": "5"}, {"kind": "employer_secondary", "paid": "5"}),
        ({"coverage": "tricare_for_life"}, {"kind": "tricare_for_life"}),
        ({"coverage": "situation", "situation": "railroad"}, {"kind": "none"}),
        ({"coverage": "situation"}, {"kind": "self_pay"}),
        (
            {
                "coverage": "work",
                "work": "first",
                "second": "medigap",
                "second_medigap_plan": "K",
                "second_medigap_limit_left": "60",
                "second_medigap_copay": "5",
                "work_paid_first": "70",
            },
            (
                {
                    "kind": "employer_primary",
                    "charge": None,
                    "allowed_amount": None,
                    "paid": "70",
                    "medicare_allowed_amount": None,
                    "accepted_in_full": None,
                },
                {"kind": "medigap", "plan": "K", "limit_remaining": "60"},
            ),
        ),
        (
            {"coverage": "medicare_advantage", "second": "no"},
            {
                "kind": "medicare_advantage",
                "allowed_amount": None,
                "out_of_pocket_remaining": None,
                "out_of_pocket_annual": None,
            },
        ),
        ({"coverage": "medicare", "second": "qmb"}, {"kind": "none"}),
        ({"coverage": "self_pay", "self_charge": "90"}, {"kind": "self_pay"}),
    ],
)
def test_each_kind_of_coverage_has_its_own_amounts(answers: dict[str, str], coverage: Any) -> None:
    assert other_coverage(given(answers)) == coverage


def test_a_plan_asks_a_copay_or_a_share_and_only_one_without_medicare_has_a_deductible() -> None:
    amounts = {"plan_price": "150", "copay": "40", "copay_after_deductible": "yes", "rate": "30"}
    yearly = {"allowed_amount": "150", "out_of_pocket_remaining": None, "out_of_pocket_annual": None}
    deductible = {"deductible_remaining": None, "deductible_annual": None}

    def coverage(kind: str, cost: str) -> Any:
        return other_coverage(given({"coverage": kind, "plan_cost": cost, **amounts}))

    assert coverage("medicare_advantage", "copay") == {"kind": "medicare_advantage", **yearly, "copay": "40"}
    assert coverage("commercial", "unknown") == {"kind": "commercial", **yearly, **deductible}
    assert coverage("commercial", "rate") == {"kind": "commercial", **yearly, **deductible, "coinsurance_rate": "0.3"}
    copay = {"copay": "40", "deductible_applies_to_copay": True}
    assert coverage("commercial", "copay") == {"kind": "commercial", **yearly, **deductible, **copay}


def test_a_copay_that_was_not_given_is_refused_and_not_passed_over() -> None:
    (needed,) = coverages_in(other_coverage(given({"coverage": "commercial", "plan_cost": "copay"})))
    assert needed["copay"] == ""
    (unasked,) = coverages_in(other_coverage(given({"coverage": "commercial", "copay": "40"})))
    assert "copay" not in unasked


def test_a_charge_counts_for_those_who_pay_themselves() -> None:
    assert request_fields(given({"coverage": "self_pay", "self_charge": "90"}))[OF_A_SERVICE] == "90"
    assert OF_A_SERVICE not in request_fields(given({"coverage": "medicare", "self_charge": "90"}))


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ({}, "unknown"),
        ({"deductible": "met"}, "0.00"),
        ({"deductible": "full"}, None),
        ({"deductible": "part", "deductible_left": "40"}, "40"),
        ({"deductible": "part"}, ""),
        ({"deductible": "unknown", "deductible_left": "40"}, "unknown"),
    ],
)
def test_what_is_left_of_the_deductible(answers: dict[str, str], left: str | None) -> None:
    assert deductible_remaining(given(answers)) == left


@pytest.mark.parametrize(
    ("text", "part"),
    [("30", "0.3"), (" 30 % ", "0.3"), ("0", "0"), ("100", "1"), ("101", None), ("x", None), ("", None)],
)
def test_a_percentage_is_a_share_of_one(text: str, part: str | None) -> None:
    assert share(text) == part
