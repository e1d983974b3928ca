"""Digits in text: numbers that people and machines write, and what only looks like one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.digits import decimal_number, is_digits, whole_number

NO_NUMBERS = ["", " ", "x", "-1", "+1", "1.0", "1_0", " 1", "1\n", "1,000", "0x1", "²", "٣", "１", "½", "1e3"]


@given(st.integers(min_value=0, max_value=99_999))
def test_a_whole_number_is_read(number: int) -> None:
    assert whole_number(str(number), 5) == number


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert whole_number(text, 9) is None
    assert not is_digits(text)


def test_zeros_in_front_count_as_digits() -> None:
    assert whole_number("007", 3) == 7
    assert whole_number("0007", 3) is None


def test_a_number_may_be_of_any_length_that_is_allowed_and_of_no_other() -> None:
    assert whole_number("9" * 18, 18) == 10**18 - 1
    assert whole_number("9" * 10_000, 18) is None


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = whole_number(text, 9)
    assert number is None or str(number) == (text.lstrip("0") or "0")


def test_digits_may_be_counted() -> None:
    assert is_digits("02139", 5)
    assert not is_digits("2139", 5)
    assert not is_digits("0213²", 5)


def test_a_decimal_number_has_digits_a_point_and_nothing_else() -> None:
    assert decimal_number("33.57", 3, 4) == Decimal("33.57")
    assert decimal_number("007", 3, 0) == 7
    for text in (
        "",
        ".",
        "1.",
        ".5",
        "1000",
        "1.23456",
        "+1",
        "-1",
        "1,0",
        " 1",
        "1_0",
        "NaN",
        "Infinity",
        "1e5",
        "١",
        "１",
    ):
        assert decimal_number(text, 3, 4) is None, text
    for text in ("1e999999", "1e-999999", "9" * 5000, f"1.{'9' * 5000}"):
        assert decimal_number(text, 3, 4) is None
