"""The fee table, against amounts worked by hand from the official files."""

from __future__ import annotations

from decimal import Decimal

import pytest

from finder.coverage import Figures
from finder.coverage.basics.vocabulary import LineStatus
from finder.coverage.billing.fee_table import FeeRow, fee_table, schedule_names
from finder.errors import InvalidRequest


def row(code: str, year: str = "2026", zip_code: str = "43210", *, apm: bool = False) -> FeeRow:
    """Return the row of one code."""
    (found,) = fee_table(zip_code, year, code, Figures.load(), qualifying_apm=apm).rows
    return found


def amounts(found: FeeRow) -> list[str]:
    """Return the five amounts as text."""
    names = ("fee", "reduced_fee", "nonparticipating_fee", "limiting_charge", "coinsurance")
    return [str(getattr(found, name)) for name in names]


def test_a_reduced_code_in_ohio_is_priced_as_by_hand() -> None:
    # 97112, 2026, Ohio: work 0.50 × 1.000, practice expense 0.47 × 0.913, malpractice 0.01 × 1.008
    # full:    (0.50 + 0.42911  + 0.01008) × 33.4009 = 0.93919  × 33.4009 = 31.3697… → 31.37
    # reduced: (0.50 + 0.214555 + 0.01008) × 33.4009 = 0.724635 × 33.4009 = 24.2034… → 24.20
    # 95%: 29.8015 → 29.80; 109.25%: 34.271725 → 34.27; 20%: 6.274 → 6.27
    assert amounts(row("97112")) == ["31.37", "24.20", "29.80", "34.27", "6.27"]


def test_the_two_schedules_of_2024_differ_by_their_conversion_factor() -> None:
    # 97112, 2024, Ohio: 0.50 + 0.50 × 0.911 + 0.01 × 1.033 = 0.96583
    # × 32.7442 = 31.6253… → 31.63; × 33.2875 = 32.1500… → 32.15
    assert row("97112", "2024-01-01").fee == Decimal("31.63")
    assert row("97112", "2024-03-09").fee == Decimal("32.15")
    assert row("97112", "2024").fee == Decimal("32.15"), "a year of two means the later one"
    assert [*schedule_names(Figures.load())] == ["2026", "2025", "2024-03-09", "2024-01-01"]


def test_the_higher_factor_of_an_advanced_payment_model() -> None:
    # 0.93919 × 33.5675 = 31.5262… → 31.53
    assert row("97112", apm=True).fee == Decimal("31.53")
    assert not fee_table("43210", "2025", "97112", Figures.load(), qualifying_apm=True).qualifying_apm, "there was none"


def test_a_code_outside_the_reduction_has_no_reduced_fee() -> None:
    found = row("95992")
    assert found.multiple_procedure != "5"
    assert found.fee is not None
    assert found.reduced_fee is None


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("97010", LineStatus.BUNDLED),
        ("97014", LineStatus.NOT_VALID_FOR_MEDICARE),
        ("98986", LineStatus.PRICED_BY_CONTRACTOR),
    ],
)
def test_what_medicare_has_no_price_for_has_no_amount(code: str, status: LineStatus) -> None:
    found = row(code)
    assert found.status is status
    assert amounts(found) == ["None"] * 5


def test_without_a_code_there_is_every_code_of_the_schedule_with_its_sources() -> None:
    table = fee_table("10001", "2026", None, Figures.load())
    assert len(table.rows) == 95
    assert (table.gpci.carrier, table.gpci.locality, table.gpci.name) == ("13202", "01", "Manhattan")
    assert {it.code for it in table.rows if it.is_timed} >= {"97110", "97140", "97130"}
    assert [(it.name, it.source) for it in table.sources][:3] == [
        ("relative_values", "CMS PPRRVU2026_Apr_nonQPP.txt"),
        ("gpci", "CMS GPCI2026.csv"),
        ("zip_localities", "CMS ZIP5_APR2026.csv"),
    ]


@pytest.mark.parametrize(
    ("zip_code", "year", "code", "field"),
    [
        ("4321", "2026", None, "zip"),
        ("00000", "2026", None, "zip"),
        ("43210", "2027", None, "year"),
        ("43210", "", None, "year"),
        ("43210", "2026", "99999", "code"),
        ("43210", "2024", "98986", "code"),
        ("43210", "2026", "97112\n", "code"),
    ],
)
def test_each_wrong_field_has_its_own_error(zip_code: str, year: str, code: str | None, field: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        fee_table(zip_code, year, code, Figures.load())
    assert [error.field for error in raised.value.errors] == [field]


def test_all_wrong_fields_are_named_at_once() -> None:
    with pytest.raises(InvalidRequest) as raised:
        fee_table("x", "1999", "y", Figures.load())
    assert [error.field for error in raised.value.errors] == ["year", "zip", "code"]
