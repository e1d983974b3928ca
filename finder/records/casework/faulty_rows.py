"""Faulty rows of a staged file that wait to be corrected or dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.tables.data import FaultyRowRecord


class UnknownFaultyRow(FinderError):
    """This row does not wait any more. Look at the list again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyRow:
    """A row as its file has it; ``findings`` are code, line, column and value of each notice."""

    file: str
    row: int
    cells: Mapping[str, str]
    findings: Sequence[Mapping[str, Any]]


def add_faulty_rows(session: Session, draft_id: int, rows: Sequence[FaultyRow]) -> None:
    """Add faulty rows to a draft."""
    session.add_all(
        FaultyRowRecord(
            draft_id=draft_id,
            file=row.file,
            row=row.row,
            cells=dict(row.cells),
            findings=[dict(finding) for finding in row.findings],
            state="waiting",
            closed_by="",
        )
        for row in rows
    )


def list_faulty_rows(session: Session, draft_id: int) -> Sequence[FaultyRowRecord]:
    """Return the open faulty rows of a draft, in the order of their files."""
    query = select(FaultyRowRecord).where(FaultyRowRecord.draft_id == draft_id, FaultyRowRecord.state == "waiting")
    return session.scalars(query.order_by(FaultyRowRecord.file, FaultyRowRecord.row)).all()


def get_faulty_row(session: Session, row_id: int) -> FaultyRowRecord:
    """Return an open faulty row. Raises UnknownFaultyRow."""
    row = session.get(FaultyRowRecord, row_id)
    if row is None or row.state != "waiting":
        raise UnknownFaultyRow
    return row


def close_faulty_row(session: Session, row_id: int, state: str, *, by: str, at: datetime | None = None) -> None:
    """Mark a row ``corrected`` or ``dropped``. Raises UnknownFaultyRow."""
    row = get_faulty_row(session, row_id)
    row.state, row.closed_by, row.closed_at = state, by, at or datetime.now(UTC)
    record_event(session, by, f"{state} row", subject="draft", subject_id=row.draft_id, file=row.file, row=row.row)


def move_faulty_rows(session: Session, old_draft_id: int, new_draft_id: int) -> None:
    """Move the open rows of a draft to the draft that replaces it."""
    session.execute(
        update(FaultyRowRecord)
        .where(FaultyRowRecord.draft_id == old_draft_id, FaultyRowRecord.state == "waiting")
        .values(draft_id=new_draft_id)
    )
