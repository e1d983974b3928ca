"""Make the published release again from its own layers where this program writes it in another form than the last one.

What is published does not change: the layers are the same, and so is everything that people decided about them.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from finder.directory.release.release import OtherFormat, Release
from finder.intake.desk import Desk
from finder.intake.store import FileMissing, FileSpoiled, StoreUnavailable
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
            from finder.intake.layers import Stack  # here, because every start asks, and few need pandas for an answer
            from finder.intake.making import make_again

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
