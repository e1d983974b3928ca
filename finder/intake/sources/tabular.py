"""Reading several delimited files of one source row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from finder.intake.sources.base import Context
from finder.intake.sources.formats.delimited import Row, Table
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.meter import Meter
from finder.notices.notices import Findings, Notice

LinePredicate = Callable[[bytes], bool]

_NPI_AT_START = re.compile(rb'"?(\d{10})"?,')


class ReadRows(NamedTuple):
    """The notices of all files, and their number of rows."""

    notices: list[Notice]
    rows: int


def read_rows(
    files: Sequence[SourceFile],
    context: Context,
    take: Callable[[Row], None],
    *,
    keep_line: LinePredicate | None = None,
    skipped: str = "",
) -> ReadRows:
    """Call ``take`` with each row that ``keep_line`` accepts; count the others in the notice ``skipped``."""
    meter = Meter(context.progress, sum(file.size for file in files))
    notices: list[Notice] = []
    rows = 0
    for file in files:
        findings = Findings(file.name)
        table = Table(file, findings)
        with file.open() as stream:
            for row in table.read(meter.measured(stream), keep_line):
                take(row)
        if skipped:
            findings.tally(skipped, table.skipped)
        rows += table.rows
        notices += findings.notices()
    return ReadRows(notices, rows)


def lines_of_npis(npis: Collection[str]) -> LinePredicate | None:
    """Return a ``keep_line`` for lines that begin with one of some NPIs or with no NPI; None if there are no NPIs."""
    if not npis:
        return None
    known = frozenset(npi.encode() for npi in npis)

    def keep_line(line: bytes) -> bool:
        npi = _NPI_AT_START.match(line)
        return npi is None or npi[1] in known

    return keep_line
