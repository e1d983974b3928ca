"""Cells and lines of the CSV files that people open in a spreadsheet: UTF-8, CRLF, and no text taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

BYTE_ORDER_MARK = "\ufeff"
"""First character of a file for a spreadsheet, which otherwise takes UTF-8 for an older alphabet and spoils ``é``."""

FORMULA_SIGNS = "=＝﹦⁼₌+＋﹢⁺₊﬩-－﹣@＠﹫"
"""The signs that begin a formula, and those that Unicode calls compatible: spreadsheets take full-width ones too."""

_UNSEEN = r"\s\x00-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Spaces, control characters and characters without width: a spreadsheet may pass over them."""

_FORMULA = re.compile(rf"'*(?:[\t\r\n\0]|[{_UNSEEN}]*[{re.escape(FORMULA_SIGNS)}])")
"""How text begins that needs an apostrophe in front: as a formula does (OWASP, "CSV Injection"; ASVS 5, 1.2.10).

Apostrophes before it count, so that ``plain_cell`` takes off the one that ``safe_cell`` put there and no other.
"""

_ROWS_AT_ONCE = 100


def safe_cell(text: str) -> str:
    """Return text that a spreadsheet does not run as a formula: with an apostrophe in front where it would."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """Return the text that ``safe_cell`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Write rows of cells as CSV (RFC 4180). The cells are written as they are."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def spreadsheet_csv(rows: Iterable[Sequence[str]], *, rows_at_once: int = _ROWS_AT_ONCE) -> Iterator[str]:
    """Write a table for a spreadsheet piece by piece: the mark of UTF-8, then the rows with safe cells."""
    yield BYTE_ORDER_MARK
    remaining = iter(rows)
    while batch := list(islice(remaining, rows_at_once)):
        yield csv_lines([safe_cell(cell) for cell in row] for row in batch)
