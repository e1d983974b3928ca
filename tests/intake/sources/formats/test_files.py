"""Files in any wrapping: renamed, gzipped, in a folder, in UTF-16, with old line ends, with blank lines."""

from __future__ import annotations

import gzip
import zipfile
from datetime import date
from pathlib import Path

import pytest

from finder.intake.sources import errors
from finder.intake.sources.registry import read_file
from finder.intake.unpacking.errors import NestedArchive, UnreadableFile
from tests.intake.sources.nppes.nppes_files import header_line, line, main_file, npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, read, rows, zipped

CALLS = "npi,last_name,first_name,verified_on\r\n{},Peña,Inés,2026-10-05\r\n{},Oak,Rosa,2026-10-05\r\n"
CALLS = CALLS.format(npi(1), npi(2))
NAMES = ["Inés Peña", "Rosa Oak"]


@pytest.mark.parametrize(
    "content",
    [
        CALLS.encode(),
        CALLS.encode("utf-8-sig"),
        CALLS.encode("utf-16"),
        CALLS.replace(",", "\t").encode("utf-16"),
        CALLS.replace("\r\n", "\r").encode(),
        CALLS.replace("\r\n", "\n").encode(),
        gzip.compress(CALLS.encode(), mtime=0),
        b"\r\n,,,\r\n" + CALLS.encode(),
        CALLS.replace(",", ";").encode(),
        CALLS.replace(",", "|").upper().replace("PEÑA", "Peña").replace("INÉS", "Inés").encode(),
    ],
)
def test_one_table_is_read_in_many_formats(tmp_path: Path, content: bytes) -> None:
    layer = read(tmp_path, content, "calls.csv")
    assert (layer.rows, codes(layer)) == (2, [])
    assert [row["name"].title() for row in rows(layer, "provider")] == NAMES


def test_blank_lines_above_the_header_do_not_count_as_rows(tmp_path: Path) -> None:
    layer = read(tmp_path, "\n\n" + CALLS.replace(npi(2), "123"), "calls.csv")
    assert codes(layer) == [("npi_invalid", 2)]


def test_an_archive_without_its_ending_is_known_by_its_beginning(tmp_path: Path) -> None:
    archive = zipped(tmp_path, "calls.zip", {"a/b/calls.csv": CALLS.encode()})
    renamed = archive.rename(tmp_path / "calls.csv")
    (layer,) = read_file([renamed], gazetteer=FewZips())
    assert len(layer.tables["provider"]) == 2
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["calls.csv"], "nothing may be unpacked"


def test_an_archive_of_archives_says_so(tmp_path: Path) -> None:
    inner = zipped(tmp_path, "inner.zip", {"calls.csv": CALLS.encode()}).read_bytes()
    with pytest.raises(NestedArchive):
        read_file([zipped(tmp_path, "outer.zip", {"a.zip": inner, "b.zip": inner})], gazetteer=FewZips())


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "calls.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("calls.csv", CALLS)
        archive.writestr(zipfile.ZipInfo(""), "x")
    (layer,) = read_file([path], gazetteer=FewZips())
    assert len(layer.tables["provider"]) == 2


def test_the_files_of_a_folder_are_read_together_and_what_is_unknown_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "weekly"
    folder.mkdir()
    (folder / "npidata_pfile_20260601-20260607.csv").write_bytes(main_file(line(1)))
    (folder / "npidata_pfile_20260601-20260607_fileheader.csv").write_text(header_line())
    (folder / "endpoint_pfile_20260601-20260607.csv").write_text(
        f'"NPI","Endpoint Type","Endpoint"\n"{npi(1)}","a","b"\n'
    )
    (folder / "readme.txt").write_text("read me, please\n")
    (folder / "empty.csv").write_text("")
    (folder / ".hidden.csv").write_text("npi")
    (layer,) = read_file([folder], gazetteer=FewZips())
    assert (layer.source, layer.as_of, len(layer.tables["provider"])) == ("nppes", date(2026, 6, 7), 1)
    assert sorted((found.code, found.file) for found in layer.notices) == [
        ("header_only", "npidata_pfile_20260601-20260607_fileheader.csv"),
        ("not_needed", "endpoint_pfile_20260601-20260607.csv"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("endpoint_pfile_20260601-20260607.csv", '"NPI","Endpoint Type","Endpoint"\n"1","2","3"\n', errors.NotNeeded),
        ("Facility_Affiliation.csv", "NPI,Facility Affiliations Certification Number\n1,2\n", errors.NotNeeded),
        ("drugs.json", '[{"rxnorm_id": "1", "drug_name": "x", "plans": []}]', errors.NotNeeded),
        ("allowed.json", '{"reporting_entity_name": "x", "out_of_network": []}', errors.NotNeeded),
        ("index.json", '{"provider_urls": ["https://payer.example/providers.json"]}', errors.NoProviders),
        ("index.json", '{"reporting_entity_name": "x", "reporting_structure": []}', errors.NoProviders),
        ("npidata_pfile_20260601-20260607_fileheader.csv", header_line(), errors.HeaderOnly),
        ("calls.csv", "\n" + CALLS.split("\r\n")[0] + "\n,,,\n\n", errors.HeaderOnly),
    ],
)
def test_known_files_without_use_are_refused_by_name(
    tmp_path: Path, name: str, content: str, error: type[UnreadableFile]
) -> None:
    with pytest.raises(error, match=name.replace(".", r"\.")):
        read(tmp_path, content, name)


def test_bytes_that_are_no_text_are_kept_out_of_values(tmp_path: Path) -> None:
    layer = read(tmp_path, CALLS.replace("Oak", "O\0ak"), "calls.csv")
    assert codes(layer) == [("no_text_in_row", 2)]
    assert [row["name"] for row in rows(layer, "provider")] == NAMES


def test_a_reduced_copy_of_the_main_file(tmp_path: Path) -> None:
    header = (
        "NPI,Entity Type Code,Provider Last Name (Legal Name),Provider First Name,"
        "Provider Business Practice Location Address Postal Code,Healthcare Provider Taxonomy Code_1"
    )
    layer = read(tmp_path, f"{header}\n{npi(1)},1,OAKAPPLE,ROSA,021394307,2251N0400X\n", "nppes_20260601.csv")
    assert (layer.source, layer.as_of) == ("nppes", date(2026, 6, 1))
    assert rows(layer, "provider")[0]["name"] == "Rosa Oakapple"
    assert codes(layer) == [("state_corrected", 1), ("street_missing", 1)]


def test_blank_rows_have_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finder.intake.sources.formats.delimited.MOST_BLANK_ROWS", 100)
    layer = read(tmp_path, CALLS + ",,,\r\n" * 100, "calls.csv")
    assert len(layer.tables["provider"]) == 2
    with pytest.raises(errors.TooManyBlankRows):
        read(tmp_path, CALLS + ",,,\r\n" * 101, "calls.csv")
