"""Correct or drop a faulty row of a draft: a corrected row leads to a new draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from finder.directory.release.row_masks import is_in
from finder.directory.release.tables import LAYER
from finder.errors import FinderError
from finder.intake.layers.files import sort_rows
from finder.intake.layers.layer import Layer, table
from finder.intake.layers.stack import SAMPLE, Stack, count_providers
from finder.intake.merging.candidate import build_candidate
from finder.intake.publishing.draft_reports import read_draft_notices
from finder.intake.publishing.stage import DraftOrigin, store_candidate
from finder.intake.sources.registry import read_file
from finder.intake.sources.staff import staff_csv
from finder.notices.notices import Notice, Severity
from finder.places.gazetteer import Gazetteer
from finder.records.casework.faulty_rows import close_faulty_row, get_faulty_row, move_faulty_rows
from finder.records.drafts import BaseChanged, DraftClosed, add_draft, discard_draft, get_draft
from finder.records.releases import current_release
from finder.records.tables.data import DraftRecord, FaultyRowRecord, ReleaseRecord
from finder.releases.installation import Installation
from finder.releases.store import scratch
from finder.spreadsheet import csv_lines


class StillFaulty(FinderError):
    """Something is still wrong in this row. Each finding says what and where."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        super().__init__()
        self.notices = tuple(notices)


def correct_row(
    installation: Installation, row_id: int, cells: Mapping[str, str], *, by: str, gazetteer: Gazetteer
) -> DraftRecord:
    """Merge a corrected row into a new draft that replaces the one of the faulty row.

    ``cells`` are the corrected cells by column. Raises StillFaulty, UnknownFaultyRow, DraftClosed, BaseChanged; then
    nothing changes.
    """
    faulty_row, draft, base = _open_draft(installation, row_id)
    stack = Stack.of_release(draft.manifest, installation.store)
    before = Stack.of_release(base.manifest if base else None, installation.store)
    as_faulty = _read_row(installation, faulty_row.cells, stack, gazetteer, draft)
    layer = _read_row(installation, {**faulty_row.cells, **cells}, stack, gazetteer, draft)
    if problems := [notice for notice in layer.notices if notice.severity is not Severity.INFO]:
        raise StillFaulty(problems)
    layer = _merge_with_file(layer, as_faulty, stack, before)
    position = (faulty_row.file, faulty_row.row)
    origin = DraftOrigin(
        files=draft.files,
        rows=draft.rows,
        providers=draft.providers + _count_new_providers(stack, layer),
        notices=[notice for notice in read_draft_notices(installation, draft) if (notice.file, notice.row) != position],
    )
    candidate = build_candidate(installation, [layer], base=base, stack=stack, complete=False, gazetteer=gazetteer)
    new_draft = store_candidate(installation, candidate, origin, base)
    with installation.records.writing(patient=True) as session:
        close_faulty_row(session, row_id, "corrected", by=by)
        renewed = add_draft(session, new_draft, by=draft.staged_by)
        move_faulty_rows(session, draft.id, renewed.id)
        discard_draft(session, draft.id, by=by)
    return renewed


def drop_row(installation: Installation, row_id: int, *, by: str) -> None:
    """Drop a faulty row, so that it stays out. Raises UnknownFaultyRow."""
    with installation.records.writing() as session:
        close_faulty_row(session, row_id, "dropped", by=by)


def _open_draft(installation: Installation, row_id: int) -> tuple[FaultyRowRecord, DraftRecord, ReleaseRecord | None]:
    with installation.records.reading() as session:
        faulty_row = get_faulty_row(session, row_id)
        draft, base = get_draft(session, faulty_row.draft_id), current_release(session)
    if draft.state == "stale" or (draft.state == "staged" and draft.base_id != (base.id if base else None)):
        raise BaseChanged
    if draft.state != "staged":
        raise DraftClosed
    return faulty_row, draft, base


def _read_row(
    installation: Installation, cells: Mapping[str, str], stack: Stack, gazetteer: Gazetteer, draft: DraftRecord
) -> Layer:
    """Read a row as a file with one line and the date of its original file."""
    real, staff = stack.without(SAMPLE), stack.layers.get(staff_csv.SOURCE)
    with scratch(installation.work) as folder:
        path = folder / "corrected.csv"
        path.write_text(csv_lines([list(cells), list(cells.values())]), encoding="utf-8", newline="")
        (layer,) = read_file(
            [path],
            source=staff_csv.SOURCE,
            as_of=staff.as_of if staff else draft.staged_at.date(),
            known_npis=real.npis,
            known_plans=real.plans,
            gazetteer=gazetteer,
        )
    return layer


def _merge_with_file(layer: Layer, as_faulty: Layer, stack: Stack, before: Stack) -> Layer:
    """Merge a corrected row with the other rows that its file has for the same provider.

    It replaces what was read from it while it was faulty. Where it is the only row of the provider in the file, it
    replaces all earlier rows of staff for the provider.
    """
    npis = list(layer.tables["provider"]["npi"])
    now, earlier = _rows_of(stack, npis), _rows_of(before, npis)
    own_keys = as_faulty.tables["location"]["location_key"]
    others = {
        name: frame[~is_in(frame["location_key"], own_keys)] if "location_key" in frame else frame
        for name, frame in now.items()
    }
    if others["location"].empty or all(now[name].equals(earlier[name]) for name in LAYER):
        return layer
    tables = {name: pd.concat([others[name], layer.tables[name]], ignore_index=True) for name in LAYER}
    return replace(layer, tables=tables | {"provider": now["provider"]})


def _rows_of(stack: Stack, npis: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return the sorted rows of some providers in the staff layer of a stack."""
    staff = stack.layers.get(staff_csv.SOURCE)
    tables = staff.tables if staff else {name: table(name) for name in LAYER}
    return {name: sort_rows(frame[is_in(frame["npi"], npis)]) for name, frame in tables.items()}


def _count_new_providers(stack: Stack, layer: Layer) -> int:
    """Return the number of providers (0 or 1) of a row that the draft's staff layer does not have."""
    staff = stack.layers.get(staff_csv.SOURCE)
    known = set(staff.tables["provider"]["npi"]) if staff else set()
    return count_providers([layer]) if not known & set(layer.tables["provider"]["npi"]) else 0
