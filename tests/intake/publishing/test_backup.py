"""Backup and restore: everything is restored, on either kind of database, or nothing."""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from finder.intake.publishing.backup import NoBackup, restore_backup, write_backup
from finder.intake.publishing.export import export_json
from finder.intake.publishing.publish import publish, published_tables, roll_back
from finder.intake.publishing.status import describe_status
from finder.places.gazetteer import Gazetteer
from finder.records.audit import list_events, record_event
from finder.records.casework.edits import Change, edits_in_force, save_edits
from finder.records.dump import NewerBackup, RecordsNotEmpty
from finder.records.encryption import is_sealed
from finder.records.people.accounts import Role, add_account, list_accounts
from finder.records.people.login import WrongLogin, log_in
from finder.records.people.second_factor import begin_second_factor
from finder.records.people.sessions import begin_session
from finder.releases.installation import Installation
from finder.releases.store import ReleaseFileDamaged
from finder.settings import Settings
from tests.conftest import made_once
from tests.fixtures.installation import stage_at
from tests.intake.rows import NPIS, small_layer


@pytest.fixture(scope="session")
def backed_up_home(migrated_file: Path, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of two releases, an open draft, an account and an edit, and its backup. Tests only copy it."""

    def fill(folder: Path) -> None:
        folder.mkdir()
        shutil.copy(migrated_file, folder / "records.sqlite")
        installation = Installation.open(Settings(home=folder, today=date(2026, 11, 20)))
        stage = partial(stage_at, installation, gazetteer)
        publish(installation, stage(small_layer(3)).id, by="ana")
        publish(installation, stage(small_layer(9)).id, by="ana")
        with installation.records.writing() as session:
            add_account(session, "ana@example.org", Role.ADMIN, by="test")
            change = Change(field="name", value="Ida Ñandú", before="")
            save_edits(session, NPIS[0], [change], version=0, by="ana")
        stage(small_layer(12))
        write_backup(installation, folder / "backup.zip")
        installation.records.close()

    return made_once(tmp_path_factory, "backed_up", fill)


@pytest.fixture
def backup(backed_up_home: Path, tmp_path: Path) -> Path:
    """A backup of two releases, an open draft, an account and an edit."""
    return Path(shutil.copy2(backed_up_home / "backup.zip", tmp_path))


@pytest.fixture
def original(backed_up_home: Path, settings: Settings) -> Iterator[Installation]:
    """The installation of the backup."""
    shutil.copytree(backed_up_home, settings.home)
    opened = Installation.open(settings)
    yield opened
    opened.records.close()


def exported(installation: Installation) -> str:
    return "".join(export_json(published_tables(installation)))


def test_a_backup_is_restored_on_either_kind_of_database(
    original: Installation, backup: Path, tmp_path: Path, empty_url: str
) -> None:
    settings = Settings(home=tmp_path / "elsewhere", database_url=empty_url)
    restore_backup(settings, backup)
    other = Installation.open(settings)
    assert describe_status(other) == describe_status(original)
    assert exported(other) == exported(original)
    with other.records.reading() as session, original.records.reading() as session_before:
        assert [account.email for account in list_accounts(session)] == ["ana@example.org"]
        assert [edit.value for edit in edits_in_force(session)] == ["Ida Ñandú"]
        events, before = list_events(session, limit=99), list_events(session_before, limit=99)
        assert [(event.id, event.at, event.action, event.detail) for event in events] == [
            (event.id, event.at, event.action, event.detail) for event in before
        ]
    with other.records.writing() as session:
        record_event(session, "ana", "look", subject="backup")  # numbers go on after those restored
    publish(other, describe_status(other)["drafts"][0]["id"], by="ana")
    roll_back(other, by="ana")
    roll_back(other, by="ana")
    assert len(published_tables(other)["provider"]) == 3
    other.records.close()


def test_second_factors_are_restored_with_the_key_and_named_without_it(
    installation: Installation, tmp_path: Path, empty_url: str
) -> None:
    with installation.records.writing() as session:
        account = add_account(session, "ana@example.org", Role.ADMIN, by="test")
        begin_second_factor(session, account, installation.records.seal)
    write_backup(installation, tmp_path / "backup.zip")
    elsewhere = Settings(home=tmp_path / "elsewhere")
    assert restore_backup(elsewhere, tmp_path / "backup.zip") == ["ana@example.org"]
    with_key = Settings(home=tmp_path / "again", database_url=empty_url, secret_key=installation.settings.signing_key())
    assert restore_backup(with_key, tmp_path / "backup.zip") == []


def test_an_old_backup_with_plain_second_factors_is_encrypted_on_restore(
    installation: Installation, tmp_path: Path
) -> None:
    with installation.records.writing() as session:
        add_account(session, "ana@example.org", Role.ADMIN, by="test").totp_secret = "JBSWY3DPEHPK3PXP"
    path = tmp_path / "backup.zip"
    write_backup(installation, path)
    with zipfile.ZipFile(path) as new, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
        for name in new.namelist():
            about = '{"format": 1, "revision": "0004"}'
            old.writestr(name, about if name == "backup.json" else new.read(name))
    settings = Settings(home=tmp_path / "elsewhere")
    assert restore_backup(settings, tmp_path / "old.zip") == []
    with Installation.open(settings).records.reading() as session:
        assert is_sealed(list_accounts(session)[0].totp_secret)


def test_sessions_and_attempts_are_in_no_backup(installation: Installation, tmp_path: Path) -> None:
    with installation.records.writing() as session:
        begin_session(session, add_account(session, "ana@example.org", Role.ADMIN, by="test"), second_factor=False)
    with pytest.raises(WrongLogin):
        log_in(installation.records, "ana@example.org", "wrong", address="192.0.2.1")
    write_backup(installation, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        assert "records/account.jsonl" in archive.namelist()
        assert not {"records/attempt.jsonl", "records/staff_session.jsonl"} & set(archive.namelist())


def test_a_backup_is_restored_into_empty_records_only(original: Installation, backup: Path, settings: Settings) -> None:
    before = describe_status(original)
    with pytest.raises(RecordsNotEmpty):
        restore_backup(settings, backup)
    assert describe_status(original) == before


def test_only_the_owner_can_read_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert not list(backup.parent.glob("*unfinished*"))


@pytest.mark.parametrize("damage", ["cut", "text", "missing", "other zip"])
def test_a_file_that_is_no_backup_is_refused(backup: Path, tmp_path: Path, damage: str) -> None:
    if damage == "cut":
        backup.write_bytes(backup.read_bytes()[:-200])
    elif damage == "text":
        backup.write_text("hello")
    elif damage == "missing":
        backup.unlink()
    else:
        with zipfile.ZipFile(backup, "w") as archive:
            archive.writestr("a.txt", "a")
    settings = Settings(home=tmp_path / "elsewhere")
    with pytest.raises(NoBackup):
        restore_backup(settings, backup)
    assert describe_status(Installation.open(settings))["release"] is None


@pytest.mark.parametrize(
    ("member", "replacement", "error"),
    [
        ("backup.json", '{"format": 1, "revision": "9999"}', NewerBackup),
        ("store/releases/", "spoiled", ReleaseFileDamaged),
    ],
)
def test_a_newer_or_damaged_backup_changes_no_records(
    backup: Path, tmp_path: Path, member: str, replacement: str, error: type[Exception]
) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, replacement if name.startswith(member) else old.read(name))
    settings = Settings(home=tmp_path / "elsewhere")
    with pytest.raises(error):
        restore_backup(settings, other)
    assert describe_status(Installation.open(settings))["release"] is None
