"""Update a layer by NPI: of two files that speak of an NPI the one with the later date stands, whichever comes first.

What a file says of an NPI replaces all that its source said before. It is as old as the file's own row of the NPI
(``Layer.updates``); where the reader gives no such date, as its latest row in the tables of the layer. Of equal dates
the file with the later period stands, else the one that was staged later.

A row without a date never replaces one with a date, and always gives way to one: nobody knows whether it is newer, and
dates are the only order that is the same however files are staged.

An NPI may have an update and no rows: the source has said that it has nothing of this NPI any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from finder.directory.release.row_masks import is_in
from finder.directory.release.tables import LAYER
from finder.intake.layers.layer import Layer, npi_updates


class Update(NamedTuple):
    """How new it is what a layer says of an NPI: updates are ordered by their date, then by the end of their period."""

    as_of: str
    end: str = ""
    period: str = ""


def latest_updates(layer: Layer) -> dict[str, Update]:
    """Return the latest update of every NPI of a layer."""
    latest = _latest(layer.updates)
    of_rows: dict[str, Update] = {}
    for frame in layer.tables.values():
        for npi, as_of in _pairs(frame):
            if npi not in latest and (npi not in of_rows or as_of > of_rows[npi].as_of):
                of_rows[npi] = Update(as_of)
    return latest | of_rows


def older_npis(base: Layer, new_layer: Layer) -> list[str]:
    """Return the sorted NPIs of which ``base`` has something newer than ``new_layer``."""
    before = latest_updates(base)
    return sorted(
        npi for npi, now in latest_updates(new_layer).items() if npi in before and _is_older(now, before[npi])
    )


def update_by_npi(base: Layer, new_layer: Layer) -> tuple[Layer, int]:
    """Put what the new layer says of its NPIs in place of what ``base`` says of them; other NPIs stay.

    Return the layer, and of how many NPIs ``base`` stands because it has something newer.
    """
    older = older_npis(base, new_layer)
    tables = {name: new_layer.tables[name][~is_in(new_layer.tables[name]["npi"], older)] for name in LAYER}
    updates = new_layer.updates[~is_in(new_layer.updates["npi"], older)]
    named = {npi for frame in (*tables.values(), updates) for npi in frame["npi"].unique()}
    base_tables = {name: base.tables[name][~is_in(base.tables[name]["npi"], named)] for name in LAYER}
    base_updates = base.updates[~is_in(base.updates["npi"], named)]
    updated = replace(
        new_layer,
        tables={name: pd.concat([base_tables[name], tables[name]], ignore_index=True) for name in LAYER},
        updates=pd.concat([base_updates, updates], ignore_index=True),
    )
    return updated, len(older)


def settled_updates(layer: Layer) -> pd.DataFrame:
    """Return the updates of a layer as they are stored: the latest of each NPI, sorted by NPI."""
    return npi_updates([(npi, found.as_of, found.period) for npi, found in sorted(_latest(layer.updates).items())])


def _latest(updates: pd.DataFrame) -> dict[str, Update]:
    latest: dict[str, Update] = {}
    for npi, as_of, period in updates.itertuples(index=False):
        update = Update(as_of, period[-10:], period)
        latest[npi] = max(update, latest.get(npi, update))
    return latest


def _is_older(now: Update, before: Update) -> bool:
    earlier_file = now.as_of == before.as_of and now.end != "" and now.end < before.end
    return now.as_of < before.as_of or earlier_file


def _pairs(frame: pd.DataFrame) -> Iterable[tuple[str, str]]:
    return zip(frame["npi"].to_list(), frame["as_of"].to_list(), strict=True)
