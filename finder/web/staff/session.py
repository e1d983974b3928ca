"""Who is logged in: a signed cookie for ``/staff`` alone, with the token of a session in the records.

The cookie alone opens nothing: a session ends in the records (log-out, age, idleness, whatever changes what the person
may do) and then no copy of its cookie is of any use. While the records do not answer nobody is in, and the staff pages
say so; sessions go on afterwards.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import flask_login
from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface

from finder.http.request_context import per_request
from finder.http.services import services
from finder.records.database import RecordsBusy
from finder.records.people.accounts import Role
from finder.records.people.second_factor import has_second_factor
from finder.records.people.sessions import (
    SEEN_EVERY,
    begin_session,
    end_session,
    find_session,
    log_out,
    touch_session,
)
from finder.records.tables.accounts import Account


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
    has_second_factor: bool
    second_factor: bool
    token: str = field(repr=False)

    def get_id(self) -> str:
        """Return what the cookie holds: the token of the session."""
        return self.token


def register(app: Flask) -> None:
    """Set up the cookie and Flask-Login.

    Not by ``LoginManager.init_app``: it would look at the session after every public page too.
    """
    app.config.update(
        SESSION_COOKIE_NAME="finder_staff",
        SESSION_COOKIE_PATH="/staff",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # ``origin`` looks at more than the Referer
    )
    app.session_interface = StaffCookie()
    manager = flask_login.LoginManager()
    manager.session_protection = None  # an address that changes on the way to work must not log anybody out
    manager.user_loader(_load)
    app.login_manager = manager  # type: ignore[attr-defined]


@per_request
def person() -> Person | None:
    """Return who is logged in now, or None."""
    found = flask_login.current_user
    if not found.is_authenticated:
        return None
    here: Person = found._get_current_object()
    return here


def me() -> Person:
    """Return who is logged in, in a view that only lets in who is."""
    here = person()
    if here is None:
        raise RuntimeError("a view that needs a person declares a role")
    return here


def begin(account: Account, *, second_factor: bool) -> None:
    """Log somebody in, in a new session: the one before, if there was one, ends.

    The token of forms stays as it is: what was typed before the session ended can still be sent.
    """
    before = session.get("_user_id")
    with services().installation.records.writing() as records:
        if isinstance(before, str):
            end_session(records, before)
        token = begin_session(records, account, second_factor=second_factor)
    flask_login.login_user(_person(account, second_factor, token))
    person.forget()


def end() -> None:
    """Log out: the session ends for everybody who has its cookie."""
    here = me()
    with services().installation.records.writing() as records:
        log_out(records, here.token, by=here.email)
    forget()


def forget() -> None:
    """Empty the cookie, whose session has ended."""
    session.clear()
    person.forget()


def _load(token: str) -> Person | None:
    """Return the person whose open session a cookie names, and note from time to time that it was used."""
    records, now = services().installation.records, datetime.now(UTC)
    with records.reading() as reading:
        found = find_session(reading, token, at=now)
    if found is None:
        return None
    if now - found.seen_at > SEEN_EVERY:
        with suppress(RecordsBusy), records.writing() as writing:  # else the next request notes it
            touch_session(writing, token, at=now)
    return _person(found.account, found.second_factor, token)


def _person(account: Account, second_factor: bool, token: str) -> Person:
    has = has_second_factor(account)
    return Person(
        id=account.id,
        email=account.email,
        role=Role(account.role),
        has_second_factor=has,
        second_factor=has and second_factor,
        token=token,
    )
