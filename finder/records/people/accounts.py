"""Accounts of staff and their roles. Authentication is in ``login``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.tables.accounts import Account


class Role(StrEnum):
    """What a person may do; each role includes the roles before it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMIN = "admin"

    def may(self, needed: Role) -> bool:
        """Return whether this role includes the ``needed`` role."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


class WrongEmail(FinderError):
    """This is not an e-mail address. It looks like name@example.org."""


class AccountExists(FinderError):
    """There is an account with this e-mail address already."""


class UnknownAccount(FinderError):
    """There is no account with this e-mail address."""


class LastAdmin(FinderError):
    """This is the only active administrator. Make another one first."""


def clean_email(email: str) -> str:
    """Return an e-mail address in its stored form. Raises WrongEmail."""
    cleaned = email.strip().lower()
    if len(cleaned) > 254 or not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", cleaned):
        raise WrongEmail
    return cleaned


def add_account(session: Session, email: str, role: Role, *, by: str, at: datetime | None = None) -> Account:
    """Add a person, who then sets a password with a one-time link. Raises WrongEmail, AccountExists."""
    email = clean_email(email)
    if find_account(session, email):
        raise AccountExists
    at = at or datetime.now(UTC)
    account = Account(
        email=email,
        role=role.value,
        password_hash="",
        totp_secret="",
        totp_last_step=0,
        session_version=1,
        created_at=at,
    )
    session.add(account)
    session.flush()
    record_event(session, by, "add account", subject="account", subject_id=account.id, at=at, email=email, role=role)
    return account


def find_account(session: Session, email: str) -> Account | None:
    """Return the account with an e-mail address, None if there is none."""
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def get_account(session: Session, email: str) -> Account:
    """Return the account with an e-mail address. Raises UnknownAccount."""
    if not (account := find_account(session, email)):
        raise UnknownAccount
    return account


def list_accounts(session: Session) -> Sequence[Account]:
    """Return all accounts, sorted by e-mail address."""
    return session.scalars(select(Account).order_by(Account.email)).all()


def change_role(session: Session, account: Account, role: Role, *, by: str) -> None:
    """Change the role of an account and end its open sessions. Raises LastAdmin."""
    if role is not Role.ADMIN:
        _keep_an_admin(session, account)
    record_event(
        session, by, "change role", subject="account", subject_id=account.id, before=account.role, after=role.value
    )
    account.role = role.value
    account.session_version += 1


def deactivate_account(session: Session, account: Account, *, by: str, at: datetime | None = None) -> None:
    """Deactivate an account and end its sessions; its history stays in the records. Raises LastAdmin."""
    _keep_an_admin(session, account)
    account.deactivated_at = at or datetime.now(UTC)
    account.session_version += 1
    record_event(session, by, "deactivate account", subject="account", subject_id=account.id)


def reactivate_account(session: Session, account: Account, *, by: str) -> None:
    """Reactivate an account."""
    account.deactivated_at = None
    record_event(session, by, "reactivate account", subject="account", subject_id=account.id)


def _keep_an_admin(session: Session, account: Account) -> None:
    admins = select(func.count()).where(Account.role == Role.ADMIN.value, Account.deactivated_at.is_(None))
    if account.role == Role.ADMIN.value and account.deactivated_at is None and session.scalar(admins) == 1:
        raise LastAdmin
