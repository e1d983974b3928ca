"""Faulty rows of a staff CSV, with the cells as the file has them, so that they can be corrected on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from finder.intake.layers.layer import Layer
from finder.intake.sources.formats.files import SourceFile, source_files
from finder.intake.sources.staff import staff_csv
from finder.intake.unpacking.budget import Allowance
from finder.notices.notices import Findings, Notice, Severity
from finder.records.casework.faulty_rows import FaultyRow

MOST_FAULTY_ROWS = 1_000
"""A file with more faulty rows than this is better corrected as a file."""

NoticesByRow = Mapping[tuple[str, int], Sequence[Notice]]
"""The notices of each faulty row, by file name and row number."""


def faulty_rows(paths: Sequence[Path], layers: Sequence[Layer], allowance: Allowance) -> list[FaultyRow]:
    """Return the rows of staff CSVs that were skipped or read only in part."""
    found: dict[tuple[str, int], list[Notice]] = {}
    for layer in layers:
        for notice in layer.notices if layer.source == staff_csv.SOURCE else ():
            if notice.row and notice.severity is not Severity.INFO:
                found.setdefault((notice.file, notice.row), []).append(notice)
    if not found:
        return []
    files = [file for path in paths for file in source_files(path, allowance) if staff_csv.recognizes(file)]
    return [row for file in files for row in _faulty_rows_of(file, found)][:MOST_FAULTY_ROWS]


def notice_fields(notice: Notice) -> dict[str, str]:
    """Return the fields of a notice that are stored with a faulty row."""
    return {"code": notice.code, "line": str(notice.line or ""), "column": notice.column, "value": notice.value}


def _faulty_rows_of(file: SourceFile, found: NoticesByRow) -> Iterator[FaultyRow]:
    """Read a file again for its faulty rows; a line that cannot be split into cells is left out."""
    with file.open() as stream:
        for row in staff_csv.staff_table(file, Findings(file.name)).read(stream):
            if notices := found.get((file.name, row.number)):
                cells = {name: value for name, value in row.values.items() if name}
                yield FaultyRow(
                    file=file.name, row=row.number, cells=cells, findings=[notice_fields(notice) for notice in notices]
                )
