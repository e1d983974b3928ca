"""Download one large file to disk, resuming after a stop at the last byte written.

A partial file is ``NAME.part``; ``NAME.part.json`` says of which version of the file it is a part. The file gets its
name when it is complete.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from finder.disk import DiskFull
from finder.intake.fetch.client import CHUNK_BYTES, Client, StreamedResponse
from finder.intake.fetch.errors import (
    DamagedDownload,
    FileUnavailable,
    IncompleteResponse,
    ResponseTooLarge,
    TemporaryFailure,
    UnexpectedContentType,
)
from finder.intake.fetch.job import write_atomically
from finder.intake.fetch.progress import ProgressCallback, no_progress
from finder.intake.unpacking.budget import Allowance, Budget, command_budget
from finder.intake.unpacking.errors import BrokenArchive, UnreadableFile
from finder.intake.unpacking.zips import READING_ERRORS, open_zip
from finder.settings import Settings

GIGABYTE = 1024**3
MAX_BYTES = 8 * GIGABYTE
"""More than any public file has: the NPPES zip has one gigabyte, the utilization CSV about three."""

UNPACKED = command_budget(Settings.unpack_limit_gb)

CHECK_CHUNK_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class _Version:
    """The version of a partial file: its URL, its validator for ``If-Range`` and its full length in bytes.

    The validator is empty if the server sends none that is strong.
    """

    url: str
    validator: str
    length: int | None


def download(
    client: Client, url: str, path: Path, *,
    max_bytes: int = MAX_BYTES, budget: Budget = UNPACKED, progress: ProgressCallback = no_progress,
) -> Path:  # fmt: skip
    """Download a file to ``path``, unless it exists, and return the path; a zip is checked against its checksums.

    ``budget`` limits what comes out of a zip. An attempt that received new bytes does not count as failed. Raises
    FetchFailed, ArchiveTooLarge, UnsafeArchive.
    """
    part = path.with_name(f"{path.name}.part")
    attempt = 0
    while not path.exists():
        size_before = _size(part)
        try:
            _resume(client, url, part, max_bytes, progress)
        except TemporaryFailure as failure:
            attempt = 1 if _size(part) >= size_before + CHUNK_BYTES else attempt + 1
            client.policy.sleep(client.policy.retry_delay(failure, attempt))
            continue
        except ResponseTooLarge:
            part.unlink(missing_ok=True)
            raise
        if path.suffix.lower() == ".zip":
            _check_zip(part, path, budget, progress)
        part.replace(path)
        _version_path(part).unlink(missing_ok=True)
    return path


def safe_name(url: str) -> str:
    """Return the file name in a URL, reduced to letters, digits, dots, hyphens and underscores."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", unquote(urlsplit(url).path).rsplit("/", 1)[-1])
    return name.lstrip(".")[-150:] or "download"


def _resume(client: Client, url: str, part: Path, max_bytes: int, progress: ProgressCallback) -> None:
    """Request the missing bytes and append them. Raises IncompleteResponse if some are still missing."""
    version = _partial_version(part, url)
    offset = _size(part) if version else 0
    if version and version.length == offset:
        return
    headers = {"Range": f"bytes={offset}-", "If-Range": version.validator} if version and offset else {}
    try:
        with client.open(url, headers) as response:
            _write_body(response, part, offset, max_bytes, progress)
    except FileUnavailable as error:
        if error.status != 416:
            raise
        part.unlink(missing_ok=True)  # the server has no bytes at this offset any more: the file has changed
        raise IncompleteResponse(url) from error


def _write_body(
    response: StreamedResponse, part: Path, offset: int, max_bytes: int, progress: ProgressCallback
) -> None:
    """Append the body at ``offset``, or start the file again if the server sends it whole."""
    _refuse_html(response)
    start = offset if response.status == 206 else 0
    if response.status == 206 and not response.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
        part.unlink(missing_ok=True)
        raise IncompleteResponse(response.url, "Content-Range")
    length = None if response.length is None else start + response.length
    if (length or 0) > max_bytes:
        raise ResponseTooLarge(response.url)
    if start == 0:
        part.unlink(missing_ok=True)
        write_atomically(
            _version_path(part), json.dumps(asdict(_Version(response.url, _validator(response), length))).encode()
        )
    if shutil.disk_usage(part.parent).free < (response.length or 0):
        raise DiskFull
    with part.open("ab") as file:
        done = start
        for chunk in response.chunks():
            file.write(chunk)
            done += len(chunk)
            if done > max_bytes:
                raise ResponseTooLarge(response.url)
            progress(part.stem, done, length)
        file.flush()
        os.fsync(file.fileno())


def _refuse_html(response: StreamedResponse) -> None:
    """Raise UnexpectedContentType for a web page in place of a file."""
    content_type = response.headers.get("Content-Type", "")
    if "html" in content_type:
        raise UnexpectedContentType(response.url, content_type)


def _validator(response: StreamedResponse) -> str:
    """Return the strong ETag, else Last-Modified. A weak ETag does not promise the same bytes."""
    validator: str = response.headers.get("ETag", "")
    return response.headers.get("Last-Modified", "") if not validator or validator.startswith("W/") else validator


def _partial_version(part: Path, url: str) -> _Version | None:
    """Return the version of a partial file; None if the download must start again."""
    try:
        version = _Version(**json.loads(_version_path(part).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    complete = version.length is not None and version.length == _size(part)
    return version if version.url == url and (version.validator or complete) else None


def _check_zip(part: Path, path: Path, budget: Budget, progress: ProgressCallback) -> None:
    """Check every member against its checksum. Deletes what is faulty; raises DamagedDownload, or why it is unsafe."""
    try:
        with open_zip(part, path.name, Allowance(budget), part) as archive:
            total = sum(member.file_size for member in archive.infolist())
            done = 0
            for member in archive.infolist():
                with archive.open(member) as stream:
                    while chunk := stream.read(CHECK_CHUNK_BYTES):
                        done += len(chunk)
                        progress(f"{path.name}: check", done, total)
    except (*READING_ERRORS, UnreadableFile) as error:
        part.unlink()
        _version_path(part).unlink(missing_ok=True)
        if isinstance(error, UnreadableFile) and not isinstance(error, BrokenArchive):
            raise
        raise DamagedDownload(path.name) from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _version_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")
