"""The stack: the current layer of every source, pinned by a release and updated when files are staged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from finder.directory.release.tables import KEYS, LAYER
from finder.directory.vocabulary.sources import source_of
from finder.errors import FinderError
from finder.intake.layers.before_collections import collections_of, is_before, without_answers_on
from finder.intake.layers.files import read_layer, sort_rows, write_layer
from finder.intake.layers.layer import Layer
from finder.intake.layers.updates import settled_updates, update_by_npi
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
    left_out: Mapping[str, int] = field(default_factory=dict)
    """The number of NPIs, by source, that the last update left as they were: what was known of them is newer."""

    @classmethod
    def of_release(cls, manifest: Mapping[str, Any] | None, store: Store) -> Stack:
        """Read the layers that a release's manifest pins; without a manifest the stack is empty."""
        pins = manifest["layers"] if manifest else []
        stored = (read_layer(store.verify("layers", pin["sha256"])) for pin in pins)
        return cls({layer.source: layer for one in stored for layer in collections_of(one)})

    @cached_property
    def npis(self) -> frozenset[str]:
        """Every NPI with a name in some layer, including inactive ones; not those that a list only excludes."""
        provider_tables = [layer.tables["provider"] for layer in self.layers.values()]
        return frozenset(npi for frame in provider_tables for npi in frame.loc[frame["name"] != "", "npi"])

    @cached_property
    def plans(self) -> frozenset[str]:
        """The keys of all plans with an answer or a description in some layer, and their earlier keys."""
        found: set[str] = set()
        for layer in self.layers.values():
            found |= {*layer.tables["insurance"]["plan"].unique(), *layer.plans["plan"]["plan"]}
            found |= set(layer.plans["plan_alias"]["alias"])
        return frozenset(found)

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
        """Return the stack with new layers merged into those of their sources by NPI (see ``updates``).

        ``complete`` replaces the earlier layers of those sources.
        """
        layers = dict(self.layers)
        left_out: Counter[str] = Counter()
        renewed: set[str] = set()
        for new_layer in sorted(new_layers, key=lambda layer: (layer.as_of, layer.source)):
            source = new_layer.source
            fresh = (complete or new_layer.complete) and source not in renewed
            layers[source], older = _merged_over(None if fresh else layers.get(source), new_layer)
            left_out[source] += older
            renewed.add(source)
        return Stack(_emptied(layers, renewed), +left_out)

    def answers(self, today: date) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield each collection with provider and plan of what it answers with yes today or later."""
        for source, layer in self.layers.items():
            rows = layer.tables["insurance"]
            goes_on = (rows["valid_until"] == "") | (rows["valid_until"] >= today.isoformat())
            yield source, rows.loc[(rows["status"] == "yes") & goes_on, ["npi", "plan"]].drop_duplicates()

    def save(self, store: Store, work: Path) -> list[Pin]:
        """Put every layer into the store; return their pins."""
        with scratch(work) as folder:
            return [
                _store(layer, store, folder / f"{number}.zip")
                for number, (_, layer) in enumerate(sorted(self.layers.items()))
            ]


def count_providers(layers: Sequence[Layer]) -> int:
    """Count the active providers of layers; where there are none, all NPIs that they name."""
    provider_tables = [layer.tables["provider"] for layer in layers]
    active = {npi for frame in provider_tables for npi in frame.loc[frame["status"] == "active", "npi"]}
    return len(active or {npi for layer in layers for npi in _npis(layer)})


def _npis(layer: Layer) -> set[str]:
    return {npi for frame in layer.tables.values() for npi in frame["npi"].unique()}


def _merged_over(base: Layer | None, new_layer: Layer) -> tuple[Layer, int]:
    """Replace what is older of the NPIs and plans that the new layer names; count the NPIs that it is too old for."""
    if base is None:
        return _normalized(new_layer, new_layer.as_of), 0
    updated, older = (_added(base, new_layer), 0) if new_layer.is_subject else update_by_npi(base, new_layer)
    plans = {
        name: pd.concat([new_layer.plans[name], rows], ignore_index=True).drop_duplicates(list(KEYS[name]))
        for name, rows in base.plans.items()
    }
    return _normalized(replace(updated, plans=plans), max(base.as_of, new_layer.as_of)), older


def _added(base: Layer, new_layer: Layer) -> Layer:
    """Return the rows of both: a part of what an insurer says takes nothing away."""
    tables = {name: pd.concat([rows, new_layer.tables[name]], ignore_index=True) for name, rows in base.tables.items()}
    return replace(new_layer, tables=tables)


def _emptied(layers: Mapping[str, Layer], renewed: set[str]) -> dict[str, Layer]:
    """Return layers in which those of an earlier version have lost what renewed collections of their source answer."""
    found = dict(layers)
    for source, layer in layers.items():
        if is_before(layer):
            for one in sorted(renewed - {source}):
                if source_of(one) == source_of(source):
                    found[source] = without_answers_on(found[source], layers[one])
            found[source] = _normalized(found[source], found[source].as_of)
            if found[source].tables["insurance"].empty:
                del found[source]
    return found


def _normalized(layer: Layer, as_of: date) -> Layer:
    """Return the layer as it is stored: rows sorted and counted, no notices."""
    tables = {name: sort_rows(layer.tables[name]) for name in LAYER}
    plans = {name: rows.sort_values(list(KEYS[name]), ignore_index=True) for name, rows in layer.plans.items()}
    updates = settled_updates(layer)
    rows = sum(len(frame) for frame in (*tables.values(), *plans.values()))
    return replace(
        layer, as_of=as_of, tables=tables, plans=plans, updates=updates, rows=rows, notices=(), complete=True
    )


def _store(layer: Layer, store: Store, path: Path) -> Pin:
    write_layer(layer, path)
    sha256 = store.put("layers", path)
    return Pin(
        sha256=sha256,
        source=layer.source,
        as_of=layer.as_of,
        rows=layer.rows,
        providers=layer.tables["provider"]["npi"].nunique(),
        title=layer.title,
        memberships=int((layer.tables["insurance"]["status"] == "yes").sum()),
    )
