"""Reports from the public: an error in a listing, or a request to correct or remove it. Each has a reference number.

No health data is asked for; an owner's contact is erased some time after the report is closed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.database import lock_by_name
from finder.records.people.attempts import REPORTS_BY_NETWORK, add_attempt
from finder.records.tables.casework import Report

LONGEST_MESSAGE = 500
CONTACT_RETENTION = timedelta(days=90)
"""How long the contact and the message of a report are kept after it is closed."""

MOST_OPEN = 20
"""Open reports per listing; more add nothing, as the card already shows a reported problem."""

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class ReportKind(StrEnum):
    """What a report is about. The last two come from the provider."""

    WRONG_PHONE = "wrong_phone"
    WRONG_ADDRESS = "wrong_address"
    NOT_THERE = "not_there"
    WRONG_INSURANCE = "wrong_insurance"
    WRONG_SPECIALTY = "wrong_specialty"
    NOT_TAKING_PATIENTS = "not_taking_patients"
    OTHER = "other"
    CORRECT_MY_LISTING = "correct_my_listing"
    REMOVE_MY_LISTING = "remove_my_listing"


class TooManyFromHere(FinderError):
    """Many reports came from your network in the last hour. Wait an hour, then try again."""


class ReportOutcome(StrEnum):
    """How a report ends."""

    RESOLVED = "resolved"
    REJECTED = "rejected"


class UnknownReport(FinderError):
    """There is no such report."""


class ReportClosed(FinderError):
    """This report was closed already."""


class TooManyReports(FinderError):
    """There are many open reports on this listing already. We are looking at it; please call before you go."""


def add_report(
    session: Session,
    npi: str,
    kind: ReportKind,
    *,
    form_token: str,
    location_key: str = "",
    message: str = "",
    contact: str = "",
    at: datetime | None = None,
) -> Report:
    """Add a report with a reference number; a form sent twice is one report. Raises TooManyReports."""
    lock_by_name(session, f"report:{npi}")
    token_hash = hashlib.sha256(form_token.encode()).hexdigest()
    if sent := session.scalar(select(Report).where(Report.token_hash == token_hash)):
        return sent
    if count_reports(session, state="open", npi=npi) >= MOST_OPEN:
        raise TooManyReports
    report = Report(
        reference=_reference(),
        npi=npi,
        location_key=location_key,
        kind=kind.value,
        message=message.strip()[:LONGEST_MESSAGE],
        contact=contact.strip()[:254],
        token_hash=token_hash,
        reported_at=at or datetime.now(UTC),
        state="open",
        outcome="",
        closed_by="",
    )
    session.add(report)
    session.flush()
    record_event(
        session, "public", "report", subject="provider", subject_id=npi, at=report.reported_at, kind=kind.value,
        reference=report.reference,
    )  # fmt: skip
    return report


def count_report(session: Session, network: str, *, at: datetime | None = None) -> None:
    """Count a report of a network, identified by a keyed hash for an hour. Raises TooManyFromHere."""
    if add_attempt(session, REPORTS_BY_NETWORK, network, at=at or datetime.now(UTC)).is_too_many:
        raise TooManyFromHere


def find_report(session: Session, reference: str) -> Report:
    """Return the report with a reference number, in any spelling. Raises UnknownReport."""
    characters = "".join(character for character in reference.upper() if character in _ALPHABET)
    spelled = f"{characters[:4]}-{characters[4:]}"
    if not (report := session.scalar(select(Report).where(Report.reference == spelled))):
        raise UnknownReport
    return report


def close_report(
    session: Session, report_id: int, outcome: ReportOutcome, *, by: str, note: str = "", at: datetime | None = None
) -> Report:
    """Close a report. Raises UnknownReport, ReportClosed."""
    at = at or datetime.now(UTC)
    closed = session.execute(
        update(Report)
        .where(Report.id == report_id, Report.state == "open")
        .values(state=outcome.value, outcome=note, closed_at=at, closed_by=by)
        .returning(Report.id)
    ).all()
    report = session.get(Report, report_id, populate_existing=True)
    if report is None:
        raise UnknownReport
    if not closed:
        raise ReportClosed
    record_event(
        session, by, "close report", subject="provider", subject_id=report.npi, at=at, reference=report.reference,
        outcome=outcome.value, note=note,
    )  # fmt: skip
    return report


def list_reports(
    session: Session, *, state: str = "", npi: str = "", limit: int = 50, offset: int = 0
) -> Sequence[Report]:
    """Return the reports, the oldest first."""
    query = select(Report).where(*_conditions(state, npi)).order_by(Report.reported_at, Report.id)
    return session.scalars(query.limit(limit).offset(offset)).all()


def list_open_groups(session: Session, *, limit: int = 50, offset: int = 0) -> Sequence[tuple[Report, int]]:
    """Return the groups of open reports by listing and kind: the oldest report of each, and the group size."""
    groups = _open_groups().subquery()
    query = select(Report, groups.c.times).join(groups, Report.id == groups.c.first)
    found = session.execute(query.order_by(Report.reported_at, Report.id).limit(limit).offset(offset))
    return [(report, times) for report, times in found]


def count_open_groups(session: Session) -> int:
    """Count the groups of open reports by listing and kind."""
    return session.scalar(select(func.count()).select_from(_open_groups().subquery())) or 0


def similar_open_reports(session: Session, report: Report) -> Sequence[Report]:
    """Return the other open reports of the same kind on the same listing, the oldest first."""
    query = select(Report).where(
        Report.state == "open",
        Report.npi == report.npi,
        Report.location_key == report.location_key,
        Report.kind == report.kind,
        Report.id != report.id,
    )
    return session.scalars(query.order_by(Report.reported_at, Report.id)).all()


def _open_groups() -> Select[int, int]:
    counted = select(func.min(Report.id).label("first"), func.count().label("times")).where(Report.state == "open")
    return counted.group_by(Report.npi, Report.location_key, Report.kind)


def count_reports(session: Session, *, state: str = "", npi: str = "") -> int:
    """Count the reports."""
    return session.scalar(select(func.count()).select_from(Report).where(*_conditions(state, npi))) or 0


def reported_places(session: Session) -> frozenset[tuple[str, str]]:
    """Return the listings (NPI, location key; empty: every place) that the pages mark "problem reported"."""
    found = session.execute(select(Report.npi, Report.location_key).where(Report.state == "open").distinct())
    return frozenset((npi, location_key) for npi, location_key in found)


def forget_contacts(session: Session, *, at: datetime | None = None) -> int:
    """Erase contact and message of reports that were closed long enough ago; return their number."""
    limit = (at or datetime.now(UTC)) - CONTACT_RETENTION
    forgotten = session.execute(
        update(Report)
        .where(Report.closed_at < limit, (Report.contact != "") | (Report.message != ""))
        .values(contact="", message="")
        .returning(Report.id)
    ).all()
    return len(forgotten)


def _conditions(state: str, npi: str) -> list[ColumnElement[bool]]:
    values = {Report.state: state, Report.npi: npi}
    return [column == value for column, value in values.items() if value]


def _reference() -> str:
    text = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{text[:4]}-{text[4:]}"
