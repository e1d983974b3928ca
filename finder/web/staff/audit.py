"""The audit log: who did what, when, to what. It can be read and filtered here, and changed nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from finder.http.services import services
from finder.records.audit import AuditFilter, count_events, list_actions, list_events
from finder.records.tables.data import AuditEvent
from finder.web.http.csv_download import csv_download
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.layout import PER_PAGE, paging

COLUMNS = ("at", "actor", "action", "subject", "subject_id", "detail")

BATCH = 1000
"""How many events are read at a time for a file."""


@blueprint.get("/audit")
@at_least("viewer")
def audit() -> str:
    """Show the log, the newest first, narrowed to a person, a kind of deed, a thing, some days."""
    audit_filter = _audit_filter()
    with services().installation.records.reading() as session:
        pages = paging(count_events(session, audit_filter))
        events = list_events(session, audit_filter, limit=PER_PAGE, offset=pages.offset)
        actions = list_actions(session)
    return render_template("staff/audit.html", events=events, paging=pages, actions=actions, args=request.args)


@blueprint.get("/audit.csv")
@at_least("viewer")
def audit_csv() -> ResponseReturnValue:
    """Send the log as a file for a spreadsheet, filtered as on the page."""
    rows = (
        (
            event.at.isoformat(timespec="seconds"), event.actor, event.action, event.subject, event.subject_id,
            json.dumps(event.detail, ensure_ascii=False),
        )
        for event in _all(_audit_filter())
    )  # fmt: skip
    return csv_download("audit.csv", COLUMNS, rows)


@blueprint.app_template_filter("detail")
def detail(value: object) -> str:
    """Write a detail of an event in words: a list with commas, counts by name."""
    if isinstance(value, dict):
        return ", ".join(f"{str(name).replace('_', ' ')}: {detail(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(detail, value))
    return str(value)


def _audit_filter() -> AuditFilter:
    """Read the filter from the address; a day that is no day leaves that side open."""
    args = request.args
    until = _day("until")
    return AuditFilter(
        actor=args.get("actor", "").strip(),
        action=args.get("action", ""),
        subject=args.get("subject", ""),
        subject_id=args.get("subject_id", "").strip(),
        since=_midnight(_day("since")),
        until=_midnight(until + timedelta(days=1)) if until and until < date.max else None,
    )


def _all(audit_filter: AuditFilter) -> Iterator[AuditEvent]:
    """Yield every event that the filter admits, a batch in memory at a time."""
    offset = 0
    while True:
        with services().installation.records.reading() as session:
            batch = list_events(session, audit_filter, limit=BATCH, offset=offset)
        yield from batch
        if len(batch) < BATCH:
            return
        offset += BATCH


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _midnight(day: date | None) -> datetime | None:
    """Return the moment at which a day begins, in UTC, as the log has it."""
    return datetime.combine(day, time.min, UTC) if day else None
