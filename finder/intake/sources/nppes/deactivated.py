"""The deactivation report of NPPES: every deactivated NPI with its date, as a workbook in a zip or as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import islice

from finder.intake.cleaning.fields import clean_date, clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.formats.delimited import Row, Table, column_name, header_of, make_row
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.meter import Meter
from finder.intake.sources.formats.workbook import is_workbook, sheet_rows
from finder.notices.notices import Findings, Notice

SOURCE = "nppes_deactivated"

DATE = "nppes deactivation date"

HEADER_WITHIN = 10
"""The header is below a title, within this many rows."""


def recognizes(file: SourceFile) -> bool:
    """Return whether this is the report: its header has the NPI, the date of deactivation, and few other columns."""
    if is_workbook(file):
        return _title(file) is not None
    header = header_of(file)
    return header is not None and header.has("npi", DATE) and len(header.names) < 10


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read all deactivations, also of unlisted NPIs, which another source may add later."""
    titles = [_title(file) or "" for file in files if is_workbook(file)]
    as_of = context.as_of or max((day for title in titles if (day := _titled_date(title))), default=None)
    as_of = as_of or context.required_date(files)
    builder = LayerBuilder()
    meter = Meter(context.progress, sum(file.size for file in files))
    seen: dict[str, str] = {}
    notices: list[Notice] = []
    count = 0
    for file in files:
        findings = Findings(file.name)
        for row in _workbook_rows(file, findings) if is_workbook(file) else _csv_rows(file, findings, meter):
            count += 1
            _take(row, as_of, seen)
        notices += findings.notices()
    for npi, gone in seen.items():
        builder.provider(npi, entity="", name="", sort_name="", status="deactivated", as_of=gone)
    return [builder.layer(context, as_of, notices=notices, rows=count)]


def _take(row: Row, as_of: date, seen: dict[str, str]) -> None:
    """Note the date on which an NPI was deactivated, the latest of several; the report's own if it cannot be read."""
    npi, finding = clean_npi(row["npi"])
    if finding:
        row.report(finding, "npi", row["npi"])
        return
    day, finding = clean_date(row[DATE])
    if finding:
        row.report(finding, DATE, row[DATE])
    if day and day > as_of:
        row.report("date_in_future", DATE, row[DATE])
        day = as_of
    gone = (day or as_of).isoformat()
    if npi in seen:
        row.report("duplicate_row" if gone == seen[npi] else "npi_repeated", "npi", npi)
    seen[npi] = max(gone, seen.get(npi, ""))


@lru_cache(maxsize=8)
def _title(file: SourceFile) -> str | None:
    """Return the text above the header of a workbook; None if it has no such header."""
    with sheet_rows(file) as rows:
        above: list[str] = []
        for cells in islice(rows, HEADER_WITHIN):
            if _is_header(cells):
                return " ".join(above)
            above += [cell for cell in cells if cell]
    return None


def _is_header(cells: Sequence[str]) -> bool:
    names = [column_name(cell) for cell in cells]
    return "npi" in names and DATE in names


def _titled_date(title: str) -> date | None:
    """Read the date in a title: ``NPPES Deactivated Records as of Jun 08 2026``."""
    match = re.search(r"([A-Z][a-z]{2})[a-z]* (\d{1,2}),? (\d{4})", title)
    if not match:
        return clean_date(found[0]).value if (found := re.search(r"\d{1,2}/\d{1,2}/\d{4}", title)) else None
    try:
        return datetime.strptime(" ".join(match.groups()), "%b %d %Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _workbook_rows(file: SourceFile, findings: Findings) -> Iterator[Row]:
    with sheet_rows(file) as rows:
        numbered = enumerate(rows, 1)
        findings.header_line, header = next((pair for pair in numbered if _is_header(pair[1])), (0, []))
        names = [column_name(cell) for cell in header]
        for line, cells in numbered:
            if any(cells):
                yield make_row(line - findings.header_line, dict(zip(names, cells, strict=False)), findings)


def _csv_rows(file: SourceFile, findings: Findings, meter: Meter) -> Iterator[Row]:
    with file.open() as stream:
        yield from Table(file, findings).read(meter.measured(stream))
