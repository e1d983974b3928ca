"""Edits of single fields by staff: those in force, their history, concurrent editors, and conflicts with sources.

How fields and values are written stands in ``finder.records.edit_values``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.database import lock_by_name
from finder.records.edit_values import is_field
from finder.records.tables.casework import Edit, ProviderVersion


class UnknownField(FinderError):
    """This field cannot be edited."""


class UnknownEdit(FinderError):
    """This edit is not in force any more. Look at the record again."""


class EditedMeanwhile(FinderError):
    """Somebody else changed this record while you had it open. Look at their change, then save yours again."""

    def __init__(self, version: int, edits: Sequence[Edit]) -> None:
        super().__init__()
        self.version = version
        """The version to save against, once the person has seen ``edits``."""
        self.edits = tuple(edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The new value of a field, and the value that the editor saw."""

    field: str
    value: str
    before: str
    location_key: str = ""


def version_of(session: Session, npi: str) -> int:
    """Return the version of a provider for an edit form; 0 if it was never edited."""
    found = session.get(ProviderVersion, npi)
    return found.version if found else 0


def save_edits(
    session: Session,
    npi: str,
    changes: Sequence[Change],
    *,
    version: int,
    by: str,
    note: str = "",
    at: datetime | None = None,
) -> int:
    """Save changes as edits and return the new version. Raises EditedMeanwhile, UnknownField; then nothing is saved."""
    at = at or datetime.now(UTC)
    current = _check_version(session, npi, version)
    for change in changes:
        if not is_field(change.field):
            raise UnknownField(field=change.field)
        _put_in_force(session, npi, change, by=by, note=note, at=at)
    return _count_up(session, npi, current)


def _put_in_force(session: Session, npi: str, change: Change, *, by: str, note: str, at: datetime) -> None:
    """Save a change as an edit in place of the earlier edit, unless that has the same value."""
    earlier = _in_force(session, npi, change.location_key, change.field)
    if earlier and earlier.value == change.value:
        return
    source_value = change.before
    if earlier:
        source_value = earlier.source_value if earlier.conflict_value is None else earlier.conflict_value
        _end(session, earlier, by=by, at=at)
    edit = Edit(
        npi=npi,
        location_key=change.location_key,
        field=change.field,
        value=change.value,
        before=change.before,
        source_value=source_value,
        note=note,
        edited_at=at,
        edited_by=by,
        ended_by="",
    )
    session.add(edit)
    session.flush()
    record_event(
        session, by, "edit", subject="provider", subject_id=npi, at=at, field=change.field,
        location_key=change.location_key, before=change.before, after=change.value, note=note,
    )  # fmt: skip


def end_edit(session: Session, edit_id: int, *, by: str, at: datetime | None = None) -> None:
    """End an edit, so that the sources' value applies again. Raises UnknownEdit."""
    edit = _get_in_force(session, edit_id)
    _end(session, edit, by=by, at=at or datetime.now(UTC))
    _count_up(session, edit.npi, version_of(session, edit.npi))
    record_event(
        session, by, "end edit", subject="provider", subject_id=edit.npi, field=edit.field,
        location_key=edit.location_key, before=edit.value,
    )  # fmt: skip


def resolve_conflict(session: Session, edit_id: int, *, keep: bool, by: str) -> None:
    """Resolve a conflict of an edit with a source: keep the edit, or take the source's value. Raises UnknownEdit."""
    edit = _get_in_force(session, edit_id)
    if not keep:
        end_edit(session, edit_id, by=by)
        return
    record_event(
        session, by, "keep edit", subject="provider", subject_id=edit.npi, field=edit.field,
        location_key=edit.location_key, against=edit.conflict_value,
    )  # fmt: skip
    edit.source_value, edit.conflict_value = edit.conflict_value or edit.source_value, None


def edits_in_force(session: Session, npi: str | None = None) -> Sequence[Edit]:
    """Return the edits in force, of one provider or of all."""
    query = select(Edit).where(Edit.ended_at.is_(None)).order_by(Edit.npi, Edit.location_key, Edit.field)
    return session.scalars(query.where(Edit.npi == npi) if npi else query).all()


def history_of(session: Session, npi: str) -> Sequence[Edit]:
    """Return all edits of a provider, ended ones too, the newest first."""
    return session.scalars(select(Edit).where(Edit.npi == npi).order_by(Edit.id.desc())).all()


def conflicts(session: Session) -> Sequence[Edit]:
    """Return the edits in force that conflict with a source."""
    query = select(Edit).where(Edit.ended_at.is_(None), Edit.conflict_value.is_not(None))
    return session.scalars(query.order_by(Edit.npi, Edit.id)).all()


def mark_conflicts(session: Session, found: Mapping[int, str]) -> None:
    """Store which edits in force the sources contradict now, and with what value; clear the other conflicts."""
    session.execute(update(Edit).where(_holds(), Edit.conflict_value.is_not(None)).values(conflict_value=None))
    for edit_id, value in found.items():
        session.execute(update(Edit).where(_holds(), Edit.id == edit_id).values(conflict_value=value))


def _holds() -> ColumnElement[bool]:
    return Edit.ended_at.is_(None)


def _check_version(session: Session, npi: str, seen: int) -> int:
    lock_by_name(session, f"provider:{npi}")
    current = version_of(session, npi)
    if current != seen:
        since = history_of(session, npi)[: max(current - seen, 1)]
        session.expunge_all()  # the error's edits must outlive the transaction
        raise EditedMeanwhile(current, since)
    return current


def _count_up(session: Session, npi: str, current: int) -> int:
    session.merge(ProviderVersion(npi=npi, version=current + 1))
    session.flush()
    return current + 1


def _in_force(session: Session, npi: str, location_key: str, field: str) -> Edit | None:
    return session.scalar(
        select(Edit).where(_holds(), Edit.npi == npi, Edit.location_key == location_key, Edit.field == field)
    )


def _get_in_force(session: Session, edit_id: int) -> Edit:
    edit = session.get(Edit, edit_id)
    if edit is None or edit.ended_at is not None:
        raise UnknownEdit
    return edit


def _end(session: Session, edit: Edit, *, by: str, at: datetime) -> None:
    edit.ended_at, edit.ended_by, edit.conflict_value = at, by, None
    session.flush()  # before another edit of the field is added
