"""Files to download: CSV that no spreadsheet takes for formulas, sent as it is made."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from flask import Response, stream_with_context

from finder.intake.export import safe_cell

LINES_AT_ONCE = 1000


def csv_download(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Send rows as a CSV file: UTF-8 with a mark that spreadsheets look for, CRLF, a header."""
    return download(name, "text/csv; charset=utf-8", _csv(columns, rows))


def download(name: str, content_type: str, pieces: Iterable[str]) -> Response:
    """Send text as a file, piece by piece. The name is ours, never a visitor's."""
    return Response(
        stream_with_context(iter(pieces)),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "\ufeff" + _lines([columns])
    remaining = iter(rows)
    while batch := list(islice(remaining, LINES_AT_ONCE)):
        yield _lines([[safe_cell(cell) for cell in row] for row in batch])


def _lines(rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()
