"""Publish a draft, or roll a release back: one transaction moves the pointer, closes the draft and writes the log.

Before it, the candidate is verified in the store against its SHA-256; after it, nothing else has to happen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from finder.directory.release.release import Release
from finder.directory.release.row_masks import is_in
from finder.disk import remove_unfinished
from finder.errors import FinderError
from finder.intake.layers.stack import Stack
from finder.intake.merging.same_address import is_at
from finder.intake.merging.staff_layers import SUPPRESSIONS, suppressions_layer
from finder.intake.publishing.rebuild import has_other_format, rebuild
from finder.records.casework.edits import mark_conflicts
from finder.records.casework.reports import forget_contacts
from finder.records.casework.suppressions import suppressions_in_force
from finder.records.database import Session
from finder.records.drafts import claim_draft, close_draft, get_draft, list_drafts, mark_stale
from finder.records.releases import move_pointer, move_pointer_back, needed_releases, release_before_current
from finder.records.tables.casework import Suppression
from finder.records.tables.data import DraftRecord, ReleaseRecord
from finder.releases.installation import Installation
from finder.releases.store import ReleaseFileDamaged, ReleaseFileMissing, StoreUnavailable

KEPT_RELEASES = 12
"""Number of releases that stay available for rollback, including the current one: a year of monthly updates."""


class RemovalsNotConfirmed(FinderError):
    """This would remove more than 5% of the providers. Look at the difference, then confirm the exact number."""


class LossesNotConfirmed(FinderError):
    """This would take away more than 20% of the answers of a collection. Look at the difference, then confirm the exact
    number."""


class NothingLeft(FinderError):
    """This draft holds no provider at all. Look at its notices; a site without providers cannot be published."""


def publish(
    installation: Installation,
    draft_id: int,
    *,
    by: str,
    confirm_removals: int | None = None,
    confirm_losses: int | None = None,
) -> ReleaseRecord:
    """Publish a draft.

    Raises UnknownDraft, DraftClosed, BaseChanged, RemovalsNotConfirmed, LossesNotConfirmed, NothingLeft,
    ReleaseFileMissing or ReleaseFileDamaged; then nothing has changed.
    """
    with installation.records.reading() as session:
        draft = get_draft(session, draft_id)
    if not draft.manifest["providers"]:
        raise NothingLeft
    check_removals(draft, confirm_removals)
    check_losses(draft, confirm_losses)
    installation.store.verify("", draft.sha256)
    with installation.records.writing(patient=True) as session:
        draft = claim_draft(session, draft_id)
        release = move_pointer(
            session, draft.sha256, draft.manifest, by=by, draft=draft.id, difference=draft.difference
        )
        close_draft(session, draft, release_id=release.id)
        mark_conflicts(session, {int(edit_id): value for edit_id, value in draft.conflicts.items()})
        forget_contacts(session)  # publications are monthly, so contact details are erased in time
    prune(installation)
    return release


def check_removals(draft: DraftRecord, confirmed: int | None) -> None:
    """Check that the exact number was confirmed where many providers would be removed. Raises RemovalsNotConfirmed."""
    expected = draft.difference["to_confirm"]
    if expected and confirmed != expected:
        raise RemovalsNotConfirmed(
            f"This would remove {expected} of {expected + draft.difference['changed'] + draft.difference['unchanged']}"
            f" providers, more than 5%. Look at the difference; to go on, confirm the number: {expected}."
        )


def check_losses(draft: DraftRecord, confirmed: int | None) -> None:
    """Check that the exact number was confirmed where a collection loses many answers. Raises LossesNotConfirmed."""
    expected = draft.difference.get("losses_to_confirm", 0)  # a draft of an earlier version has no such number
    if expected and confirmed != expected:
        raise LossesNotConfirmed(
            f"This would take away {expected} answers, more than 20% of those of a collection. Look at the difference; "
            f"to go on, confirm the number: {expected}."
        )


def roll_back(installation: Installation, *, by: str) -> ReleaseRecord:
    """Roll back to the release before the current one and its layers. Raises NothingToRollBack.

    Suppressions decided since then still apply; without any, the earlier release returns byte for byte.
    """
    with installation.records.reading() as session:
        target = release_before_current(session)
    sha256, manifest = release_to_restore(installation, target)
    with installation.records.writing(patient=True) as session:
        release = move_pointer_back(session, target.id, sha256, manifest, by=by)
        mark_stale(session, release.id)
    return release


def prune(installation: Installation, *, keep: int = KEPT_RELEASES) -> None:
    """Remove files that neither the last releases nor open drafts need; skip it while the store is unavailable."""
    with installation.records.reading() as session:
        needed = list(needed_files(session, keep))
    for folder, _, _ in os.walk(installation.settings.home):
        remove_unfinished(Path(folder))
    with suppress(StoreUnavailable, ReleaseFileMissing, ReleaseFileDamaged):
        installation.store.prune(needed)


def needed_files(session: Session, keep: int) -> Iterator[tuple[str, str]]:
    """Yield the files (folder, SHA-256) of the last releases and of the staged drafts."""
    for release in needed_releases(session, keep=keep):
        yield from _files(release)
    for draft in list_drafts(session, "staged", limit=1000):
        yield from _files(draft)
        yield "notices", draft.notices_file
        yield "changes", draft.changes_file


def _files(record: ReleaseRecord | DraftRecord) -> Iterator[tuple[str, str]]:
    yield "", record.sha256
    for layer in record.manifest["layers"]:
        yield "layers", layer["sha256"]


def published_tables(installation: Installation) -> Mapping[str, pd.DataFrame]:
    """Return the tables of the published release. Raises NothingPublished."""
    return Release.open(installation.published_file()).tables()


def release_to_restore(installation: Installation, target: ReleaseRecord) -> tuple[str, Mapping[str, Any]]:
    """Return the release (SHA-256, manifest) to publish in place of an earlier one.

    That is the earlier release itself, unless it lists what is suppressed now or has the file format of another
    version; then it is rebuilt from its own layers with the suppressions of today and no other difference.
    """
    with installation.records.reading() as session:
        suppressions = suppressions_in_force(session)
    path = installation.store.verify("", target.sha256)
    if not has_other_format(path) and not (suppressions and _lists_suppressed(Release.open(path), suppressions)):
        return target.sha256, target.manifest
    stack = Stack.of_release(target.manifest, installation.store)
    if suppressions:
        stack = Stack({**stack.layers, SUPPRESSIONS: suppressions_layer(suppressions)})
    return rebuild(installation, stack)


def _lists_suppressed(release: Release, suppressions: Sequence[Suppression]) -> bool:
    """Return whether a release lists a suppressed provider or practice location."""
    tables, suppressed = release.tables(), suppressions_layer(suppressions).tables
    people, places = suppressed["provider"]["npi"], suppressed["fact"][["npi", "location_key"]]
    return bool(is_in(tables["provider"]["npi"], people).any() or is_at(tables["location"], places).any())
