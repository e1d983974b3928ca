"""Drafts: candidate releases that wait for a person, and the layers that they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.releases import lock_pointer
from finder.records.tables.data import DraftRecord, LayerRecord

LARGEST_ID = 2**31 - 1
"""The largest number that a database counts drafts with; to ask one for more is an error."""


class UnknownDraft(FinderError):
    """There is no draft with that number. `data status` lists the drafts."""


class DraftClosed(FinderError):
    """That draft cannot be published any more. Stage the files again."""


class BaseChanged(FinderError):
    """Another release was published since this draft was staged. Stage the files again, so that nothing is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A layer that a draft needs in the store."""

    sha256: str
    source: str
    as_of: date
    rows: int
    providers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """What was staged, on which release, and where its report lies."""

    base_id: int | None
    sha256: str
    manifest: Mapping[str, Any]
    layers: Sequence[Pin]
    files: Sequence[str]
    rows: int
    providers: int
    notice_counts: Mapping[str, int]
    notices_file: str
    difference: Mapping[str, int]
    changes_file: str
    conflicts: Mapping[int, str]


def add_draft(session: Session, candidate: NewDraft, *, by: str, at: datetime | None = None) -> DraftRecord:
    """Keep a candidate as a draft, with the layers that are new; it is stale at once where its base is not current."""
    at = at or datetime.now(UTC)
    pointer = lock_pointer(session)  # two people who stage the same file at once must not both add its layer
    for pin in candidate.layers:
        if not session.get(LayerRecord, pin.sha256):
            session.add(
                LayerRecord(
                    sha256=pin.sha256,
                    source=pin.source,
                    as_of=pin.as_of,
                    rows=pin.rows,
                    providers=pin.providers,
                    stored_at=at,
                )
            )
    draft = DraftRecord(
        state="staged" if pointer.release_id == candidate.base_id else "stale",
        staged_at=at,
        staged_by=by,
        base_id=candidate.base_id,
        sha256=candidate.sha256,
        manifest=dict(candidate.manifest),
        files=list(candidate.files),
        rows=candidate.rows,
        providers=candidate.providers,
        notice_counts=dict(candidate.notice_counts),
        notices_file=candidate.notices_file,
        difference=dict(candidate.difference),
        changes_file=candidate.changes_file,
        conflicts={str(edit_id): value for edit_id, value in candidate.conflicts.items()},
    )
    session.add(draft)
    session.flush()
    record_event(session, by, "stage", subject="draft", subject_id=draft.id, at=at, files=draft.files)
    return draft


def get_draft(session: Session, draft_id: int) -> DraftRecord:
    """Return a draft. Raises UnknownDraft."""
    if not 0 < draft_id <= LARGEST_ID or not (draft := session.get(DraftRecord, draft_id)):
        raise UnknownDraft
    return draft


def list_drafts(session: Session, *states: str, limit: int = 20, offset: int = 0) -> Sequence[DraftRecord]:
    """Return the drafts in those states (none named: all), the newest first."""
    query = select(DraftRecord).order_by(DraftRecord.id.desc()).limit(limit).offset(offset)
    return session.scalars(query.where(DraftRecord.state.in_(states)) if states else query).all()


def claim_draft(session: Session, draft_id: int) -> DraftRecord:
    """Return a draft that may be published, with the pointer locked. Raises UnknownDraft, DraftClosed, BaseChanged."""
    pointer = lock_pointer(session)
    draft = get_draft(session, draft_id)
    if draft.state == "stale" or (draft.state == "staged" and draft.base_id != pointer.release_id):
        raise BaseChanged
    if draft.state != "staged":
        raise DraftClosed
    return draft


def close_draft(session: Session, draft: DraftRecord, *, release_id: int) -> None:
    """Mark a draft published, and the others that waited on the same base stale."""
    draft.state = "published"
    draft.release_id = release_id
    mark_stale(session, release_id)


def mark_stale(session: Session, current_id: int) -> None:
    """Mark the drafts stale that were not made from the release that is current now."""
    session.execute(
        update(DraftRecord).where(DraftRecord.state == "staged", DraftRecord.base_id.is_distinct_from(current_id))
        .values(state="stale")
    )  # fmt: skip


def discard_draft(session: Session, draft_id: int, *, by: str) -> DraftRecord:
    """Put a draft away unpublished. Raises UnknownDraft, DraftClosed."""
    draft = get_draft(session, draft_id)
    if draft.state == "published":
        raise DraftClosed
    draft.state = "discarded"
    record_event(session, by, "discard", subject="draft", subject_id=draft.id)
    return draft
