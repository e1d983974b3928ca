"""What the price of a visit needs to know of a person."""

from __future__ import annotations

from datetime import date

import pytest

from finder.coverage import Figures
from finder.pricing.insurance import USUAL, PersonInsurance
from finder.pricing.requests import visit_request


@pytest.mark.parametrize(
    ("kind", "has_own_price"),
    [("none", False), ("medigap", False), ("commercial", True), ("self_pay", True), ("no_such_kind", False)],
)
def test_coverage_that_does_not_build_on_part_b_has_a_price_of_its_own(kind: str, has_own_price: bool) -> None:
    assert PersonInsurance(other_coverage={"kind": kind}).has_own_price is has_own_price


@pytest.mark.parametrize(
    ("insurance", "remaining"),
    [
        (PersonInsurance(), "unknown"),
        (USUAL, "0.00"),
        (PersonInsurance(deductible_remaining=None), "283.00"),
        (PersonInsurance(deductible_remaining="40"), "40"),
        (PersonInsurance(deductible_remaining=""), ""),
    ],
)
def test_what_is_left_of_the_deductible_goes_into_the_request(insurance: PersonInsurance, remaining: str) -> None:
    request = visit_request(insurance, "10001", "participating", date(2026, 10, 5), Figures.load())
    assert request["deductible_remaining"] == remaining


def test_prices_are_remembered_by_everything_that_changes_them() -> None:
    copay = PersonInsurance(other_coverage={"kind": "commercial", "copay": "40"})
    assert copay == PersonInsurance(other_coverage={"kind": "commercial", "copay": "40"})
    assert hash(copay) == hash(PersonInsurance(other_coverage={"kind": "commercial", "copay": "40"}))
    assert copay != PersonInsurance(other_coverage={"kind": "commercial", "copay": "41"})
