"""Cells that a spreadsheet could take for formulas, and the way back to the text."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.spreadsheet import FORMULA_SIGNS, plain_cell, safe_cell, spreadsheet_csv

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx", "\nx", "\0x",
    "＝1+1", "＋1", "－1", "＠SUM(1)", "﹦1", "﹢1", "﹣1", "﹫1",
    " =1", "   @x", "\u00a0=1", "\u3000＝1", "\ufeff=1", "\u200b=1", "\u200b\ufeff \u2060＝1", "\u00ad+1", "\x0b=1",
    "'=1", "''＝1", "' =1",
]  # fmt: skip
"""Each begins as a formula does, or would after the apostrophe of ``safe_cell`` is taken off."""

HARMLESS = ["", "Oak", "O'Brien", "'tis", "a=1", "1-2", "Smith-Jones", "−5", "|x", "%x", "’=1", " a"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_as_a_formula_has_an_apostrophe_in_front(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    (row,) = csv.reader(io.StringIO("".join(spreadsheet_csv([[text]])).removeprefix("\ufeff"), newline=""))
    assert row == [f"'{text}"]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == plain_cell(text) == text


def test_every_character_that_unicode_calls_compatible_with_a_sign_is_one() -> None:
    found = {chr(code) for code in range(0x10000) if unicodedata.normalize("NFKC", chr(code)) in {"=", "+", "-", "@"}}
    assert found == set(FORMULA_SIGNS)


@given(st.text(alphabet="'=＝+@- \t\r\ufeff\u200baé") | st.text())
def test_the_text_comes_back(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
