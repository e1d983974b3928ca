"""Log-in: password, second factor, and the lock against guessing.

Attempts are counted in the records before they are checked, so that parallel guesses over any number of processes and
machines cannot outrun the count. A success clears the attempts of its account, and itself from those of its network,
of which only failures count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.database import Records
from finder.records.people.accounts import find_account
from finder.records.people.attempts import (
    CODES_BY_ACCOUNT,
    FAILURES_BY_NETWORK,
    LOG_INS_BY_ACCOUNT,
    CountedAttempt,
    Limit,
    add_attempt,
    count_attempts,
    forget_attempt,
    forget_attempts,
    network_mark,
)
from finder.records.people.passwords import verify_password
from finder.records.people.second_factor import use_second_factor
from finder.records.tables.accounts import Account


class WrongLogin(FinderError):
    """The e-mail address or the password is not right. Check both; after five tries we wait 15 minutes."""


class WrongCode(FinderError):
    """This code is not right, or it was used already. Wait for the next one, or use a recovery code."""


class LockedOut(FinderError):
    """There were too many tries. Wait 15 minutes, or ask an administrator to end the wait."""


def log_in(records: Records, email: str, password: str, *, address: str, at: datetime | None = None) -> Account:
    """Check an e-mail address and a password. Raises WrongLogin, whichever of the two is wrong, or LockedOut."""
    at = at or datetime.now(UTC)
    attempts = _count_attempt(records, LOG_INS_BY_ACCOUNT, _hashed(email), address, at)
    with records.reading() as session:
        account = find_account(session, email)
    known = account is not None and account.deactivated_at is None
    if not verify_password(account.password_hash if known and account else "", password) or account is None:
        _record_locks(records, attempts, at)
        raise WrongLogin
    with records.writing() as session:
        account = session.get_one(Account, account.id)
        account.last_login_at = at
        forget_attempts(session, LOG_INS_BY_ACCOUNT, _hashed(email))
        forget_attempt(session, attempts[1])
        record_event(session, account.email, "log in", subject="account", subject_id=account.id, at=at)
    return account


def prove_second_factor(
    records: Records, account_id: int, code: str, *, address: str, at: datetime | None = None
) -> None:
    """Check a code of the second factor, or a recovery code, and mark it as used.

    Raises WrongCode, LockedOut, SecondFactorLost.
    """
    at = at or datetime.now(UTC)
    attempts = _count_attempt(records, CODES_BY_ACCOUNT, str(account_id), address, at)
    with records.writing() as session:
        proved = use_second_factor(session, session.get_one(Account, account_id), code, records.seal, at=at)
        if proved:
            forget_attempts(session, CODES_BY_ACCOUNT, str(account_id))
            forget_attempt(session, attempts[1])
    if not proved:
        _record_locks(records, attempts, at)
        raise WrongCode


def unlock(session: Session, account: Account, *, by: str) -> None:
    """Delete the attempts of an account, so that it is not locked."""
    forget_attempts(session, LOG_INS_BY_ACCOUNT, _hashed(account.email))
    forget_attempts(session, CODES_BY_ACCOUNT, str(account.id))
    record_event(session, by, "unlock", subject="account", subject_id=account.id)


def is_locked(session: Session, account: Account, *, at: datetime | None = None) -> bool:
    """Return whether the next log-in or code of an account would be refused."""
    at = at or datetime.now(UTC)
    subjects = {LOG_INS_BY_ACCOUNT: _hashed(account.email), CODES_BY_ACCOUNT: str(account.id)}
    return any(count_attempts(session, limit, subject, at=at) >= limit.most for limit, subject in subjects.items())


def _count_attempt(
    records: Records, limit: Limit, subject: str, address: str, at: datetime
) -> tuple[CountedAttempt, CountedAttempt]:
    """Count an attempt of an account and of a network. Raises LockedOut, and counts neither, if there are too many."""
    with records.writing() as session:
        by_account = add_attempt(session, limit, subject, at=at)
        by_network = add_attempt(session, FAILURES_BY_NETWORK, network_mark(records.seal, address), at=at)
        if by_account.is_too_many or by_network.is_too_many:
            raise LockedOut
    return by_account, by_network


def _record_locks(records: Records, failed: Iterable[CountedAttempt], at: datetime) -> None:
    """Write into the log which limits a failed attempt has reached."""
    reached = [attempt.limit.kind for attempt in failed if attempt.is_last]
    if reached:
        with records.writing() as session:
            for kind in reached:
                record_event(session, "finder", "lock out", subject="login", subject_id=kind, at=at)


def _hashed(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]
