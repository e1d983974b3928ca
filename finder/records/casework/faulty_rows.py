"""Rows that wait: those of a staged file that must be corrected, in place, before they can be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.tables.data import WaitingRow


class UnknownWaitingRow(FinderError):
    """This row does not wait any more. Look at the list again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyRow:
    """A row as its file has it, with what is wrong: ``findings`` are code, column and value of each notice."""

    file: str
    row: int
    cells: Mapping[str, str]
    findings: Sequence[Mapping[str, Any]]


def add_waiting_rows(session: Session, draft_id: int, rows: Sequence[FaultyRow]) -> None:
    """Keep rows that wait beside a draft."""
    session.add_all(
        WaitingRow(
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


def list_waiting_rows(session: Session, draft_id: int) -> Sequence[WaitingRow]:
    """Give the rows that wait beside a draft, in the order of their files."""
    query = select(WaitingRow).where(WaitingRow.draft_id == draft_id, WaitingRow.state == "waiting")
    return session.scalars(query.order_by(WaitingRow.file, WaitingRow.row)).all()


def get_waiting_row(session: Session, row_id: int) -> WaitingRow:
    """Give a row that waits. Raises UnknownWaitingRow."""
    row = session.get(WaitingRow, row_id)
    if row is None or row.state != "waiting":
        raise UnknownWaitingRow
    return row


def close_waiting_row(session: Session, row_id: int, state: str, *, by: str, at: datetime | None = None) -> None:
    """Mark a row ``corrected`` or ``dropped``. Raises UnknownWaitingRow."""
    row = get_waiting_row(session, row_id)
    row.state, row.closed_by, row.closed_at = state, by, at or datetime.now(UTC)
    record_event(session, by, f"{state} row", subject="draft", subject_id=row.draft_id, file=row.file, row=row.row)


def move_waiting_rows(session: Session, old_draft_id: int, new_draft_id: int) -> None:
    """Let the rows of a draft wait beside the one that takes its place."""
    session.execute(
        update(WaitingRow)
        .where(WaitingRow.draft_id == old_draft_id, WaitingRow.state == "waiting")
        .values(draft_id=new_draft_id)
    )
