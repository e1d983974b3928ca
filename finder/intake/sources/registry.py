"""Chooses the reader of each file: files are recognized by their first bytes, those of one source are read together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

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
from finder.intake.sources.nppes import deactivated, locations, main, npi_registry, other_names
from finder.intake.sources.payers import in_network_rates, marketplace, plan_net
from finder.intake.sources.set_aside import HEADER_ONLY, SkippedFile, is_header_only, set_aside
from finder.intake.sources.staff import sample_csv, staff_csv
from finder.intake.unpacking.budget import UPLOAD, Allowance
from finder.intake.unpacking.errors import NestedArchive, UnreadableFile
from finder.notices.notices import Notice, notice

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


def sources() -> tuple[str, ...]:
    """Return the names of all sources, as ``--source`` takes them."""
    return tuple(reader.SOURCE for reader in READERS)


def read_file(
    paths: Sequence[Path],
    *,
    source: str | None = None,
    as_of: date | None = None,
    complete: bool = False,
    known_npis: Collection[str] = (),
    known_plans: Collection[str] = (),
    gazetteer: ZipPlaces,
    progress: Progress | None = None,
    allowance: Allowance | None = None,
) -> list[Layer]:
    """Read files into one layer per source.

    ``source`` restricts the files to one source. ``as_of`` takes precedence over dates in file names. ``known_npis``
    are the NPIs in the directory: their rows are read even if they are no therapists any more. ``allowance`` is what
    may be unpacked; without it, as much as of an upload. Raises UnreadableFile.
    """
    allowance = allowance or Allowance(UPLOAD)
    to_read, left_out = _without_skipped([file for path in paths for file in _readable(path, allowance)])
    grouped = list(_by_reader(to_read, source))
    known, plans = frozenset(known_npis), frozenset(known_plans)
    layers: list[Layer] = []
    for reader, files in grouped:
        context = Context(
            source=source or reader.SOURCE,
            as_of=as_of,
            complete=complete,
            known_npis=known,
            known_plans=plans,
            places=gazetteer,
            progress=progress,
        )
        layers.append(reader.read(files, context))
        if len(layers) < len(grouped):
            known |= frozenset(layers[-1].tables["provider"]["npi"])
            plans |= frozenset(layers[-1].tables["insurance"]["plan"])
    return [replace(layers[0], notices=(*layers[0].notices, *left_out)), *layers[1:]]


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


def _without_skipped(files: Sequence[SourceFile]) -> tuple[list[SourceFile], list[Notice]]:
    """Return the files to read, and a notice for each skipped file. Raises UnreadableFile if no file is left."""
    reasons = [(file, _skip_reason(file)) for file in files]
    to_read = [file for file, why in reasons if why is None]
    left_out = [(file, why) for file, why in reasons if why]
    if left_out and not to_read:
        file, why = left_out[0]
        raise why.error(file.name)
    return to_read, [notice(why.code, file=file.name) for file, why in left_out]


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


def _unknown(file: SourceFile) -> UnreadableFile:
    """Return the error for a file that no reader recognizes."""
    if _is_known(file):
        return SourceMismatch(file.name)
    if b"\0" in file.start:
        return NotText(file.name)
    if file.start.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        return WebPage(file.name)
    header = header_of(file)
    columns = ", ".join(header.written)[:200] if header and len(header.names) > 1 else ""
    return UnknownFormat(file.name, f"Its columns are: {columns}." if columns else "")
