"""Archives that attack: each is refused at every door, with a reason, before it is unpacked."""

from __future__ import annotations

import io
import stat
import tracemalloc
import zipfile
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest

from finder.intake.fetch.client import Client, RequestPolicy
from finder.intake.fetch.download import download
from finder.intake.fetch.errors import DamagedDownload
from finder.intake.publishing.backup import NoBackup, restore_backup
from finder.intake.sources.registry import read_file
from finder.intake.unpacking.budget import (
    GIGABYTE,
    MEGABYTE,
    STORED,
    UNCHECKED_RATIO,
    UPLOAD,
    Allowance,
    Budget,
    backup_budget,
    command_budget,
)
from finder.intake.unpacking.errors import (
    ArchiveTooLarge,
    BrokenArchive,
    NestedArchive,
    UnknownPacking,
    UnreadableFile,
    UnsafeArchive,
)
from finder.intake.unpacking.gzips import open_gzip
from finder.intake.unpacking.zips import open_zip
from finder.settings import Settings
from tests.intake.fetch.server import file_page, serving
from tests.intake.sources.places import FewZips
from tests.intake.unpacking.attacks import Entry, end_of, gzip_member, quoted, same_place, zip_of

ROWS = b"npi,verified_on\r\n" + b"1000000000,2026-10-05\r\n" * 2_000


@cache
def blanks() -> bytes:
    return zip_of(Entry(content=b" " * (65 * MEGABYTE)))


ATTACKS: dict[str, tuple[Callable[[], bytes], type[UnreadableFile]]] = {
    "the same bytes named many times": (lambda: same_place(400, ROWS), UnsafeArchive),
    "entries that quote each other": (lambda: quoted(300, ROWS), UnsafeArchive),
    "an entry over the directory": (lambda: zip_of(Entry(), Entry(name="b", at=200)), UnsafeArchive),
    "two files of one name": (lambda: zip_of(Entry(), Entry(name="A.CSV")), UnsafeArchive),
    "a name that leads out": (lambda: zip_of(Entry(name="../a.csv")), UnsafeArchive),
    "a name that leads out of Windows": (lambda: zip_of(Entry(name="b\\..\\..\\a.csv")), UnsafeArchive),
    "a name from the root": (lambda: zip_of(Entry(name="/etc/a.csv")), UnsafeArchive),
    "a name with a drive": (lambda: zip_of(Entry(name="C:a.csv")), UnsafeArchive),
    "a link": (lambda: zip_of(Entry(content=b"/etc/passwd", mode=stat.S_IFLNK | 0o777)), UnsafeArchive),
    "a device": (lambda: zip_of(Entry(mode=stat.S_IFCHR | 0o666)), UnsafeArchive),
    "stored bytes of another size": (lambda: zip_of(Entry(method=0, claims_size=2**31)), UnsafeArchive),
    "a size beyond everything": (lambda: zip_of(Entry(claims_size=2**32 - 2)), ArchiveTooLarge),
    "too many files": (lambda: zip_of(*(Entry(name=f"{n}.csv") for n in range(501))), ArchiveTooLarge),
    "blanks that pack a thousand times": (blanks, ArchiveTooLarge),
    "a password": (lambda: zip_of(Entry(flags=1)), BrokenArchive),
    "strong encryption": (lambda: zip_of(Entry(flags=0x41)), BrokenArchive),
    "patched data": (lambda: zip_of(Entry(flags=0x20)), UnknownPacking),
    "Deflate64": (lambda: zip_of(Entry(method=9)), UnknownPacking),
    "LZMA, whose memory the archive chooses": (lambda: zip_of(Entry(method=14)), UnknownPacking),
    "no end": (lambda: zip_of(Entry())[:-10], BrokenArchive),
    "a directory elsewhere": (lambda: zip_of(Entry())[:-22] + end_of(1, 46, 2**31), BrokenArchive),
}
"""Zips, and how they are refused."""


def read(path: Path) -> None:
    read_file([path], gazetteer=FewZips())


@pytest.mark.parametrize("name", ["a.zip", "a.csv", "a.xlsx"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_file_that_is_read(tmp_path: Path, attack: str, name: str) -> None:
    content, error = ATTACKS[attack]
    path = tmp_path / name
    path.write_bytes(content())
    with pytest.raises(error, match=r"a\.(zip|csv|xlsx): This archive"):
        read(path)


@pytest.mark.parametrize("attack", sorted(set(ATTACKS) - {"too many files"}))
def test_a_backup_that_is_restored(tmp_path: Path, attack: str) -> None:
    content, error = ATTACKS[attack]
    path = tmp_path / "backup.zip"
    path.write_bytes(content())
    home = tmp_path / "home"
    home.mkdir()
    with pytest.raises(NoBackup if error is BrokenArchive else error):
        restore_backup(Settings(home=home, secret_key="a key"), path)
    assert list(home.iterdir()) == []


def test_a_zip_that_is_fetched(tmp_path: Path) -> None:
    policy = RequestPolicy(delay=0, sleep=lambda _: None)
    with serving() as publisher:
        for number, (content, error) in enumerate(ATTACKS.values()):
            publisher.pages[f"/{number}.zip"] = file_page(content())
            url = publisher.url(f"/{number}.zip")
            with pytest.raises(DamagedDownload if error is BrokenArchive else error):
                download(Client(url, policy), url, tmp_path / f"{number}.zip")
    assert list(tmp_path.iterdir()) == []


def bytes_of(budget: Budget, total: int) -> Allowance:
    return Allowance(replace(budget, total_bytes=total))


@pytest.mark.parametrize("name", ["a.zip", "a.gz"])
def test_all_files_of_a_run_share_one_budget(tmp_path: Path, name: str) -> None:
    content = b"NPI,verified_on\r\n" + bytes(range(256)) * 1_200
    packed = zip_of(Entry(content=content)) if name == "a.zip" else gzip_member(content)
    paths = [tmp_path / f"{number}{name}" for number in range(4)]
    for path in paths:
        path.write_bytes(packed)
    with pytest.raises(ArchiveTooLarge, match=r"All files together may unpack to 1 MB.*data stage"):
        read_file(paths, gazetteer=FewZips(), allowance=bytes_of(UPLOAD, MEGABYTE))


def test_a_file_that_is_read_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of(Entry(content=b" " * MEGABYTE)))
    allowance = bytes_of(UPLOAD, MEGABYTE)
    for _ in range(3):
        with open_zip(path, "a.zip", allowance, path) as archive:
            assert len(archive.read("a.csv")) == MEGABYTE


@pytest.mark.parametrize(
    "content",
    [
        lambda: gzip_member(b" " * (66 * MEGABYTE)),
        lambda: gzip_member(b" " * MEGABYTE) * 66,
        lambda: gzip_member() * 10_000,
    ],
    ids=["one member", "many", "empty ones"],
)
def test_a_gzip_that_grows_without_end_is_stopped_on_the_way(tmp_path: Path, content: Callable[[], bytes]) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(content())
    tracemalloc.start()
    try:
        with open_gzip(path, "a.csv.gz", Allowance(UPLOAD), path) as stream, pytest.raises(ArchiveTooLarge):
            deque(iter(partial(stream.read, MEGABYTE), b""), maxlen=0)
        assert tracemalloc.get_traced_memory()[1] < 8 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (gzip_member(ROWS)[:-9], BrokenArchive),
        (gzip_member(ROWS)[:-8] + b"\0" * 8, BrokenArchive),
        (gzip_member(ROWS) + b"and more", BrokenArchive),
        (gzip_member(b"npi,verified_on\r\n") + gzip_member(ROWS)[:20], BrokenArchive),
        (gzip_member(gzip_member(ROWS)), NestedArchive),
        (zip_of(Entry(name="a.gz", content=gzip_member(ROWS))), NestedArchive),
        (zip_of(Entry(name="b.zip", content=zip_of(Entry()))), NestedArchive),
        (gzip_member(zip_of(Entry())), NestedArchive),
    ],
    ids=["cut", "checksum", "tail", "cut member", "gzip in gzip", "gzip in zip", "zip in zip", "zip in gzip"],
)
@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv"])
def test_gzips_and_what_lies_in_others(tmp_path: Path, content: bytes, error: type[UnreadableFile], name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match="This archive"):
        read(path)


def test_an_entry_never_gives_more_than_it_claims(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of(Entry(content=ROWS, claims_size=1000)))
    with pytest.raises(BrokenArchive):
        read(path)


def test_a_gzip_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "calls-2026-10-05.csv.gz"
    header, row = b"npi,name,entity,verified_on\r\n", b"1043218118,Oak,individual,2026-10-05\r\n"
    path.write_bytes(gzip_member(header) + gzip_member() + gzip_member(row) + b"\0" * 512)
    (layer,) = read_file([path], gazetteer=FewZips())
    assert layer.rows == 1


def test_a_directory_of_countless_files_takes_no_memory(tmp_path: Path) -> None:
    listing = Entry().listing(0, 0)
    path = tmp_path / "a.zip"
    path.write_bytes(listing * 60_000 + end_of(60_000, 60_000 * len(listing), 0))
    tracemalloc.start()
    try:
        with (
            pytest.raises(ArchiveTooLarge, match="far too many files"),
            open_zip(path, "a.zip", Allowance(UPLOAD), path),
        ):
            pass
        assert tracemalloc.get_traced_memory()[1] < MEGABYTE
    finally:
        tracemalloc.stop()


def test_zips_of_other_programs_are_opened(tmp_path: Path) -> None:
    """With large-file fields, a comment, folders, names in any script, and bytes before the first entry."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"published in November"
        archive.mkdir("Año")
        with archive.open("Año/Ñandú.csv", "w", force_zip64=True) as member:
            member.write(ROWS)
        archive.writestr("b.csv", "")
    path = tmp_path / "a.zip"
    path.write_bytes(b"#!/bin/unzip\n" + buffer.getvalue())
    with open_zip(path, "a.zip", Allowance(UPLOAD), path) as archive:
        assert archive.read("Año/Ñandú.csv") == ROWS


def test_the_limits_let_the_public_files_through() -> None:
    upload, command = Allowance(UPLOAD), Allowance(command_budget(Settings.unpack_limit_gb))
    upload.claim("Medicare Advantage benefits", 1, packed=12 * MEGABYTE, unpacked=400 * MEGABYTE)
    upload.claim("weekly NPPES", 2, packed=10 * MEGABYTE, unpacked=80 * MEGABYTE)
    command.claim("NPPES", 1, packed=GIGABYTE, unpacked=11 * GIGABYTE)
    command.claim("in-network rates", 2, packed=600 * MEGABYTE, unpacked=60 * GIGABYTE)
    for allowance, size in ((upload, 2 * GIGABYTE), (command, 100 * GIGABYTE)):
        with pytest.raises(ArchiveTooLarge, match=f"{size // GIGABYTE} GB"):
            allowance.claim("one more", 3, packed=size // 50, unpacked=size)


def test_no_budget_lets_deflate_go_to_its_end() -> None:
    for budget in (UPLOAD, command_budget(100), backup_budget(100)):
        with pytest.raises(ArchiveTooLarge):
            Allowance(budget).claim("a", 1, packed=MEGABYTE, unpacked=1_000 * MEGABYTE)
        Allowance(budget).claim("a", 1, packed=1, unpacked=UNCHECKED_RATIO)
    assert STORED.total_bytes == 16 * GIGABYTE
