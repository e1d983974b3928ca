"""Make a candidate release of layers: decisions of staff laid over them, merged, compared, checked; nothing stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from finder.directory.release.difference import Difference, compare
from finder.directory.release.release import Release
from finder.intake.layers.layer import Layer
from finder.intake.layers.stack import SAMPLE, Stack
from finder.intake.merging.checks import check
from finder.intake.merging.merge import Merged, merge
from finder.intake.merging.staff_layers import find_conflicts, with_decisions
from finder.notices.notices import Notice
from finder.places.gazetteer import Gazetteer
from finder.records.casework.edits import edits_in_force
from finder.records.casework.suppressions import suppressions_in_force
from finder.records.drafts import Pin
from finder.records.tables.data import ReleaseRecord
from finder.releases.installation import Installation


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A candidate in memory: its layers, its tables, what it changes, and what was found on the way."""

    stack: Stack
    merged: Merged
    difference: Difference
    notices: Sequence[Notice]
    conflicts: Mapping[int, str]
    """The edits (id) that the sources contradict now, and what they say."""


def prepare(
    installation: Installation,
    news: Sequence[Layer],
    *,
    base: ReleaseRecord | None,
    stack: Stack,
    whole: bool,
    gazetteer: Gazetteer,
) -> Prepared:
    """Put new layers over those of ``base`` (``stack``) and see what comes of it."""
    renewed = stack
    for layer in news:
        renewed = renewed.ready_for(layer.source)
    renewed = renewed.updated(news, whole=whole)
    with installation.records.reading() as session:
        edits, suppressions = edits_in_force(session), suppressions_in_force(session)
    conflicts = find_conflicts(renewed, edits)
    renewed = with_decisions(renewed, edits, suppressions, gazetteer)
    merged = merge(list(renewed.layers.values()))
    before = Release.open(installation.store.local("", base.sha256)).tables() if base else None
    difference = compare(before, merged.tables)
    found = check(
        base=stack,
        stack=renewed,
        before=before,
        after=merged.tables,
        fresh=difference.fresh(),
        news=news,
        conflicts={edit: conflicts[edit.id] for edit in edits if edit.id in conflicts},
        gazetteer=gazetteer,
        today=installation.settings.current_date(),
    )
    return Prepared(
        stack=renewed,
        merged=merged,
        difference=difference,
        notices=[*(notice for layer in news for notice in layer.notices), *found],
        conflicts=conflicts,
    )


def describe(stack: Stack, pins: Sequence[Pin], merged: Merged) -> dict[str, Any]:
    """Write the manifest of a release: what it was made of and what it holds. No clock: equal inputs, equal text.

    ``listed`` of a layer counts the providers of the release of whom it says anything.
    """
    listed = set(merged.tables["provider"]["npi"])
    return {
        "sample": any(pin.source == SAMPLE for pin in pins),
        "layers": [
            {
                "source": pin.source,
                "as_of": pin.as_of.isoformat(),
                "sha256": pin.sha256,
                "rows": pin.rows,
                "providers": pin.providers,
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
