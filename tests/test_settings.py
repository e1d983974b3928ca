"""The settings: read once, validated, with a secret key that is created only once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from finder.settings import Settings, WrongSetting


def test_an_empty_environment_gives_a_usable_default() -> None:
    settings = Settings.from_env({})
    assert settings.home.name == "instance"
    assert settings.home.is_absolute()
    assert settings.records_url().endswith("instance/records.sqlite")
    assert settings.trusted_proxies == 0
    assert settings.two_person_rule


def test_today_can_be_overridden() -> None:
    assert Settings.from_env({"FINDER_TODAY": "2026-03-01"}).current_date() == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FINDER_TODAY", "yesterday"),
        ("FINDER_TRUSTED_PROXIES", "-1"),
        ("FINDER_TRUSTED_PROXIES", "²"),
        ("FINDER_TRUSTED_PROXIES", "9" * 5000),
        ("FINDER_TWO_PERSON_RULE", "perhaps"),
        ("FINDER_HOSTS", "https://finder.example.org"),
        ("FINDER_HOSTS", "finder.example.org:8000"),
        ("FINDER_HOSTS", "*"),
        ("FINDER_HOSTS", "-,a..b"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        Settings.from_env({name: value})


def test_host_names_are_read_in_one_spelling() -> None:
    hosts = Settings.from_env({"FINDER_HOSTS": " Finder.Example.org, bücher.example,,192.0.2.1,[2001:DB8::1] "}).hosts
    assert hosts == ("finder.example.org", "xn--bcher-kva.example", "192.0.2.1", "2001:db8::1")


def test_the_secret_key_is_created_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "state")
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: settings.signing_key(), range(16)))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 48
    assert stat.S_IMODE((settings.home / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in settings.home.iterdir()] == ["secret-key"]


def test_the_state_folder_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "srv" / "state")
    settings.make_home()
    assert stat.S_IMODE(settings.home.stat().st_mode) == 0o700


def test_an_existing_folder_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    Settings(home=tmp_path).make_home()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_a_folder_that_cannot_be_used_is_refused_by_the_name_of_its_setting(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    for home in (in_the_way, in_the_way / "state"):
        with pytest.raises(WrongSetting, match=f"FINDER_HOME is {home}: "):
            Settings(home=home).signing_key()


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    assert "hidden-value" not in repr(Settings(secret_key="hidden-value", metrics_token="hidden-value"))
