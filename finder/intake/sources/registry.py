"""Chooses the reader of each file: files are recognized by their first bytes, those of one source are read together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context, Reader, ZipPlaces
from finder.intake.sources.errors import (
    NotText,
    SourceFileMissing,
    SourceMismatch,
    UnknownFormat,
    WebPage,
)
from finder.intake.sources.federal import clinicians, leie, utilization
from finder.intake.sources.formats.delimited import header_of
from finder.intake.sources.formats.files import SourceFile, is_archive, source_files
from finder.intake.sources.formats.meter import Progress
from finder.intake.sources.nearest_format import describe_nearest
from finder.intake.sources.nppes import deactivated, locations, main, npi_registry, other_names
from finder.intake.sources.nppes.beside_main import absent_companions, periods_of_main, says_nothing_is_left
from finder.intake.sources.payers import in_network_rates, marketplace, plan_net
from finder.intake.sources.payers.file_sets import require_whole_sets
from finder.intake.sources.set_aside import HEADER_ONLY, NO_PROVIDERS, SkippedFile, is_header_only, set_aside
from finder.intake.sources.staff import sample_csv, staff_csv
from finder.intake.unpacking.budget import UPLOAD, Allowance
from finder.intake.unpacking.errors import NestedArchive, UnreadableFile
from finder.notices.notices import notice

READERS: tuple[Reader, ...] = (
    main,
    locations,
    other_names,
    deactivated,
    npi_registry,
    clinicians,
    utilization,
    marketplace,
    plan_net,
    in_network_rates,
    leie,
    sample_csv,
    staff_csv,
)
"""All readers, in reading order: the main file comes before those that add to it."""

FILE_DATES: Mapping[str, Callable[[SourceFile], date | None]] = {
    clinicians.SOURCE: SourceFile.named_date,
    utilization.SOURCE: utilization.date_of,
}
"""The dates of files whose rows have no others: files of several dates are read into a layer each."""


def sources() -> tuple[str, ...]:
    """Return the names of all sources, as ``--source`` takes them."""
    return tuple(reader.SOURCE for reader in READERS)


def read_file(
    paths: Sequence[Path],
    *,
    source: str | None = None,
    as_of: date | None = None,
    complete: bool = False,
    collection: str = "",
    part: bool = False,
    known_npis: Collection[str] = (),
    known_plans: Collection[str] = (),
    published: Mapping[str, Layer] = MappingProxyType({}),
    gazetteer: ZipPlaces,
    progress: Progress | None = None,
    allowance: Allowance | None = None,
) -> list[Layer]:
    """Read files into one layer per collection, or per source and date (``FILE_DATES``), the oldest first.

    ``source`` restricts the files to one source. ``as_of`` takes precedence over dates in file names. ``collection``
    names what files speak of whose content does not say it; ``part``: they are a part of its files. ``known_npis``
    are the NPIs in the directory: their rows are read even if they are no therapists any more. ``published`` are its
    layers. ``allowance`` is what may be unpacked; without it, as much as of an upload. Raises UnreadableFile,
    PartsMissing among them.
    """
    allowance = allowance or Allowance(UPLOAD)
    to_read, skipped = _without_skipped([file for path in paths for file in _readable(path, allowance)], as_of)
    grouped = [(reader, batch) for reader, files in _by_reader(to_read, source) for batch in _by_date(reader, files)]
    if not part:
        indexes = [file for file, why in skipped if why is NO_PROVIDERS]
        require_whole_sets({reader.SOURCE: files for reader, files in grouped}, indexes)
    known, plans = frozenset(known_npis), frozenset(known_plans)
    layers: list[Layer] = []
    for reader, files in grouped:
        context = Context(
            source=source or reader.SOURCE,
            as_of=as_of,
            complete=complete,
            collection=collection,
            part=part,
            known_npis=known,
            known_plans=plans,
            published=published,
            beside={layer.source: layer for layer in layers},
            places=gazetteer,
            progress=progress,
        )
        for layer in reader.read(files, context):
            layers.append(layer)
            known |= frozenset(layer.tables["provider"]["npi"])
            plans |= frozenset(layer.tables["insurance"]["plan"]) | frozenset(layer.plans["plan_alias"]["alias"])
    about_files = [notice(why.code, file=file.name) for file, why in skipped]
    about_files += absent_companions({reader.SOURCE: files for reader, files in grouped}, layers[0], published, as_of)
    return [replace(layers[0], notices=(*layers[0].notices, *about_files)), *layers[1:]]


def _readable(path: Path, allowance: Allowance) -> list[SourceFile]:
    """Return the files at a path; of an archive or folder, those with a known format."""
    files = source_files(path, allowance)
    known = [file for file in files if _is_known(file) or set_aside(file)]
    if not known and any(is_archive(file) for file in files):
        raise NestedArchive(path.name)
    if len(files) == 1:
        return files
    if not known:
        raise UnknownFormat(path.name)
    return known


def _is_known(file: SourceFile) -> bool:
    return any(reader.recognizes(file) for reader in READERS)


def _skip_reason(file: SourceFile) -> SkippedFile | None:
    """Return why a file is skipped, None if it is read."""
    return set_aside(file) or (HEADER_ONLY if is_header_only(file) and _is_known(file) else None)


def _without_skipped(
    files: Sequence[SourceFile], as_of: date | None
) -> tuple[list[SourceFile], list[tuple[SourceFile, SkippedFile]]]:
    """Return the files to read, and the skipped files with the reason. Raises UnreadableFile if no file is left."""
    reasons = [(file, _skip_reason(file)) for file in files]
    periods = periods_of_main([file for file, why in reasons if why is None], as_of)
    reasons = [
        (file, None if why is HEADER_ONLY and says_nothing_is_left(file, periods, as_of) else why)
        for file, why in reasons
    ]
    to_read = [file for file, why in reasons if why is None]
    skipped = [(file, why) for file, why in reasons if why]
    if skipped and not to_read:
        file, why = skipped[0]
        raise why.error(file.name)
    return to_read, skipped


def _by_reader(files: Sequence[SourceFile], source: str | None) -> Iterator[tuple[Reader, list[SourceFile]]]:
    if not files:
        raise SourceFileMissing("-")
    readers = [reader for reader in READERS if source is None or source == reader.SOURCE]
    groups: dict[str, list[SourceFile]] = {}
    for file in files:
        reader = next((reader for reader in readers if reader.recognizes(file)), None)
        if reader is None:
            raise _unknown(file)
        groups.setdefault(reader.SOURCE, []).append(file)
    return ((reader, groups[reader.SOURCE]) for reader in readers if reader.SOURCE in groups)


def _by_date(reader: Reader, files: list[SourceFile]) -> list[list[SourceFile]]:
    """Return the files of each date, the oldest first; files without a date belong to the newest."""
    date_of = FILE_DATES.get(reader.SOURCE)
    dates = {day for file in files if date_of and (day := date_of(file))}
    if date_of is None or len(dates) < 2:
        return [files]
    return [[file for file in files if (date_of(file) or max(dates)) == day] for day in sorted(dates)]


def _unknown(file: SourceFile) -> UnreadableFile:
    """Return the error for a file that no reader recognizes."""
    if _is_known(file):
        return SourceMismatch(file.name)
    if b"\0" in file.start:
        return NotText(file.name)
    if file.start.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        return WebPage(file.name)
    return UnknownFormat(file.name, describe_nearest(file) if header_of(file) else "")
