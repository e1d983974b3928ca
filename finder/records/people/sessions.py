"""Sessions of staff: a row for each, so that a session ends on the server, whoever holds its cookie.

A cookie carries a random token, of which the row holds the hash. The row also holds the version of the account's
sessions at its beginning: raising the version of the account (``end_sessions``, a new password, another role, a new
second factor) ends all its sessions at once, also one that begins in the same moment. Rows are in no backup.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.orm import Session

from finder.records.audit import record_event
from finder.records.people.passwords import hash_secret
from finder.records.tables.accounts import Account, StaffSession

SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=60)

SEEN_EVERY = timedelta(seconds=60)
"""How often the time of the last use is written."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that has not ended, with its account."""

    account: Account
    second_factor: bool
    """Whether a second factor was shown in this session."""
    seen_at: datetime


def begin_session(session: Session, account: Account, *, second_factor: bool, at: datetime | None = None) -> str:
    """Begin a session of an account and return its token, which is not stored; delete the rows of old sessions."""
    at = at or datetime.now(UTC)
    session.execute(delete(StaffSession).where(StaffSession.began_at <= at - SESSION_LIFE))
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            token_hash=hash_secret(token),
            account_id=account.id,
            version=account.session_version,
            second_factor=second_factor,
            began_at=at,
            seen_at=at,
        )
    )
    return token


def find_session(session: Session, token: str, *, at: datetime | None = None) -> OpenSession | None:
    """Return the open session of a token, None if there is none. One query."""
    query = _open_sessions(at or datetime.now(UTC), StaffSession.token_hash == hash_secret(token))
    found = session.execute(query).first()
    return found and OpenSession(found.Account, found.StaffSession.second_factor, found.StaffSession.seen_at)


def touch_session(session: Session, token: str, *, at: datetime | None = None) -> None:
    """Write that a session was used now."""
    row = update(StaffSession).where(StaffSession.token_hash == hash_secret(token))
    session.execute(row.values(seen_at=at or datetime.now(UTC)))


def end_session(session: Session, token: str) -> None:
    """End the session of a token, if there is one."""
    session.execute(delete(StaffSession).where(StaffSession.token_hash == hash_secret(token)))


def log_out(session: Session, token: str, *, by: str) -> None:
    """End the session of a token because its owner logs out."""
    ended = session.execute(
        delete(StaffSession).where(StaffSession.token_hash == hash_secret(token)).returning(StaffSession.account_id)
    ).scalar()
    if ended is not None:
        record_event(session, by, "log out", subject="account", subject_id=ended)


def end_sessions(session: Session, account: Account, *, by: str) -> None:
    """End all sessions of an account."""
    account.session_version += 1
    record_event(session, by, "end sessions", subject="account", subject_id=account.id)


def count_sessions(session: Session, account: Account, *, at: datetime | None = None) -> int:
    """Count the open sessions of an account."""
    query = _open_sessions(at or datetime.now(UTC), StaffSession.account_id == account.id)
    return session.scalar(query.with_only_columns(func.count())) or 0


def _open_sessions(at: datetime, which: ColumnElement[bool]) -> Select[StaffSession, Account]:
    return (
        select(StaffSession, Account)
        .join(Account, Account.id == StaffSession.account_id)
        .where(
            which,
            StaffSession.version == Account.session_version,
            StaffSession.began_at > at - SESSION_LIFE,
            StaffSession.seen_at > at - SESSION_IDLE,
            Account.deactivated_at.is_(None),
        )
    )
