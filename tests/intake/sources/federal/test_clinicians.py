"""Doctors and Clinicians: three layouts, and the meaning of its Medicare assignment codes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from finder.intake.sources.errors import AsOfNeeded
from finder.intake.sources.registry import read_file
from tests.intake.sources.federal.clinicians_file import NAME, NEW, OLD, new_row
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, read, rows


def test_the_current_layout(tmp_path: Path) -> None:
    layer = read(tmp_path, NEW + new_row(1, telehealth="Y"), NAME)
    assert (layer.source, layer.as_of, codes(layer)) == ("clinicians", date(2026, 11, 1), [])
    (provider,) = rows(layer, "provider")
    assert (provider["name"], provider["entity"]) == ("Rosa L. Oakapple", "individual")
    (place,) = rows(layer, "location")
    assert (place["name"], place["phone"]) == ("Paper Crane Rehab LLC", "6175550123")
    (evidence,) = rows(layer, "specialty")
    assert (evidence["facet"], evidence["kind"]) == ("physical_therapy", "source_specialty")
    assert evidence["detail"] == "Physical therapist in private practice"
    facts = {row["field"]: row["value"] for row in rows(layer, "fact")}
    assert facts == {"gender": "F", "telehealth": "yes", "medicare_assignment": "yes"}


def test_the_layout_of_2021_with_blanks_before_its_names(tmp_path: Path) -> None:
    values = [
        npi(1), "1", "I1", "OAKAPPLE", "ROSA", "", "", "F", "", "", "", "PHYSICAL THERAPY", "", "", "", "", "", "", "",
        "", "77 PINWHEEL ST", "", "", "CAMBRIDGE", "MA", "02139", "6175550123", "M", "", "MA1",
    ]  # fmt: skip
    layer = read(tmp_path, OLD + "\n" + ",".join(values), NAME)
    assert rows(layer, "provider")[0]["name"] == "Rosa Oakapple"
    assert [(row["plan"], row["status"]) for row in rows(layer, "insurance")] == [("medicare", "unknown")]


@pytest.mark.parametrize(
    ("individual", "group", "status"),
    [
        ("Y", "Y", "yes"),
        ("Y", "M", "yes"),
        ("M", "Y", "yes"),
        ("M", "M", "unknown"),
        ("", "M", "unknown"),
        ("", "", None),
    ],
)
def test_may_accept_assignment_is_never_no(tmp_path: Path, individual: str, group: str, status: str | None) -> None:
    layer = read(tmp_path, NEW + new_row(1, individual, group), NAME)
    assert [row["status"] for row in rows(layer, "insurance")] == ([status] if status else [])


def test_two_groups_at_one_address_are_one_location(tmp_path: Path) -> None:
    layer = read(tmp_path, NEW + new_row(1, "M", "M") + new_row(1, "M", "Y") + new_row(1, street="5 KITE RD"), NAME)
    assert len(layer.tables["location"]) == 2
    assert len(layer.tables["provider"]) == 1
    at_first = [row["status"] for row in rows(layer, "insurance") if "PINWHEEL" in row["location_key"]]
    assert "yes" in at_first
    assert "no" not in at_first


@pytest.mark.parametrize(
    ("specialty", "others", "taken"),
    [
        ("PHYSICAL THERAPY", "", True),
        ("physical therapist", "", True),
        ("PHYSICAL THERAPIST IN PRIVATE PRACTICE", "", True),
        ("CHIROPRACTIC", "PHYSICAL THERAPY, PAIN MANAGEMENT", True),
        ("PHYSICAL MEDICINE AND REHABILITATION", "", False),
        ("PHYSICAL THERAPIST ASSISTANT", "", False),
        ("INTERNAL MEDICINE", "", False),
    ],
)
def test_the_words_for_a_therapist(tmp_path: Path, specialty: str, others: str, taken: bool) -> None:
    layer = read(tmp_path, NEW + new_row(1, specialty=specialty, others=others), NAME)
    assert len(layer.tables["provider"]) == taken


def test_faults(tmp_path: Path) -> None:
    content = (
        NEW + new_row(1, "Q") + new_row(1, "Q") + new_row(2, specialty="DERMATOLOGY") + "\n,,,," + new_row(3, street="")
    )
    layer = read(tmp_path, content, NAME, known=[npi(2)])
    assert codes(layer) == [
        ("assignment_unknown", 1), ("duplicate_row", 2), ("not_a_therapist_code", 3), ("street_missing", 5),
        ("blank_rows", 0),
    ]  # fmt: skip
    assert layer.notices[0].column == "ind_assgn"


def test_a_reduced_copy_damaged_by_a_spreadsheet(tmp_path: Path) -> None:
    content = (
        "NPI,Provider Name,Primary Specialty,Address,City/Town,State,ZIP Code\n"
        f"{npi(1)},MARY ANN MCALDERLY,PHYSICAL THERAPY,77 PINWHEEL ST,CAMBRIDGE,MA,21394307\n,,,,,,\n"
    )
    layer = read(tmp_path, content, "copy.csv", as_of=date(2026, 11, 1))
    assert rows(layer, "provider")[0]["name"] == "Mary Ann McAlderly"
    assert rows(layer, "location")[0]["zip"] == "02139"
    assert codes(layer) == [("zip_leading_zero", 1), ("blank_rows", 0)]
    with pytest.raises(AsOfNeeded):
        read(tmp_path, content, "copy.csv")


@pytest.mark.shared
def test_the_damaged_file_of_maine(shared_data: Path) -> None:
    path = shared_data / "clinicians" / "DAC_Maine_7cols_excel.csv"
    (layer,) = read_file([path], gazetteer=FewZips(), as_of=date(2026, 11, 1))
    assert (layer.rows, len(layer.tables["provider"])) == (6_090, 231)
    found = [notice.code for notice in layer.notices]
    assert found.count("street_missing") == 11
    assert found.count("zip_leading_zero") == 231
    (blank,) = [notice for notice in layer.notices if notice.code == "blank_rows"]
    assert blank.message.arguments == {"count": 2_574}


PHYSICIAN_COMPARE = (
    "NPI,PAC ID,Professional Enrollment ID,Last Name,First Name,Middle Name,Suffix,Gender,Credential,"
    "Medical school name,Graduation year,Primary specialty,All secondary specialties,Organization legal name,"
    "Group Practice PAC ID,Number of Group Practice members,Line 1 Street Address,Line 2 Street Address,"
    "Marker of address line 2 suppression,City,State,Zip Code,Phone Number,Professional accepts Medicare Assignment"
)


@pytest.mark.parametrize("separator", [",", ", "])
def test_the_layout_of_physician_compare(tmp_path: Path, separator: str) -> None:
    values = [
        npi(1), "1", "I1", "OAKAPPLE", "ROSA", "L", "", "F", "PT", "OTHER", "2007", "PHYSICAL THERAPY", "",
        "PAPER CRANE REHAB LLC", "2", "9", "77 PINWHEEL ST", "STE 3", "", "CAMBRIDGE", "MA", "021394307", "6175550123",
        "M",
    ]  # fmt: skip
    header = PHYSICIAN_COMPARE.replace(",", separator)
    layer = read(tmp_path, header + "\n" + ",".join(values), "National_Downloadable_File_11_2017.csv")
    assert (layer.source, layer.as_of, codes(layer)) == ("clinicians", date(2017, 11, 1), [])
    assert rows(layer, "provider")[0]["name"] == "Rosa L. Oakapple"
    (place,) = rows(layer, "location")
    assert (place["street"], place["phone"]) == ("77 Pinwheel St, Ste 3", "6175550123")
    assert [(row["plan"], row["status"]) for row in rows(layer, "insurance")] == [("medicare", "unknown")]


def test_the_names_of_the_portal_s_programming_interface(tmp_path: Path) -> None:
    snake = NEW.lower().replace("/", "").replace(" ", "_")
    assert "provider_last_name" in snake
    assert "citytown" in snake
    layers = [read(tmp_path, header + new_row(1), NAME) for header in (NEW, snake)]
    assert rows(layers[0], "provider") == rows(layers[1], "provider")
    assert rows(layers[0], "location") == rows(layers[1], "location")


def test_a_header_among_the_rows_has_a_notice(tmp_path: Path) -> None:
    content = NEW + new_row(1) + "\n" + NEW + new_row(2)
    assert codes(read(tmp_path, content, NAME)) == [("header_repeated", 2)]
