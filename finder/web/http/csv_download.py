"""Files to download: CSV that no spreadsheet takes for formulas, sent as it is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from flask import Response, stream_with_context

from finder.spreadsheet import spreadsheet_csv


def csv_download(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Send rows as a CSV file: UTF-8 with a mark that spreadsheets look for, CRLF, a header."""
    return download(name, "text/csv; charset=utf-8", spreadsheet_csv(chain([columns], rows)))


def download(name: str, content_type: str, pieces: Iterable[str]) -> Response:
    """Send text as a file, piece by piece. The name is ours, never a visitor's."""
    return Response(
        stream_with_context(iter(pieces)),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
