"""Staff for the tests: an application with accounts of each role, and clients that are logged in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from html import unescape
from io import BytesIO
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from finder.records.people.accounts import Role, add_account
from finder.records.people.passwords import set_password
from finder.records.people.second_factor import begin_second_factor, confirm_second_factor
from finder.records.tables.accounts import Account
from finder.releases.installation import Installation

PASSWORD = "four words that wander"

WITH_FACTOR = (Role.PUBLISHER, Role.ADMIN)
"""Who has a second factor in these tests."""


def email_of(role: str, number: int = 1) -> str:
    """Return the address of the person of a role; there may be more than one."""
    return f"{role}{number if number > 1 else ''}@example.org"


def hidden(html: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', html)
    assert found, f"no field {name}"
    return unescape(found[1])


@dataclass
class StaffMember:
    """A person of the office with a client."""

    client: FlaskClient
    email: str
    secret: str = ""

    def get(self, address: str, **more: Any) -> TestResponse:
        """Fetch a page."""
        return self.client.get(address, **more)

    @cached_property
    def token(self) -> str:
        """The token of this session's forms."""
        return hidden(self.get("/staff/me").text, "csrf_token")

    def send(self, address: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        """Send a form as its page does."""
        return self.client.post(address, data={"csrf_token": self.token, **(data or {})})

    def upload(self, content: str | bytes, name: str = "visits-2026-11-19.csv", **more: Any) -> TestResponse:
        """Upload one file."""
        raw = content.encode() if isinstance(content, str) else content
        return self.send("/staff/upload", {"files": (BytesIO(raw), name), **more})

    def code(self, *, ahead: int = 0) -> str:
        """Return the code that the telephone shows, now or ``ahead`` steps later."""
        return pyotp.TOTP(self.secret).at(datetime.now(UTC) + timedelta(seconds=30 * ahead))

    def log_in(self, password: str = PASSWORD) -> TestResponse:
        """Log in with the password, and with the code if the page asks for one."""
        page = self.client.get("/staff/login").text
        form = {"form_token": hidden(page, "form_token"), "email": self.email, "password": password}
        answer = self.client.post("/staff/login", data=form)
        if answer.status_code == 200 and self.secret:
            proof = hidden(answer.text, "proof")
            answer = self.client.post("/staff/login/code", data={"proof": proof, "code": self.code()})
        return answer


@dataclass
class Office:
    """The application and its people."""

    app: Flask
    people: dict[str, StaffMember] = field(default_factory=dict)
    """The first person added for each role."""

    @cached_property
    def installation(self) -> Installation:
        """The installation behind the pages."""
        settings = self.app.config["FINDER_SETTINGS"]
        return Installation.open(settings)

    def add_member(self, role: str, number: int = 1, *, second_factor: bool | None = None) -> StaffMember:
        """Add a person with a password; publishers and administrators have a second factor unless said otherwise."""
        member = StaffMember(self.app.test_client(), email_of(role, number))
        before = datetime.now(UTC) - timedelta(minutes=2)
        with self.installation.records.writing() as session:
            account = add_account(session, member.email, Role(role), by="test")
            set_password(session, account, PASSWORD, by="test")
            if Role(role) in WITH_FACTOR if second_factor is None else second_factor:
                seal = self.installation.records.seal
                member.secret = begin_second_factor(session, account, seal)
                confirm_second_factor(session, account, pyotp.TOTP(member.secret).at(before), seal, at=before)
        self.people.setdefault(role, member)
        return member

    def add_logged_in(self, role: str, number: int = 1) -> StaffMember:
        """Add a person who is logged in."""
        member = self.add_member(role, number)
        answer = member.log_in()
        assert answer.status_code == 303, answer.text
        return member

    def account(self, member: StaffMember) -> Account:
        """Return the account of a person as it is now."""
        from finder.records.people.accounts import get_account

        with self.installation.records.reading() as session:
            return get_account(session, member.email)


def publish_files(office: Office, editor: StaffMember, publisher: StaffMember, contents: Mapping[str, str]) -> None:
    """Upload files together, by name, and publish what they change."""
    uploaded = [(BytesIO(content.encode()), name) for name, content in contents.items()]
    draft = editor.send("/staff/upload", {"files": uploaded}).location
    answer = publisher.send(f"{draft}/publish")
    assert answer.status_code == 303, answer.text
    office.app.extensions["finder"].current._next_check = 0


def publish_corrections(office: Office, editor: StaffMember, publisher: StaffMember) -> list[dict[str, str]]:
    """Make a draft of the corrections, publish it, and return the public list."""
    draft = editor.send("/staff/drafts/corrections").location
    if draft != "/staff/records":  # where nothing was corrected since the last release
        answer = publisher.send(f"{draft}/publish", {"confirm_removals": "1"})
        assert answer.status_code == 303, answer.text
    office.app.extensions["finder"].current._next_check = 0
    return list(csv.DictReader(io.StringIO(publisher.get("/staff/export.csv").text)))
