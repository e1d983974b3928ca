"""Log-in: password, second factor, and the lock against guessing.

Attempts are counted in the records before they are checked, so that parallel guesses over any number of processes and
machines cannot outrun the count. A success clears the attempts of its account.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.database import Records
from finder.records.people.accounts import find_account
from finder.records.people.attempts import add_attempts, count_attempts, forget_attempts
from finder.records.people.passwords import verify_password
from finder.records.people.second_factor import use_second_factor
from finder.records.tables.accounts import Account

WINDOW = timedelta(minutes=15)
"""How long an attempt counts, and thus how long the lock lasts."""

MOST_BY_ACCOUNT = 5
MOST_BY_ADDRESS = 30
"""An office shares one address; a botnet does not share one account."""

SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=60)


class WrongLogin(FinderError):
    """The e-mail address or the password is not right. Check both; after five tries we wait 15 minutes."""


class WrongCode(FinderError):
    """This code is not right, or it was used already. Wait for the next one, or use a recovery code."""


class LockedOut(FinderError):
    """There were too many tries. Wait 15 minutes, or ask an administrator for a new link."""


def log_in(records: Records, email: str, password: str, *, address: str, at: datetime | None = None) -> Account:
    """Check an e-mail address and a password. Raises WrongLogin, whichever of the two is wrong, or LockedOut."""
    at = at or datetime.now(UTC)
    _count_attempt(records, _account_subject(email), address, at)
    with records.reading() as session:
        account = find_account(session, email)
    known = account is not None and account.deactivated_at is None
    if not verify_password(account.password_hash if known and account else "", password) or account is None:
        raise WrongLogin
    with records.writing() as session:
        account = session.get_one(Account, account.id)
        account.last_login_at = at
        forget_attempts(session, _account_subject(email))
        record_event(session, account.email, "log in", subject="account", subject_id=account.id, at=at)
    return account


def prove_second_factor(
    records: Records, account_id: int, code: str, *, address: str, at: datetime | None = None
) -> None:
    """Check a code of the second factor, or a recovery code, and mark it as used.

    Raises WrongCode, LockedOut, SecondFactorLost.
    """
    at = at or datetime.now(UTC)
    subject = f"code:{account_id}"
    _count_attempt(records, subject, address, at)
    with records.writing() as session:
        proved = use_second_factor(session, session.get_one(Account, account_id), code, records.seal, at=at)
        if proved:
            forget_attempts(session, subject)
    if not proved:
        raise WrongCode


def is_session_valid(
    account: Account, *, version: int, began: datetime, last_seen: datetime, at: datetime | None = None
) -> bool:
    """Return whether a staff session is valid: same version, not too old, not idle too long."""
    at = at or datetime.now(UTC)
    return (
        account.deactivated_at is None
        and account.session_version == version
        and at - began < SESSION_LIFE
        and at - last_seen < SESSION_IDLE
    )


def end_sessions(session: Session, account: Account, *, by: str) -> None:
    """End all sessions of an account."""
    account.session_version += 1
    record_event(session, by, "end sessions", subject="account", subject_id=account.id)


def unlock(session: Session, account: Account, *, by: str) -> None:
    """Delete the attempts of an account, so that it is not locked."""
    forget_attempts(session, _account_subject(account.email))
    forget_attempts(session, f"code:{account.id}")
    record_event(session, by, "unlock", subject="account", subject_id=account.id)


def is_locked(session: Session, email: str, *, at: datetime | None = None) -> bool:
    """Return whether the next attempt on an account would be refused."""
    since = (at or datetime.now(UTC)) - WINDOW
    return count_attempts(session, _account_subject(email), since=since) >= MOST_BY_ACCOUNT


def _count_attempt(records: Records, subject: str, address: str, at: datetime) -> None:
    """Count an attempt. Raises LockedOut if there are too many."""
    address_key = f"address:{records.seal.mark(address)}"
    with records.writing() as session:
        add_attempts(session, subject, address_key, at=at)
        by_account, by_address = (
            count_attempts(session, subject_key, since=at - WINDOW) for subject_key in (subject, address_key)
        )
        if by_account == MOST_BY_ACCOUNT + 1:
            record_event(session, "finder", "lock out", subject="login", subject_id=subject.split(":")[0], at=at)
    if by_account > MOST_BY_ACCOUNT or by_address > MOST_BY_ADDRESS:
        raise LockedOut


def _account_subject(email: str) -> str:
    return f"account:{hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]}"
