"""The same visit side by side: one unit of 97112 in Ohio, worked by hand in test_bill_check."""

from __future__ import annotations

from typing import Any

from finder.coverage import Figures, estimate
from finder.coverage.billing.side_by_side import NO_CHARGE, PAID_ALIKE, SettingRow, side_by_side

REQUEST = {
    "date_of_service": "2026-10-05",
    "zip": "43210",
    "services": [{"code": "97112", "units": 1}],
    "deductible_remaining": "0.00",
}


def rows(charge: str | None = None, **changes: Any) -> list[SettingRow]:
    """Return the rows, with something changed."""
    return list(side_by_side(REQUEST | changes, charge, Figures.load()))


def test_agreements_and_places_are_set_side_by_side() -> None:
    found = rows("100.00")
    # participating 20% of 31.37; 20% of 29.80; that and the excess of 4.47; hospital and others as participating;
    # a critical access hospital 20% of its charge
    assert [str(row.answer.patient_pays) for row in found] == ["6.27", "5.96", "10.43", "6.27", "6.27", "20.00"]
    assert [str(row.difference) for row in found] == ["0.00", "-0.31", "4.16", "0.00", "0.00", "13.73"]
    assert [str(row.answer.allowed_amount) for row in found] == ["31.37", "29.80", "29.80", "31.37", "31.37", "100.00"]


def test_without_its_charge_a_critical_access_hospital_has_no_figure() -> None:
    last = rows()[-1]
    assert (last.answer.allowed_amount, last.answer.patient_pays, last.difference) == (None, None, None)
    assert last.why == NO_CHARGE


def test_an_unknown_deductible_leaves_no_difference() -> None:
    assert {row.difference for row in rows(deductible_remaining="unknown")} == {None}


def test_the_places_that_one_row_stands_for_are_paid_alike() -> None:
    paid = {estimate({**REQUEST, "setting": it.value}).patient_pays for it in PAID_ALIKE}
    assert len(paid) == 1
