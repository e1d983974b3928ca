"""Rows of a staff CSV in which something is wrong, as the file has them, so that they can be corrected in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from finder.intake.layers.layer import Layer
from finder.intake.sources.formats.delimited import Table
from finder.intake.sources.formats.files import SourceFile, source_files
from finder.intake.sources.staff import staff_csv
from finder.notices.notices import Findings, Notice, Severity
from finder.records.casework.faulty_rows import FaultyRow

MOST_WAITING = 1_000
"""A file with more faulty rows is better mended as a whole."""

Places = Mapping[tuple[str, int], Sequence[Notice]]
"""The notices of each faulty row, by file and number."""


def faulty_rows(paths: Sequence[Path], layers: Sequence[Layer]) -> list[FaultyRow]:
    """Give the rows of staff CSVs that were left out, or taken in part."""
    found: dict[tuple[str, int], list[Notice]] = {}
    for layer in layers:
        for notice in layer.notices if layer.source == staff_csv.SOURCE else ():
            if notice.row and notice.severity is not Severity.INFO:
                found.setdefault((notice.file, notice.row), []).append(notice)
    if not found:
        return []
    files = [file for path in paths for file in source_files(path) if staff_csv.recognises(file)]
    return [row for file in files for row in _rows_of(file, found)][:MOST_WAITING]


def finding(notice: Notice) -> dict[str, str]:
    """Write what a notice says of a row, for the records."""
    return {"code": notice.code, "line": str(notice.line or ""), "column": notice.column, "value": notice.value}


def _rows_of(file: SourceFile, found: Places) -> Iterator[FaultyRow]:
    """Read a file again for its faulty rows; one that is no row at all cannot be corrected cell by cell."""
    with file.open() as stream:
        for row in Table(file, Findings(file.name)).read(stream):
            if notices := found.get((file.name, row.number)):
                cells = {name: value for name, value in row.values.items() if name}
                yield FaultyRow(
                    file=file.name, row=row.number, cells=cells, findings=[finding(notice) for notice in notices]
                )
