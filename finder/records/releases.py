"""The published release: the pointer moves in the same transaction as its audit event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.tables.data import PointerRecord, ReleaseRecord


class NothingToRollBack(FinderError):
    """There is no earlier release to go back to."""


def current_release(session: Session) -> ReleaseRecord | None:
    """Return the release that the public sees, or None before the first publication."""
    return session.scalar(select(ReleaseRecord).join(PointerRecord, PointerRecord.release_id == ReleaseRecord.id))


def current_sha256(session: Session) -> str | None:
    """Return the SHA-256 of the current release, the cheap query of every web process."""
    return session.scalar(
        select(ReleaseRecord.sha256).join(PointerRecord, PointerRecord.release_id == ReleaseRecord.id)
    )


def get_release(session: Session, release_id: int) -> ReleaseRecord | None:
    """Return a publication by its id, None if there is none."""
    return session.get(ReleaseRecord, release_id)


def list_releases(session: Session, *, limit: int = 20, offset: int = 0) -> Sequence[ReleaseRecord]:
    """Return the publications, the newest first."""
    return session.scalars(select(ReleaseRecord).order_by(ReleaseRecord.id.desc()).limit(limit).offset(offset)).all()


def lock_pointer(session: Session) -> PointerRecord:
    """Lock the pointer until the transaction ends, so that concurrent publications are serialized."""
    return session.scalars(select(PointerRecord).where(PointerRecord.id == 1).with_for_update()).one()


def move_pointer(
    session: Session, sha256: str, manifest: Mapping[str, Any], *, by: str, at: datetime | None = None, **detail: Any
) -> ReleaseRecord:
    """Publish a release: add it, move the pointer, mark its predecessor superseded, write the audit event."""
    at = at or datetime.now(UTC)
    pointer = lock_pointer(session)
    before = session.get(ReleaseRecord, pointer.release_id) if pointer.release_id else None
    release = _add_release(session, sha256, manifest, base_id=before.id if before else None, by=by, at=at)
    pointer.release_id = release.id
    if before:
        before.superseded_at = at
    record_event(
        session, by, "publish", subject="release", subject_id=release.id, at=at, sha256=sha256,
        replaces=before.id if before else None, **detail,
    )  # fmt: skip
    return release


def release_before_current(session: Session) -> ReleaseRecord:
    """Return the rollback target of the current release. Raises NothingToRollBack."""
    current = current_release(session)
    before = session.get(ReleaseRecord, current.base_id) if current and current.base_id else None
    if before is None:
        raise NothingToRollBack
    return before


def move_pointer_back(
    session: Session,
    target_id: int,
    sha256: str,
    manifest: Mapping[str, Any],
    *,
    by: str,
    at: datetime | None = None,
) -> ReleaseRecord:
    """Point at the release before the current one, and write the audit event.

    ``sha256`` and ``manifest`` are that release's own, or those of a rebuilt release, which is added in its place.
    Raises NothingToRollBack, also if another person was faster.
    """
    at = at or datetime.now(UTC)
    pointer = lock_pointer(session)
    restored = release_before_current(session)
    if restored.id != target_id or pointer.release_id is None:
        raise NothingToRollBack
    withdrawn = session.get_one(ReleaseRecord, pointer.release_id)
    release = restored
    if sha256 != restored.sha256:
        release = _add_release(session, sha256, manifest, base_id=restored.base_id, by=by, at=at)
    pointer.release_id = release.id
    withdrawn.withdrawn_at = at
    release.superseded_at = None
    record_event(
        session, by, "rollback", subject="release", subject_id=release.id, at=at, sha256=sha256,
        withdraws=withdrawn.id, restores=restored.id,
    )  # fmt: skip
    return release


def replace_current(
    session: Session,
    current_id: int,
    sha256: str,
    manifest: Mapping[str, Any],
    *,
    by: str,
    at: datetime | None = None,
) -> ReleaseRecord | None:
    """Replace the file of the current release by a rebuilt one, and write the audit event.

    Rolling back skips the replaced release. Returns None, without a change, if another process was faster.
    """
    at = at or datetime.now(UTC)
    pointer = lock_pointer(session)
    if pointer.release_id != current_id:
        return None
    replaced = session.get_one(ReleaseRecord, current_id)
    release = _add_release(session, sha256, manifest, base_id=replaced.base_id, by=by, at=at)
    pointer.release_id = release.id
    replaced.superseded_at = at
    record_event(
        session, by, "renew", subject="release", subject_id=release.id, at=at, sha256=sha256, replaces=replaced.id
    )
    return release


def _add_release(
    session: Session, sha256: str, manifest: Mapping[str, Any], *, base_id: int | None, by: str, at: datetime
) -> ReleaseRecord:
    """Add a release whose rollback target is ``base_id``; the pointer does not move."""
    release = ReleaseRecord(sha256=sha256, manifest=dict(manifest), base_id=base_id, published_at=at, published_by=by)
    session.add(release)
    session.flush()
    return release


def needed_releases(session: Session, *, keep: int) -> Sequence[ReleaseRecord]:
    """Return the current release and its rollback targets, at most ``keep`` releases, the newest first."""
    chain: list[ReleaseRecord] = []
    release = current_release(session)
    while release and len(chain) < keep:
        chain.append(release)
        release = session.get(ReleaseRecord, release.base_id) if release.base_id else None
    return chain
