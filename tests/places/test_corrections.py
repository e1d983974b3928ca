"""The table of ZIP code corrections: how it is built, and that the one in the repository is up to date."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from finder.places.corrections import (
    CENSUS,
    CMS,
    Correction,
    NotThatFile,
    correct,
    read_census,
    read_cms,
    write,
)
from finder.places.point import Point
from finder.places.zips import CORRECTIONS, PACKAGE_CENTROID, Zip, Zips

CENSUS_HEADER = "GEOID\tALAND\tAWATER\tALAND_SQMI\tAWATER_SQMI\tINTPTLONG\tINTPTLAT\r\n"


def entry(
    code: str, city: str, latitude: float | None, longitude: float | None, state: str = "MA", kind: str = "STANDARD"
) -> Zip:
    return Zip(code, city, state, "", kind, latitude, longitude, (), (), PACKAGE_CENTROID if latitude else "")


def at(latitude: float, longitude: float) -> Point:
    return Point(latitude=latitude, longitude=longitude)


def test_reads_the_census_by_column_name_since_longitude_stands_first(tmp_path: Path) -> None:
    file = tmp_path / "gaz.txt"
    file.write_bytes((CENSUS_HEADER + "02139\t1\t2\t3\t4\t-71.104157\t42.363811   \r\n\t\t\t\t\t\t\r\n").encode())
    assert read_census(file) == {"02139": at(42.363811, -71.104157)}


def test_reads_the_states_of_cms_with_its_halves_of_kansas_and_missouri(tmp_path: Path) -> None:
    file = tmp_path / "zip5.csv"
    file.write_text("STATE,ZIP CODE,CARRIER\nEK,66002,05202\nWM,64001,05302\nMA,2139,14202\n")
    assert read_cms(file) == {"66002": "KS", "64001": "MO", "02139": "MA"}


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "GEOID\tINTPTLAT\n02139\t1\n"])
def test_refuses_another_file_and_names_the_missing_columns(tmp_path: Path, content: str) -> None:
    file = tmp_path / "other.txt"
    file.write_text(content)
    with pytest.raises(NotThatFile, match=r"no column .*INTPTLONG"):
        read_census(file)
    with pytest.raises(NotThatFile, match=r"no column .*ZIP CODE"):
        read_cms(file)


def test_a_sound_entry_needs_no_row() -> None:
    assert correct([entry("02139", "Cambridge", 42.36, -71.10)], {"02139": at(42.37, -71.11)}, {"02139": "MA"}) == []


def test_missing_coordinates_come_first_from_the_census() -> None:
    [row] = correct([entry("02139", "Cambridge", None, None)], {"02139": at(42.363811, -71.104157)}, {})
    assert (row.latitude, row.longitude, row.reason, row.source) == (
        "42.363811",
        "-71.104157",
        "no coordinates",
        CENSUS,
    )


def test_missing_coordinates_come_next_from_the_city() -> None:
    package = [
        entry("02139", "Cambridge", None, None),
        entry("02138", "Cambridge", 42.38, -71.14),
        entry("02140", "Cambridge", 42.40, -71.12),
        entry("13316", "Cambridge", 43.0, -75.0, state="NY"),
    ]
    [row] = correct(package, {}, {})
    assert (row.latitude, row.longitude) == ("42.390000", "-71.130000")
    assert row.source.startswith("mean of the other ZIP codes of Cambridge, MA")


def test_missing_coordinates_come_last_from_the_three_digit_area() -> None:
    near = [entry(f"0213{n}", f"Town {n}", 42.0 + n / 100, -71.0) for n in range(3)]
    [row] = correct([*near, entry("02139", "Cambridge", None, None)], {}, {})
    assert (row.latitude, row.source[:37]) == ("42.010000", "mean of the ZIP codes 021 in MA, half")
    wide = [entry(f"0213{n}", f"Town {n}", 42.0 + 2 * n, -71.0) for n in range(3)]
    assert correct([*wide, entry("02139", "Cambridge", None, None)], {}, {}) == []


def test_a_missing_zip_code_is_added_with_a_point_only_if_one_can_be_given() -> None:
    near = [entry(f"0213{n}", f"Town {n}", 42.0 + n / 100, -71.0) for n in range(3)]
    placed, unplaced = correct(near, {}, {"02199": "MA", "03999": "NH"})
    assert (placed.zip, placed.state, placed.kind, placed.latitude) == ("02199", "MA", "UNKNOWN", "42.010000")
    assert (unplaced.zip, unplaced.state, unplaced.latitude, unplaced.source) == ("03999", "NH", "", CMS)


def test_a_point_far_from_the_census_is_replaced() -> None:
    [row] = correct([entry("99723", "Barrow", 70.29, -156.6, state="AK")], {"99723": at(71.25, -156.8)}, {})
    assert (row.latitude, row.reason, row.source) == ("71.250000", "far from the Census point", CENSUS)


def test_a_point_far_from_the_census_stays_if_its_city_agrees() -> None:
    package = [
        entry("99503", "Anchorage", 61.19, -149.89, state="AK"),
        entry("99501", "Anchorage", 61.21, -149.87, state="AK"),
    ]
    [row] = correct(package, {"99503": at(62.04, -158.18), "99501": at(61.22, -149.86)}, {})
    assert (row.zip, row.latitude, row.source) == ("99503", "61.190000", PACKAGE_CENTROID)
    assert "refute" in row.reason


def test_a_military_zip_code_has_no_point() -> None:
    package = [
        entry("09905", "Apo", None, None, state="NJ", kind="PO BOX"),
        entry("96505", "Dpo", 51.88, -176.66, state="AP", kind="MILITARY"),
        entry("09012", "Apo", None, None, state="AE", kind="MILITARY"),
    ]
    rows = correct(package, {}, {})
    assert [(row.zip, row.state, row.kind, row.latitude) for row in rows] == [
        ("09905", "AE", "MILITARY", ""),
        ("96505", "AP", "MILITARY", ""),
    ]


def test_an_island_of_the_western_pacific_lies_east_of_greenwich() -> None:
    [row] = correct([entry("96960", "Majuro", 7.0801, -171.1569, state="MH")], {}, {})
    assert row.longitude == "171.156900"


def test_a_written_table_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "corrections.csv"
    row = Correction(
        zip="02139", latitude="1.000000", longitude="-2.000000", city="Somewhere, Else", state="NH", kind="PO BOX",
        reason="no coordinates", source="a test",
    )  # fmt: skip
    write([row], file)
    corrected = Zips(file).get("02139")
    assert corrected is not None
    assert corrected.point == at(1.0, -2.0)
    assert (corrected.city, corrected.state, corrected.source) == ("Somewhere, Else", "NH", "a test")
    assert [path.name for path in tmp_path.iterdir()] == ["corrections.csv"]


def test_the_package_is_as_faulty_as_it_was_when_the_table_was_built() -> None:
    package = list(Zips(corrections=None))
    assert len(package) == 42_789
    assert sum(entry.point is None for entry in package) == 872


def test_nothing_but_zip_codes_is_looked_up() -> None:
    zips = Zips()
    assert [zips.get(text) for text in ("", "2139", "02139-1234", "０２１３９", "abcde", "02139\n")] == [None] * 6


@pytest.mark.shared
def test_the_table_in_the_repository_is_what_the_real_files_give(shared_data: Path, tmp_path: Path) -> None:
    census = read_census(shared_data / "geo" / "Gaz_zcta_national.txt")
    cms = read_cms(shared_data / "fees" / "ZIP5_APR2026.csv")
    rows = correct(Zips(corrections=None), census, cms)
    write(rows, tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes() == CORRECTIONS.read_bytes()
    with CORRECTIONS.open(encoding="utf-8", newline="") as file:
        reasons = Counter(row["reason"] for row in csv.DictReader(file))
    assert reasons["missing"] == 1_020
    assert sum(count for reason, count in reasons.items() if reason.startswith("far from the Census")) == 74
