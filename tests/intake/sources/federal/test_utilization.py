"""Medicare utilization: who billed, and the average charge and allowed amount of a service."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from finder.intake.layers.stack import Stack
from finder.intake.sources.errors import AsOfNeeded
from finder.intake.sources.registry import read_file
from tests.intake.sources.federal.utilization_file import NAME, NEW, OLD, new_row
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, read, rows


def test_the_current_layout(tmp_path: Path) -> None:
    content = NEW + new_row(1) + new_row(1, "97530", "9", "90.125", "35")
    layer = read(tmp_path, content, NAME)
    assert (layer.source, layer.as_of, layer.rows, codes(layer)) == ("utilization", date(2023, 12, 31), 2, [])
    assert rows(layer, "provider")[0]["name"] == "Rosa L. Oakapple"
    assert [(row["plan"], row["status"]) for row in rows(layer, "insurance")] == [("medicare", "yes")]
    assert {row["field"]: row["value"] for row in rows(layer, "fact")} == {
        "medicare_participation": "participating",
        "services:97110": "100",
        "average_charge:97110": "80.00",
        "average_allowed_amount:97110": "30.50",
        "services:97530": "9",
        "average_charge:97530": "90.13",
        "average_allowed_amount:97530": "35.00",
    }


def test_the_layout_of_2012(tmp_path: Path) -> None:
    values = [
        npi(1), "OAKAPPLE", "ROSA", "", "P.T.", "F", "I", "77 PINWHEEL ST", "", "CAMBRIDGE", "021394307", "MA", "US",
        "Physical Therapist", "N", "O", "97001", "described", "12", "12", "12", "70.10", "0", "120", "0", "55", "0",
    ]  # fmt: skip
    layer = read(tmp_path, OLD + "\n" + "\t".join(values), "Medicare_PUF_CY2012_tab.txt")
    assert (layer.as_of, codes(layer)) == (date(2012, 12, 31), [])
    facts = {row["field"]: row["value"] for row in rows(layer, "fact")}
    assert facts["average_charge:97001"] == "120.00"
    assert facts["medicare_participation"] == "nonparticipating"
    assert rows(layer, "location")[0]["zip"] == "02139"


def test_places_of_service_are_averaged_by_their_services(tmp_path: Path) -> None:
    layer = read(tmp_path, NEW + new_row(1) + new_row(1, services="300", charge="40", place="F"), NAME)
    facts = {row["field"]: row["value"] for row in rows(layer, "fact")}
    assert (facts["services:97110"], facts["average_charge:97110"]) == ("400", "50.00")


def test_no_description_of_a_service_is_kept(tmp_path: Path) -> None:
    layer = read(tmp_path, NEW + new_row(1), NAME)
    assert not any("described" in str(value) for frame in layer.tables.values() for value in frame.to_numpy().ravel())


def test_others_and_faults(tmp_path: Path) -> None:
    content = (
        NEW + new_row(1, kind="Physical Medicine and Rehabilitation") + new_row(2, charge="a lot")
        + new_row(3, services="0") + new_row(4, charge="NaN") + new_row(5, entity="?") + new_row(6) + new_row(6)
    )  # fmt: skip
    layer = read(tmp_path, content, NAME)
    assert codes(layer) == [
        ("number_invalid", 2), ("number_invalid", 3), ("number_invalid", 4), ("entity_unknown", 5),
        ("duplicate_row", 7), ("other_specialty", 0),
    ]  # fmt: skip
    assert layer.notices[0].column == "Avg_Sbmtd_Chrg"
    with pytest.raises(AsOfNeeded):
        read(tmp_path, NEW + new_row(1), "copy.csv")


def test_years_in_one_command_are_not_summed_and_the_newest_stands(tmp_path: Path) -> None:
    paths = [tmp_path / NAME, tmp_path / NAME.replace("D23", "D22")]
    for path, services in zip(paths, ("100", "7"), strict=True):
        path.write_text(NEW + new_row(1, services=services))
    for order in (paths, paths[::-1]):
        layers = read_file(order, gazetteer=FewZips())
        assert [layer.as_of.year for layer in layers] == [2022, 2023]
        (layer,) = Stack({}).updated(reversed(layers)).layers.values()
        assert {row["value"] for row in rows(layer, "fact") if row["field"] == "services:97110"} == {"100"}


@pytest.mark.shared
def test_the_published_file_of_2012(shared_data: Path) -> None:
    path = shared_data / "utilization" / "Medicare_PUF_CY2012_tab_17027.txt"
    (layer,) = read_file([path], gazetteer=FewZips())
    assert (layer.rows, layer.tables["provider"]["npi"].nunique()) == (17_028, 152)
    assert layer.as_of == date(2012, 12, 31)


PORTAL = (
    "National Provider Identifier,Last Name/Organization Name of the Provider,First Name of the Provider,"
    "Middle Initial of the Provider,Credentials of the Provider,Gender of the Provider,Entity Type of the Provider,"
    "Street Address 1 of the Provider,Street Address 2 of the Provider,City of the Provider,Zip Code of the Provider,"
    "State Code of the Provider,Country Code of the Provider,Provider Type,Medicare Participation Indicator,"
    "Place of Service,HCPCS Code,HCPCS Description,HCPCS Drug Indicator,Number of Services,"
    "Number of Medicare Beneficiaries,Number of Distinct Medicare Beneficiary/Per Day Services,"
    "Average Medicare Allowed Amount,Average Submitted Charge Amount,Average Medicare Payment Amount"
)


def test_the_layout_of_the_portal(tmp_path: Path) -> None:
    values = [
        npi(1), "OAKAPPLE", "ROSA", "L", "PT", "F", "I", "77 PINWHEEL ST", "", "CAMBRIDGE", "021394307", "MA", "US",
        "Physical Therapist", "Y", "O", "97110", "described", "N", '"1,234"', "20", "90", "$30.50", "$80.00", "24",
    ]  # fmt: skip
    layer = read(tmp_path, PORTAL + "\n" + ",".join(values), "Medicare_Provider_Utilization_PUF_CY2015.csv")
    assert (layer.source, layer.as_of, codes(layer)) == ("utilization", date(2015, 12, 31), [])
    facts = {row["field"]: row["value"] for row in rows(layer, "fact")}
    assert (facts["services:97110"], facts["average_charge:97110"]) == ("1234", "80.00")
    assert facts["average_allowed_amount:97110"] == "30.50"


def test_the_file_by_provider_says_who_billed(tmp_path: Path) -> None:
    gone = ("HCPCS_Cd", "HCPCS_Desc", "HCPCS_Drug_Ind", "Place_Of_Srvc", "Avg_Sbmtd_Chrg", "Avg_Mdcr_Alowd_Amt")
    positions = [place for place, column in enumerate(NEW.split(",")) if column not in gone]
    lines = [[line.split(",")[place] for place in positions] for line in (NEW + new_row(1)).split("\n")]
    content = "\n".join(
        ",".join([*line, last]) for line, last in zip(lines, ("Tot_Mdcr_Alowd_Amt", "900"), strict=True)
    )
    layer = read(tmp_path, content, "MUP_PHY_R25_P05_V20_D23_Prov.csv")
    assert (layer.source, codes(layer)) == ("utilization", [])
    assert [(row["plan"], row["status"]) for row in rows(layer, "insurance")] == [("medicare", "yes")]
    assert {row["field"] for row in rows(layer, "fact")} == {"medicare_participation"}


def test_a_year_alone_in_the_name(tmp_path: Path) -> None:
    name = "Medicare_Physician_Other_Practitioners_by_Provider_and_Service_2022.csv"
    assert read(tmp_path, NEW + new_row(1), name).as_of == date(2022, 12, 31)
