"""Tables for a spreadsheet, written row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from finder.intake.export import safe_cell

_BYTE_ORDER_MARK = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for an older alphabet, and spoils ``é``."""


def lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write rows as CSV (RFC 4180), the text that a spreadsheet would run as a formula made harmless."""
    yield _BYTE_ORDER_MARK
    for cells in rows:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
        yield buffer.getvalue()
