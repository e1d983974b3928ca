"""Bills judged against amounts worked by hand.

97112 in Ohio, 2026: fee 31.37, further unit 24.20 (test_fee_table). Participating: 20% of 31.37 is 6.27. Not
participating: allowed 29.80, of which 20% is 5.96; limiting charge 34.27, so an excess charge of 34.27 − 29.80 = 4.47.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from finder.coverage import Figures
from finder.coverage.billing.bill_check import (
    BillCheck,
    Notice,
    Verdict,
    asked_above,
    check_bill,
    judge,
    without_notice,
)
from finder.errors import InvalidRequest

ONE_UNIT = [{"code": "97112", "units": 1, "charge": "60.00"}]


def bill(requested: str | None, services: list[dict[str, Any]] | None = None, **changes: Any) -> BillCheck:
    """Judge a bill from Ohio with the deductible met."""
    request = {
        "date_of_service": "2026-10-05",
        "zip": "43210",
        "setting": "private_practice",
        "participation": "participating",
        "services": services or ONE_UNIT,
        "deductible_remaining": "0.00",
        "other_coverage": {"kind": "none"},
    }
    return check_bill(request | changes, requested, Figures.load())


def money(*amounts: str) -> tuple[Decimal, ...]:
    """Return amounts as decimals."""
    return tuple(map(Decimal, amounts))


def codes(check: BillCheck) -> list[str]:
    """Return the codes of what was found, of the bill and of its lines, in every case."""
    return [it.code for case in check.cases for it in case.all_findings]


def test_a_participating_therapist_may_ask_for_20_percent_of_the_fee_and_no_more() -> None:
    right = bill("6.27")
    assert (right.verdict, right.may_be_asked, right.ask_back) == (
        Verdict.NOT_TOO_MUCH, money("6.27", "6.27"), money("0.00", "0.00"),
    )  # fmt: skip
    high = bill("34.90")  # 34.90 − 6.27 = 28.63
    assert (high.verdict, high.ask_back) == (Verdict.TOO_MUCH, money("28.63", "28.63"))
    assert codes(high) == ["balance_billing", "above_allowed_amount"]
    assert high.charged == Decimal("60.00")


def test_a_further_unit_counts_reduced() -> None:
    # 31.37 + 24.20 = 55.57; 20% is 11.114 → 11.11
    check = bill("11.11", [{"code": "97112", "units": 2, "charge": "55.57"}])
    assert check.may_be_asked == money("11.11", "11.11")
    assert codes(check) == []


def test_a_charge_below_the_fee_is_what_counts() -> None:
    # 20% of 20.00
    assert bill("4.00", [{"code": "97112", "units": 1, "charge": "20.00"}]).may_be_asked == money("4.00", "4.00")


def test_the_deductible_that_is_left_may_be_asked_too() -> None:
    # 10.00 + 20% × (31.37 − 10.00) = 10.00 + 4.274 → 14.27
    assert bill("14.27", deductible_remaining="10.00").may_be_asked == money("14.27", "14.27")


def test_without_assignment_the_limiting_charge_may_be_asked_at_the_desk() -> None:
    check = bill("60.00", participation="nonparticipating_unassigned")
    (case,) = check.cases
    assert check.may_be_asked == money("34.27", "34.27")
    assert check.ask_back == money("25.73", "25.73")
    assert case.cost_in_the_end == money("10.43", "10.43")  # 5.96 + 4.47
    assert case.medicare_pays == Decimal("23.84")  # 29.80 − 5.96
    assert codes(check) == ["asked_above_limiting_charge", "above_limiting_charge"]


def test_an_unknown_agreement_is_a_range_and_a_question() -> None:
    check = bill("20.00", participation="unknown")
    assert check.may_be_asked == money("5.96", "34.27")
    assert (check.verdict, check.ask_back) == (Verdict.DEPENDS, money("0.00", "14.04"))
    assert [case.verdict for case in check.cases] == [Verdict.TOO_MUCH, Verdict.TOO_MUCH, Verdict.NOT_TOO_MUCH]
    assert check.unknown == ("participation",)
    assert check.found_in_every_case == ()
    assert bill("60.00", participation="unknown").verdict is Verdict.TOO_MUCH, "too much in every case"


def test_an_unknown_deductible_is_a_range() -> None:
    check = bill("31.37", deductible_remaining="unknown")
    assert check.may_be_asked == money("6.27", "31.37")
    assert check.verdict is Verdict.DEPENDS
    assert check.unknown == ("deductible",)


def test_an_unknown_place_may_be_one_that_is_paid_by_its_charges() -> None:
    check = bill("12.00", setting="unknown")
    assert check.may_be_asked == money("6.27", "12.00")  # 20% of the charge of 60.00
    assert (check.verdict, check.unknown) == (Verdict.DEPENDS, ("setting",))


@pytest.mark.parametrize("participation", ["participating", "nonparticipating_unassigned", "unknown"])
@pytest.mark.parametrize("deductible", ["0.00", "unknown"])
def test_nobody_in_qmb_may_be_billed(participation: str, deductible: str) -> None:
    check = bill("6.27", participation=participation, deductible_remaining=deductible, other_coverage={"kind": "qmb"})
    assert check.may_be_asked == money("0.00", "0.00")
    assert (check.verdict, check.ask_back, check.unknown) == (Verdict.TOO_MUCH, money("6.27", "6.27"), ())
    assert {case.findings[0].source for case in check.cases} == {"42 USC 1396a(n)(3)(B)"}


def test_medigap_and_medicaid_and_a_plan_change_what_may_be_asked() -> None:
    assert bill("6.27", other_coverage={"kind": "medigap", "plan": "G"}).may_be_asked == money("0.00", "0.00")
    assert bill("3.00", other_coverage={"kind": "medicaid"}).verdict is Verdict.DEPENDS
    plan = bill("60", participation="unknown", other_coverage={"kind": "medicare_advantage", "copay": "40.00"})
    assert (plan.may_be_asked, len(plan.cases)) == (money("40.00", "40.00"), 1)
    assert plan.ask_back == money("20.00", "20.00")


def test_what_may_not_be_billed_is_named_and_adds_nothing() -> None:
    packs = {"code": "97010", "charge": "15.00"}
    stimulation = {"code": "97014", "charge": "25.00"}
    check = bill("46.27", [*ONE_UNIT, packs, stimulation])
    assert check.may_be_asked == money("6.27", "6.27")
    assert codes(check)[1:] == ["above_allowed_amount", "bundled", "not_valid_for_medicare"]
    in_every_case = bill("46.27", [*ONE_UNIT, packs, stimulation], participation="unknown").found_in_every_case
    assert [it.code for it in in_every_case] == ["bundled", "not_valid_for_medicare"]
    assert [line.most for line in check.cases[0].lines] == [Decimal("31.37"), Decimal("0.00"), Decimal("0.00")]


def test_without_a_national_price_the_most_is_not_known() -> None:
    check = bill("50.00", [*ONE_UNIT, {"code": "98986", "charge": "100.00"}])
    assert check.may_be_asked == (Decimal("6.27"), None)
    assert check.verdict is Verdict.DEPENDS


def test_every_wrong_field_is_named() -> None:
    with pytest.raises(InvalidRequest) as raised:
        bill(None, [{"code": "1", "units": 0}], zip="x", other_coverage={"kind": "medigap", "plan": "Z"})
    assert {error.field for error in raised.value.errors} == {
        "zip", "services[0].code", "services[0].units", "other_coverage.plan", "requested",
    }  # fmt: skip


def test_what_was_asked_is_held_against_the_least_and_the_most() -> None:
    assert judge(Decimal(5), None) is Verdict.UNKNOWN
    assert judge(Decimal(0), None) is Verdict.NOT_TOO_MUCH
    assert judge(Decimal(5), (Decimal(5), None)) is Verdict.NOT_TOO_MUCH
    assert judge(Decimal(6), (Decimal(5), None)) is Verdict.DEPENDS
    assert asked_above(Decimal(9), (Decimal(2), Decimal(5))) == money("4", "7")


@pytest.mark.parametrize("day", ["2026-10-05", "2027-01-05"])
def test_infrared_is_the_patients_only_with_a_notice_in_a_year_without_a_fee_schedule_too(day: str) -> None:
    infrared = [{"code": "97026", "charge": "30.00"}]

    def check(notice: Notice) -> BillCheck:
        request = {"date_of_service": day, "zip": "43210", "services": infrared, "other_coverage": {"kind": "qmb"}}
        return check_bill(request, "30.00", Figures.load(), notice=notice)

    assert check(Notice.SIGNED).may_be_asked == money("30", "30")
    assert check(Notice.NOT_SIGNED).may_be_asked == money("0", "0")
    assert check(Notice.UNKNOWN).may_be_asked == money("0", "30")
    assert check(Notice.UNKNOWN).unknown == ("notice",)


def test_care_that_is_not_covered_is_the_patients_only_with_a_notice() -> None:
    bounds, charges = (Decimal(50), Decimal(50)), [Decimal(44)]
    assert without_notice(bounds, charges, Notice.SIGNED) == money("50", "50")
    assert without_notice(bounds, charges, Notice.NOT_SIGNED) == money("6", "6")
    assert without_notice(bounds, charges, Notice.UNKNOWN) == money("6", "50")
    assert without_notice(bounds, [], Notice.NOT_SIGNED) == money("50", "50")
