"""The audit log: who did what to what, and when. Written in the same transaction as the action and never changed."""

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
    """Criteria for events; an empty text or None matches everything."""

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
    """Add an event to the log in this transaction. ``detail`` holds JSON values and never a secret."""
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
    session: Session, event_filter: AuditFilter | None = None, *, limit: int = 50, offset: int = 0
) -> Sequence[AuditEvent]:
    """Return the events that match a filter, the newest first."""
    query = _filtered(select(AuditEvent), event_filter or AuditFilter())
    return session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit).offset(offset)).all()


def count_events(session: Session, event_filter: AuditFilter | None = None) -> int:
    """Count the events that match a filter."""
    return session.scalar(_filtered(select(func.count()).select_from(AuditEvent), event_filter or AuditFilter())) or 0


def list_actions(session: Session) -> Sequence[str]:
    """Return the distinct actions in the log, for a filter."""
    return session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).all()


def _filtered(query: Select[Any], event_filter: AuditFilter) -> Select[Any]:
    exact: Mapping[Any, str] = {
        AuditEvent.actor: event_filter.actor,
        AuditEvent.action: event_filter.action,
        AuditEvent.subject: event_filter.subject,
        AuditEvent.subject_id: event_filter.subject_id,
    }
    for column, value in exact.items():
        if value:
            query = query.where(column == value)
    if event_filter.since:
        query = query.where(AuditEvent.at >= event_filter.since)
    if event_filter.until:
        query = query.where(AuditEvent.at < event_filter.until)
    return query
