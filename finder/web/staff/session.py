"""Who is logged in: a signed cookie for ``/staff`` alone, which ends by itself and when the account changes.

The cookie holds the number of the account, the version of its sessions, and three moments. Whatever changes what a
person may do (role, password, second factor, being shut out) raises the version, which ends every session at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import flask_login
from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface

from finder.digits import whole_number
from finder.http.request_context import per_request
from finder.http.services import services
from finder.records.people.accounts import Role
from finder.records.people.login import is_session_valid
from finder.records.people.second_factor import has_second_factor
from finder.records.tables.accounts import Account

SEEN_EVERY = 60
"""How often the cookie is written anew with the moment of the last use, in seconds."""


class StaffCookie(SecureCookieSessionInterface):
    """The session cookie: kept from plain connections wherever the site is served over HTTPS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Tell the browser to send it over HTTPS alone, if that is how it came."""
        return request.is_secure


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(flask_login.UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """The person who is logged in; ``second_factor``: it was shown in this session."""

    id: int
    email: str
    role: Role
    version: int
    has_second_factor: bool
    second_factor: bool

    def get_id(self) -> str:
        """Return what the cookie says of the person."""
        return f"{self.id}.{self.version}"


def register(app: Flask) -> None:
    """Set up the cookie and Flask-Login.

    Not by ``LoginManager.init_app``: it would look at the session after every public page too.
    """
    app.config.update(
        SESSION_COOKIE_NAME="finder_staff",
        SESSION_COOKIE_PATH="/staff",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.session_interface = StaffCookie()
    manager = flask_login.LoginManager()
    manager.session_protection = None  # an address that changes on the way to work must not log anybody out
    manager.user_loader(_load)
    app.login_manager = manager  # type: ignore[attr-defined]


@per_request
def person() -> Person | None:
    """Return who is logged in now, or None; while the session goes on, note that it was used."""
    found = flask_login.current_user
    if not found.is_authenticated:
        return None
    if _now() - session["seen"] > SEEN_EVERY:
        session["seen"] = _now()
    here: Person = found._get_current_object()
    return here


def me() -> Person:
    """Return who is logged in, in a view that only lets in who is."""
    here = person()
    if here is None:
        raise RuntimeError("a view that needs a person declares a role")
    return here


def begin(account: Account, *, second_factor: bool) -> None:
    """Log somebody in. The token of forms stays as it is: what was typed before the session ended can still be sent."""
    session["began"] = session["seen"] = _now()
    session["second_factor"] = second_factor
    flask_login.login_user(_person(account))
    person.forget()


def end() -> None:
    """Log out."""
    session.clear()
    person.forget()


def _load(cookie_id: str) -> Person | None:
    """Return the person of a cookie, if the account and the session still stand."""
    number, version = (whole_number(part, 9) for part in cookie_id.partition(".")[::2])
    began, seen = session.get("began"), session.get("seen")
    if number is None or version is None or not isinstance(began, int) or not isinstance(seen, int):
        return None
    with services().installation.records.reading() as records:
        account = records.get(Account, number)
    if account is None or not is_session_valid(account, version=version, began=_moment(began), last_seen=_moment(seen)):
        return None
    return _person(account)


def _person(account: Account) -> Person:
    has = has_second_factor(account)
    return Person(
        id=account.id,
        email=account.email,
        role=Role(account.role),
        version=account.session_version,
        has_second_factor=has,
        second_factor=has and bool(session.get("second_factor")),
    )


def _now() -> int:
    return int(datetime.now(UTC).timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
