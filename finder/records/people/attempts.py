"""Attempts to log in and to report, counted over all processes and machines and deleted after an hour.

A subject names what is attempted and by whom or on what, with addresses only as hashes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from finder.records.database import lock_by_name
from finder.records.tables.accounts import Attempt

ATTEMPT_LIFE = timedelta(hours=1)


def add_attempts(session: Session, *subjects: str, at: datetime) -> None:
    """Add attempts and delete old ones. Attempts on the first subject are serialized."""
    lock_by_name(session, subjects[0])
    forget_old_attempts(session, at=at)
    session.add_all(Attempt(subject=subject, at=at) for subject in subjects)
    session.flush()


def count_attempts(session: Session, subject: str, *, since: datetime) -> int:
    """Count the attempts on a subject since a time within the last hour."""
    query = select(func.count()).where(Attempt.subject == subject, Attempt.at > since)
    return session.scalar(query) or 0


def forget_attempts(session: Session, subject: str) -> None:
    """Delete the attempts on a subject."""
    session.execute(delete(Attempt).where(Attempt.subject == subject))


def forget_old_attempts(session: Session, *, at: datetime) -> None:
    """Delete attempts that no limit counts any more."""
    session.execute(delete(Attempt).where(Attempt.at < at - ATTEMPT_LIFE))
