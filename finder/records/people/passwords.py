"""Passwords, and the one-time links for setting them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.tables.accounts import Account, OneTimeLink

LINK_LIFE = timedelta(hours=48)

SHORTEST, LONGEST = 12, 256

_HASHER = PasswordHasher()
"""Argon2id with the library's parameters (RFC 9106, low-memory profile)."""


class WeakPassword(FinderError):
    """Choose a longer password: at least 12 characters, not your e-mail address, not the same few letters again."""


class LinkSpent(FinderError):
    """This link was used already, or it is too old. Ask an administrator for a new one."""


def check_password_strength(password: str, email: str) -> None:
    """Check a new password against simple guesses. Raises WeakPassword."""
    lowered = password.lower()
    name = email.partition("@")[0]
    too_plain = len(set(lowered)) < 5 or lowered.strip("0123456789!?. ") in {"", "password", "passwort", "contraseña"}
    if not SHORTEST <= len(password) <= LONGEST or too_plain or (len(name) > 3 and name in lowered):
        raise WeakPassword


def set_password(session: Session, account: Account, password: str, *, by: str) -> None:
    """Store the hash of a new password and end open sessions. Raises WeakPassword."""
    check_password_strength(password, account.email)
    account.password_hash = _HASHER.hash(password)
    account.session_version += 1
    session.execute(delete(OneTimeLink).where(OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None)))
    record_event(session, by, "set password", subject="account", subject_id=account.id)


def verify_password(password_hash: str, password: str) -> bool:
    """Return whether a password matches its hash, in equal time for an empty hash."""
    try:
        _HASHER.verify(password_hash or _dummy_hash(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash != ""


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    """Return a hash to verify against if there is no account, so that the time is the same."""
    return _HASHER.hash(secrets.token_urlsafe())


def issue_link(session: Session, account: Account, *, by: str, at: datetime | None = None) -> str:
    """Add a one-time link and return its secret, which is not stored."""
    at = at or datetime.now(UTC)
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(token_hash=hash_secret(token), account_id=account.id, issued_by=by, expires_at=at + LINK_LIFE)
    )
    record_event(session, by, "issue link", subject="account", subject_id=account.id, at=at)
    return token


def find_link(session: Session, token: str, *, at: datetime | None = None) -> Account:
    """Return the account of a link, without using the link. Raises LinkSpent."""
    at = at or datetime.now(UTC)
    account = session.scalar(
        select(Account)
        .join(OneTimeLink, OneTimeLink.account_id == Account.id)
        .where(
            OneTimeLink.token_hash == hash_secret(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
            Account.deactivated_at.is_(None),
        )
    )
    if account is None:
        raise LinkSpent
    return account


def redeem_link(session: Session, token: str, password: str, *, at: datetime | None = None) -> Account:
    """Set the password of a link's account; a link works once. Raises LinkSpent, WeakPassword."""
    at = at or datetime.now(UTC)
    account = find_link(session, token, at=at)
    check_password_strength(password, account.email)
    spent = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == hash_secret(token), OneTimeLink.used_at.is_(None))
        .values(used_at=at)
        .returning(OneTimeLink.token_hash)
    ).all()
    if not spent:
        raise LinkSpent
    set_password(session, account, password, by=account.email)
    return account


def hash_secret(secret: str) -> str:
    """Return the hash of a long random secret, for storage."""
    return hashlib.sha256(secret.encode()).hexdigest()
