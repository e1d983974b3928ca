"""Installations to break: made once, and copied for each trial, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from finder import create_app
from finder.intake.publishing.publish import publish
from finder.intake.publishing.stage import StageRequest, published_stack, stage_layers
from finder.places.gazetteer import Gazetteer
from finder.records.drafts import discard_draft
from finder.records.migrate import migrate
from finder.releases.installation import Installation
from finder.settings import Settings
from tests.conftest import TODAY
from tests.fixtures.databases import database_address, database_copy
from tests.intake.rows import small_layer
from tests.web.staff.office import Office

KEY = "a key for the campaigns alone"

SIZES = (3, 9, 12)
"""Providers of the first release, of the current one, and of the draft that waits."""

DRAFT = 4
"""The number of the draft that waits; the one before was discarded."""

OLD_SCHEMA = "0003"

KINDS = ("published", "empty", "old")
"""Two releases, a draft, staff, old files; nothing at all; records of an old version without a row."""


@dataclass(frozen=True)
class StateFactory:
    """Makes copies of the states. ``server``: the address of a PostgreSQL server, empty for SQLite alone."""

    folder: Path
    server: str
    cookies: dict[tuple[str, bool], str]
    """The staff cookies of a role, and whether on PostgreSQL."""

    @contextmanager
    def copied(self, kind: str, folder: Path, *, postgresql: bool) -> Iterator[Settings]:
        """Copy a state into a folder; yield its settings."""
        home = folder / "instance"
        if kind == "published":
            shutil.copytree(self.folder / ("postgresql" if postgresql else "sqlite"), home)
        if not postgresql:
            if kind == "old":
                home.mkdir(mode=0o700)
                shutil.copy(self.folder / "old.sqlite", home / "records.sqlite")
            yield settings_of(home)
            return
        template = {"published": "soak_published", "old": "soak_old", "empty": "template1"}[kind]
        with database_copy(self.server, template) as address:
            yield settings_of(home, address)


def settings_of(home: Path, database_url: str = "", **more: str) -> Settings:
    """Return the settings of an installation of the campaigns."""
    return Settings(home=home, database_url=database_url, today=TODAY, secret_key=KEY, **more)  # type: ignore[arg-type]


def make_states(folder: Path, server: str = "") -> StateFactory:
    """Make the states to copy."""
    factory = StateFactory(folder, server, {})
    folder.mkdir(parents=True)
    _publish(factory, settings_of(folder / "sqlite"))
    migrate(f"sqlite:///{folder / 'old.sqlite'}", OLD_SCHEMA)
    if server:
        for name in ("soak_published", "soak_old"):
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
        _publish(factory, settings_of(folder / "postgresql", database_address(server, "soak_published")))
        migrate(database_address(server, "soak_old"), OLD_SCHEMA)
    return factory


def _publish(factory: StateFactory, settings: Settings) -> None:
    installation = Installation.open(settings, Gazetteer.load())
    with closing(installation.records):
        for size in SIZES[:2]:
            publish(installation, _stage(installation, size), by="ana")
        discarded = _stage(installation, 20)
        with installation.records.writing() as session:
            discard_draft(session, discarded, by="ana")
        assert _stage(installation, SIZES[2]) == DRAFT
    long_ago = time.time() - 3 * 24 * 3600
    for path in settings.home.rglob("*"):  # old enough for pruning to take what nothing needs
        os.utime(path, (long_ago, long_ago))
    app = create_app(settings)
    office = Office(app)
    for role in ("editor", "publisher"):
        cookie = office.add_logged_in(role).client.get_cookie("finder_staff", path="/staff")
        assert cookie
        factory.cookies[role, bool(settings.database_url)] = cookie.value
    office.installation.records.close()
    app.extensions["finder"].installation.records.close()


def _stage(installation: Installation, size: int) -> int:
    base, stack = published_stack(installation)
    request = StageRequest(paths=[Path("november.csv")], by="eva", replace=True)
    layers = [small_layer(size)]
    return stage_layers(
        installation, layers, request, base=base, stack=stack, gazetteer=installation.gazetteer
    ).id  # fmt: skip
