"""``flask records``: backup and restore name what else is needed."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from finder import create_app
from finder.records.people.accounts import Role, add_account
from finder.records.people.second_factor import begin_second_factor
from finder.releases.installation import Installation
from finder.settings import Settings


def test_backup_names_the_key_and_restore_the_lost_second_factors(app: Flask, tmp_path: Path) -> None:
    records = Installation.open(app.config["FINDER_SETTINGS"]).records
    with records.writing() as session:
        account = add_account(session, "ana@example.org", Role.ADMIN, by="test")
        begin_second_factor(session, account, records.seal)
    file = str(tmp_path / "backup.zip")
    backup = app.test_cli_runner().invoke(args=["records", "backup", file])
    assert backup.exit_code == 0, backup.output
    assert "Keep the secret key too" in backup.output
    for key, is_named in (("another key", True), ("a key for the tests alone", False)):
        elsewhere = create_app(Settings(home=tmp_path / key, secret_key=key))
        restored = elsewhere.test_cli_runner().invoke(args=["records", "restore", file])
        assert restored.exit_code == 0, restored.output
        assert ("ana@example.org" in restored.output) is is_named
