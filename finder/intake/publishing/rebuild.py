"""Make a release again from layers that were published before, such as after an update that changes its file format.

What is published does not change: the layers are the same, and so are all decisions of staff about them. pandas is
imported where a release is made: every start asks whether one must be, and few starts make one.
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
from finder.releases.store import FileMissing, FileSpoiled, StoreUnavailable, scratch

if TYPE_CHECKING:
    from finder.intake.layers.stack import Stack


def rebuild_current(installation: Installation, *, by: str) -> bool:
    """Rebuild the current release where it has another format than this program's; return whether it was rebuilt.

    Where the store does not answer, nothing changes: the pages go on with the release that they have.
    """
    with installation.records.reading() as session:
        current = current_release(session)
    if current is None:
        return False
    with suppress(StoreUnavailable, FileMissing, FileSpoiled):
        if has_other_format(installation.store.local("", current.sha256)):
            from finder.intake.layers.stack import Stack

            sha256, manifest = rebuild(installation, Stack.of_release(current.manifest, installation.store))
            with installation.records.writing() as session:
                replaced = replace_current(session, current.id, sha256, manifest, by=by)
                if replaced:
                    mark_stale(session, replaced.id)
            return replaced is not None
    return False


def rebuild(installation: Installation, stack: Stack) -> tuple[str, Mapping[str, Any]]:
    """Make a release of layers as they are and store it; return its SHA-256 and its manifest. No pointer moves."""
    from finder.directory.release.write import write_release
    from finder.intake.merging.candidate import describe
    from finder.intake.merging.merge import merge

    merged = merge(list(stack.layers.values()))
    manifest = describe(stack, stack.stored(installation.store, installation.work), merged)
    with scratch(installation.work) as folder:
        made = folder / "release"
        write_release(made, merged.tables, manifest)
        return installation.store.put("", made), manifest


def has_other_format(path: Path) -> bool:
    """Return whether another version of the program wrote a release. Raises DamagedRelease where it is none."""
    try:
        Release(path)
    except OtherFormat:
        return True
    return False
