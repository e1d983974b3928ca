"""A large file arrives whole or not at all, in any number of pieces."""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from finder.disk import DiskFull
from finder.intake.fetch.client import Client, RequestPolicy
from finder.intake.fetch.download import download, safe_name
from finder.intake.fetch.errors import (
    DamagedDownload,
    FileUnavailable,
    IncompleteResponse,
    NoResponse,
    ResponseTooLarge,
    UnexpectedContentType,
    UnsafeUrl,
)
from tests.intake.fetch.server import (
    Page,
    Publisher,
    Request,
    endless,
    file_page,
    html,
    redirect,
    silence,
    status,
    truncated,
)

CONTENT = random.Random(7).randbytes(1_500_000)


def archive(*, damaged: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        file.writestr("npidata.csv", CONTENT[:5000])
    content = bytearray(buffer.getvalue())
    if damaged:
        content[2000] ^= 0xFF
    return bytes(content)


def fetch(
    publisher: Publisher, policy: RequestPolicy, folder: Path, name: str = "file.csv", max_bytes: int = 10**7
) -> Path:
    url = publisher.url(f"/{name}")
    return download(Client(url, policy), url, folder / name, max_bytes=max_bytes)


def ranges(publisher: Publisher) -> list[str]:
    return [headers.get("Range", "") for headers in publisher.headers]


def is_only_file(folder: Path, name: str = "file.csv") -> bool:
    return [path.name for path in folder.iterdir()] == [name]


def test_a_download_in_three_pieces_is_whole(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)
    publisher.faults.extend([truncated(file_page(CONTENT), 400_000), truncated(file_page(CONTENT), 700_000)])
    assert fetch(publisher, policy, tmp_path).read_bytes() == CONTENT
    assert ranges(publisher) == ["", "bytes=400000-", "bytes=1100000-"]
    assert is_only_file(tmp_path)


@pytest.mark.parametrize("fault", [silence, status(500), status(429), html], ids=["silence", "500", "429", "html"])
def test_a_failure_between_pieces_loses_no_bytes(
    publisher: Publisher, short_timeouts: RequestPolicy, tmp_path: Path, fault: Page
) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)
    publisher.faults.extend([truncated(file_page(CONTENT), 400_000), fault])
    assert fetch(publisher, short_timeouts, tmp_path).read_bytes() == CONTENT
    assert ranges(publisher)[-1] == "bytes=400000-"


@pytest.mark.slow
def test_the_next_run_resumes_a_failed_download(
    publisher: Publisher, short_timeouts: RequestPolicy, tmp_path: Path
) -> None:
    publisher.faults.extend([truncated(file_page(CONTENT), 400_000), *[silence] * 3])
    with pytest.raises(NoResponse):
        fetch(publisher, short_timeouts, tmp_path)
    publisher.faults.clear()
    publisher.pages["/file.csv"] = file_page(CONTENT)
    publisher.headers.clear()
    assert fetch(publisher, short_timeouts, tmp_path).read_bytes() == CONTENT
    assert ranges(publisher) == ["bytes=400000-"]


class Change(NamedTuple):
    """What the server sends when the rest of a file is requested."""

    content: bytes
    tag: str = '"1"'
    ranges: bool = True


@pytest.mark.parametrize(
    "change",
    [Change(CONTENT[::-1], tag='"2"'), Change(CONTENT, ranges=False), Change(CONTENT[:300_000], tag='"2"')],
    ids=["another version", "no ranges", "another and shorter"],
)
def test_two_versions_are_never_mixed(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, change: Change
) -> None:
    publisher.pages["/file.csv"] = file_page(change.content, tag=change.tag, ranges=change.ranges)
    publisher.faults.append(truncated(file_page(CONTENT), 400_000))
    assert fetch(publisher, policy, tmp_path).read_bytes() == change.content


@pytest.mark.parametrize("tag", ["", 'W/"1"'])
def test_without_a_strong_validator_a_stopped_download_starts_again(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, tag: str
) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT[::-1], tag=tag)
    publisher.faults.append(truncated(file_page(CONTENT, tag=tag), 400_000))
    assert fetch(publisher, policy, tmp_path).read_bytes() == CONTENT[::-1]
    assert ranges(publisher) == ["", ""]


def test_a_range_with_another_start_is_refused(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)

    def respond_from_byte_9(request: Request) -> None:
        span = f"bytes 9-{len(CONTENT) - 1}/{len(CONTENT)}"
        request.respond(CONTENT[9:], {"Content-Range": span}, code=206)

    publisher.faults.extend([truncated(file_page(CONTENT), 400_000), respond_from_byte_9])
    assert fetch(publisher, policy, tmp_path).read_bytes() == CONTENT


def test_a_download_without_progress_fails_after_max_attempts(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/file.csv"] = truncated(file_page(CONTENT, tag=""), 400_000)
    with pytest.raises(IncompleteResponse):
        fetch(publisher, policy, tmp_path)
    assert len(publisher.requested) <= policy.max_attempts + 1
    assert not (tmp_path / "file.csv").exists()


def test_a_complete_file_is_not_downloaded_again(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)
    fetch(publisher, policy, tmp_path)
    fetch(publisher, policy, tmp_path)
    assert len(publisher.requested) == 1


def test_a_zip_with_a_wrong_checksum_is_deleted(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    publisher.pages["/file.zip"] = file_page(archive(damaged=True))
    with pytest.raises(DamagedDownload):
        fetch(publisher, policy, tmp_path, "file.zip")
    assert list(tmp_path.iterdir()) == []
    publisher.pages["/file.zip"] = file_page(archive())
    fetch(publisher, policy, tmp_path, "file.zip")
    assert is_only_file(tmp_path, "file.zip")


@pytest.mark.parametrize("content", [b"", b"no archive", archive()[:3000]])
def test_a_file_that_is_no_zip_is_deleted(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, content: bytes
) -> None:
    publisher.pages["/file.zip"] = file_page(content)
    with pytest.raises(DamagedDownload):
        fetch(publisher, policy, tmp_path, "file.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("page", [endless, file_page(CONTENT)], ids=["endless", "announced"])
def test_a_file_over_the_size_limit_is_deleted(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, page: Page
) -> None:
    publisher.pages["/file.csv"] = page
    with pytest.raises(ResponseTooLarge):
        fetch(publisher, policy, tmp_path, max_bytes=1_000_000)
    assert not list(tmp_path.glob("*.part"))
    assert not (tmp_path / "file.csv").exists()


def test_a_web_page_in_place_of_the_file_is_refused(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/file.csv"] = html
    with pytest.raises(UnexpectedContentType):
        fetch(publisher, policy, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_and_an_unsafe_redirect_are_refused(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/moved.csv"] = redirect("http://127.0.0.2/file.csv")
    with pytest.raises(FileUnavailable):
        fetch(publisher, policy, tmp_path)
    with pytest.raises(UnsafeUrl):
        fetch(publisher, policy, tmp_path, "moved.csv")
    assert list(tmp_path.iterdir()) == []


def test_too_little_disk_space_is_an_error_before_writing(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(DiskFull):
        fetch(publisher, policy, tmp_path)
    assert not (tmp_path / "file.csv").exists()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/a/DAC.csv?x=1", "DAC.csv"),
        ("https://example.org/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("https://example.org/", "download"),
        ("https://example.org/a%20b%00c.csv", "a_b_c.csv"),
        ("https://example.org/.hidden", "hidden"),
    ],
)
def test_the_file_name_of_a_url_stays_in_its_folder(url: str, name: str) -> None:
    assert safe_name(url) == name
