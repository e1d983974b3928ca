"""What is published and what waits: the answer of ``data status``."""

from __future__ import annotations

from typing import Any

from finder.intake.publishing.publish import KEPT
from finder.records.drafts import list_drafts
from finder.records.releases import current_release, needed_releases
from finder.records.tables.data import DraftRecord, ReleaseRecord
from finder.releases.installation import Installation


def describe_status(installation: Installation) -> dict[str, Any]:
    """Give the current release, those that rolling back leads to, and the drafts that wait, as JSON values."""
    with installation.records.reading() as session:
        release = current_release(session)
        earlier = needed_releases(session, keep=KEPT)[1:]
        drafts = list_drafts(session, "staged", limit=100)
        return {
            "release": describe_release(release) if release else None,
            "earlier": [describe_release(before) for before in earlier],
            "drafts": [describe_draft(draft) for draft in drafts],
        }


def describe_release(release: ReleaseRecord) -> dict[str, Any]:
    """Give a release as JSON values."""
    return {
        "id": release.id,
        "sha256": release.sha256,
        "published_at": release.published_at.isoformat(timespec="seconds"),
        "published_by": release.published_by,
        "providers": release.manifest["providers"],
        "listings": release.manifest["listings"],
        "layers": release.manifest["layers"],
    }


def describe_draft(draft: DraftRecord) -> dict[str, Any]:
    """Give a draft as JSON values."""
    return {
        "id": draft.id,
        "state": draft.state,
        "staged_at": draft.staged_at.isoformat(timespec="seconds"),
        "staged_by": draft.staged_by,
        "files": draft.files,
        "rows": draft.rows,
        "providers": draft.providers,
        "notices": draft.notice_counts,
        "difference": {name: draft.difference[name] for name in ("added", "changed", "removed", "unchanged")},
    }
