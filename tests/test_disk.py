"""A disk that refuses: every write in turn fails, and the old state stays, whole and without leftovers."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from finder.disk import (
    SETTLED_SECONDS,
    DiskError,
    DiskFull,
    DiskReadOnly,
    disk_error,
    translated_disk_errors,
    written_whole,
)
from finder.intake.merging.candidate import build_candidate
from finder.intake.publishing.backup import restore_backup, write_backup
from finder.intake.publishing.publish import prune, publish
from finder.intake.publishing.stage import DraftOrigin, published_stack, store_candidate
from finder.records.database import Records
from finder.records.drafts import add_draft
from finder.records.releases import current_release
from finder.records.tables.data import DraftRecord
from finder.releases.installation import Installation
from finder.releases.store import StoreUnavailable
from finder.settings import Settings
from tests.fixtures.disk import FailingDisk, largest_file, leftovers, published
from tests.fixtures.installation import Stage
from tests.intake.rows import small_layer
from tests.web.staff import files
from tests.web.staff.office import Office

SENTENCES = (DiskFull.message(), DiskError.message())


@pytest.fixture
def keep_draft(installation: Installation, stage: Stage) -> Callable[[], DraftRecord]:
    """Three providers are published; keeps a draft of nine, merged once: all that staging writes."""
    publish(installation, stage(small_layer(3)).id, by="ana")
    base, stack = published_stack(installation)
    candidate = build_candidate(
        installation, [small_layer(9)], base=base, stack=stack, complete=False, gazetteer=installation.gazetteer
    )
    origin = DraftOrigin(files=["november.csv"], rows=9, providers=9)

    def keep() -> DraftRecord:
        new_draft = store_candidate(installation, candidate, origin, base)
        with installation.records.writing() as session:
            return add_draft(session, new_draft, by="eva")

    return keep


def test_each_write_of_staging_may_fail(
    installation: Installation, keep_draft: Callable[[], DraftRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = published(installation)
    disk = FailingDisk(monkeypatch, installation.settings.home)
    failures = 0
    while disk.steps >= disk.fails_at:
        disk.steps, disk.fails_at = 0, disk.fails_at + 1
        try:
            with translated_disk_errors():
                draft = keep_draft()
        except DiskFull:
            failures += 1
        assert published(installation) == before
        assert leftovers(installation.settings.home) == []
    assert failures >= 12
    publish(installation, draft.id, by="ana")
    assert published(installation) == draft.sha256


def test_each_write_of_a_backup_and_of_its_restoration_may_fail(
    installation: Installation, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(installation, stage(small_layer(3)).id, by="ana")
    target, elsewhere = tmp_path / "backups" / "backup.zip", tmp_path / "elsewhere"
    settings = Settings(home=elsewhere, secret_key="a key for the tests alone")
    disk = FailingDisk(monkeypatch, tmp_path)

    def restore() -> None:
        shutil.rmtree(elsewhere, ignore_errors=True)
        restore_backup(settings, target)

    def back_up() -> None:
        write_backup(installation, target)

    for work in (back_up, restore):
        failures, disk.steps, disk.fails_at = 0, 0, 0
        while disk.steps >= disk.fails_at:
            disk.steps, disk.fails_at = 0, disk.fails_at + 1
            if work is back_up:
                target.unlink(missing_ok=True)
            try:
                with translated_disk_errors():
                    work()
            except DiskFull:
                failures += 1
                assert work is restore or not target.exists()
            assert leftovers(tmp_path) == []
        assert failures >= 4
    with closing(Records(settings.records_url())) as records, records.reading() as session:
        assert current_release(session)


def test_each_file_may_be_the_one_that_does_not_fit(
    installation: Installation, keep_draft: Callable[[], DraftRecord], tmp_path: Path
) -> None:
    before, draft = published(installation), keep_draft()
    home, target = installation.settings.home, tmp_path / "backup.zip"
    sizes = sorted({path.stat().st_size for path in home.rglob("*") if path.is_file() and path.stat().st_size})
    refused = 0
    for size in [0, *(size - 1 for size in sizes)]:
        for work in (keep_draft, lambda: write_backup(installation, target)):
            try:
                with largest_file(size), translated_disk_errors():
                    work()
            except DiskError:
                refused += 1
            assert leftovers(tmp_path) == []
            assert published(installation) == before
    assert refused > len(sizes)
    with pytest.raises(DiskError), largest_file(0):
        publish(installation, draft.id, by="ana")
    assert published(installation) == before
    publish(installation, draft.id, by="ana")
    assert published(installation) == draft.sha256


def test_a_full_disk_is_said_on_the_pages_and_the_public_goes_on(
    app: Flask,
) -> None:
    app.jinja_env.bytecode_cache = None  # that of all tests is on the disk
    office = Office(app)
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    assert editor.upload(files.write([files.row(1)])).location == "/staff/drafts/2"
    assert publisher.token
    assert editor.token
    visitor = app.test_client()
    with largest_file(0):
        for answer in (
            editor.upload(files.write([files.row(2)])),
            publisher.send("/staff/drafts/2/publish", {"confirm_removals": "9"}),
            editor.send("/staff/drafts/2/discard"),
            editor.send("/staff/drafts/corrections"),
        ):
            assert answer.status_code in (503, 507), answer.text  # SQLite says of a limit that the disk failed
            assert any(words in answer.text for words in SENTENCES)
        assert visitor.get("/").status_code == 200
        assert visitor.get("/therapists?near=02139").status_code == 200
    assert leftovers(app.config["FINDER_SETTINGS"].home) == []
    assert publisher.send("/staff/drafts/2/publish").status_code == 303


def test_every_command_says_it(app: Flask, tmp_path: Path) -> None:
    table = tmp_path / "calls-2026-11-19.csv"
    table.write_text(files.write([files.row(1)]))
    for command in (
        ["data", "stage", str(table)],
        ["records", "backup", str(tmp_path / "backup.zip")],
        ["staff", "add", "ana@example.org", "--role", "admin"],
        ["sample", "--output", str(tmp_path / "sample.csv")],
        ["fees", "document", "--to", str(tmp_path / "page.md")],
    ):
        with largest_file(0):
            result = app.test_cli_runner().invoke(args=command)
        assert (result.exit_code, result.stdout) == (1, ""), command
        assert any(words in result.stderr for words in SENTENCES)
        assert len(result.stderr.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calls-2026-11-19.csv", "instance"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EFBIG, DiskFull), (errno.EIO, DiskError),
        (errno.EROFS, DiskReadOnly), (errno.EACCES, DiskReadOnly), (errno.EPERM, DiskReadOnly),
    ],
)  # fmt: skip
def test_what_a_system_says_of_its_disk(code: int, kind: type[DiskError], installation: Installation) -> None:
    assert type(disk_error(OSError(code, "no"))) is kind
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("finder.releases.store.written_whole", failing(code))
        with pytest.raises(kind):
            installation.store.put("", installation.settings.home / "records.sqlite")


def failing(code: int) -> Callable[..., Any]:
    def fail(*_: object) -> None:
        raise OSError(code, "no")

    return fail


@pytest.mark.parametrize("code", [errno.ENOENT, errno.ECONNREFUSED, errno.EPIPE])
def test_other_errors_are_none_of_the_disk(code: int, installation: Installation) -> None:
    assert disk_error(OSError(code, "no")) is None
    if code == errno.ECONNREFUSED:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("finder.releases.store.written_whole", failing(code))
            with pytest.raises(StoreUnavailable):
                installation.store.put("", installation.settings.home / "records.sqlite")


@pytest.mark.parametrize(
    ("pragma", "kind"), [("PRAGMA max_page_count = 1", DiskFull), ("PRAGMA query_only = 1", DiskReadOnly)]
)
def test_what_sqlite_says_of_its_disk(pragma: str, kind: type[DiskError], tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    database.execute("CREATE TABLE a (b TEXT)")
    database.execute(pragma)
    with pytest.raises(kind), translated_disk_errors():
        database.execute("INSERT INTO a VALUES (?)", ("x" * 10_000,))
    database.close()


@pytest.mark.parametrize(("state", "kind"), [("53100", DiskFull), ("25006", DiskReadOnly)])
def test_what_postgresql_says_of_its_disk(state: str, kind: type[DiskError]) -> None:
    import psycopg

    error = DBAPIError("INSERT", {}, psycopg.errors.lookup(state)("no"))
    assert type(disk_error(error)) is kind


def test_what_a_killed_process_left_unfinished_goes_a_day_later(
    installation: Installation, stage: Stage, tmp_path: Path
) -> None:
    publish(installation, stage(small_layer(3)).id, by="ana")
    home = installation.settings.home
    folders = (home, home / "fetch" / "pages", home / "cache", tmp_path / "backups")
    for age in (0, 2 * SETTLED_SECONDS):
        for folder in folders:
            left = folder / ".unfinished-1-backup.zip"
            (left / "files").mkdir(parents=True, exist_ok=True)
            (left / "files" / "half").write_text("half")
            os.utime(left, (time.time() - age, time.time() - age))
        write_backup(installation, tmp_path / "backups" / "backup.zip")
        prune(installation)
        assert leftovers(tmp_path) == ([] if age else [".unfinished-1-backup.zip"] * len(folders))


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with pytest.raises(TypeError), written_whole(path) as file:
        file.writelines([b"half", "of it"])  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []
    with written_whole(path) as file:
        file.write(b"whole")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"whole", 0o644)
    with pytest.raises(FileNotFoundError, match="none/a"), written_whole(tmp_path / "none" / "a"):
        pass
