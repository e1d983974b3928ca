"""Calls to providers that verify a listing, and their outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finder.directory.provider import FRESH
from finder.records.audit import record_event
from finder.records.tables.casework import Call


class CallOutcome(StrEnum):
    """The outcome of a call."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    CLOSED = "closed"
    REFUSED = "refused"


CALL_INTERVALS: Mapping[CallOutcome, timedelta] = {
    CallOutcome.CONFIRMED: FRESH,
    CallOutcome.CHANGED: FRESH,
    CallOutcome.NO_ANSWER: timedelta(days=2),
    CallOutcome.WRONG_NUMBER: timedelta(days=14),
    CallOutcome.CLOSED: timedelta(days=365),
    CallOutcome.REFUSED: timedelta(days=180),
}
"""How long after each outcome a listing is not called again; confirmed facts need no call while they are fresh."""


def record_call(
    session: Session,
    npi: str,
    outcome: CallOutcome,
    *,
    by: str,
    location_key: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Call:
    """Record the outcome of a call."""
    call = Call(
        npi=npi,
        location_key=location_key,
        outcome=outcome.value,
        note=note.strip()[:500],
        called_at=at or datetime.now(UTC),
        called_by=by,
    )
    session.add(call)
    session.flush()
    record_event(
        session, by, "call", subject="provider", subject_id=npi, at=call.called_at, location_key=location_key,
        outcome=outcome.value,
    )  # fmt: skip
    return call


def calls_of(session: Session, npi: str) -> Sequence[Call]:
    """Return the calls to a provider, the newest first."""
    return session.scalars(select(Call).where(Call.npi == npi).order_by(Call.id.desc())).all()


def recently_called(session: Session, *, at: datetime | None = None) -> frozenset[tuple[str, str]]:
    """Return the listings (NPI, location key) whose last call was too recent to call again."""
    at = at or datetime.now(UTC)
    last = select(func.max(Call.id)).group_by(Call.npi, Call.location_key)
    recent = session.scalars(select(Call).where(Call.id.in_(last), Call.called_at > at - max(CALL_INTERVALS.values())))
    return frozenset(
        (call.npi, call.location_key)
        for call in recent
        if at - call.called_at < CALL_INTERVALS[CallOutcome(call.outcome)]
    )
