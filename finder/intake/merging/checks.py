"""Checks of a candidate as a whole, after the merge: what single rows and single files cannot show.

Every finding is a notice of the draft; none stops it, as a person decides. The form of values is described with
pandera in ``table_schemas``; each check there is named by the code of its notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from finder.directory.release.row_masks import among
from finder.directory.release.tables import LAYER
from finder.intake.layers.layer import Layer
from finder.intake.layers.schemas import failures
from finder.intake.layers.stack import SAMPLE, Stack
from finder.notices.notices import Findings, Notice
from finder.places.gazetteer import Gazetteer
from finder.records.tables.casework import Edit

Tables = Mapping[str, pd.DataFrame]

CANDIDATE = "candidate"
"""The ``file`` of notices on the merged data."""

SUDDEN = 0.8
"""A count that falls below this share of what it was is told."""

FEWEST = 20
"""Counts below this one go up and down by chance."""


def check(
    *,
    base: Stack,
    stack: Stack,
    before: Tables | None,
    after: Tables,
    fresh: Sequence[str],
    news: Sequence[Layer],
    conflicts: Mapping[Edit, str],
    gazetteer: Gazetteer,
    today: date,
) -> list[Notice]:
    """Look at a candidate beside the release that it would replace; ``fresh`` are the NPIs that come or change.

    Beside the made-up sample nothing has shrunk: real data do not continue it, they take its place.
    """
    found = Findings(CANDIDATE)
    _older_files(found, base, news)
    _shrunken_sources(found, base, stack)
    if before is not None and SAMPLE not in base.layers:
        _shrunken_counts(found, before, after)
    for edit, value in conflicts.items():
        found.add("edit_contradicted", column=edit.field, value=f"{edit.npi}: {value}")
    told = {(notice.code, notice.value) for layer in news for notice in layer.notices}
    for code, table, column, value in failures(_of_fresh(after, fresh), gazetteer, today):
        if (code, value) not in told:
            found.add(code, column=f"{table}.{column}", value=value)
    return found.notices()


def _of_fresh(tables: Tables, fresh: Sequence[str]) -> Tables:
    """The rows of the providers that come or change: what was published before was told before."""
    return {name: tables[name][among(tables[name]["npi"], fresh)] for name in LAYER}


def _older_files(found: Findings, base: Stack, news: Sequence[Layer]) -> None:
    """A file that is older than what is published of its source takes people back in time."""
    for layer in news:
        published = base.layers.get(layer.source)
        if published and layer.as_of < published.as_of:
            found.add(
                "older_than_published", value=f"{layer.source}: {layer.as_of}", published=published.as_of.isoformat()
            )


def _shrunken_sources(found: Findings, base: Stack, stack: Stack) -> None:
    for source, layer in base.layers.items():
        if source in stack.layers:
            was, now = (one.tables["provider"]["npi"].nunique() for one in (layer, stack.layers[source]))
            _tell_drop(found, "source_shrank", source, was, now)


def _shrunken_counts(found: Findings, before: Tables, after: Tables) -> None:
    """Tell a sudden fall of listings in a state, of evidence of a kind, of answers on a plan, of telephone numbers."""
    counts = {
        "listings in {}": ("location", "state"),
        "evidence for {}": ("specialty", "facet"),
        "answers on {}": ("insurance", "plan"),
    }
    for label, (table, column) in counts.items():
        was, now = (tables[table][column].value_counts() for tables in (before, after))
        for value in sorted(was.index):
            _tell_drop(found, "count_dropped", label.format(value), int(was[value]), int(now.get(value, 0)))
    with_phone = [int((tables["location"]["phone"] != "").sum()) for tables in (before, after)]
    _tell_drop(found, "count_dropped", "telephone numbers", *with_phone)


def _tell_drop(found: Findings, code: str, what: str, was: int, now: int) -> None:
    if was >= FEWEST and now < was * SUDDEN:
        found.add(code, value=what, was=was, now=now)
