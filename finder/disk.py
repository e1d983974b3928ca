"""What the disk refuses, said as it is: full, not writable, failing; and files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from finder.errors import FinderError


class DiskError(FinderError):
    """The disk could not be written to, so nothing was changed. Look after the disk, then try again."""


class DiskFull(DiskError):
    """There is no space left on the disk, so nothing was changed. Make room, then try again."""


class DiskReadOnly(DiskError):
    """The program may not write where it keeps its files, so nothing was changed. Check the disk and who owns them."""


_OF_ERRNO: dict[int, type[DiskError]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EFBIG: DiskFull,
    errno.EROFS: DiskReadOnly,
    errno.EACCES: DiskReadOnly,
    errno.EPERM: DiskReadOnly,
    errno.EIO: DiskError,
}
_OF_SQLITE: dict[int, type[DiskError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: DiskReadOnly,
    sqlite3.SQLITE_CANTOPEN: DiskReadOnly,
    sqlite3.SQLITE_IOERR: DiskError,
}
_OF_SQLSTATE: dict[str, type[DiskError]] = {"53100": DiskFull, "25006": DiskReadOnly}
"""The codes of PostgreSQL: its disk is full, it takes no changes."""

UNFINISHED = ".unfinished-"
"""Prefix of files that a process has not finished, or never will if it was killed."""

SETTLED_SECONDS = 24 * 3600
"""After this long nobody works on an unfinished or unreferenced file any more."""


def disk_error(error: BaseException) -> DiskError | None:
    """Return what the disk refused where that is the reason of an error; None for any other error."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, DiskError):
            return found
        if kind := _kind(found):
            return kind()
        wrapped = getattr(found, "orig", None)  # as SQLAlchemy keeps the driver's error
        found = wrapped if isinstance(wrapped, BaseException) else found.__cause__
    return None


@contextmanager
def translated_disk_errors() -> Iterator[None]:
    """Raise the DiskError that is the reason of an error, where there is one."""
    try:
        yield
    except Exception as error:
        if refused := disk_error(error):
            raise refused from error
        raise


def _kind(error: BaseException) -> type[DiskError] | None:
    if isinstance(error, sqlite3.Error):
        return _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, OSError):
        return _OF_ERRNO.get(error.errno or 0)
    return _OF_SQLSTATE.get(getattr(error, "sqlstate", None) or "")


@contextmanager
def written_whole(path: Path, *, mode: int = 0o644) -> Iterator[IO[bytes]]:
    """Open a file that gets its name when the block ends, durably; if anything fails, nothing of it stays."""
    try:
        descriptor, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    except OSError as error:
        error.filename = str(path)  # whoever asked for it knows nothing of the other name
        raise
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    to_disk(path.parent)


def remove_unfinished(folder: Path, names: str = "*", *, now: float | None = None) -> None:
    """Remove what killed processes have left unfinished in a folder, once it is a day old: a younger one may run.

    ``names`` is a pattern of what follows the prefix, for folders in which others write too.
    """
    limit = (time.time() if now is None else now) - SETTLED_SECONDS
    with suppress(OSError):  # somebody else may remove the folder
        for path in list(folder.glob(f"{UNFINISHED}{names}")):
            with suppress(OSError):
                if path.stat().st_mtime < limit:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def to_disk(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
