"""The current layer of every source: pinned by a release, and what it becomes when a file is staged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from finder.directory.release.row_masks import among
from finder.directory.release.tables import LAYER
from finder.errors import FinderError
from finder.intake.layers.files import in_order, read_layer, write_layer
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
        """Read the layers that a release's manifest pins; without a manifest there are none."""
        pins = manifest["layers"] if manifest else []
        return cls({pin["source"]: read_layer(store.verify("layers", pin["sha256"])) for pin in pins})

    @cached_property
    def npis(self) -> frozenset[str]:
        """Every NPI that some source names a provider, gone ones too; not those that a list only excludes."""
        told = [layer.tables["provider"] for layer in self.layers.values()]
        return frozenset(npi for frame in told for npi in frame.loc[frame["name"] != "", "npi"])

    @cached_property
    def plans(self) -> frozenset[str]:
        """Every insurance plan that some source tells of."""
        return frozenset(plan for layer in self.layers.values() for plan in layer.tables["insurance"]["plan"].unique())

    def without(self, *sources: str) -> Stack:
        """Take sources away."""
        return Stack({source: layer for source, layer in self.layers.items() if source not in sources})

    def ready_for(self, source: str) -> Stack:
        """Make room for a file of a source: real data drive the sample out. Raises SampleIsOver the other way."""
        if source != SAMPLE:
            return self.without(SAMPLE)
        if self.layers.keys() - {SAMPLE}:
            raise SampleIsOver
        return self

    def updated(self, news: Iterable[Layer], *, whole: bool = False) -> Stack:
        """Put new layers over those of the same sources, the oldest first; ``whole`` replaces what was there."""
        layers = dict(self.layers)
        renewed: set[str] = set()
        for news_layer in sorted(news, key=lambda layer: (layer.as_of, layer.source)):
            source = news_layer.source
            fresh = (whole or news_layer.whole) and source not in renewed
            layers[source] = _over(None if fresh else layers.get(source), news_layer)
            renewed.add(source)
        return Stack(layers)

    def stored(self, store: Store, work: Path) -> list[Pin]:
        """Put every layer into the store and name it."""
        with scratch(work) as folder:
            return [_store(layer, store, folder / f"{source}.zip") for source, layer in sorted(self.layers.items())]


def named_npis(layers: Sequence[Layer]) -> int:
    """Count the providers that layers tell of as active; where there are none, all that they name."""
    told = [layer.tables["provider"] for layer in layers]
    active = {npi for frame in told for npi in frame.loc[frame["status"] == "active", "npi"]}
    return len(active or {npi for layer in layers for npi in _npis(layer)})


def _npis(layer: Layer) -> set[str]:
    return {npi for frame in layer.tables.values() for npi in frame["npi"].unique()}


def _over(base: Layer | None, news: Layer) -> Layer:
    """Replace what a source said of the NPIs and plans that the new layer names; keep what it said of the others."""
    if base is None:
        return _settled(news, news.as_of)
    named = sorted(_npis(news))
    tables = {
        name: pd.concat(
            [base.tables[name][~among(base.tables[name]["npi"], named)], news.tables[name]], ignore_index=True
        )
        for name in LAYER
    }
    plans = pd.concat([base.plans[~base.plans["plan"].isin(news.plans["plan"])], news.plans], ignore_index=True)
    return _settled(replace(news, tables=tables, plans=plans), max(base.as_of, news.as_of))


def _settled(layer: Layer, as_of: date) -> Layer:
    """Give the layer as it is stored: rows in order and counted, no notices."""
    tables = {name: in_order(layer.tables[name]) for name in LAYER}
    plans = layer.plans.sort_values("plan", ignore_index=True)
    rows = sum(len(frame) for frame in (*tables.values(), plans))
    return Layer(source=layer.source, as_of=as_of, tables=tables, plans=plans, rows=rows, whole=True)


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
