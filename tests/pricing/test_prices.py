"""What visits cost a person at a practice: by payment area, by insurance, and in which order a list has them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from finder.coverage import Figures, estimate
from finder.pricing.insurance import PersonInsurance
from finder.pricing.prices import REMEMBERED, Prices
from tests.conftest import TODAY


@pytest.fixture(scope="module")
def prices() -> Prices:
    return Prices(Figures.load())


def test_the_usual_price_is_the_share_of_original_medicare_with_the_deductible_met(prices: Prices) -> None:
    request = {
        "date_of_service": TODAY.isoformat(),
        "zip": "10001",
        "participation": "participating",
        "services": Figures.load().presets["follow_up"],
        "deductible_remaining": "0.00",
    }
    share = estimate(request).patient_pays
    for medicare in ("yes", "unknown"):
        price = prices.of(None, TODAY).visit("10001", medicare)
        assert price
        assert price.bounds == (share, share)
        assert not price.may_not_participate
    assert prices.of(None, TODAY).most("100011234", "yes") == share


def test_a_payment_area_is_priced_once(prices: Prices) -> None:
    person = prices.of(PersonInsurance(deductible_remaining=None), TODAY)
    assert person.visit("10001", "yes") is person.visit("10002", "yes")
    assert person.course("10001", "yes") is person.course("10002", "yes")
    assert person.visit("10001", "yes") != person.visit("59001", "yes")


def test_an_odd_number_of_visits_is_priced_as_it_is(prices: Prices) -> None:
    person = PersonInsurance(other_coverage={"kind": "medicare_advantage", "copay": "10"}, visits=11)
    course = prices.of(person, date(2026, 10, 5)).course("02139", "yes")
    assert course
    assert (course.visits, course.later, course.bounds) == (11, 0, (Decimal(110), Decimal(110)))


def test_who_is_not_known_to_take_medicare_has_a_range(prices: Prices) -> None:
    price = prices.of(PersonInsurance(deductible_remaining="0.00"), TODAY).visit("02139", "unknown")
    assert price
    assert price.may_not_participate


def test_who_does_not_take_medicare_has_no_price_with_medicare(prices: Prices) -> None:
    with_medicare = prices.of(PersonInsurance(other_coverage={"kind": "medigap", "plan": "G"}), TODAY)
    refused = with_medicare.visit("02139", "no")
    assert refused
    assert refused.without_medicare
    assert refused.bounds is None
    assert with_medicare.most("02139", "no") is None
    assert prices.of(PersonInsurance(other_coverage={"kind": "self_pay"}, charge="90"), TODAY).most(
        "02139", "no"
    ) == Decimal(90)


def test_prices_of_their_own_need_no_zip_code(prices: Prices) -> None:
    person = prices.of(PersonInsurance(other_coverage={"kind": "commercial", "copay": "40"}, visits=6), TODAY)
    course = person.course("", "unknown")
    assert person.most("", "unknown") == Decimal(40)
    assert course
    assert (course.bounds, course.visits, course.later) == ((Decimal(240), Decimal(240)), 6, 0)


@pytest.mark.parametrize("zip_code", ["", "00000", "x"])
def test_without_fees_there_is_no_price(prices: Prices, zip_code: str) -> None:
    person = prices.of(None, TODAY)
    assert person.visit(zip_code, "yes") is None
    assert person.course(zip_code, "yes") is None
    assert person.most(zip_code, "yes") is None


def test_a_wrong_amount_makes_no_price(prices: Prices) -> None:
    assert prices.of(PersonInsurance(deductible_remaining="x"), TODAY).visit("10001", "yes") is None


def test_what_can_only_be_from_nothing_to_anything_is_no_price(prices: Prices) -> None:
    price = prices.of(PersonInsurance(other_coverage={"kind": "self_pay"}), TODAY).visit("10001", "yes")
    assert price
    assert price.bounds is None


def test_visits_in_a_year_without_amounts_are_left_out(prices: Prices) -> None:
    person = prices.of(PersonInsurance(deductible_remaining="0.00"), date(2026, 12, 28))
    course = person.course("10001", "yes")
    assert course
    assert course.visits + course.later == 10
    assert course.later > 0
    assert prices.of(None, date(2040, 1, 1)).visit("10001", "yes") is None


def test_only_the_latest_combinations_of_insurance_and_day_are_remembered() -> None:
    prices = Prices(Figures.load())
    first = prices.of(None, TODAY)
    assert prices.of(None, TODAY) is first
    for charge in range(REMEMBERED):
        prices.of(PersonInsurance(other_coverage={"kind": "self_pay"}, charge=f"{charge}"), TODAY)
    assert prices.of(None, TODAY) is not first
