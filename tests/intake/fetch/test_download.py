"""A large file comes whole or not at all, in as many pieces as it takes."""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from finder.intake.fetch.client import Client, RequestPolicy
from finder.intake.fetch.download import download, safe_name
from finder.intake.fetch.errors import (
    AnswerTooLarge,
    CutShort,
    DamagedDownload,
    DiskFull,
    NoAnswer,
    NotThere,
    UnsafeAddress,
    WrongKind,
)
from tests.intake.fetch.server import (
    Page,
    Publisher,
    Request,
    cut,
    endless,
    file_page,
    html,
    redirect,
    silence,
    status,
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
    publisher: Publisher, policy: RequestPolicy, folder: Path, name: str = "file.csv", limit: int = 10**7
) -> Path:
    address = publisher.url(f"/{name}")
    return download(Client(address, policy), address, folder / name, limit=limit)


def ranges(publisher: Publisher) -> list[str]:
    return [headers.get("Range", "") for headers in publisher.headers]


def only(folder: Path, name: str = "file.csv") -> bool:
    return [path.name for path in folder.iterdir()] == [name]


def test_a_file_that_comes_in_three_pieces_is_the_file(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)
    publisher.faults.extend([cut(file_page(CONTENT), 400_000), cut(file_page(CONTENT), 700_000)])
    assert fetch(publisher, policy, tmp_path).read_bytes() == CONTENT
    assert ranges(publisher) == ["", "bytes=400000-", "bytes=1100000-"]
    assert only(tmp_path)


@pytest.mark.parametrize("fault", [silence, status(500), status(429), html], ids=["silence", "500", "429", "html"])
def test_failures_in_between_lose_nothing(
    publisher: Publisher, impatient: RequestPolicy, tmp_path: Path, fault: Page
) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)
    publisher.faults.extend([cut(file_page(CONTENT), 400_000), fault])
    assert fetch(publisher, impatient, tmp_path).read_bytes() == CONTENT
    assert ranges(publisher)[-1] == "bytes=400000-"


def test_the_next_run_goes_on_where_this_one_gave_up(
    publisher: Publisher, impatient: RequestPolicy, tmp_path: Path
) -> None:
    publisher.faults.extend([cut(file_page(CONTENT), 400_000), *[silence] * 3])
    with pytest.raises(NoAnswer):
        fetch(publisher, impatient, tmp_path)
    publisher.faults.clear()
    publisher.pages["/file.csv"] = file_page(CONTENT)
    publisher.headers.clear()
    assert fetch(publisher, impatient, tmp_path).read_bytes() == CONTENT
    assert ranges(publisher) == ["bytes=400000-"]


class Change(NamedTuple):
    """What the server has become when the rest is asked for."""

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
    publisher.faults.append(cut(file_page(CONTENT), 400_000))
    assert fetch(publisher, policy, tmp_path).read_bytes() == change.content


@pytest.mark.parametrize("tag", ["", 'W/"1"'])
def test_without_a_strong_tag_a_stopped_file_is_begun_anew(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, tag: str
) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT[::-1], tag=tag)
    publisher.faults.append(cut(file_page(CONTENT, tag=tag), 400_000))
    assert fetch(publisher, policy, tmp_path).read_bytes() == CONTENT[::-1]
    assert ranges(publisher) == ["", ""]


def test_a_piece_that_begins_elsewhere_is_not_taken(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)

    def wrong(request: Request) -> None:
        span = f"bytes 9-{len(CONTENT) - 1}/{len(CONTENT)}"
        request.give(CONTENT[9:], {"Content-Range": span}, code=206)

    publisher.faults.extend([cut(file_page(CONTENT), 400_000), wrong])
    assert fetch(publisher, policy, tmp_path).read_bytes() == CONTENT


def test_a_file_that_always_stops_at_the_same_byte_is_given_up(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/file.csv"] = cut(file_page(CONTENT, tag=""), 400_000)
    with pytest.raises(CutShort):
        fetch(publisher, policy, tmp_path)
    assert len(publisher.requested) <= policy.tries + 1
    assert not (tmp_path / "file.csv").exists()


def test_a_file_that_has_come_is_not_fetched_again(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)
    fetch(publisher, policy, tmp_path)
    fetch(publisher, policy, tmp_path)
    assert len(publisher.requested) == 1


def test_an_archive_is_read_against_its_checksums(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    publisher.pages["/file.zip"] = file_page(archive(damaged=True))
    with pytest.raises(DamagedDownload):
        fetch(publisher, policy, tmp_path, "file.zip")
    assert list(tmp_path.iterdir()) == []
    publisher.pages["/file.zip"] = file_page(archive())
    fetch(publisher, policy, tmp_path, "file.zip")
    assert only(tmp_path, "file.zip")


@pytest.mark.parametrize("content", [b"", b"no archive", archive()[:3000]])
def test_what_is_no_archive_is_not_kept_as_one(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, content: bytes
) -> None:
    publisher.pages["/file.zip"] = file_page(content)
    with pytest.raises(DamagedDownload):
        fetch(publisher, policy, tmp_path, "file.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("page", [endless, file_page(CONTENT)], ids=["endless", "announced"])
def test_what_is_too_large_is_not_kept(publisher: Publisher, policy: RequestPolicy, tmp_path: Path, page: Page) -> None:
    publisher.pages["/file.csv"] = page
    with pytest.raises(AnswerTooLarge):
        fetch(publisher, policy, tmp_path, limit=1_000_000)
    assert not list(tmp_path.glob("*.part"))
    assert not (tmp_path / "file.csv").exists()


def test_a_web_page_in_place_of_the_file_is_refused(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/file.csv"] = html
    with pytest.raises(WrongKind):
        fetch(publisher, policy, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_or_elsewhere(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    publisher.pages["/moved.csv"] = redirect("http://127.0.0.2/file.csv")
    with pytest.raises(NotThere):
        fetch(publisher, policy, tmp_path)
    with pytest.raises(UnsafeAddress):
        fetch(publisher, policy, tmp_path, "moved.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_told_before_it_is_full(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.pages["/file.csv"] = file_page(CONTENT)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(DiskFull):
        fetch(publisher, policy, tmp_path)
    assert not (tmp_path / "file.csv").exists()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.org/a/DAC.csv?x=1", "DAC.csv"),
        ("https://example.org/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("https://example.org/", "download"),
        ("https://example.org/a%20b%00c.csv", "a_b_c.csv"),
        ("https://example.org/.hidden", "hidden"),
    ],
)
def test_a_name_from_an_address_stays_in_its_folder(address: str, name: str) -> None:
    assert safe_name(address) == name
