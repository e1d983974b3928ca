"""Files as readers see them: a name, a beginning to know them by, and a stream of bytes; plain, in a zip, or gzipped.

Nothing is unpacked to disk and nothing is read whole. What an archive claims is checked before it is believed.
"""

from __future__ import annotations

import calendar
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, cast

from finder.intake.sources.errors import ArchiveTooLarge, BrokenArchive, EmptyFile, FileMissing

START_BYTES = 64 * 1024
"""How much of a file is read to recognise it: the header of the NPPES main file has 12 kB."""

MOST_MEMBERS = 500
HIGHEST_RATIO = 400
"""Text compresses 10 to 100 times; more than this, in a large member, is an attack."""
SMALL_ENOUGH = 64 * 1024 * 1024
"""Members up to this many bytes are not asked for their ratio."""

_MONTHS = [month.lower() for month in calendar.month_name[1:]]


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """One file, or one member of an archive. ``size`` is in bytes, unpacked; of a gzipped file as it lies on disk."""

    path: Path
    member: str = ""
    size: int
    start: bytes

    @property
    def name(self) -> str:
        """The name that people know it by."""
        return self.member.rsplit("/", 1)[-1] or self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Give the bytes, unpacked. Raises BrokenArchive where the archive turns out to be damaged."""
        with ExitStack() as stack:
            try:
                yield _open(self.path, self.member, stack)
            except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
                raise BrokenArchive(self.name) from error

    def named_date(self) -> date | None:
        """Give the date in the file's name, else in its archive's; of two dates, a range, the later."""
        return date_in_name(self.name) or date_in_name(self.path.name)


def source_files(path: Path) -> list[SourceFile]:
    """Look into a file: itself, or the members of a zip. Raises UnreadableFile of the kind that fits."""
    try:
        if path.suffix.lower() == ".zip":
            return _members(path)
        if not path.stat().st_size:
            raise EmptyFile(path.name)
        with ExitStack() as stack:
            start = _open(path, "", stack).read(START_BYTES)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise FileMissing(path.name) from error
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BrokenArchive(path.name) from error
    return [SourceFile(path=path, size=path.stat().st_size, start=start)]


def _open(path: Path, member: str, stack: ExitStack) -> IO[bytes]:
    if member:
        archive = stack.enter_context(zipfile.ZipFile(path))
        return stack.enter_context(archive.open(member))
    if path.suffix.lower() == ".gz":
        return cast(IO[bytes], stack.enter_context(gzip.open(path, "rb")))
    return stack.enter_context(path.open("rb"))


def _members(path: Path) -> list[SourceFile]:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if member.file_size and not member.is_dir()]
        if len(members) > MOST_MEMBERS:
            raise ArchiveTooLarge(path.name)
        files = []
        for member in members:
            _check(path, member)
            with archive.open(member) as stream:
                start = stream.read(START_BYTES)
            files.append(SourceFile(path=path, member=member.filename, size=member.file_size, start=start))
    if not files:
        raise EmptyFile(path.name)
    return files


def _check(path: Path, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x1:
        raise BrokenArchive(path.name)
    if member.file_size > SMALL_ENOUGH and member.file_size > HIGHEST_RATIO * max(member.compress_size, 1):
        raise ArchiveTooLarge(path.name)


def date_in_name(name: str) -> date | None:
    """Read the date of a file from its name: ``…_20260601-20260607``, ``2025-06-23_…``, ``…_June_2026``, ``…_CY2012…``.

    The utilization file writes ``D23`` for the year 2023. A year alone means its last day, a month its
    first, as the file is made when the month begins.
    """
    days = [_day(*match) for match in re.findall(r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)", name)]
    found = max((day for day in days if day), default=None)
    if found:
        return found
    month = re.search(rf"({'|'.join(_MONTHS)})[-_ ]?((?:19|20)\d\d)(?!\d)", name.lower())
    if month:
        return date(int(month[2]), _MONTHS.index(month[1]) + 1, 1)
    year = re.search(r"(?<![A-Za-z])(?:CY|D|DY)((?:20)?\d\d)(?!\d)", name)
    return date(int(year[1][-2:]) + 2000, 12, 31) if year else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
