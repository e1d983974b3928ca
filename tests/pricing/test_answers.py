"""What answers about insurance make of a request: each kind of coverage, with the amounts that it has."""

from __future__ import annotations

from typing import Any

import pytest

from finder.pricing.answers import USUAL, Answers, share


@pytest.mark.parametrize(
    ("answers", "coverage"),
    [
        (Answers(), {"kind": "none"}),
        (Answers(coverage="medicare"), {"kind": "none"}),
        (Answers(coverage="medigap"), {"kind": "employer_secondary"}),
        (Answers(coverage="medigap", medigap_plan="G", medigap_copay="20"), {"kind": "medigap", "plan": "G"}),
        (
            Answers(coverage="medigap", medigap_plan="N", medigap_copay="20"),
            {"kind": "medigap", "plan": "N", "office_visit_copay": "20"},
        ),
        (
            Answers(coverage="medigap", medigap_plan="wisconsin_basic", riders=("part_b_excess",)),
            {"kind": "medigap", "plan": "wisconsin_basic", "riders": ["part_b_excess"]},
        ),
        (Answers(coverage="assistance"), {"kind": "medicaid"}),
        (Answers(coverage="assistance", assistance="qmb"), {"kind": "qmb"}),
        (Answers(coverage="work"), {"kind": "employer_secondary"}),
        (Answers(coverage="work", work="second", work_paid_second="5"), {"kind": "employer_secondary", "paid": "5"}),
        (Answers(coverage="tricare_for_life"), {"kind": "tricare_for_life"}),
        (Answers(coverage="self_pay", self_charge="90"), {"kind": "self_pay"}),
    ],
)
def test_each_kind_of_coverage_has_its_own_amounts(answers: Answers, coverage: dict[str, Any]) -> None:
    assert answers.other_coverage() == coverage


def test_a_copay_that_was_not_given_is_refused_and_not_passed_over() -> None:
    assert Answers(coverage="commercial", plan_cost="copay").other_coverage()["copay"] == ""
    assert "copay" not in Answers(coverage="commercial", copay="40").other_coverage()


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        (Answers(), "unknown"),
        (USUAL, "0.00"),
        (Answers(deductible="full"), "283.00"),
        (Answers(deductible="part", deductible_left="40"), "40"),
        (Answers(deductible="part"), ""),
    ],
)
def test_what_is_left_of_the_deductible(answers: Answers, left: str) -> None:
    assert answers.deductible_remaining("283.00") == left


@pytest.mark.parametrize(
    ("text", "part"),
    [("30", "0.3"), (" 30 % ", "0.3"), ("0", "0"), ("100", "1"), ("101", None), ("x", None), ("", None)],
)
def test_a_percentage_is_a_share_of_one(text: str, part: str | None) -> None:
    assert share(text) == part
