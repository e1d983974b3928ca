"""Files as readers see them: name, first bytes and a stream; plain, in a zip, or gzipped.

Nothing is unpacked to disk and no file is read into memory. Archives are opened within the budget of the run (see
``finder.intake.unpacking``), and the kind of a file is recognized by its first bytes, because browsers and people
rename files.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from finder.intake.sources.errors import EmptyFile, EmptyFolder, FileUnopened, SourceFileMissing
from finder.intake.sources.formats.encodings import conversion, converted
from finder.intake.unpacking.budget import Allowance
from finder.intake.unpacking.errors import BrokenArchive
from finder.intake.unpacking.gzips import open_gzip
from finder.intake.unpacking.zips import READING_ERRORS, open_zip

START_BYTES = 64 * 1024
"""How much of a file is read to recognize it: the header of the NPPES main file has 12 kB."""

ZIP, GZIP, ZIP_OF_NONE = b"PK\x03\x04", b"\x1f\x8b", b"PK\x05\x06"
"""How archives begin."""

WORKBOOKS = (".xlsx", ".xlsm")
"""File name endings of workbooks: they are zip archives too, and read by ``workbook``."""

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """One file, or one member of an archive. ``size`` is in bytes, unpacked; of a gzipped file as it lies on disk."""

    path: Path
    member: str = ""
    size: int
    start: bytes
    conversion: str = ""
    """The conversion while it is read (see ``encodings.conversion``); ``start`` is converted already."""
    allowance: Allowance = field(compare=False, repr=False)
    """What may come out of archives, for all files of the run."""

    @property
    def name(self) -> str:
        """The name of the file or archive member, without folders."""
        return self.member.rsplit("/", 1)[-1] or self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the unpacked bytes. Raises BrokenArchive, and ArchiveTooLarge while they are read."""
        with ExitStack() as stack:
            try:
                yield converted(_open(self.path, self.member, self.allowance, stack), self.conversion)
            except READING_ERRORS as error:
                raise BrokenArchive(self.name) from error

    def named_date(self) -> date | None:
        """Return the date in the file's name, else in its archive's; the later date of a range."""
        return date_in_name(self.name) or date_in_name(self.path.name)


def source_files(path: Path, allowance: Allowance) -> list[SourceFile]:
    """Return the files at a path: the file itself, the members of a zip, or the files of a folder.

    Raises UnreadableFile.
    """
    try:
        if path.is_dir():
            return _inside(path, allowance)
        if not path.stat().st_size:
            raise EmptyFile(path.name)
        if _is_zip(path):
            return _archive_files(path, allowance)
        with ExitStack() as stack:
            start = _open(path, "", allowance, stack).read(START_BYTES)
    except FileNotFoundError as error:
        raise SourceFileMissing(path.name) from error
    except READING_ERRORS as error:
        raise BrokenArchive(path.name) from error
    except OSError as error:
        raise FileUnopened(path.name, error.strerror or "") from error
    return [_source_file(path, "", path.stat().st_size, start, allowance)]


def _source_file(path: Path, member: str, size: int, start: bytes, allowance: Allowance) -> SourceFile:
    needed = conversion(start)
    start = converted(io.BytesIO(start), needed).read() if needed else start
    return SourceFile(path=path, member=member, size=size, start=start, conversion=needed, allowance=allowance)


def _inside(folder: Path, allowance: Allowance) -> list[SourceFile]:
    """Return the files of a folder without hidden and empty files and subfolders."""
    found: list[SourceFile] = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.stat().st_size and not path.name.startswith("."):
            found += source_files(path, allowance)
    if not found:
        raise EmptyFolder(folder.name)
    return found


def is_archive(file: SourceFile) -> bool:
    """Return whether what lies in a file, or in an archive, is an archive itself and no workbook."""
    return file.start.startswith((ZIP, GZIP)) and not file.name.lower().endswith(WORKBOOKS)


def _begins_with(path: Path, *beginnings: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(4).startswith(beginnings)


def _is_zip(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix == ".zip" or (suffix not in WORKBOOKS and _begins_with(path, ZIP, ZIP_OF_NONE))


def _open(path: Path, member: str, allowance: Allowance, stack: ExitStack) -> IO[bytes]:
    if member:
        archive = stack.enter_context(open_zip(path, path.name, allowance, path))
        return stack.enter_context(archive.open(member))
    if path.suffix.lower() == ".gz" or _begins_with(path, GZIP):
        return stack.enter_context(open_gzip(path, path.name, allowance, path))
    return stack.enter_context(path.open("rb"))


def _archive_files(path: Path, allowance: Allowance) -> list[SourceFile]:
    files = []
    with open_zip(path, path.name, allowance, path) as archive:
        for member in archive.infolist():
            if member.filename and member.file_size and not member.is_dir():
                with archive.open(member) as stream:
                    start = stream.read(START_BYTES)
                files.append(_source_file(path, member.filename, member.file_size, start, allowance))
    if not files:
        raise EmptyFile(path.name)
    return files


def date_in_name(name: str) -> date | None:
    """Read the date of a file from its name: ``…_20260601-20260607``, ``2025-06-23_…``, ``…_June_2026``, ``…_CY2012…``.

    The utilization file writes ``D23`` for the year 2023. Such a year means its last day, a month (``Nov2022``,
    ``11_2022``, ``2022-11``) its first, as the file is made when the month begins.
    """
    days = [_day(*match) for match in re.findall(r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)", name)]
    found = max((day for day in days if day), default=None) or _month_in_name(name.lower())
    if found:
        return found
    year = re.search(r"(?<![A-Za-z])(?:CY|D|DY)((?:20)?\d\d)(?!\d)", name)
    return date(int(year[1][-2:]) + 2000, 12, 31) if year else None


def _month_in_name(name: str) -> date | None:
    """Read a month and a year as the first of the month; None for an invalid date."""
    if word := re.search(rf"(?<![a-z])({'|'.join(_MONTHS)})[-_ ]?((?:19|20)\d\d)(?!\d)", name):
        return date(int(word[2]), _MONTHS[word[1]], 1)
    if month_first := re.search(r"(?<![\d.])(?<!\d[-_])(0[1-9]|1[0-2])[-_](20\d\d)(?![-_.]?\d)", name):
        return date(int(month_first[2]), int(month_first[1]), 1)
    if year_first := re.search(r"(?<![\d.])(?<!\d[-_])(20\d\d)[-_](0[1-9]|1[0-2])(?![-_.]?\d)", name):
        return date(int(year_first[1]), int(year_first[2]), 1)
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
