"""Faults: what a command or a page needs is refused, and the program says so, keeps the old state, and goes on.

For commands the n-th step of the disk fails (full, failing, read-only), or the n-th connection to another server. For
pages the records are away, locked or hang, or the release store is away: public pages must come all the same.
"""

from __future__ import annotations

import errno
import random
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from finder import create_app
from finder.http import services
from finder.records.writer_gate import Patience
from finder.releases import current
from finder.settings import Settings
from tests.fixtures.databases import held
from tests.fixtures.disk import FailingDisk, refuse
from tests.intake.rows import NPIS
from tests.soak import forks, whole
from tests.soak.commands import COMMANDS, TRACEBACK, Job
from tests.soak.grounds import Grounds, grounds
from tests.soak.kills import POSTGRESQL_SHARE, again, look
from tests.soak.report import Outcome
from tests.soak.run import Plan, run_trials
from tests.web.staff.office import StaffMember, email_of, hidden

DISK = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EACCES)
NETWORK = (errno.ECONNREFUSED, errno.ECONNRESET, errno.ETIMEDOUT, errno.EHOSTUNREACH)
CONNECTING = tuple(command for command in COMMANDS if "fetch" in command.name or "geocode" in command.name)

REFUSED = (1, 503, 507)
"""The exit status of a command that refuses, and the statuses of the staff pages."""

PUBLIC = (
    "/", "/therapists?near=02139", "/therapists.csv?near=02139", f"/therapists/{NPIS[0]}", "/estimate?zip=43210",
    "/estimate/course?zip=43210", "/guide/medicare", "/about", "/my-insurance", "/therapists/map?near=02139",
    f"/shortlist?npis={NPIS[0]}", f"/compare?npis={NPIS[0]}&npis={NPIS[1]}", "/listing-request", "/display",
)  # fmt: skip


def run(plan: Plan) -> None:
    """Refuse things until the time is over."""
    with pytest.MonkeyPatch.context() as patch, grounds(plan, COMMANDS) as shared:
        for module in (services, current):
            patch.setattr(module, "WEB", Patience(0.1, writers=2))
        run_trials(plan, "faults", Fault(shared, postgresql=plan.postgresql))


class Fault:
    """A trial: one thing is refused, once to a command, or for a while to the pages."""

    def __init__(self, shared: Grounds, *, postgresql: bool) -> None:
        self._shared = shared
        self._postgresql = postgresql

    def __call__(self, number: int, chance: random.Random) -> Iterator[Outcome]:
        """Choose what is refused, and look."""
        postgresql = self._postgresql and chance.random() < POSTGRESQL_SHARE
        started_at = time.monotonic()
        kind = chance.choices(("disk", "network", "pages"), (6, 1, 2))[0]
        if kind == "pages":
            what, count, found = self._pages(chance, postgresql=postgresql)
        else:
            what, count, found = self._command(kind, chance, postgresql=postgresql)
        name = "PostgreSQL" if postgresql else "SQLite"
        yield Outcome(
            what=what, number=number, count=count, seconds=time.monotonic() - started_at,
            faults=tuple(f"{name}: {fault}" for fault in found), figures={name: count},
        )  # fmt: skip

    def _command(self, kind: str, chance: random.Random, *, postgresql: bool) -> tuple[str, int, list[str]]:
        command = chance.choice(COMMANDS if kind == "disk" else CONNECTING)
        length = self._shared.length(command, postgresql=postgresql)
        code = chance.choice(DISK if kind == "disk" else NETWORK)
        at = chance.randint(1, max(1, length.steps) if kind == "disk" else 5)
        with self._shared.job(command, postgresql=postgresql) as job:
            before = whole.published(job.settings)
            prepare: Callable[[], None] = (
                (lambda: _fail_step(job, at, code)) if kind == "disk" else (lambda: _fail_connection(at, code))
            )
            status, output = forks.finish(forks.start(command, job, prepare), job)
            found = refusal_faults(status, output)
            found += [f"left unfinished: {name}" for name in whole.leftovers(job.folder)]
            found += look(command, job, before, length.after)
            found += again(command, job, before, length.after)
        where = f"{errno.errorcode[code]} at {'step' if kind == 'disk' else 'connection'} {at}"
        return f"{kind}: {command.name}", 1, [f"{where}: {fault}" for fault in found]

    def _pages(self, chance: random.Random, *, postgresql: bool) -> tuple[str, int, list[str]]:
        conditions = [one for one in CONDITIONS if postgresql or not one.postgresql]
        condition = chance.choice(conditions)
        starting = chance.random() < 0.3
        with self._shared.job(COMMANDS[0], postgresql=postgresql) as job:
            app = create_app(job.settings)
            pages = Pages(app, job)
            pages.visit(PUBLIC[:3])  # it serves the release
            with condition.hold(job.settings):
                if starting:
                    pages = Pages(create_app(job.settings), job)
                pages.visit(chance.sample(PUBLIC, len(PUBLIC)), missing=starting and condition.without_release)
                pages.write()
            pages.recover()
            pages.faults += whole.faults(job.settings)
            pages.close()
        when = "at the start" if starting else "while serving"
        return f"pages: {condition.name}", pages.count, [f"{when}: {fault}" for fault in pages.faults]


def refusal_faults(status: int, output: str) -> list[str]:
    """Return what is wrong with how a command refused: it may succeed, or say why in a line."""
    if status == 0:
        return []
    if status == TRACEBACK or status not in REFUSED:
        return [f"it ended with {status}: {output[-3000:]}"]
    return [f"it said: {output[-1000:]}"] if "Traceback" in output else []


def _fail_step(job: Job, step: int, code: int) -> None:
    disk = FailingDisk(pytest.MonkeyPatch(), job.folder)
    disk.fail = refuse(code)
    disk.fails_at = step


def _fail_connection(number: int, code: int) -> None:
    """Let the connection of this process with this number fail, and no other."""
    connect, done = socket.socket.connect, [0]

    def refuse_one(one: socket.socket, address: Any) -> None:
        done[0] += 1
        if done[0] == number:
            raise OSError(code, errno.errorcode[code])
        connect(one, address)

    socket.socket.connect = refuse_one  # type: ignore[method-assign, assignment]


class Pages:
    """What visitors and staff see of an application, and what is wrong with it."""

    def __init__(self, app: Flask, job: Job) -> None:
        app.extensions["finder"].current._check_seconds = 0.0
        self._app = app
        self._visitor = app.test_client()
        self._editor = StaffMember(app.test_client(), email_of("editor"))
        self._editor.client.set_cookie("finder_staff", job.cookies["editor"], path="/staff")
        self._tokens = (hidden(self._visitor.get("/listing-request").text, "form_token"),)
        self.count = 0
        self.faults: list[str] = []

    def _expect(self, name: str, answer: TestResponse, *statuses: int) -> None:
        self.count += 1
        if answer.status_code not in statuses:
            self.faults.append(f"{name}: status {answer.status_code}, not {' or '.join(map(str, statuses))}")

    def visit(self, addresses: tuple[str, ...] | list[str], *, missing: bool = False) -> None:
        """Fetch public pages: they come, or say that the release is away where it cannot be there."""
        for address in addresses:
            answer = self._visitor.get(address, buffered=True)
            self._expect(address, answer, *((200, 503) if missing else (200,)))

    def write(self) -> None:
        """Send a form of the public and one of staff, and open a staff page: each is done or refused politely."""
        form = {"form_token": self._tokens[0], "kind": "remove_my_listing", "npi": NPIS[0], "contact": "a@example.org"}
        self._expect("a request", self._visitor.post("/listing-request", data=form), 200, 302, 303, 422, 503, 507)
        self._expect("the overview", self._editor.get("/staff/"), 200, 302, 503, 507)
        form = {"npi": NPIS[0], "reason": "The clinic asked for it."}
        self._expect(
            "a suppression", self._editor.client.post("/staff/suppressions", data=form), 302, 303, 403, 503, 507
        )

    def recover(self) -> None:
        """Check that everything works again afterwards."""
        self.visit(PUBLIC[:4])
        self._expect("the overview afterwards", self._editor.get("/staff/"), 200)

    def close(self) -> None:
        """Close the connections."""
        self._app.extensions["finder"].installation.records.close()
        if records := self._app.extensions["finder"].current._records:
            records.close()


@dataclass(frozen=True)
class Condition:
    """Something that pages need and do not have for a while."""

    name: str
    hold: Callable[[Settings], AbstractContextManager[None]]
    postgresql: bool = False
    """Whether only PostgreSQL can be in this condition."""
    without_release: bool = False
    """Whether a server that starts now has no release to show."""


@contextmanager
def _moved(path: Path) -> Iterator[None]:
    aside = path.with_name(f"{path.name}.aside")
    shutil.move(path, aside)
    try:
        yield
    finally:
        if path.exists():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.move(aside, path)


@contextmanager
def _records_away(settings: Settings) -> Iterator[None]:
    """Make the database one that cannot be connected to."""
    if not settings.database_url:
        path = settings.home / "records.sqlite"
        with _moved(path):
            path.mkdir()
            yield
        return
    with _administrator(settings) as (connection, name):
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


@contextmanager
def _administrator(settings: Settings) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    name = settings.database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(settings.database_url.replace(f"/{name}?", "/postgres?"), autocommit=True) as connection:
        yield connection, name


@contextmanager
def _hanging(settings: Settings) -> Iterator[None]:
    """Let every statement about the release, the accounts and the reports hang."""
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("LOCK TABLE pointer, release, account, report, staff_session IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    with held(settings.records_url()):
        yield


@contextmanager
def _store_away(settings: Settings) -> Iterator[None]:
    with _moved(Path(settings.release_store())):
        yield


CONDITIONS = (
    Condition("records away", _records_away),
    Condition("records locked", _locked),
    Condition("records hang", _hanging, postgresql=True),
    Condition("store away", _store_away, without_release=True),
)
