"""Migrations: up and down on both databases, equal to the models, safe against concurrency and kills."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from finder.records.database import RecordsUnavailable, connect
from finder.records.encryption import Seal, SealBroken
from finder.records.migrate import MIGRATIONS, NewerRecords, is_current, known_revisions, migrate
from finder.records.tables.metadata import METADATA
from tests.processes import exit_status, start

HEAD = ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_migrating_makes_the_tables_that_the_models_describe(empty_url: str) -> None:
    assert migrate(empty_url) == HEAD
    engine = connect(empty_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_steps_are_numbered_as_their_files_are() -> None:
    assert known_revisions() == {step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    assert max(known_revisions()) == HEAD


def test_migrating_again_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    assert migrate(empty_url) == HEAD
    assert is_current(empty_url)


def test_every_step_goes_down_and_up_again(empty_url: str) -> None:
    steps = [step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    migrate(empty_url)
    for below in [*steps[1:], "base"]:
        assert migrate(empty_url, below) == below
        assert not is_current(empty_url)
    engine = connect(empty_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    for step in reversed(steps):
        assert migrate(empty_url, step) == step


def test_migrating_up_encrypts_second_factors_and_down_decrypts_them(empty_url: str) -> None:
    migrate(empty_url, "0004")
    insert_secrets(empty_url, {1: "JBSWY3DPEHPK3PXP", 2: ""})
    migrate(empty_url, secret_key="the key")
    sealed = stored_secrets(empty_url)
    assert Seal("the key").open(sealed[1], "second factor of account 1") == "JBSWY3DPEHPK3PXP"
    assert sealed[2] == ""
    with pytest.raises(SealBroken):
        migrate(empty_url, "0004", secret_key="another key")
    assert stored_secrets(empty_url) == sealed
    migrate(empty_url, "0004", secret_key="the key")
    assert stored_secrets(empty_url) == {1: "JBSWY3DPEHPK3PXP", 2: ""}


def test_without_the_key_secrets_are_not_migrated(empty_url: str) -> None:
    migrate(empty_url, "0004")
    insert_secrets(empty_url, {1: "JBSWY3DPEHPK3PXP"})
    with pytest.raises(RuntimeError, match="secret key"):
        migrate(empty_url)
    assert stored_secrets(empty_url) == {1: "JBSWY3DPEHPK3PXP"}


def insert_secrets(url: str, secrets: dict[int, str]) -> None:
    """Add accounts with these second factors in plain text, as an older schema has them."""
    engine = connect(url)
    columns = "id, email, role, password_hash, totp_secret, totp_last_step, session_version, created_at"
    values = ":id, :email, 'admin', '', :secret, 0, 1, '2026-11-20 12:00:00+00:00'"
    with engine.begin() as connection:
        for number, secret in secrets.items():
            row = {"id": number, "email": f"{number}@example.org", "secret": secret}
            connection.execute(text(f"INSERT INTO account ({columns}) VALUES ({values})"), row)
    engine.dispose()


def stored_secrets(url: str) -> dict[int, str]:
    engine = connect(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, totp_secret FROM account")).all()
    engine.dispose()
    return {row.id: row.totp_secret for row in rows}


def test_a_database_of_a_newer_version_is_not_changed(empty_url: str) -> None:
    migrate(empty_url)
    engine = connect(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for question in (is_current, migrate):
        with pytest.raises(NewerRecords):
            question(empty_url)


def test_a_file_that_is_no_database_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_text("hello " * 200)
    for question in (is_current, migrate):
        with pytest.raises(RecordsUnavailable):
            question(f"sqlite:///{tmp_path / 'records.sqlite'}")


@pytest.mark.process
def test_processes_that_start_together_all_find_the_newest_schema(empty_url: str) -> None:
    starting = [start(migrate, empty_url) for _ in range(4)]
    assert [exit_status(process, 120) for process in starting] == [0, 0, 0, 0]
    assert is_current(empty_url)


@pytest.mark.process
def test_a_killed_migration_leaves_a_database_that_can_be_migrated(empty_url: str, tmp_path: Path) -> None:
    for database in ("first", "second"):  # the first loads the program, and would make the time of a migration too long
        began = time.monotonic()
        assert exit_status(start(migrate, f"sqlite:///{tmp_path / database}.sqlite"), 120) == 0
        whole = time.monotonic() - began
    chance = random.Random(7)
    # However slow the machine, the kills fall on the work; the early ones come first, before a whole migration is done.
    moments = sorted(chance.uniform(0, 0.9) for _ in range(5))
    ends = []
    for moment in (0, *moments):
        process = start(migrate, empty_url)
        time.sleep(moment * whole)
        process.kill()
        ends.append(exit_status(process, 60))
    assert -signal.SIGKILL in ends
    assert migrate(empty_url) == HEAD
