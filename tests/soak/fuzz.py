"""Fuzz: hostile requests in process, to every route in every role, and over the wire, to a server that was started.

A trial is a block of requests to an application of its own, over a copy of the published sample. No answer may be an
error of ours or show a traceback; each has the policy of its content; the public gets no cookie; and nobody but a
publisher moves the pointer of the release.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from argon2 import PasswordHasher
from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from finder import create_app
from finder.intake.publishing.bootstrap import ensure_ready
from finder.intake.publishing.stage import StageRequest, stage
from finder.places.gazetteer import Gazetteer
from finder.records.people import passwords
from finder.releases.installation import Installation
from finder.settings import Settings
from tests.soak import whole, wire
from tests.soak.report import Outcome
from tests.soak.requests import FORM_PAGES, STAFF_PAGES, Grammar, Request, field_names
from tests.soak.run import Plan, run_trials
from tests.soak.states import settings_of
from tests.web.staff import files
from tests.web.staff.office import Office, StaffMember, hidden

BLOCK = 400
"""Requests to one application."""

ROLES = ("viewer", "editor", "publisher", "admin")

PUBLISHING = {"staff.publish_draft", "staff.take_back"}
"""The endpoints with which a publisher moves the pointer."""

WIRE_SHARE = 5
"""One block in so many goes over the wire."""

AppFactory = Callable[[Settings], Flask]


def run(plan: Plan, make_app: AppFactory = create_app) -> None:
    """Send requests until the time is over."""
    with pytest.MonkeyPatch.context() as patch, cheap(patch, plan.folder):
        Gazetteer.load().warm()
        settings = settings_of(plan.folder / "sample")
        ensure_ready(settings)
        stage_draft(settings, plan.folder)
        grammar = make_grammar(settings, plan.folder)
        with wire.server(settings, plan.folder) as port:
            run_trials(plan, "fuzz", Fuzz(settings, plan.folder, grammar, make_app, port))
            for fault in wire.server_faults(plan.folder):
                plan.tell(Outcome(what="over the wire", number=0, count=0, faults=(fault,)))


def stage_draft(settings: Settings, folder: Path) -> None:
    """Stage a table with faults, so that there is a draft to look at, to correct and to publish."""
    path = folder / "visits-2026-11-19.csv"
    path.write_text(files.with_faults(60), encoding="utf-8")
    installation = Installation.open(settings)
    with closing(installation.records):
        stage(installation, StageRequest(paths=[path], by="eva"))


@contextmanager
def cheap(patch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """Hash passwords at the least cost, and compile each template once: neither is what is tried."""
    (folder / "templates").mkdir()
    patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    patch.setattr(Flask, "jinja_options", {"bytecode_cache": FileSystemBytecodeCache(str(folder / "templates"))})
    yield


def make_grammar(settings: Settings, folder: Path) -> Grammar:
    """Learn the names of all fields from the pages, in a copy of the sample."""
    home = Path(shutil.copytree(settings.home, folder / "learning"))
    app = create_app(settings_of(home))
    admin = Office(app).add_logged_in("admin")
    pages = [*FORM_PAGES, *(f"/staff/{page}" for page in STAFF_PAGES)]
    names = {name for page in pages for name in field_names(admin.get(page).text)}
    return Grammar(app, sorted(names | {"page", "lang", "near", "npis", "list", "my", "cover", "view", "look", "next"}))


@dataclass
class Visitors:
    """The clients of a block: somebody without an account, and a person of each role."""

    app: Flask
    office: Office
    people: dict[str, StaffMember]
    anonymous: FlaskClient
    errors: list[str] = field(default_factory=list)
    """Tracebacks of the request that is being answered."""

    @classmethod
    def of(cls, app: Flask) -> Visitors:
        """Add the people, and note the errors of the application."""
        office = Office(app)
        people = {role: office.add_logged_in(role) for role in ROLES}
        found = cls(app, office, people, app.test_client())

        def note(_sender: Flask, exception: Exception, **_: object) -> None:
            found.errors.append("".join(traceback.format_exception(exception)))

        app.extensions["soak_errors"] = note  # signals hold their receivers weakly
        got_request_exception.connect(note, app)
        return found

    def client(self, role: str) -> FlaskClient:
        """Return the client of a role."""
        return self.people[role].client if role in self.people else self.anonymous

    def token(self, role: str) -> str:
        """Return the token of the forms of a role's session; none where the session has ended."""
        try:
            return self.people[role].token if role in self.people else ""
        except AssertionError:
            return ""


class Fuzz:
    """A trial: a block of requests."""

    def __init__(
        self, sample: Settings, folder: Path, grammar: Grammar, make_app: AppFactory, port: int
    ) -> None:  # fmt: skip
        self._sample, self._folder, self._grammar = sample, folder, grammar
        self._make_app, self._port = make_app, port

    def __call__(self, number: int, chance: random.Random) -> Iterator[Outcome]:
        """Send a block over the wire or in process."""
        if number % WIRE_SHARE == WIRE_SHARE - 1:
            yield wire.block(number, chance, self._port, self._grammar)
            return
        with TemporaryDirectory(prefix="block-", dir=self._folder) as folder:
            home = Path(shutil.copytree(self._sample.home, Path(folder) / "instance"))
            visitors = Visitors.of(self._make_app(settings_of(home)))
            with closing(visitors.office.installation.records):
                yield from self._block(number, chance, visitors)

    def _block(self, number: int, chance: random.Random, visitors: Visitors) -> Iterator[Outcome]:
        settings: Settings = visitors.app.config["FINDER_SETTINGS"]
        before, faults, statuses, spent = pointer(settings), list[str](), Counter[str](), 0.0
        for place in range(BLOCK):
            role = chance.choice(("anonymous", "anonymous", *ROLES))
            request = self._grammar.request(chance, visitors.token(role))
            if not request.path.startswith("/staff"):
                request = with_form_token(request, visitors.anonymous, chance)
            began_at = time.monotonic()
            visitors.errors.clear()
            try:
                answer = visitors.client(role).open(request.path, **request.options())
            except Exception:
                faults.append(f"request {place} as {role}: {request.text()}\n{traceback.format_exc()}")
                continue
            finally:
                spent += time.monotonic() - began_at
            statuses[f"status {answer.status_code // 100}xx"] += 1
            found = answer_faults(answer, request, visitors.errors)
            if request.method not in {"GET", "HEAD", "OPTIONS"}:
                now = pointer(settings)
                allowed = request.endpoint in PUBLISHING and role in {"publisher", "admin"}
                if now != before and not allowed:
                    found.append(f"the pointer moved, from {before} to {now}")
                before = now
            faults += [f"request {place} as {role}: {request.text()}\n  {fault}" for fault in found]
        faults += whole.faults(settings)
        yield Outcome(
            what="in process", number=number, count=BLOCK, seconds=spent, faults=tuple(faults), figures=dict(statuses)
        )


def pointer(settings: Settings) -> int | None:
    """Return the number of the release that the public sees."""
    with closing(sqlite3.connect(settings.home / "records.sqlite")) as database:
        found: int | None = database.execute("SELECT release_id FROM pointer").fetchone()[0]
        return found


def with_form_token(request: Request, client: FlaskClient, chance: random.Random) -> Request:
    """Add the token of a public form to most of what is posted to it."""
    if request.method != "POST" or chance.random() < 0.2:
        return request
    page = client.get(request.path)
    if page.status_code != 200 or "form_token" not in page.text:
        return request
    fields = [*request.fields, ("form_token", hidden(page.text, "form_token"))]
    return Request(**{**request.__dict__, "fields": fields})


def answer_faults(answer: TestResponse, request: Request, errors: list[str]) -> list[str]:
    """Return what is wrong with an answer."""
    found = list(errors)
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    if b"Traceback (most recent call last)" in answer.data:
        found.append("a traceback in the answer")
    if "Content-Security-Policy" not in answer.headers:
        found.append(f"no Content-Security-Policy in an answer {answer.status_code}")
    if not request.path.startswith("/staff") and "Set-Cookie" in answer.headers:
        found.append(f"a cookie for the public: {answer.headers['Set-Cookie']}")
    return found
