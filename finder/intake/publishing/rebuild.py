"""Rebuild a release from its layers, such as after an update that changes the file format.

The published content does not change: the layers, and the decisions of staff among them, are the same. pandas is
imported only where a release is built: every start checks for a rebuild, and few need one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finder.directory.release.release import OtherFormat, Release
from finder.records.drafts import mark_stale
from finder.records.releases import current_release, replace_current
from finder.releases.installation import Installation
from finder.releases.store import ReleaseFileDamaged, ReleaseFileMissing, StoreUnavailable, scratch

if TYPE_CHECKING:
    from finder.intake.layers.stack import Stack


def rebuild_current(installation: Installation, *, by: str) -> bool:
    """Rebuild the current release where it has another format than this program's; return whether it was rebuilt.

    While the store is unavailable nothing changes: the pages keep serving the release that they have.
    """
    with installation.records.reading() as session:
        current = current_release(session)
    if current is None:
        return False
    with suppress(StoreUnavailable, ReleaseFileMissing, ReleaseFileDamaged):
        if has_other_format(installation.store.local("", current.sha256)):
            from finder.intake.layers.stack import Stack

            sha256, manifest = rebuild(installation, Stack.of_release(current.manifest, installation.store))
            with installation.records.writing(patient=True) as session:
                replaced = replace_current(session, current.id, sha256, manifest, by=by)
                if replaced:
                    mark_stale(session, replaced.id)
            return replaced is not None
    return False


def rebuild(installation: Installation, stack: Stack) -> tuple[str, Mapping[str, Any]]:
    """Build a release from layers and store it; return its SHA-256 and its manifest. The pointer does not move."""
    from finder.directory.release.write import write_release
    from finder.intake.merging.candidate import describe
    from finder.intake.merging.merge import merge

    merged = merge(list(stack.layers.values()))
    manifest = describe(stack, stack.save(installation.store, installation.work), merged)
    with scratch(installation.work) as folder:
        path = folder / "release"
        write_release(path, merged.tables, manifest, installation.gazetteer)
        return installation.store.put("", path), manifest


def has_other_format(path: Path) -> bool:
    """Return whether a release file has the format of another version. Raises DamagedRelease."""
    try:
        Release(path)
    except OtherFormat:
        return True
    return False
