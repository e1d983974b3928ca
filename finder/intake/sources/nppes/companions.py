"""The files beside the main file of NPPES: further practice locations, other names.

A companion file has no dates of its own. What it says of an NPI is as new as its period, but only as fresh as the
NPI's record: a place that was entered in 2009 and never touched since is of 2009 in every month's file.

Where main and companion file of one period are read together, an NPI of the main file without rows in the companion
has no such places or names any more, also where the companion has no rows at all. Without the main file of its period
a companion only speaks of the NPIs it lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from finder.intake.cleaning.fields import clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.layers.updates import latest_updates
from finder.intake.sources.base import Context
from finder.intake.sources.builder import UNDATED, LayerBuilder
from finder.intake.sources.formats.delimited import Row
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.nppes import main
from finder.intake.sources.nppes.periods import end_of, period_of
from finder.intake.sources.tabular import lines_of_npis, read_rows
from finder.notices.notices import Notice, notice

Take = Callable[[Row, str, str], None]
"""Adds a row of an NPI, with the date of the NPI's record."""

_Records = Mapping[str, Mapping[str, str]]
"""The date of each NPI's record in the main files that were read with the companions, by period."""


def read_companions(files: Sequence[SourceFile], context: Context, builder: LayerBuilder, take: Take) -> Layer:
    """Read companion files, the latest period first: what they say of an NPI is not taken from older ones.

    Raises AsOfNeeded.
    """
    as_of = context.required_date(files)
    reading = _Reading(context, builder, take)
    notices: list[Notice] = []
    rows = 0
    for period, group in _by_period(files, context).items():
        found, count = reading.read(period, group)
        notices += found
        rows += count
    return builder.layer(context, as_of, notices=notices, rows=rows)


class _Reading:
    """The rows of the layer, from the periods read so far."""

    def __init__(self, context: Context, builder: LayerBuilder, take: Take) -> None:
        self._context = context
        self._builder = builder
        self._take = take
        self._keep_line = lines_of_npis(context.known_npis)
        self._records = _records(context.beside.get(main.SOURCE))
        published = context.published.get(main.SOURCE)
        self._published = _record_days(published) if published else {}
        self._settled: set[str] = set()
        """The NPIs that a later period speaks of."""

    def read(self, period: str, files: Sequence[SourceFile]) -> tuple[list[Notice], int]:
        """Read the files of one period; return their notices and their number of rows."""
        paired = self._records.get(period)
        listed: set[str] = set()

        def take(row: Row) -> None:
            npi, finding = clean_npi(row["npi"])
            if finding:
                row.report(finding, "npi", row["npi"])
            elif npi in self._settled:
                row.findings.tally("superseded")
            else:
                listed.add(npi)
                self._add(row, npi, period)

        read = read_rows(files, self._context, take, keep_line=self._keep_line, skipped="not_listed")
        spoken_of = listed | (paired.keys() - self._settled if paired else set())
        for npi in sorted(spoken_of):
            self._builder.update(npi, end_of(period), period)
        self._settled |= spoken_of
        alone = [] if paired is not None or not self._records else files
        return [*read.notices, *(notice("no_main_file_of_period", file=file.name) for file in alone)], read.rows

    def _add(self, row: Row, npi: str, period: str) -> None:
        day = self._record_day(npi, period)
        if not day and (self._records or self._published):
            row.findings.tally("record_undated")
        self._take(row, npi, day or UNDATED)

    def _record_day(self, npi: str, period: str) -> str:
        """Return the date of an NPI's record in a period, empty if it is unknown.

        It is the date in the main file of that period; without that file the latest known that is not after it.
        """
        paired = self._records.get(period, {})
        if npi in paired:
            return paired[npi]
        known = [self._published.get(npi, ""), *(days.get(npi, "") for days in self._records.values())]
        return max((day for day in known if day <= end_of(period)), default="")


def _by_period(files: Sequence[SourceFile], context: Context) -> dict[str, list[SourceFile]]:
    """Return the files of each period, the latest period first; of periods with one end the shorter is first."""
    groups: dict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        groups[period_of(file, context.as_of)].append(file)
    return {period: groups[period] for period in sorted(groups, key=lambda one: (end_of(one), one), reverse=True)}


def _records(layer: Layer | None) -> _Records:
    records: dict[str, dict[str, str]] = defaultdict(dict)
    for npi, day, period in layer.updates.itertuples(index=False) if layer else ():
        records[period][npi] = max(day, records[period].get(npi, ""))
    return records


def _record_days(layer: Layer) -> dict[str, str]:
    return {npi: update.as_of for npi, update in latest_updates(layer).items()}
