"""The stored reports of a draft: its notices and its changes, all of them or one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from finder.intake.layers.files import read_notices
from finder.notices.notices import Notice
from finder.records.tables.data import DraftRecord
from finder.releases.installation import Installation

LOST_ANSWERS = "lost"
"""In place of a field: the answers on insurance that were a yes and are none any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFilter:
    """Criteria for changes; an empty text matches everything. ``text`` is part of a name or the start of an NPI.

    ``field`` is the name of one field, or ``LOST_ANSWERS``.
    """

    change: str = ""
    field: str = ""
    text: str = ""


def read_draft_notices(installation: Installation, draft: DraftRecord) -> Iterator[Notice]:
    """Return every notice of a draft."""
    return read_notices(installation.store.verify("notices", draft.notices_file))


def read_changes(installation: Installation, draft: DraftRecord) -> Iterator[dict[str, str]]:
    """Yield every change that a draft makes, ordered by NPI, a few thousand at a time in memory."""
    with pq.ParquetFile(installation.store.verify("changes", draft.changes_file)) as file:
        for batch in file.iter_batches(batch_size=5_000):
            yield from batch.to_pylist()


def page_of_changes(
    installation: Installation, draft: DraftRecord, change_filter: ChangeFilter, *, limit: int = 50, offset: int = 0
) -> tuple[int, Sequence[dict[str, str]]]:
    """Return the number of changes that match a filter, and one page of them."""
    changes = ds.dataset(installation.store.local("changes", draft.changes_file), format="parquet")
    condition = pc.scalar(True)
    if change_filter.change:
        condition = condition & (ds.field("change") == change_filter.change)
    if change_filter.field == LOST_ANSWERS:
        condition = condition & _is_lost_answer()
    elif change_filter.field:
        condition = condition & (ds.field("field") == change_filter.field)
    if change_filter.text:
        contains = pc.match_substring(ds.field("name"), change_filter.text, ignore_case=True)
        condition = condition & (contains | pc.starts_with(ds.field("npi"), change_filter.text))
    total = changes.count_rows(filter=condition)
    rows = changes.scanner(filter=condition, use_threads=False).to_table().slice(offset, limit)
    return total, rows.to_pylist()


def _is_lost_answer() -> pc.Expression:
    """Return the condition of a change from a yes to anything else about a plan."""
    was_yes, is_yes = (pc.starts_with(ds.field(side), "yes") for side in ("before", "after"))
    return pc.starts_with(ds.field("field"), "insurance ") & was_yes & ~is_yes
