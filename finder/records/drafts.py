"""Drafts: candidate releases that wait for a decision, and their layers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
"""The largest id of a database; querying a larger one is an error."""


class UnknownDraft(FinderError):
    """There is no draft with that number. `data status` lists the drafts."""


class DraftClosed(FinderError):
    """That draft cannot be published any more. Stage the files again."""


class BaseChanged(FinderError):
    """Another release was published since this draft was staged. Stage the files again, so that nothing is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A stored layer that a draft or release is made of."""

    sha256: str
    source: str
    as_of: date
    rows: int
    providers: int
    title: str = ""
    """What staff read of what an insurer's files speak of; empty where the source says it all."""
    memberships: int = 0
    """The number of answers that say yes to a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """The values of a new draft: what was staged, on which release, and its stored reports."""

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
    renewed: Collection[str] = ()
    """The collections (``Pin.source``) that were staged."""


def add_draft(session: Session, new_draft: NewDraft, *, by: str, at: datetime | None = None) -> DraftRecord:
    """Add a draft and its new layers; it is stale at once if its base is not the current release."""
    at = at or datetime.now(UTC)
    pointer = lock_pointer(session)  # two people who stage the same file must not both add its layer
    for pin in new_draft.layers:
        stored = session.get(LayerRecord, pin.sha256)
        if stored and pin.source in new_draft.renewed:
            stored.stored_at = at
        if not stored:
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
        state="staged" if pointer.release_id == new_draft.base_id else "stale",
        staged_at=at,
        staged_by=by,
        base_id=new_draft.base_id,
        sha256=new_draft.sha256,
        manifest=dict(new_draft.manifest),
        files=list(new_draft.files),
        rows=new_draft.rows,
        providers=new_draft.providers,
        notice_counts=dict(new_draft.notice_counts),
        notices_file=new_draft.notices_file,
        difference=dict(new_draft.difference),
        changes_file=new_draft.changes_file,
        conflicts={str(edit_id): value for edit_id, value in new_draft.conflicts.items()},
    )
    session.add(draft)
    session.flush()
    record_event(session, by, "stage", subject="draft", subject_id=draft.id, at=at, files=draft.files)
    return draft


def layers_stored_at(session: Session, sha256s: Collection[str]) -> dict[str, datetime]:
    """Return when layers were last stored, by the SHA-256 of their files."""
    rows = session.execute(select(LayerRecord.sha256, LayerRecord.stored_at).where(LayerRecord.sha256.in_(sha256s)))
    return {row.sha256: row.stored_at for row in rows}


def get_draft(session: Session, draft_id: int) -> DraftRecord:
    """Return a draft. Raises UnknownDraft."""
    if not 0 < draft_id <= LARGEST_ID or not (draft := session.get(DraftRecord, draft_id)):
        raise UnknownDraft
    return draft


def list_drafts(session: Session, *states: str, limit: int = 20, offset: int = 0) -> Sequence[DraftRecord]:
    """Return the drafts in some states (without states: all), the newest first."""
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
    """Mark a draft published, and other staged drafts stale."""
    draft.state = "published"
    draft.release_id = release_id
    mark_stale(session, release_id)


def mark_stale(session: Session, current_id: int) -> None:
    """Mark staged drafts stale whose base is not the current release."""
    session.execute(
        update(DraftRecord).where(DraftRecord.state == "staged", DraftRecord.base_id.is_distinct_from(current_id))
        .values(state="stale")
    )  # fmt: skip


def discard_draft(session: Session, draft_id: int, *, by: str) -> DraftRecord:
    """Discard a draft. Raises UnknownDraft, DraftClosed."""
    draft = get_draft(session, draft_id)
    if draft.state == "published":
        raise DraftClosed
    draft.state = "discarded"
    record_event(session, by, "discard", subject="draft", subject_id=draft.id)
    return draft
