"""The cases that the first version got wrong, staged and published as their notes say; see ``../shared/cases``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from finder.directory.plans.answers import at_location
from finder.directory.provider import Provider
from finder.directory.release.release import Release
from finder.directory.search import Directory
from finder.intake.publishing.publish import publish
from finder.intake.publishing.stage import StageRequest, stage
from finder.releases.installation import Installation

pytestmark = pytest.mark.shared

TODAY = date(2026, 11, 30)

PEOPLE = "npidata_pfile_20050523-20261010.csv"

ONE, TWO, THREE, FOUR = "1400000018", "1400000026", "1400000034", "1400000042"


@pytest.fixture
def cases(shared_data: Path) -> Path:
    folder = shared_data.parent / "cases"
    if not folder.is_dir():
        pytest.skip("the cases are not here")
    return folder


def put_out(installation: Installation, cases: Path, case: str, *stages: str) -> Directory:
    """Stage and publish the files of a case, one set of names after another; return the directory of the day."""
    (folder,) = cases.glob(f"{case}-*/")
    for names in stages:
        paths = [folder / name for name in names.split()]
        draft = stage(installation, StageRequest(paths=paths, by="ana"))
        counts = draft.difference
        publish(
            installation, draft.id, by="bo", confirm_removals=counts["to_confirm"],
            confirm_losses=counts["losses_to_confirm"],
        )  # fmt: skip
    return Directory(Release.open(installation.published_file()), TODAY)


def person(directory: Directory, npi: str) -> Provider:
    found = directory.provider(npi)
    assert found is not None
    return found


def accepted(directory: Directory, npi: str) -> set[str]:
    """Return the keys of what somebody takes on the day, at any place."""
    provider = person(directory, npi)
    keys = [place.location_key for place in provider.locations]
    return {one.plan for key in keys for one in at_location(provider.insurance, key, TODAY) if one.status == "yes"}


def prices(directory: Directory, npi: str) -> dict[str, str]:
    facts = person(directory, npi).facts
    return {fact.field.rpartition(":")[2]: fact.value for fact in facts if fact.field.startswith("negotiated_rate:")}


def streets(directory: Directory, npi: str) -> set[str]:
    return {place.street for place in person(directory, npi).locations}


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("2026-10-01_A.json", "2026-10-02_B.json", {"Alder Health A", "Birch Health B"}),
        (
            "marketplace-1_providers_2026-10-01.json",
            "marketplace-2_providers_2026-10-02.json",
            {"Plan 11111MA0010001", "Plan 22222MA0020002"},
        ),
        ("plannet-1_2026-10-01.json", "plannet-2_2026-10-02.json", {"Alpha Net", "Beta Net"}),
    ],
)
def test_01_a_second_payer_leaves_the_first(
    installation: Installation, cases: Path, first: str, second: str, names: set[str]
) -> None:
    directory = put_out(installation, cases, "01", PEOPLE, first, second)
    assert {directory.plans.name(key) for key in accepted(directory, ONE)} == names


def test_02_ids_of_two_servers_never_meet(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "02", PEOPLE, "2026-10-01_pa.json 2026-10-01_pb.json")
    assert {directory.plans.name(key) for key in accepted(directory, ONE)} == {"Anet"}
    assert {directory.plans.name(key) for key in accepted(directory, TWO)} == {"Bnet"}
    assert ("1 A St" in streets(directory, ONE), "2 B St" in streets(directory, TWO)) == (True, True)
    assert streets(directory, ONE).isdisjoint({"2 B St"})


def test_03_networks_of_one_payer_stay_apart(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "03", PEOPLE, "2026-10-01_v2-multi.json")
    names_by_npi = {
        npi: {directory.plans.name(key) for key in accepted(directory, npi)} for npi in (ONE, TWO, THREE, FOUR)
    }
    assert names_by_npi == {
        ONE: {"Bluestone PPO"}, TWO: {"Bluestone PPO"},
        THREE: {"Bluestone Narrow HMO"}, FOUR: {"Bluestone Narrow HMO"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("files", "others"),
    [
        ("2026-10-01_bluestone.json 2026-10-02_zenith.json", ("1400000059", "1400000067")),
        ("hios5-1_2026-10-01.json hios5-2_2026-10-02.json", (THREE, FOUR)),
    ],
)
def test_04_two_plans_of_one_name_or_number_stay_two(
    installation: Installation, cases: Path, files: str, others: tuple[str, str]
) -> None:
    directory = put_out(installation, cases, "04", PEOPLE, files)
    assert len(directory.plans.choices) == 2
    for group in ((ONE, TWO), others):
        ((one,), (other,)) = (accepted(directory, npi) for npi in group)
        assert one == other
    assert accepted(directory, ONE).isdisjoint(accepted(directory, others[0]))


def test_05_a_plan_has_its_name_whatever_the_order_of_keys(installation: Installation, cases: Path) -> None:
    files = ("2026-10-01_alpha.json", "2026-10-01_large-alpha.json", "2026-10-01_plan-last.json")
    directory = put_out(installation, cases, "05", PEOPLE, *files)
    assert {directory.plans.name(key) for key in directory.plans.choices} == {
        "Bluestone Mutual PPO",
        "Bluestone Mutual Silver 200",
    }
    assert len(accepted(directory, ONE)) == 2


def test_06_blanket_contracts_and_capitation_are_memberships(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "06", PEOPLE, "2026-10-01_allcodes.json")
    assert all(len(accepted(directory, npi)) == 1 for npi in (ONE, TWO, THREE))
    assert not any(prices(directory, npi) for npi in (ONE, TWO, THREE))


def test_07_only_a_visits_price_is_a_price(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "07", PEOPLE, "2026-10-01_kinds.json")
    assert prices(directory, ONE) == {
        code: f"{amount}.00-{amount}.00 until 2027-12-31"
        for code, amount in (("97110", 38), ("97112", 38), ("97530", 35))
    }


def test_08_what_has_ended_says_nothing(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "08", PEOPLE, "2026-10-01_ended.json")
    arrays = directory.release.arrays
    assert list(arrays.plans) == []
    assert directory.release._query("SELECT count(*) FROM location WHERE street LIKE '%CLOSED%'") == [(0,)]
    directory = put_out(installation, cases, "08", "2026-10-01_healthcare-service.json")
    assert [directory.plans.name(key) for key in directory.release.arrays.plans] == ["Bluenet"]


def test_08_the_present_name_and_telephone_are_taken(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "08", PEOPLE, "2026-10-01_old-name-phone.json")
    found = person(directory, "1400000265")
    assert (found.name, found.locations[0].phone) == ("Ann B. McAllister", "6175550110")


def test_09_a_week_takes_away(installation: Installation, cases: Path) -> None:
    month, week = "20050523-20260510", "20260511-20260517"
    stages = [f"npidata_pfile_{day}.csv pl_pfile_{day}.csv othername_pfile_{day}.csv" for day in (month, week)]
    directory = put_out(installation, cases, "09", *stages)
    assert streets(directory, ONE) == {"88 New St"}
    assert "Neuro Fit PT" not in {fact.value for fact in person(directory, "1400000216").facts}


def test_10_a_second_place_is_as_old_as_its_record(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "10", "npidata_pfile_20050523-20261110.csv pl_pfile_20050523-20261110.csv")
    (place,) = [place for place in person(directory, ONE).locations if place.street == "500 Oak Ave"]
    assert place.address.as_of == date(2009, 2, 3)


def test_12_credentials_and_initials_stay_upper_case(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "12", "npidata_pfile_20050523-20261110.csv")
    rows = directory.release._query("SELECT name, credentials FROM provider")
    names, credentials = {name for name, _ in rows}, {written for _, written in rows}
    assert {"A.J. McCoy", "AJ Lee", "ATI Physical Therapy"} <= names
    assert {"PT, DPT, OCS, CSCS, FAAOMPT", "PT, DPT, NCS, FAAOMPT"} <= credentials


def test_13_a_spreadsheet_is_read_as_a_person_reads_it(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "13", "values_2026-10-06.csv", "sep-line_2026-10-06.csv")
    rows = directory.release._query("SELECT zip, phone, address_as_of FROM location")
    assert len(rows) >= 10
    assert set(rows) == {("02110", "6175550100", "2026-10-05")}


def test_15_a_marketplace_plan_counts_in_its_years(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "15", PEOPLE, "providers_2026-10-01.json")
    assert accepted(directory, ONE) == {"hios:11111MA0010003", "hios:11111MA0010004"}


def test_16_spellings_of_one_door_are_one_listing(installation: Installation, cases: Path) -> None:
    directory = put_out(installation, cases, "16", "npidata_pfile_20050523-20260510.csv pl_pfile_20050523-20260510.csv")
    found = directory.release._query("SELECT npi, count(*) FROM location GROUP BY npi")
    assert found
    assert {count for _, count in found} == {1}
