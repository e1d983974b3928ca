"""The published release and the staged drafts, as JSON values for ``data status``."""

from __future__ import annotations

from typing import Any

from finder.intake.publishing.publish import KEPT_RELEASES
from finder.records.drafts import list_drafts
from finder.records.releases import current_release, needed_releases
from finder.records.tables.data import DraftRecord, ReleaseRecord
from finder.releases.installation import Installation


def describe_status(installation: Installation) -> dict[str, Any]:
    """Return the current release, the releases to roll back to, and the staged drafts, as JSON values."""
    with installation.records.reading() as session:
        release = current_release(session)
        earlier = needed_releases(session, keep=KEPT_RELEASES)[1:]
        drafts = list_drafts(session, "staged", limit=100)
        return {
            "release": describe_release(release) if release else None,
            "earlier": [describe_release(before) for before in earlier],
            "drafts": [describe_draft(draft) for draft in drafts],
        }


def describe_release(release: ReleaseRecord) -> dict[str, Any]:
    """Return a release as JSON values."""
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
    """Return a draft as JSON values."""
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
