"""The tables of accounts: sessions, second factors, one-time links, attempts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finder.records.tables.data import Base


class Account(Base):
    """A member of staff. ``session_version`` counts up whenever all open sessions must end."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("role IN ('viewer', 'editor', 'publisher', 'admin')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str] = mapped_column(String(12))
    password_hash: Mapped[str]
    """Argon2id; empty until the person has set a password."""
    totp_secret: Mapped[str]
    """Base32, encrypted with the secret key of the site; empty without a second factor."""
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int]
    """The 30-second step of the last code that was used: no code works twice."""
    session_version: Mapped[int]
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]


class StaffSession(Base):
    """A session of a member of staff; it ends when its row goes. See ``finder.records.people.sessions``."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    """The ``session_version`` of the account when the session began; of another version it is ended."""
    second_factor: Mapped[bool]
    """Whether a second factor was shown in this session."""
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class RecoveryCode(Base):
    """A recovery code for a lost telephone; each works once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """A link for setting a password; only the hash of its secret is stored."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    issued_by: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """One attempt to log in or to report; ``subject`` is an account or a visitor, hashed. See ``attempts``."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
