"""Opening a zip: what its directory claims is checked before anything is unpacked.

``zipfile`` itself never unpacks more of an entry than the directory claims, and compares the checksum. What it leaves
open is held here: entries that share their bytes, links, names that lead elsewhere, directories without end.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from finder.intake.unpacking.budget import Allowance
from finder.intake.unpacking.errors import ArchiveTooLarge, BrokenArchive, UnknownPacking, UnsafeArchive

READING_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError)
"""What reading an entry raises if its bytes are damaged."""

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of the others that Python can read, LZMA asks for as much memory as an archive says."""

_LOCKED = 0x1 | 0x40
_PATCHED = 0x20

_LOCAL_HEADER_BYTES = 30

_DIRECTORY_BYTES_PER_ENTRY = 2048
"""An entry of the directory has 46 bytes and its name, twice that with the fields of large files."""

_DRIVE = re.compile(r"[A-Za-z]:")


@contextmanager
def open_zip(source: Path | IO[bytes], name: str, allowance: Allowance, key: Hashable) -> Iterator[zipfile.ZipFile]:
    """Open a zip whose claims keep within the budget; ``key`` says which archive it is, however often it is opened.

    Raises BrokenArchive, ArchiveTooLarge, UnsafeArchive, UnknownPacking. Reading its entries may raise one of
    ``READING_ERRORS``.
    """
    with _stream(source) as stream:
        packed = stream.seek(0, 2)
        directory = _ShortReads(stream, name, allowance.budget.entries * _DIRECTORY_BYTES_PER_ENTRY)
        try:
            archive = zipfile.ZipFile(cast(IO[bytes], directory))
        except (*READING_ERRORS, NotImplementedError, ValueError, OverflowError, struct.error) as error:
            raise BrokenArchive(name) from error
        directory.most = None
        with archive:
            _check(archive, name, allowance)
            allowance.claim(name, key, unpacked=sum(entry.file_size for entry in archive.infolist()), packed=packed)
            yield archive


@contextmanager
def _stream(source: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        yield source


class _ShortReads:
    """A stream that refuses to read much at once while the directory is read: ``zipfile`` takes it in as a whole."""

    def __init__(self, stream: IO[bytes], name: str, most: int) -> None:
        self._stream = stream
        self._name = name
        self.most: int | None = most
        self.seek, self.tell, self.close = stream.seek, stream.tell, lambda: None

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises ArchiveTooLarge."""
        if self.most is not None and size > self.most:
            raise ArchiveTooLarge(self._name, "Its directory names far too many files.")
        return self._stream.read(size)


def _check(archive: zipfile.ZipFile, name: str, allowance: Allowance) -> None:
    entries = archive.infolist()
    allowance.check_entries(name, len(entries))
    for entry in entries:
        _check_packing(entry, name)
        _check_name(entry, name)
        allowance.check_ratio(name, entry.file_size, entry.compress_size)
    named = [entry.filename for entry in entries if entry.filename]
    if len({_folded(entry) for entry in named}) < len(named):
        raise UnsafeArchive(name, "Two files in it have the same name.")
    _check_places(entries, archive.start_dir, name)


def _check_packing(entry: zipfile.ZipInfo, name: str) -> None:
    if entry.flag_bits & _LOCKED:
        raise BrokenArchive(name)
    if entry.flag_bits & _PATCHED or entry.compress_type not in _PACKINGS:
        raise UnknownPacking(name)
    if entry.compress_type == zipfile.ZIP_STORED and entry.file_size != entry.compress_size:
        raise UnsafeArchive(name, "It does not hold what it claims.")


def _check_name(entry: zipfile.ZipInfo, name: str) -> None:
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnsafeArchive(name, "It holds a link, or something else that is no file.")
    path = entry.filename.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        raise UnsafeArchive(name, "The name of a file in it leads out of its folder.")


def _folded(path: str) -> str:
    """Return a name as a file system that ignores case would compare it."""
    return path.replace("\\", "/").rstrip("/").casefold()


def _check_places(entries: list[zipfile.ZipInfo], directory: int, name: str) -> None:
    """Refuse entries that share bytes with each other or with the directory: they unpack the same bytes many times."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise UnsafeArchive(name, "Two files in it lie in the same place.")
        end = entry.header_offset + _LOCAL_HEADER_BYTES + len(entry.orig_filename) + entry.compress_size
    if end > directory:
        raise UnsafeArchive(name, "It does not hold what it claims.")
