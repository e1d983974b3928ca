"""Build a candidate release in memory: add the decisions of staff to the layers, merge, compare and check them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from finder.directory.release.difference import Difference, compare
from finder.directory.release.release import Release
from finder.intake.layers.layer import Layer
from finder.intake.layers.stack import SAMPLE, Stack
from finder.intake.merging.checks import check
from finder.intake.merging.losses import Loss, losses
from finder.intake.merging.merge import Merged, merge
from finder.intake.merging.staff_layers import add_staff_layers, find_conflicts
from finder.notices.notices import Notice
from finder.places.gazetteer import Gazetteer
from finder.records.casework.edits import edits_in_force
from finder.records.casework.suppressions import suppressions_in_force
from finder.records.drafts import Pin
from finder.records.tables.data import ReleaseRecord
from finder.releases.installation import Installation


@dataclass(frozen=True, kw_only=True)
class CandidateRelease:
    """A candidate release in memory: its layers, tables, differences, notices and conflicts."""

    stack: Stack
    merged: Merged
    difference: Difference
    renewed: Collection[str]
    """The collections that were staged."""
    losses: Sequence[Loss]
    """What collections lose of their answers."""
    notices: Sequence[Notice]
    conflicts: Mapping[int, str]
    """The edits (id) that the sources contradict now, with the sources' value."""


def build_candidate(
    installation: Installation,
    new_layers: Sequence[Layer],
    *,
    base: ReleaseRecord | None,
    stack: Stack,
    complete: bool,
    gazetteer: Gazetteer,
    without: str = "",
) -> CandidateRelease:
    """Build the candidate that new layers and the decisions of staff make of ``base``, whose layers are ``stack``.

    ``without`` is a collection that goes.
    """
    candidate_stack = stack.without(without)
    for layer in new_layers:
        candidate_stack = candidate_stack.ready_for(layer.source)
    candidate_stack = candidate_stack.updated(new_layers, complete=complete)
    left_out = candidate_stack.left_out
    with installation.records.reading() as session:
        edits, suppressions = edits_in_force(session), suppressions_in_force(session)
    conflicts = find_conflicts(candidate_stack, edits)
    candidate_stack = add_staff_layers(candidate_stack, edits, suppressions, gazetteer)
    merged = merge(list(candidate_stack.layers.values()))
    before = Release.open(installation.store.local("", base.sha256)).tables() if base else None
    difference = compare(before, merged.tables)
    found = check(
        left_out=left_out,
        base=stack,
        stack=candidate_stack,
        before=before,
        after=merged.tables,
        changed_npis=difference.changed_npis(),
        new_layers=new_layers,
        conflicts={edit: conflicts[edit.id] for edit in edits if edit.id in conflicts},
        gazetteer=gazetteer,
        today=installation.settings.current_date(),
    )
    return CandidateRelease(
        stack=candidate_stack,
        merged=merged,
        difference=difference,
        renewed=frozenset(layer.source for layer in new_layers),
        losses=losses(stack, candidate_stack, installation.settings.current_date()),
        notices=[*(notice for layer in new_layers for notice in layer.notices), *found],
        conflicts=conflicts,
    )


def describe(stack: Stack, pins: Sequence[Pin], merged: Merged) -> dict[str, Any]:
    """Return the manifest of a release: its layers and counts. It holds no time, so equal inputs give equal text.

    ``listed`` of a layer counts the listed providers that the layer has a row for.
    """
    listed = set(merged.tables["provider"]["npi"])
    return {
        "sample": any(pin.source == SAMPLE for pin in pins),
        "layers": [
            {
                "source": pin.source,
                "title": pin.title,
                "as_of": pin.as_of.isoformat(),
                "sha256": pin.sha256,
                "rows": pin.rows,
                "providers": pin.providers,
                "memberships": pin.memberships,
                "listed": len(listed.intersection(_npis(stack.layers[pin.source]))),
            }
            for pin in pins
        ],
        "providers": len(merged.tables["provider"]),
        "listings": len(merged.tables["location"]),
        "unlisted": dict(merged.unlisted),
    }


def _npis(layer: Layer) -> set[str]:
    return {str(npi) for frame in layer.tables.values() for npi in frame["npi"].unique()}
