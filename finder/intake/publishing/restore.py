"""What must not come back when a release is restored: listings that were suppressed after it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from finder.directory.release.release import Release
from finder.directory.release.row_masks import among
from finder.intake.layers.stack import Stack
from finder.intake.merging.same_address import is_at
from finder.intake.merging.staff_layers import SUPPRESSIONS, suppressions_layer
from finder.intake.publishing.rebuild import has_other_format, rebuild
from finder.records.casework.suppressions import suppressions_in_force
from finder.records.tables.casework import Suppression
from finder.records.tables.data import ReleaseRecord
from finder.releases.installation import Installation


def release_to_restore(installation: Installation, target: ReleaseRecord) -> tuple[str, Mapping[str, Any]]:
    """Give the release (SHA-256, manifest) that stands for an earlier one today.

    That is the earlier one itself, to the byte, unless it shows what is suppressed now, or another version of the
    program wrote it; then it is made again from its own layers with the suppressions of today, and nothing else is
    different.
    """
    with installation.records.reading() as session:
        suppressions = suppressions_in_force(session)
    path = installation.store.verify("", target.sha256)
    if not has_other_format(path) and not (suppressions and _shows(Release.open(path), suppressions)):
        return target.sha256, target.manifest
    stack = Stack.of_release(target.manifest, installation.store)
    if suppressions:
        stack = Stack({**stack.layers, SUPPRESSIONS: suppressions_layer(suppressions)})
    return rebuild(installation, stack)


def _shows(release: Release, suppressions: Sequence[Suppression]) -> bool:
    """Whether a release lists anyone, or any place, that is suppressed."""
    tables, hidden = release.tables(), suppressions_layer(suppressions).tables
    people, places = hidden["provider"]["npi"], hidden["fact"][["npi", "location_key"]]
    return bool(among(tables["provider"]["npi"], people).any() or is_at(tables["location"], places).any())
