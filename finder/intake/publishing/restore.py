"""Restoring an earlier release without the listings that were suppressed after it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from finder.directory.release.release import Release
from finder.directory.release.row_masks import is_in
from finder.intake.layers.stack import Stack
from finder.intake.merging.same_address import is_at
from finder.intake.merging.staff_layers import SUPPRESSIONS, suppressions_layer
from finder.intake.publishing.rebuild import has_other_format, rebuild
from finder.records.casework.suppressions import suppressions_in_force
from finder.records.tables.casework import Suppression
from finder.records.tables.data import ReleaseRecord
from finder.releases.installation import Installation


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
