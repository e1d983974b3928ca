"""Attempts, counted over all processes and machines: to log in, and to report. Each is forgotten after an hour.

A subject says what is attempted and by whom or on what, never as an address in the clear: a hash, or a keyed mark.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from finder.records.database import hold
from finder.records.tables.accounts import Attempt

KEPT = timedelta(hours=1)


def add_attempts(session: Session, *subjects: str, at: datetime) -> None:
    """Write attempts down, and forget the old ones. Those on the first subject come one after the other."""
    hold(session, subjects[0])
    forget_old_attempts(session, at=at)
    session.add_all(Attempt(subject=subject, at=at) for subject in subjects)
    session.flush()


def count_attempts(session: Session, subject: str, *, since: datetime) -> int:
    """Count the attempts on a subject after a moment of the last hour."""
    query = select(func.count()).where(Attempt.subject == subject, Attempt.at > since)
    return session.scalar(query) or 0


def forget_attempts(session: Session, subject: str) -> None:
    """Forget the attempts on a subject."""
    session.execute(delete(Attempt).where(Attempt.subject == subject))


def forget_old_attempts(session: Session, *, at: datetime) -> None:
    """Forget what no limit counts any more."""
    session.execute(delete(Attempt).where(Attempt.at < at - KEPT))
