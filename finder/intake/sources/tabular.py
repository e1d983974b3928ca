"""Reading several delimited files of one source, row by row: what all such readers have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from finder.intake.sources.base import Context
from finder.intake.sources.formats.delimited import Row, Table
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.meter import Meter
from finder.notices.notices import Findings, Notice

Wanted = Callable[[bytes], bool]

_NPI_AT_START = re.compile(rb'"?(\d{10})"?,')


class Gathered(NamedTuple):
    """The notices of all files, and the number of their rows."""

    notices: list[Notice]
    rows: int


def read_rows(
    files: Sequence[SourceFile],
    context: Context,
    take: Callable[[Row], None],
    *,
    wanted: Wanted | None = None,
    passed_over: str = "",
) -> Gathered:
    """Return the rows whose bytes are ``wanted`` to ``take``; the others are counted in a notice, ``passed_over``."""
    meter = Meter(context.progress, sum(file.size for file in files))
    notices: list[Notice] = []
    rows = 0
    for file in files:
        findings = Findings(file.name)
        table = Table(file, findings)
        with file.open() as stream:
            for row in table.read(meter.measured(stream), wanted):
                take(row)
        if passed_over:
            findings.tally(passed_over, table.passed_over)
        rows += table.rows
        notices += findings.notices()
    return Gathered(notices, rows)


def of_npis(npis: Collection[str]) -> Wanted | None:
    """Want the lines that begin with one of some NPIs, and those that begin with none; without NPIs, want all."""
    if not npis:
        return None
    known = frozenset(npi.encode() for npi in npis)

    def wanted(line: bytes) -> bool:
        npi = _NPI_AT_START.match(line)
        return npi is None or npi[1] in known

    return wanted
