"""Cells and lines of the CSV files that people open in a spreadsheet: UTF-8, CRLF, and no text taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

BYTE_ORDER_MARK = "\ufeff"
"""First character of a file for a spreadsheet, which otherwise takes UTF-8 for an older alphabet and spoils ``é``."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_ROWS_AT_ONCE = 100


def safe_cell(text: str) -> str:
    """Return text that a spreadsheet does not run as a formula: with an apostrophe in front where it would."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_cell(text: str) -> str:
    """Return the text that ``safe_cell`` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


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
