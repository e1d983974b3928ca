"""Downloads one large file to disk, piece by piece, and goes on after a stop where the last byte was written.

What has arrived lies in ``NAME.part``; beside it ``NAME.part.json`` says which version of the file it is of. The file
gets its name when it is whole.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from finder.intake.fetch.client import CHUNK, Client, HttpAnswer
from finder.intake.fetch.errors import (
    AnswerTooLarge,
    CutShort,
    DamagedDownload,
    DiskFull,
    NotThere,
    PassingFailure,
    WrongKind,
)
from finder.intake.fetch.job import write_atomically
from finder.intake.fetch.progress import Progress, no_progress

GIGABYTE = 1024**3
LARGEST = 8 * GIGABYTE
"""No public file is larger as it is served: the NPPES zip has one gigabyte, the utilization CSV about three."""

CHECKED_AT_ONCE = 4 * 1024 * 1024


@dataclass(frozen=True)
class _Version:
    """Which version of a file has begun to arrive; ``tag`` empty: the server cannot tell versions apart."""

    address: str
    tag: str
    length: int | None


def download(
    client: Client, address: str, path: Path, *, limit: int = LARGEST, progress: Progress = no_progress
) -> Path:
    """Fetch a file unless it is there, trying again while something new arrives; a zip is checked.

    Raises FetchFailed.
    """
    part = path.with_name(f"{path.name}.part")
    tried = 0
    while not path.exists():
        had = _size(part)
        try:
            _go_on(client, address, part, limit, progress)
        except PassingFailure as failure:
            tried = 1 if _size(part) >= had + CHUNK else tried + 1
            client.policy.sleep(client.policy.wait(failure, tried))
            continue
        except AnswerTooLarge:
            part.unlink(missing_ok=True)
            raise
        if path.suffix.lower() == ".zip":
            _check_zip(part, path, progress)
        part.replace(path)
        _note(part).unlink(missing_ok=True)
    return path


def safe_name(address: str) -> str:
    """Return the file name of an address, with nothing in it that a file system might take for more."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", unquote(urlsplit(address).path).rsplit("/", 1)[-1])
    return name.lstrip(".")[-150:] or "download"


def _go_on(client: Client, address: str, part: Path, limit: int, progress: Progress) -> None:
    """Ask for what is missing and write it as it comes. Raises CutShort where something is missing still."""
    version = _begun(part, address)
    have = _size(part) if version else 0
    if version and version.length == have:
        return
    headers = {"Range": f"bytes={have}-", "If-Range": version.tag} if version and have else {}
    try:
        with client.open(address, headers) as answer:
            _take(answer, part, have, limit, progress)
    except NotThere as error:
        if error.status != 416:
            raise
        part.unlink(missing_ok=True)  # it has no such bytes any more: the file is another one now
        raise CutShort(address) from error


def _take(answer: HttpAnswer, part: Path, have: int, limit: int, progress: Progress) -> None:
    """Write the body behind what is there, or from the beginning if the server begins there."""
    _check_kind(answer)
    start = have if answer.status == 206 else 0
    if answer.status == 206 and not answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        part.unlink(missing_ok=True)
        raise CutShort(answer.address, "Content-Range")
    length = None if answer.length is None else start + answer.length
    if (length or 0) > limit:
        raise AnswerTooLarge(answer.address)
    if start == 0:
        part.unlink(missing_ok=True)
        write_atomically(_note(part), json.dumps(asdict(_Version(answer.address, _tag(answer), length))).encode())
    with _disk_space(answer.address, part, answer.length or 0), part.open("ab") as file:
        done = start
        for chunk in answer.chunks():
            file.write(chunk)
            done += len(chunk)
            if done > limit:
                raise AnswerTooLarge(answer.address)
            progress(part.stem, done, length)
        file.flush()
        os.fsync(file.fileno())


def _check_kind(answer: HttpAnswer) -> None:
    """Refuse a web page in place of a file."""
    content_type = answer.headers.get("Content-Type", "")
    if "html" in content_type:
        raise WrongKind(answer.address, content_type)


def _tag(answer: HttpAnswer) -> str:
    """Return what the server knows this version by; a weak tag says nothing of single bytes."""
    tag: str = answer.headers.get("ETag", "")
    return answer.headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag


def _begun(part: Path, address: str) -> _Version | None:
    """Read which version has begun to arrive; None where it is better to begin anew."""
    try:
        version = _Version(**json.loads(_note(part).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    complete = version.length is not None and version.length == _size(part)
    return version if version.address == address and (version.tag or complete) else None


def _check_zip(part: Path, path: Path, progress: Progress) -> None:
    """Read every member against its checksum; throw the file away if one is wrong. Raises DamagedDownload."""
    try:
        with zipfile.ZipFile(part) as archive:
            total = sum(member.file_size for member in archive.infolist())
            done = 0
            for member in archive.infolist():
                with archive.open(member) as stream:
                    while chunk := stream.read(CHECKED_AT_ONCE):
                        done += len(chunk)
                        progress(f"{path.name}: check", done, total)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        part.unlink()
        _note(part).unlink(missing_ok=True)
        raise DamagedDownload(path.name) from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


@contextmanager
def _disk_space(address: str, part: Path, needed: int) -> Iterator[None]:
    """Refuse before the disk is full, and say so if it fills up nevertheless."""
    if shutil.disk_usage(part.parent).free < needed:
        raise DiskFull(address)
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise DiskFull(address) from error
