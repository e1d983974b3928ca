"""Suppressions: listings, or single places of them, that are never shown, whatever the sources hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.database import lock_by_name
from finder.records.tables.casework import Suppression


class UnknownSuppression(FinderError):
    """This suppression is not in force any more."""


def suppress(
    session: Session, npi: str, *, reason: str, by: str, location_key: str = "", at: datetime | None = None
) -> Suppression:
    """Suppress a provider, or one place of it, from the next publication on; return the suppression in force."""
    lock_by_name(session, f"provider:{npi}")
    query = select(Suppression).where(
        Suppression.npi == npi, Suppression.location_key == location_key, Suppression.ended_at.is_(None)
    )
    if found := session.scalar(query):
        return found
    at = at or datetime.now(UTC)
    suppression = Suppression(
        npi=npi, location_key=location_key, reason=reason, decided_at=at, decided_by=by, ended_by=""
    )
    session.add(suppression)
    session.flush()
    record_event(
        session, by, "suppress", subject="provider", subject_id=npi, at=at, location_key=location_key, reason=reason
    )
    return suppression


def end_suppression(session: Session, suppression_id: int, *, by: str, at: datetime | None = None) -> None:
    """End a suppression, so that the next publication lists the provider again. Raises UnknownSuppression."""
    suppression = session.get(Suppression, suppression_id)
    if suppression is None or suppression.ended_at is not None:
        raise UnknownSuppression
    suppression.ended_at, suppression.ended_by = at or datetime.now(UTC), by
    record_event(
        session, by, "end suppression", subject="provider", subject_id=suppression.npi,
        location_key=suppression.location_key,
    )  # fmt: skip


def suppressions_in_force(session: Session, npi: str | None = None) -> Sequence[Suppression]:
    """Return the suppressions in force, of one provider or of all."""
    query = select(Suppression).where(Suppression.ended_at.is_(None)).order_by(Suppression.npi, Suppression.id)
    return session.scalars(query.where(Suppression.npi == npi) if npi else query).all()
