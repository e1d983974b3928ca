"""Main files of NPPES and which companions are read with them: companions without rows, and those that are absent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from finder.intake.layers.layer import Layer
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.nppes import locations, main, other_names
from finder.intake.sources.nppes.periods import period_of
from finder.intake.sources.set_aside import lists_columns
from finder.notices.notices import Notice, notice

_TABLES = {locations.SOURCE: "location", other_names.SOURCE: "fact"}
"""The table that each companion fills."""


def periods_of_main(files: Sequence[SourceFile], as_of: date | None) -> frozenset[str]:
    """Return the periods of the main files among some files, as far as they are known."""
    return frozenset(period_of(file, as_of) for file in files if main.recognizes(file)) - {""}


def says_nothing_is_left(file: SourceFile, main_periods: Collection[str], as_of: date | None) -> bool:
    """Return whether a file without rows is a companion of a main file: then its NPIs have no such rows any more."""
    is_companion = locations.recognizes(file) or other_names.recognizes(file)
    return is_companion and not lists_columns(file) and period_of(file, as_of) in main_periods


def absent_companions(
    files: Mapping[str, Sequence[SourceFile]],
    layer: Layer,
    published: Mapping[str, Layer],
    as_of: date | None,
) -> list[Notice]:
    """Return a notice for each main file whose NPIs have published places or names that no companion brings up to date.

    ``files`` are those that are read, by source; ``layer`` is what the main files say.
    """
    read = {
        source: {period_of(file, as_of) for file in files.get(source, ())} for source in _TABLES if source in published
    }
    notices = []
    for file in files.get(main.SOURCE, ()):
        period = period_of(file, as_of)
        absent = [source for source, periods in read.items() if period and period not in periods]
        stay = {npi for source in absent for npi in published[source].tables[_TABLES[source]]["npi"]}
        count = len(stay.intersection(layer.updates["npi"][layer.updates["period"] == period]))
        if count:
            notices.append(notice("no_companions_of_period", file=file.name, arguments={"count": count}))
    return notices
