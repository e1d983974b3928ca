"""Faulty rows of a staff CSV: set aside with the draft, then corrected or dropped."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from finder.intake.cleaning.fields import check_digit
from finder.intake.publishing.draft_reports import read_draft_notices
from finder.intake.publishing.publish import publish, published_tables
from finder.intake.publishing.stage import StageRequest, stage
from finder.intake.staff_table.correct_rows import StillFaulty, correct_row, drop_row
from finder.places.gazetteer import Gazetteer
from finder.records.casework.faulty_rows import UnknownFaultyRow, list_faulty_rows
from finder.records.drafts import BaseChanged, get_draft
from finder.records.tables.data import DraftRecord, FaultyRowRecord
from finder.releases.installation import Installation

A, B, C = (nine + check_digit(nine) for nine in ("200000001", "200000002", "200000003"))
GOOD = {
    "npi": A, "entity": "individual", "first_name": "Ida", "last_name": "Example", "taxonomy_codes": "2251N0400X",
    "street": "99 Elm St", "city": "Cambridge", "state": "MA", "zip": "02139", "phone": "6175550100",
    "insurance_yes": "medicare", "verified_on": "2026-11-01",
}  # fmt: skip


def write_csv(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(GOOD))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def draft(installation: Installation, tmp_path: Path) -> DraftRecord:
    """A draft of a good row, one with an invalid NPI, and one with an unknown plan."""
    path = write_csv(
        tmp_path / "november.csv",
        GOOD,
        GOOD | {"npi": B[:-1] + str((int(B[-1]) + 1) % 10), "last_name": "Wrong"},
        GOOD | {"npi": C, "last_name": "Third", "insurance_yes": "no-such-plan"},
    )
    return stage(installation, StageRequest(paths=[path], by="eva"))


def faulty_rows(installation: Installation, draft_id: int) -> list[FaultyRowRecord]:
    with installation.records.reading() as session:
        return list(list_faulty_rows(session, draft_id))


def test_faulty_rows_are_set_aside_and_good_ones_staged(installation: Installation, draft: DraftRecord) -> None:
    assert draft.difference["added"] == 2
    npi_row, plan_row = faulty_rows(installation, draft.id)
    assert (npi_row.row, npi_row.cells["last_name"]) == (2, "Wrong")
    assert [found["code"] for found in npi_row.findings] == ["npi_invalid"]
    assert (plan_row.row, [found["code"] for found in plan_row.findings]) == (3, ["plan_unknown"])


def test_a_corrected_row_joins_the_draft(installation: Installation, draft: DraftRecord, gazetteer: Gazetteer) -> None:
    npi_row, plan_row = faulty_rows(installation, draft.id)
    renewed = correct_row(installation, npi_row.id, {"npi": B}, by="eva", gazetteer=gazetteer)
    assert (renewed.difference["added"], renewed.providers, renewed.files) == (3, 3, ["november.csv"])
    assert "npi_invalid" not in renewed.notice_counts
    assert "plan_unknown" in {notice.code for notice in read_draft_notices(installation, renewed)}
    assert [row.id for row in faulty_rows(installation, renewed.id)] == [plan_row.id]
    final = correct_row(installation, plan_row.id, {"insurance_yes": "tricare"}, by="eva", gazetteer=gazetteer)
    assert faulty_rows(installation, final.id) == []
    with installation.records.reading() as session:
        states = [get_draft(session, one.id).state for one in (draft, renewed, final)]
    assert states == ["discarded", "discarded", "staged"]
    publish(installation, final.id, by="ana")
    tables = published_tables(installation)
    assert sorted(tables["provider"]["npi"]) == sorted([A, B, C])
    assert set(tables["insurance"].loc[tables["insurance"]["npi"] == C, "plan"]) == {"tricare"}


def test_a_row_that_is_still_wrong_changes_nothing(
    installation: Installation, draft: DraftRecord, gazetteer: Gazetteer
) -> None:
    npi_row, _ = faulty_rows(installation, draft.id)
    with pytest.raises(StillFaulty) as refused:
        correct_row(installation, npi_row.id, {"npi": B[:-1] + "x", "zip": "2"}, by="eva", gazetteer=gazetteer)
    assert "npi_invalid" in {notice.code for notice in refused.value.notices}
    assert len(faulty_rows(installation, draft.id)) == 2


def test_a_corrected_second_place_of_a_provider_keeps_the_first(
    installation: Installation, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "two.csv", GOOD, GOOD | {"street": "5 Oak Rd", "zip": "99999"})
    made = stage(installation, StageRequest(paths=[path], by="eva"))
    (row,) = faulty_rows(installation, made.id)
    renewed = correct_row(installation, row.id, {"zip": "02140"}, by="eva", gazetteer=gazetteer)
    publish(installation, renewed.id, by="ana")
    assert sorted(published_tables(installation)["location"]["street"]) == ["5 Oak Rd", "99 Elm St"]


def test_a_dropped_row_is_not_listed_any_more(
    installation: Installation, draft: DraftRecord, gazetteer: Gazetteer
) -> None:
    npi_row, _ = faulty_rows(installation, draft.id)
    drop_row(installation, npi_row.id, by="eva")
    assert len(faulty_rows(installation, draft.id)) == 1
    with pytest.raises(UnknownFaultyRow):
        correct_row(installation, npi_row.id, {"npi": B}, by="eva", gazetteer=gazetteer)


def test_a_row_beside_a_draft_that_is_stale_cannot_be_corrected(
    installation: Installation, draft: DraftRecord, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    request = StageRequest(paths=[write_csv(tmp_path / "other.csv", GOOD)], by="ben")
    other = stage(installation, request)
    npi_row, _ = faulty_rows(installation, draft.id)
    publish(installation, other.id, by="ana")
    with pytest.raises(BaseChanged):
        correct_row(installation, npi_row.id, {"npi": B}, by="eva", gazetteer=gazetteer)
