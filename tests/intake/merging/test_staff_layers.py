"""Layers of staff: edits override sources until these change, suppressions last through every update."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from finder.directory.release.tables import LAYER, location_key
from finder.intake.publishing.draft_reports import read_changes, read_draft_notices
from finder.intake.publishing.export import export_json
from finder.intake.publishing.publish import publish, published_tables, roll_back
from finder.records.casework.edits import (
    Change,
    conflicts,
    edits_in_force,
    end_edit,
    resolve_conflict,
    save_edits,
    version_of,
)
from finder.records.casework.suppressions import end_suppression, suppress, suppressions_in_force
from finder.records.tables.casework import Edit
from finder.records.tables.data import DraftRecord
from finder.releases.installation import Installation
from tests.fixtures.installation import Stage
from tests.intake.rows import NPIS, answer, evidence, fact, make_layer, place, provider, small_layer

A, B = NPIS[:2]
HOME = location_key("99 Elm Street", "02139")
NOW = datetime(2026, 11, 15, 9, 0, tzinfo=UTC)
PHONE = Change(field="phone", value="6175550111 x12", before="6175550100", location_key=HOME)


def edit(installation: Installation, *changes: Change, npi: str = A) -> None:
    with installation.records.writing() as session:
        save_edits(session, npi, changes, version=version_of(session, npi), by="eva", at=NOW)


def publish_all(installation: Installation, draft: DraftRecord) -> None:
    counts = draft.difference
    publish(
        installation, draft.id, by="ana", confirm_removals=counts["to_confirm"],
        confirm_losses=counts["losses_to_confirm"],
    )  # fmt: skip


def location(installation: Installation, npi: str = A) -> dict[str, object]:
    frame = published_tables(installation)["location"]
    return {str(name): value for name, value in frame[frame["npi"] == npi].iloc[0].items()}


def in_conflict(installation: Installation) -> list[Edit]:
    with installation.records.reading() as session:
        return list(conflicts(session))


@pytest.fixture
def published(installation: Installation, stage: Stage) -> None:
    publish_all(installation, stage(small_layer(30)))


def test_an_edit_is_public_once_it_is_published(installation: Installation, stage: Stage, published: None) -> None:
    edit(installation, PHONE)
    assert location(installation)["phone"] == "6175550100"
    draft = stage()
    assert [(row["npi"], row["field"], row["after"]) for row in read_changes(installation, draft)] == [
        (A, "phone", "6175550111"),
        (A, "phone_extension", "12"),
    ]
    publish_all(installation, draft)
    found = location(installation)
    assert (found["phone"], found["phone_extension"]) == ("6175550111", "12")
    assert (found["phone_source"], found["phone_as_of"]) == ("edits", "2026-11-15")
    assert (found["street"], found["address_source"]) == ("99 Elm Street", "nppes")


@pytest.mark.usefixtures("published")
def test_every_field_can_be_edited(installation: Installation, stage: Stage) -> None:
    address = json.dumps({"street": "5 Oak Road", "city": "Boston", "state": "MA", "zip": "02108"})
    edit(
        installation,
        Change(field="name", value="Ida Q. Example", before=f"Person {A[-3:]}"),
        Change(field="credentials", value="PT, NCS", before=""),
        Change(field="location_name", value="Oak Road Therapy", before="", location_key=HOME),
        Change(field="address", value=address, before="", location_key=HOME),
        Change(field="plan:medicare", value="yes", before=""),
        Change(field="confirmed:neurologic", value="yes", before=""),
        Change(field="fact:neuropathy_type", value="diabetic\nhereditary", before=""),
    )
    publish_all(installation, stage())
    provider_row = json.loads("".join(export_json(published_tables(installation))))["providers"][0]
    assert (provider_row["name"], provider_row["credentials"]) == ("Ida Q. Example", "PT, NCS")
    (where,) = provider_row["location"]
    assert (where["name"], where["street"], where["city"], where["zip"]) == (
        "Oak Road Therapy",
        "5 Oak Road",
        "Boston",
        "02108",
    )
    assert where["latitude"] == pytest.approx(42.357, abs=0.02)
    assert [(row["plan"], row["status"]) for row in provider_row["insurance"]] == [("medicare", "yes")]
    assert {row["kind"] for row in provider_row["specialty"]} == {"confirmed", "taxonomy"}
    assert [row["value"] for row in provider_row["fact"]] == ["diabetic", "hereditary"]


@pytest.mark.usefixtures("published")
def test_an_address_with_a_zip_code_of_another_state_is_placed_in_its_city(
    installation: Installation, stage: Stage
) -> None:
    address = json.dumps({"street": "5 Oak Road", "city": "Boston", "state": "MA", "zip": "85616"})
    edit(installation, Change(field="address", value=address, before="", location_key=HOME))
    publish_all(installation, stage())
    found = location(installation)
    assert (found["geocode_source"], round(float(str(found["latitude"])))) == ("city_centroid", 42)


@pytest.mark.usefixtures("published")
def test_an_edit_survives_the_next_file_of_its_source(installation: Installation, stage: Stage) -> None:
    edit(installation, PHONE)
    publish_all(installation, stage())
    publish_all(installation, stage(small_layer(30, as_of="2026-12-01"), replace=True))
    assert location(installation)["phone_source"] == "edits"
    assert in_conflict(installation) == []


@pytest.mark.usefixtures("published")
def test_a_source_that_changes_under_an_edit_makes_a_conflict_and_the_edit_stands(
    installation: Installation, stage: Stage
) -> None:
    edit(installation, PHONE)
    news = make_layer("nppes", "2026-12-01", provider=[provider(A)], location=[place(A, phone="6175550177")])
    draft = stage(news)
    assert [found.value for found in read_draft_notices(installation, draft) if found.code == "edit_contradicted"] == [
        f"{A}: 6175550177"
    ]
    assert in_conflict(installation) == [], "a draft alone decides nothing"
    publish_all(installation, draft)
    assert location(installation)["phone"] == "6175550111"
    assert [found.conflict_value for found in in_conflict(installation)] == ["6175550177"]


def test_an_answer_for_one_place_over_one_for_every_place_is_no_conflict_until_that_changes(
    installation: Installation, stage: Stage
) -> None:
    says_yes = make_layer("plan_net:alder", insurance=[answer(A)], fact=[fact(A, "telehealth", "yes")])
    publish_all(installation, stage(small_layer(30), says_yes))
    edit(
        installation,
        Change(field="plan:medicare", value="no", before="yes", location_key=HOME),
        Change(field="fact:telehealth", value="no", before="yes", location_key=HOME),
    )
    publish_all(installation, stage())
    assert in_conflict(installation) == []
    unsure = make_layer("plan_net:alder", "2026-12-01", complete=True, insurance=[answer(A, status="unknown")])
    publish_all(installation, stage(unsure))
    assert {found.field: found.conflict_value for found in in_conflict(installation)} == {
        "plan:medicare": "unknown",
        "fact:telehealth": "",
    }


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(("keep", "phone"), [(True, "6175550111"), (False, "6175550177")])
def test_a_conflict_is_resolved(installation: Installation, stage: Stage, keep: bool, phone: str) -> None:
    edit(installation, PHONE)
    news = make_layer("nppes", "2026-12-01", provider=[provider(A)], location=[place(A, phone="6175550177")])
    publish_all(installation, stage(news))
    with installation.records.writing() as session:
        resolve_conflict(session, conflicts(session)[0].id, keep=keep, by="eva")
    publish_all(installation, stage())
    assert location(installation)["phone"] == phone
    assert in_conflict(installation) == []


@pytest.mark.usefixtures("published")
def test_a_source_that_comes_to_agree_is_no_conflict(installation: Installation, stage: Stage) -> None:
    edit(installation, PHONE)
    agrees = place(A, phone="6175550111", phone_extension="12")
    publish_all(installation, stage(make_layer("nppes", "2026-12-01", provider=[provider(A)], location=[agrees])))
    assert in_conflict(installation) == []


@pytest.mark.usefixtures("published")
def test_an_address_that_moves_away_under_an_edit_is_a_conflict(installation: Installation, stage: Stage) -> None:
    edit(installation, PHONE)
    moved = make_layer("nppes", "2026-12-01", provider=[provider(A)], location=[place(A, "1 Pine Street")])
    publish_all(installation, stage(moved))
    assert [found.conflict_value for found in in_conflict(installation)] == [""]
    assert location(installation)["street"] == "1 Pine Street", "an edited number alone is no place"


@pytest.mark.usefixtures("published")
def test_ending_an_edit_goes_back_to_the_source(installation: Installation, stage: Stage) -> None:
    edit(installation, PHONE)
    publish_all(installation, stage())
    with installation.records.writing() as session:
        end_edit(session, edits_in_force(session)[0].id, by="eva")
    publish_all(installation, stage())
    assert location(installation)["phone_source"] == "nppes"


@pytest.mark.usefixtures("published")
def test_an_edit_of_an_unlisted_provider_adds_no_provider(installation: Installation, stage: Stage) -> None:
    edit(installation, Change(field="name", value="Nobody", before=""), npi="2999999999")
    assert stage().difference["added"] == 0


@pytest.mark.usefixtures("published")
def test_a_suppression_outlives_every_refresh(installation: Installation, stage: Stage) -> None:
    with installation.records.writing() as session:
        suppress(session, A, reason="home address", by="eva", at=NOW)
    publish_all(installation, stage())
    publish_all(installation, stage(small_layer(30, as_of="2027-01-01"), small_layer(5, "clinicians"), replace=True))
    tables = published_tables(installation)
    assert all(A not in set(tables[name]["npi"]) for name in LAYER)
    with installation.records.writing() as session:
        end_suppression(session, suppressions_in_force(session)[0].id, by="eva")
    publish_all(installation, stage())
    assert A in set(published_tables(installation)["provider"]["npi"])


@pytest.mark.usefixtures("published")
def test_one_location_can_be_suppressed(installation: Installation, stage: Stage) -> None:
    publish_all(
        installation, stage(make_layer("clinicians", location=[place(A, "1 Pine Street"), place(A, "99 Elm St #4")]))
    )
    with installation.records.writing() as session:
        suppress(session, A, location_key=HOME, reason="home address", by="eva", at=NOW)
    publish_all(installation, stage())
    tables = published_tables(installation)
    assert "99 Elm Street" not in set(tables["location"].loc[tables["location"]["npi"] == A, "street"])
    assert A in set(tables["provider"]["npi"])


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("suppressed", "returns_as"), [("99 Elm St Ste 4", "99 Elm Street"), ("99 Elm St", "99 ELM ST STE 4")]
)
def test_a_suppressed_location_stays_away_under_another_spelling(
    installation: Installation, stage: Stage, suppressed: str, returns_as: str
) -> None:
    with installation.records.writing() as session:
        suppress(session, A, location_key=location_key(suppressed, "02139"), reason="home address", by="eva", at=NOW)
    publish_all(
        installation, stage(make_layer("nppes", "2027-01-01", provider=[provider(A)], location=[place(A, returns_as)]))
    )
    tables = published_tables(installation)
    assert A in set(tables["provider"]["npi"])
    assert A not in set(tables["location"]["npi"])


@pytest.mark.usefixtures("published")
def test_rolling_back_never_brings_a_suppressed_listing_back(installation: Installation, stage: Stage) -> None:
    publish_all(installation, stage(make_layer("nppes", "2026-11-08", provider=[provider(B, "New Name")])))
    with installation.records.writing() as session:
        suppress(session, A, reason="home address", by="eva", at=NOW)
    roll_back(installation, by="ben")
    tables = published_tables(installation)
    assert A not in set(tables["provider"]["npi"])
    assert len(tables["provider"]) == 29
    assert dict(zip(tables["provider"]["npi"], tables["provider"]["name"], strict=True))[B] == f"Person {B[-3:]}"


@pytest.mark.usefixtures("published")
def test_two_rollbacks_go_back_two_releases_with_a_suppression_between(
    installation: Installation, stage: Stage
) -> None:
    publish_all(installation, stage(make_layer("nppes", "2026-11-08", provider=[provider(B, "Second")])))
    publish_all(installation, stage(make_layer("nppes", "2026-11-09", provider=[provider(B, "Third")])))
    with installation.records.writing() as session:
        suppress(session, A, reason="home address", by="eva", at=NOW)
    roll_back(installation, by="ben")
    assert named(installation, B) == "Second"
    roll_back(installation, by="ben")
    assert named(installation, B) == f"Person {B[-3:]}"
    assert A not in set(published_tables(installation)["provider"]["npi"])


def test_an_excluded_person_is_not_listed(installation: Installation, stage: Stage) -> None:
    publish_all(installation, stage(small_layer(30)))
    draft = stage(make_layer("leie", provider=[{"npi": A, "status": "excluded"}]))
    assert draft.difference["removed"] == 1
    assert draft.manifest["unlisted"] == {"excluded": 1}


def test_sudden_drops_old_files_and_wrong_values_are_reported(installation: Installation, stage: Stage) -> None:
    publish_all(installation, stage(small_layer(40)))
    bad = make_layer(
        "nppes",
        "2026-10-01",
        provider=[provider(A)],
        location=[place(A, zip="02139", state="TX", phone="12")],
        specialty=[evidence(A)],
        fact=[fact(A, "gender", "F")],
    )
    draft = stage(bad, replace=True)
    codes = set(draft.notice_counts)
    assert {"older_than_published", "source_shrank", "count_dropped", "zip_not_in_state", "phone_invalid"} <= codes
    future = stage(make_layer("nppes", "2027-02-01", provider=[provider(A)]))
    assert "date_in_future" in future.notice_counts


def test_replacing_the_sample_is_no_sudden_drop(installation: Installation, stage: Stage) -> None:
    publish_all(installation, stage(small_layer(40, "sample")))
    draft = stage(small_layer(2))
    assert draft.difference["removed"] == 38, "the sample goes"
    assert not {"source_shrank", "count_dropped"} & set(draft.notice_counts)


def named(installation: Installation, npi: str) -> str:
    frame = published_tables(installation)["provider"]
    return str(frame.set_index("npi")["name"][npi])
