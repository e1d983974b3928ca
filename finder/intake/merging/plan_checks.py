"""Checks of collections and plans after the merge: what was not renewed, and answers that count for no plan."""

from __future__ import annotations

from collections.abc import Sequence

from finder.intake.layers.before_collections import OF_INSURERS
from finder.intake.layers.layer import Layer
from finder.intake.layers.stack import Stack
from finder.intake.merging.plan_keys import STAFF
from finder.notices.notices import Findings


def check_plans(found: Findings, base: Stack, stack: Stack, new_layers: Sequence[Layer]) -> None:
    """Report collections of an insurer that its new files leave out, and staff's answers on names of several plans."""
    _collections_left_out(found, base, new_layers)
    _ambiguous_answers(found, stack, new_layers)


def _collections_left_out(found: Findings, base: Stack, new_layers: Sequence[Layer]) -> None:
    """Report collections by network whose publisher now has others: ``in_network_rates:alder-health.old-ppo``."""
    renewed = {layer.source for layer in new_layers if layer.complete}
    publishers = {publisher for source in renewed if (publisher := _publisher(source))}
    for source, layer in base.layers.items():
        if source not in renewed and _publisher(source) in publishers:
            found.add("collection_left_out", value=f"{layer.title or source} ({source})", day=layer.as_of.isoformat())


def _publisher(source: str) -> str:
    """Return the source and publisher of a collection of one network; empty for others."""
    kind, _, subject = source.partition(":")
    publisher, _, network = subject.rpartition(".")
    return f"{kind}:{publisher}" if kind in OF_INSURERS and publisher and network else ""


def _ambiguous_answers(found: Findings, stack: Stack, new_layers: Sequence[Layer]) -> None:
    plans: dict[str, set[str]] = {}
    for layer in stack.layers.values():
        for alias, plan in layer.plans["plan_alias"][["alias", "plan"]].itertuples(index=False):
            plans.setdefault(alias, set()).add(plan)
    ambiguous = {alias for alias, known in plans.items() if len(known) > 1}
    for layer in new_layers:
        if layer.source in STAFF:
            for plan in sorted(ambiguous & set(layer.tables["insurance"]["plan"])):
                found.add("plan_ambiguous", column="insurance", value=plan)
