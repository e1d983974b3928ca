"""Which known table a file of an unknown format is nearest to, and what it lacks: for the person who gave it to us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from finder.directory.vocabulary.sources import source_names
from finder.i18n import N_, Message
from finder.intake.sources.federal import clinicians, leie, utilization
from finder.intake.sources.formats.delimited import HEADER_WITHIN, Header, header_of_line
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.nppes import locations, main
from finder.intake.sources.staff import staff_csv

Required = Sequence[tuple[str, ...]]
"""The columns that a format cannot do without, each with all its names."""


def required_columns() -> Mapping[str, Required]:
    """Return what each kind of table must have, by source."""
    return {
        staff_csv.SOURCE: (("npi",), ("verified_on",)),
        main.SOURCE: tuple((column,) for column in main.REQUIRED),
        locations.SOURCE: (("npi",), (locations.COLUMNS.street,), (locations.COLUMNS.zip,)),
        clinicians.SOURCE: (("npi",), *clinicians.COLUMNS.names_of("specialty", "street", "zip")),
        utilization.SOURCE: utilization.COLUMNS.names_of("npi", "last_name", "services", "specialty", "code"),
        leie.SOURCE: tuple((column,) for column in leie.REQUIRED),
    }


@dataclass(frozen=True)
class _Likeness:
    score: float
    line: int
    header: Header
    source: str
    missing: tuple[str, ...]


def describe_nearest(file: SourceFile) -> Message | str:
    """Return which line looks like the header, the nearest format and its missing columns; empty if none is near."""
    alike = max(_likenesses(file), key=lambda likeness: likeness.score, default=None)
    if alike is None:
        return ""
    columns = ", ".join(alike.header.written)[:200]
    header = Message(
        N_("Line {line:number} looks like its header: {columns}."), {"line": alike.line, "columns": columns}
    )
    if not alike.score:
        return header
    nearest = Message(
        N_("It is nearest to this format: {format}. These columns are missing: {missing}."),
        {"format": Message(source_names(alike.source).title), "missing": ", ".join(alike.missing)},
    )
    return Message("{header} {nearest}", {"header": header, "nearest": nearest})


def _likenesses(file: SourceFile) -> Iterator[_Likeness]:
    """Yield how much each of the first lines looks like the header of each format."""
    for number, line in enumerate(file.start.split(b"\n")[:HEADER_WITHIN], start=1):
        header = header_of_line(line)
        if len([name for name in header.names if name]) < 2:
            continue
        for source, required in required_columns().items():
            names = staff_csv.our_header(header).names if source == staff_csv.SOURCE else header.names
            missing = tuple(spellings[0] for spellings in required if not set(spellings) & set(names))
            known = len(set(names) & set(staff_csv.columns())) / len(names) if source == staff_csv.SOURCE else 0.0
            yield _Likeness(1 - len(missing) / len(required) + known, number, header, source, missing)
