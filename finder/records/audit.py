"""The audit log: who did what, when, to what. Written in the transaction of the deed, never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from finder.records.tables.data import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which events are looked for; an empty text or None leaves that side open."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


def record_event(
    session: Session,
    actor: str,
    action: str,
    *,
    subject: str,
    subject_id: object = "",
    at: datetime | None = None,
    **detail: Any,
) -> AuditEvent:
    """Write down what is being done in this transaction. ``detail`` holds JSON values and never a secret."""
    event = AuditEvent(
        at=at or datetime.now(UTC),
        actor=actor,
        action=action,
        subject=subject,
        subject_id=str(subject_id),
        detail=detail,
    )
    session.add(event)
    return event


def list_events(
    session: Session, wanted: AuditFilter | None = None, *, limit: int = 50, offset: int = 0
) -> Sequence[AuditEvent]:
    """Return the events, the newest first."""
    query = _filtered(select(AuditEvent), wanted or AuditFilter())
    return session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit).offset(offset)).all()


def count_events(session: Session, wanted: AuditFilter | None = None) -> int:
    """Count the events that a filter finds."""
    return session.scalar(_filtered(select(func.count()).select_from(AuditEvent), wanted or AuditFilter())) or 0


def list_actions(session: Session) -> Sequence[str]:
    """Return every kind of action that occurs, for a choice in a filter."""
    return session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).all()


def _filtered(query: Select[Any], wanted: AuditFilter) -> Select[Any]:
    exact: Mapping[Any, str] = {
        AuditEvent.actor: wanted.actor,
        AuditEvent.action: wanted.action,
        AuditEvent.subject: wanted.subject,
        AuditEvent.subject_id: wanted.subject_id,
    }
    for column, value in exact.items():
        if value:
            query = query.where(column == value)
    if wanted.since:
        query = query.where(AuditEvent.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEvent.at < wanted.until)
    return query
