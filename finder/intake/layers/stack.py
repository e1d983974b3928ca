"""The stack: the current layer of every source, pinned by a release and updated when files are staged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from finder.directory.release.row_masks import is_in
from finder.directory.release.tables import LAYER
from finder.errors import FinderError
from finder.intake.layers.files import read_layer, sort_rows, write_layer
from finder.intake.layers.layer import Layer
from finder.records.drafts import Pin
from finder.releases.store import Store, scratch

SAMPLE = "sample"
"""The source of the bundled fictional providers."""


class SampleIsOver(FinderError):
    """The sample providers are fictional and never mix with real ones: real data are published here already."""


@dataclass(frozen=True)
class Stack:
    """The layers of a release, by source."""

    layers: Mapping[str, Layer]

    @classmethod
    def of_release(cls, manifest: Mapping[str, Any] | None, store: Store) -> Stack:
        """Read the layers that a release's manifest pins; without a manifest the stack is empty."""
        pins = manifest["layers"] if manifest else []
        return cls({pin["source"]: read_layer(store.verify("layers", pin["sha256"])) for pin in pins})

    @cached_property
    def npis(self) -> frozenset[str]:
        """Every NPI with a name in some layer, including inactive ones; not those that a list only excludes."""
        provider_tables = [layer.tables["provider"] for layer in self.layers.values()]
        return frozenset(npi for frame in provider_tables for npi in frame.loc[frame["name"] != "", "npi"])

    @cached_property
    def plans(self) -> frozenset[str]:
        """The ids of all insurance plans with an answer in some layer."""
        return frozenset(plan for layer in self.layers.values() for plan in layer.tables["insurance"]["plan"].unique())

    def without(self, *sources: str) -> Stack:
        """Return the stack without some sources."""
        return Stack({source: layer for source, layer in self.layers.items() if source not in sources})

    def ready_for(self, source: str) -> Stack:
        """Return the stack that may take a file of a source: real data replace the sample. Raises SampleIsOver."""
        if source != SAMPLE:
            return self.without(SAMPLE)
        if self.layers.keys() - {SAMPLE}:
            raise SampleIsOver
        return self

    def updated(self, new_layers: Iterable[Layer], *, complete: bool = False) -> Stack:
        """Return the stack with new layers merged into those of their sources, the oldest first.

        ``complete`` replaces the earlier layers of those sources.
        """
        layers = dict(self.layers)
        renewed: set[str] = set()
        for new_layer in sorted(new_layers, key=lambda layer: (layer.as_of, layer.source)):
            source = new_layer.source
            fresh = (complete or new_layer.complete) and source not in renewed
            layers[source] = _merged_over(None if fresh else layers.get(source), new_layer)
            renewed.add(source)
        return Stack(layers)

    def save(self, store: Store, work: Path) -> list[Pin]:
        """Put every layer into the store; return their pins."""
        with scratch(work) as folder:
            return [_store(layer, store, folder / f"{source}.zip") for source, layer in sorted(self.layers.items())]


def count_providers(layers: Sequence[Layer]) -> int:
    """Count the active providers of layers; where there are none, all NPIs that they name."""
    provider_tables = [layer.tables["provider"] for layer in layers]
    active = {npi for frame in provider_tables for npi in frame.loc[frame["status"] == "active", "npi"]}
    return len(active or {npi for layer in layers for npi in _npis(layer)})


def _npis(layer: Layer) -> set[str]:
    return {npi for frame in layer.tables.values() for npi in frame["npi"].unique()}


def _merged_over(base: Layer | None, new_layer: Layer) -> Layer:
    """Replace the rows of the NPIs and plans that the new layer names; keep those of the others."""
    if base is None:
        return _normalized(new_layer, new_layer.as_of)
    named = sorted(_npis(new_layer))
    tables = {
        name: pd.concat(
            [base.tables[name][~is_in(base.tables[name]["npi"], named)], new_layer.tables[name]], ignore_index=True
        )
        for name in LAYER
    }
    plans = pd.concat(
        [base.plans[~base.plans["plan"].isin(new_layer.plans["plan"])], new_layer.plans], ignore_index=True
    )
    return _normalized(replace(new_layer, tables=tables, plans=plans), max(base.as_of, new_layer.as_of))


def _normalized(layer: Layer, as_of: date) -> Layer:
    """Return the layer as it is stored: rows sorted and counted, no notices."""
    tables = {name: sort_rows(layer.tables[name]) for name in LAYER}
    plans = layer.plans.sort_values("plan", ignore_index=True)
    rows = sum(len(frame) for frame in (*tables.values(), plans))
    return Layer(source=layer.source, as_of=as_of, tables=tables, plans=plans, rows=rows, complete=True)


def _store(layer: Layer, store: Store, path: Path) -> Pin:
    write_layer(layer, path)
    sha256 = store.put("layers", path)
    return Pin(
        sha256=sha256,
        source=layer.source,
        as_of=layer.as_of,
        rows=layer.rows,
        providers=layer.tables["provider"]["npi"].nunique(),
    )
