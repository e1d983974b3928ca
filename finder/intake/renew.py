"""Make the published release again from its own layers where this program writes it in another form than the last one.

What is published does not change: the layers are the same, and so is everything that people decided about them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from finder.directory.release import OtherFormat, Release
from finder.directory.release_writing import write_release
from finder.intake.candidate import describe
from finder.intake.desk import Desk
from finder.intake.layers import Stack
from finder.intake.merge import merge
from finder.intake.store import FileMissing, FileSpoiled, StoreUnavailable, scratch
from finder.records.drafts import mark_stale
from finder.records.releases import current_release, replace_current


def renew(desk: Desk, *, by: str) -> bool:
    """Bring the current release to the form of this program; whether there was anything to do.

    Where the store does not answer, all stays as it is: the pages go on with the release that they have.
    """
    with desk.records.reading() as session:
        current = current_release(session)
    if current is None:
        return False
    with suppress(StoreUnavailable, FileMissing, FileSpoiled):
        if has_other_format(desk.store.local("", current.sha256)):
            sha256, manifest = make_again(desk, Stack.of_release(current.manifest, desk.store))
            with desk.records.writing() as session:
                renewed = replace_current(session, current.id, sha256, manifest, by=by)
                if renewed:
                    mark_stale(session, renewed.id)
            return renewed is not None
    return False


def has_other_format(path: Path) -> bool:
    """Whether a release was written by another version of the program. Raises DamagedRelease where it is none."""
    try:
        Release(path)
    except OtherFormat:
        return True
    return False


def make_again(desk: Desk, stack: Stack) -> tuple[str, Mapping[str, Any]]:
    """Make a release of layers, put it into the store, and give its SHA-256 and its manifest."""
    merged = merge(list(stack.layers.values()))
    manifest = describe(stack.stored(desk.store, desk.work), merged)
    with scratch(desk.work) as folder:
        made = folder / "release"
        write_release(made, merged.tables, manifest)
        return desk.store.put("", made), manifest
