"""Correcting a row in place: what becomes of a draft when a row that waits beside it is mended, or given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from finder.directory.release.row_masks import among
from finder.directory.release.tables import LAYER
from finder.errors import FinderError
from finder.intake.layers.files import in_order
from finder.intake.layers.layer import Layer, table
from finder.intake.layers.stack import SAMPLE, Stack, named_npis
from finder.intake.merging.candidate import prepare
from finder.intake.publishing.draft_reports import read_draft_notices
from finder.intake.publishing.stage import Origin, store_candidate
from finder.intake.sources.registry import read_file
from finder.intake.sources.staff import staff_csv
from finder.notices.notices import Notice, Severity
from finder.places.gazetteer import Gazetteer
from finder.records.casework.faulty_rows import close_waiting_row, get_waiting_row, move_waiting_rows
from finder.records.drafts import BaseChanged, DraftClosed, add_draft, discard_draft, get_draft
from finder.records.releases import current_release
from finder.records.tables.data import DraftRecord, ReleaseRecord, WaitingRow
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
    """Take a row as it is corrected, into a draft that takes the place of the one beside which it waited.

    Raises StillFaulty, UnknownWaitingRow, DraftClosed, BaseChanged; then everything stays as it was.
    """
    waiting, draft, base = _open(installation, row_id)
    stack = Stack.of_release(draft.manifest, installation.store)
    before = Stack.of_release(base.manifest if base else None, installation.store)
    faulty = _read(installation, waiting.cells, stack, gazetteer, draft)
    layer = _read(installation, {**waiting.cells, **cells}, stack, gazetteer, draft)
    if wrong := [notice for notice in layer.notices if notice.severity is not Severity.INFO]:
        raise StillFaulty(wrong)
    layer = _beside(layer, faulty, stack, before)
    place = (waiting.file, waiting.row)
    origin = Origin(
        files=draft.files,
        rows=draft.rows,
        providers=draft.providers + _newcomers(stack, layer),
        notices=[notice for notice in read_draft_notices(installation, draft) if (notice.file, notice.row) != place],
    )
    made = prepare(installation, [layer], base=base, stack=stack, whole=False, gazetteer=gazetteer)
    candidate = store_candidate(installation, made, origin, base)
    with installation.records.writing() as session:
        close_waiting_row(session, row_id, "corrected", by=by)
        renewed = add_draft(session, candidate, by=draft.staged_by)
        move_waiting_rows(session, draft.id, renewed.id)
        discard_draft(session, draft.id, by=by)
    return renewed


def drop_row(installation: Installation, row_id: int, *, by: str) -> None:
    """Give a row up: it stays out. Raises UnknownWaitingRow."""
    with installation.records.writing() as session:
        close_waiting_row(session, row_id, "dropped", by=by)


def _open(installation: Installation, row_id: int) -> tuple[WaitingRow, DraftRecord, ReleaseRecord | None]:
    with installation.records.reading() as session:
        waiting = get_waiting_row(session, row_id)
        draft, base = get_draft(session, waiting.draft_id), current_release(session)
    if draft.state == "stale" or (draft.state == "staged" and draft.base_id != (base.id if base else None)):
        raise BaseChanged
    if draft.state != "staged":
        raise DraftClosed
    return waiting, draft, base


def _read(
    installation: Installation, cells: Mapping[str, str], stack: Stack, gazetteer: Gazetteer, draft: DraftRecord
) -> Layer:
    """Read a row as a file of one line, of the date of its file."""
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


def _beside(layer: Layer, faulty: Layer, stack: Stack, before: Stack) -> Layer:
    """Put a row beside the others that its file has of the same provider, in place of what it said while faulty.

    Where it is the only one, it takes the place of all that staff said of the provider before.
    """
    npis = list(layer.tables["provider"]["npi"])
    now, once = _rows_of(stack, npis), _rows_of(before, npis)
    mine = faulty.tables["location"]["location_key"]
    others = {
        name: frame[~among(frame["location_key"], mine)] if "location_key" in frame else frame
        for name, frame in now.items()
    }
    if others["location"].empty or all(now[name].equals(once[name]) for name in LAYER):
        return layer
    tables = {name: pd.concat([others[name], layer.tables[name]], ignore_index=True) for name in LAYER}
    return replace(layer, tables=tables | {"provider": now["provider"]})


def _rows_of(stack: Stack, npis: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Give what the staff file of a stack says of some providers, in one order."""
    staff = stack.layers.get(staff_csv.SOURCE)
    tables = staff.tables if staff else {name: table(name) for name in LAYER}
    return {name: in_order(frame[among(frame["npi"], npis)]) for name, frame in tables.items()}


def _newcomers(stack: Stack, layer: Layer) -> int:
    """How many providers a row names that the draft's staff file did not."""
    staff = stack.layers.get(staff_csv.SOURCE)
    known = set(staff.tables["provider"]["npi"]) if staff else set()
    return named_npis([layer]) if not known & set(layer.tables["provider"]["npi"]) else 0
