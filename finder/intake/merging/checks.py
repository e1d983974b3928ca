"""Checks of a candidate release after the merge: what single rows and single files cannot show.

Every finding is a notice of the draft; none stops it, as a person decides. The valid form of values is described with
pandera in ``finder.intake.layers.schemas``; each check there is named by the code of its notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from finder.directory.release.row_masks import is_in
from finder.directory.release.tables import LAYER
from finder.intake.layers.layer import Layer
from finder.intake.layers.schemas import failures
from finder.intake.layers.stack import SAMPLE, Stack
from finder.intake.merging.plan_checks import check_plans
from finder.notices.notices import Findings, Notice
from finder.places.gazetteer import Gazetteer
from finder.records.tables.casework import Edit

Tables = Mapping[str, pd.DataFrame]

CANDIDATE = "candidate"
"""The ``file`` of notices on the merged data."""

SUDDEN_DROP = 0.8
"""A count that falls below this share of its earlier value gets a notice."""

FEWEST_TO_COMPARE = 20
"""Counts below this vary by chance and are not compared."""


def check(
    *,
    left_out: Mapping[str, int],
    base: Stack,
    stack: Stack,
    before: Tables | None,
    after: Tables,
    changed_npis: Sequence[str],
    new_layers: Sequence[Layer],
    conflicts: Mapping[Edit, str],
    gazetteer: Gazetteer,
    today: date,
) -> list[Notice]:
    """Compare a candidate with the release that it would replace; return the notices.

    ``left_out`` are the numbers of NPIs, by source, that were left as they are; ``changed_npis`` are the NPIs that are
    added or changed. Real data are not compared with the fictional sample.
    """
    found = Findings(CANDIDATE)
    _older_files(found, base, new_layers)
    for source, count in left_out.items():
        found.add("newer_kept", value=source, count=count)
    check_plans(found, base, stack, new_layers)
    _shrunken_sources(found, base, stack)
    if before is not None and SAMPLE not in base.layers:
        _shrunken_counts(found, before, after)
    for edit, value in conflicts.items():
        found.add("edit_contradicted", column=edit.field, value=f"{edit.npi}: {value}")
    already_reported = {(notice.code, notice.value) for layer in new_layers for notice in layer.notices}
    for code, table, column, value in failures(_rows_of_npis(after, changed_npis), gazetteer, today):
        if (code, value) not in already_reported:
            found.add(code, column=f"{table}.{column}", value=value)
    return found.notices()


def _rows_of_npis(tables: Tables, npis: Sequence[str]) -> Tables:
    """Return the rows of the providers that are added or changed; the others were checked before."""
    return {name: tables[name][is_in(tables[name]["npi"], npis)] for name in LAYER}


def _older_files(found: Findings, base: Stack, new_layers: Sequence[Layer]) -> None:
    """Report layers that are older than the published layer of their source."""
    for layer in new_layers:
        published = base.layers.get(layer.source)
        if published and layer.as_of < published.as_of:
            found.add(
                "older_than_published", value=f"{layer.source}: {layer.as_of}", published=published.as_of.isoformat()
            )


def _shrunken_sources(found: Findings, base: Stack, stack: Stack) -> None:
    for source, layer in base.layers.items():
        if source in stack.layers:
            was, now = (each.tables["provider"]["npi"].nunique() for each in (layer, stack.layers[source]))
            _report_drop(found, "source_shrank", source, was, now)


def _shrunken_counts(found: Findings, before: Tables, after: Tables) -> None:
    """Report a sudden drop of listings in a state, evidence of a kind, answers on a plan, or telephone numbers."""
    counts = {
        "listings in {}": ("location", "state"),
        "evidence for {}": ("specialty", "facet"),
        "answers on {}": ("insurance", "plan"),
    }
    for label, (table, column) in counts.items():
        was, now = (tables[table][column].value_counts() for tables in (before, after))
        for value in sorted(was.index):
            _report_drop(found, "count_dropped", label.format(value), int(was[value]), int(now.get(value, 0)))
    with_phone = [int((tables["location"]["phone"] != "").sum()) for tables in (before, after)]
    _report_drop(found, "count_dropped", "telephone numbers", *with_phone)


def _report_drop(found: Findings, code: str, what: str, was: int, now: int) -> None:
    if was >= FEWEST_TO_COMPARE and now < was * SUDDEN_DROP:
        found.add(code, value=what, was=was, now=now)
