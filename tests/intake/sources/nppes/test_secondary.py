"""The secondary files of NPPES: practice locations, other names, deactivations."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from finder.intake.sources.errors import AsOfNeeded, NotText
from finder.intake.sources.registry import read_file
from finder.intake.unpacking.errors import BrokenArchive
from tests.intake.sources.nppes.nppes_files import NAMES_HEADER, PL_HEADER, line, main_file, npi, place, workbook
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, read, rows, zipped

PL = "pl_pfile_20260601-20260607.csv"
NAMES = "othername_pfile_20260601-20260607.csv"


def test_locations_with_their_extension(tmp_path: Path) -> None:
    layer = read(tmp_path, PL_HEADER + place(1) + place(1, "9 BUTTON ST"), PL)
    assert (layer.source, layer.as_of, layer.rows) == ("nppes_locations", date(2026, 6, 7), 2)
    first, second = rows(layer, "location")
    assert (first["street"], first["phone"], first["phone_extension"]) == ("5 Kite Hill Rd", "6175550188", "12")
    assert second["location_key"] == "02139 9 BUTTON ST"
    assert layer.tables["provider"].empty


def test_repeated_foreign_and_unlisted_locations(tmp_path: Path) -> None:
    content = PL_HEADER + place(1) + place(1) + place(1, phone="6175550177") + place(1, country="DE") + place(2)
    layer = read(tmp_path, content, PL, known=[npi(1)])
    assert codes(layer) == [("duplicate_row", 2), ("location_repeated", 3), ("address_foreign", 4), ("not_listed", 0)]
    assert len(layer.tables["location"]) == 1
    assert layer.rows == 5


def test_locations_of_the_main_file_beside_them(tmp_path: Path) -> None:
    path = zipped(
        tmp_path,
        "weekly.zip",
        {
            "npidata_pfile_20260601-20260607.csv": main_file(line(1), line(2, taxonomy_1="207Q00000X")),
            PL: (PL_HEADER + place(1) + place(2)).encode(),
            PL.replace(".csv", "_fileheader.csv"): PL_HEADER.encode(),
            NAMES: NAMES_HEADER.encode(),
        },
    )
    layers = {layer.source: layer for layer in read_file([path], gazetteer=FewZips())}
    assert set(layers) == {"nppes", "nppes_locations", "nppes_names"}
    assert codes(layers["nppes"]) == [("header_only", 0)]
    assert list(layers["nppes_locations"].tables["location"]["npi"]) == [npi(1)]


def test_a_date_is_needed(tmp_path: Path) -> None:
    with pytest.raises(AsOfNeeded):
        read(tmp_path, PL_HEADER + place(1), "pl.csv")


def test_other_names_by_kind(tmp_path: Path) -> None:
    kinds = [("BLUE HERON PT", "3"), ("BLUE HERON PT", "3"), ("OLD HERON PT INC", "4"), ("HERON", "5"), ("", "3")]
    content = NAMES_HEADER + "".join(f'"{npi(1)}","{name}","{kind}","05/31/2026"\r\n' for name, kind in kinds)
    layer = read(tmp_path, content, NAMES)
    assert [(row["field"], row["value"]) for row in rows(layer, "fact")] == [
        ("doing_business_as", "Blue Heron PT"),
        ("former_name", "Old Heron PT Inc"),
        ("other_name", "Heron"),
    ]
    assert codes(layer) == [("duplicate_row", 2), ("name_missing", 5)]


def test_a_name_that_stands_with_two_dates_is_taken_once(tmp_path: Path) -> None:
    lines = "".join(f'"{npi(1)}","BLUE HERON PT","3","{day}"\r\n' for day in ("05/31/2026", "06/01/2026", "06/01/2026"))
    layer = read(tmp_path, NAMES_HEADER + lines, NAMES)
    assert len(layer.tables["fact"]) == 1
    assert [(found.code, found.times) for found in layer.notices] == [("duplicate_row", 1), ("name_repeated", 1)]


def test_deactivations_from_the_workbook_in_the_zip(tmp_path: Path) -> None:
    content = workbook(
        (npi(1), "05/04/2026"), (int(npi(2)), datetime(2026, 5, 5)), (None, None), (npi(1), "05/04/2026")
    )
    path = zipped(tmp_path, "NPPES_Deactivated_NPI_Report.zip", {"NPPES Deactivated NPI Report.xlsx": content})
    (layer,) = read_file([path], gazetteer=FewZips())
    assert (layer.source, layer.as_of, layer.rows) == ("nppes_deactivated", date(2026, 6, 8), 3)
    assert [(row["npi"], row["status"], row["as_of"]) for row in rows(layer, "provider")] == [
        (npi(1), "deactivated", "2026-05-04"),
        (npi(2), "deactivated", "2026-05-05"),
    ]
    assert codes(layer) == [("duplicate_row", 4)]
    assert layer.notices[0].line == 6, "a title, the header, a blank row"


def test_of_two_reports_the_later_deactivation_counts(tmp_path: Path) -> None:
    for name, day in {"deactivated_20260608.csv": "5/4/2026", "deactivated_20160608.csv": "5/4/2016"}.items():
        (tmp_path / name).write_text(f"NPI,NPPES Deactivation Date\n{npi(1)},{day}\n")
    for order in (sorted(tmp_path.iterdir()), sorted(tmp_path.iterdir(), reverse=True)):
        (layer,) = read_file(order, gazetteer=FewZips())
        assert [row["as_of"] for row in rows(layer, "provider")] == ["2026-05-04"]
        assert codes(layer) == [("npi_repeated", 1)]


def test_faults_in_deactivations(tmp_path: Path) -> None:
    content = workbook(("1234567890", "05/04/2026"), (npi(1), "soon"), (npi(2), "12/24/2026"))
    layer = read(tmp_path, content, "report.xlsx")
    assert codes(layer) == [("npi_invalid", 1), ("date_invalid", 2), ("date_in_future", 3)]
    assert [row["as_of"] for row in rows(layer, "provider")] == ["2026-06-08", "2026-06-08"]


def test_deactivations_from_a_csv(tmp_path: Path) -> None:
    layer = read(tmp_path, f"NPI,NPPES Deactivation Date\n{npi(1)},5/4/26\n", "deactivated_20260608.csv")
    assert [row["as_of"] for row in rows(layer, "provider")] == ["2026-05-04"]
    assert codes(layer) == [("date_respelled", 1)]


def test_files_that_are_no_workbook_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenArchive):
        read(tmp_path, b"PK\x03\x04 and nothing more", "report.xlsx")
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    with pytest.raises(NotText):
        read(tmp_path, buffer.getvalue(), "other.xlsx")


@pytest.mark.shared
def test_the_published_weekly_files(shared_data: Path) -> None:
    folder = shared_data / "nppes" / "weekly_20260601"
    layers = read_file([folder / PL, folder / NAMES], gazetteer=FewZips())
    found = {layer.source: layer for layer in layers}
    assert (found["nppes_locations"].rows, found["nppes_names"].rows) == (10_701, 4_220)
    assert sum(notice.code == "duplicate_row" for notice in found["nppes_locations"].notices) == 58
