"""The main file of NPPES: which rows and fields are read, and the notice of each known fault."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from finder.intake.sources.errors import AsOfNeeded
from finder.intake.sources.registry import read_file
from finder.notices.notices import Severity
from tests.intake.sources.nppes.nppes_files import CLINIC, HEADER, header_line, line, main_file, npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, read, rows, zipped

NAME = "npidata_pfile_20260601-20260607.csv"


def test_a_therapist_with_all_that_a_row_says(tmp_path: Path) -> None:
    layer = read(tmp_path, main_file(line(1, taxonomy_3="2251N0400X", credentials="PT, DPT,NCS")), NAME)

    assert (layer.source, layer.as_of, layer.rows) == ("nppes", date(2026, 6, 7), 1)
    assert rows(layer, "provider") == [
        {
            "npi": npi(1), "entity": "individual", "name": "Rosa L. McAlderly", "sort_name": "mcalderly, rosa l",
            "credentials": "PT, DPT, NCS", "status": "active", "source": "nppes", "as_of": "2026-06-01",
        }
    ]  # fmt: skip
    (place,) = rows(layer, "location")
    assert place == {
        "npi": npi(1), "location_key": "02139 77 PINWHEEL ST STE 3", "name": "",
        "street": "77 Pinwheel Street, Suite 3", "city": "Cambridge", "state": "MA", "zip": "02139",
        "phone": "6175550123", "phone_extension": "", "latitude": 42.3647, "longitude": -71.1042,
        "geocode_source": "zip_centroid", "source": "nppes", "as_of": "2026-06-01",
    }  # fmt: skip
    assert {(row["facet"], row["kind"], row["detail"]) for row in rows(layer, "specialty")} == {
        ("physical_therapy", "taxonomy", "225100000X"),
        ("neurologic", "taxonomy", "2251N0400X"),
        ("neurologic", "board_certified", "NCS"),
    }
    assert [(row["field"], row["value"]) for row in rows(layer, "fact")] == [("license", "MA:12345")]
    assert codes(layer) == []


@pytest.mark.parametrize("slot", range(1, 16))
def test_the_neurologic_code_counts_in_every_slot(tmp_path: Path, slot: int) -> None:
    taxonomy = {"taxonomy_1": "225100000X", f"taxonomy_{slot}": "2251N0400X"}
    layer = read(tmp_path, main_file(line(1, **taxonomy)), NAME)
    assert "neurologic" in set(layer.tables["specialty"]["facet"])


def test_clinics_are_taken_and_assistants_nurses_and_physicians_are_not(tmp_path: Path) -> None:
    content = main_file(
        line(1, CLINIC, other_name="BLUE HERON PT", other_kind="3"),
        line(2, taxonomy_1="225200000X"),
        line(3, taxonomy_1="163W00000X", credentials="RNCS"),
        line(4, taxonomy_1="2084N0400X", credentials="MD"),
        line(5, CLINIC, taxonomy_1="225100000X"),
    )
    layer = read(tmp_path, content, NAME)
    assert list(layer.tables["provider"]["npi"]) == [npi(1), npi(5)]
    assert set(layer.tables["provider"]["entity"]) == {"organization"}
    assert rows(layer, "provider")[0]["name"] == "Paper Crane Rehab LLC"
    assert rows(layer, "location")[0]["name"] == "Blue Heron PT"
    assert layer.rows == 5


def test_a_zip_code_that_looks_like_a_taxonomy_makes_nobody_a_therapist(tmp_path: Path) -> None:
    layer = read(tmp_path, main_file(line(1, taxonomy_1="207Q00000X", zip="225141234", state="VA")), NAME)
    assert layer.tables["provider"].empty


def test_deactivated_and_reactivated(tmp_path: Path) -> None:
    empty = dict.fromkeys(HEADER, "")
    content = main_file(
        line(1, empty, deactivated="03/16/2026"),
        line(2, deactivated="03/16/2026", reactivated="03/20/2026"),
        line(3, deactivated="03/16/2026"),
    )
    layer = read(tmp_path, content, NAME)
    status = {row["npi"]: (row["status"], row["as_of"]) for row in rows(layer, "provider")}
    assert status == {
        npi(1): ("deactivated", "2026-03-16"),
        npi(2): ("active", "2026-06-01"),
        npi(3): ("deactivated", "2026-03-16"),
    }
    assert codes(layer) == [("deactivated", 1), ("reactivated", 2), ("deactivated", 3)]
    assert list(layer.tables["location"]["npi"]) == [npi(2)]


def test_a_row_of_nothing_but_an_npi_has_a_notice(tmp_path: Path) -> None:
    layer = read(tmp_path, main_file(line(1, dict.fromkeys(HEADER, "")), line(2)), NAME)
    assert codes(layer) == [("entity_unknown", 1)]


def test_a_known_provider_without_a_therapist_code_has_left_the_profession(tmp_path: Path) -> None:
    content = main_file(line(1, taxonomy_1="207Q00000X"), line(2, taxonomy_1="207Q00000X"))
    layer = read(tmp_path, content, NAME, known=[npi(1)])
    assert [(row["npi"], row["status"]) for row in rows(layer, "provider")] == [(npi(1), "left_profession")]
    assert codes(layer) == [("no_longer_therapist", 1)]
    assert layer.tables["location"].empty
    assert layer.tables["specialty"].empty


@pytest.mark.parametrize(
    ("values", "code", "column"),
    [
        ({"zip": "L5C 3R7"}, "zip_invalid", "Postal Code"),
        ({"zip": "21394307"}, "zip_leading_zero", "Postal Code"),
        ({"zip": "021394307.0"}, None, ""),
        ({"zip": "99999"}, "zip_unknown", "Postal Code"),
        ({"zip": "10001"}, "zip_not_in_state", "Postal Code"),
        ({"zip": ""}, "zip_missing", "Postal Code"),
        ({"phone": "247820197.0"}, "phone_invalid", "Telephone Number"),
        ({"phone": "3.0974E+12"}, "phone_invalid", "Telephone Number"),
        ({"phone": "(617) 555-0123"}, None, ""),
        ({"state": "CE"}, "state_corrected", "State Name"),
        ({"country": "UM"}, "country_corrected", "Country Code"),
        ({"country": "IT", "state": "CE", "zip": "00000"}, "address_foreign", "Country Code"),
        ({"country": "CA", "state": "ON", "zip": "L5C 3R7"}, "address_foreign", "Country Code"),
        ({"state": "AE", "zip": "09009", "city": "APO"}, "address_military", "State Name"),
        ({"street": "PO BOX 12", "street_2": ""}, "address_is_po_box", "Practice Location Address"),
        ({"street": "", "street_2": "", "city": "", "zip": ""}, "address_missing", "Practice Location Address"),
        ({"updated": "6/1/26"}, "date_respelled", "Last Update Date"),
        ({"updated": "13/45/2026"}, "date_invalid", "Last Update Date"),
        ({"updated": "06/30/2026"}, "date_in_future", "Last Update Date"),
        ({"taxonomy_2": "2251Z9999X"}, "taxonomy_unknown", "Taxonomy Code_2"),
        ({"entity": "3"}, "entity_unknown", "Entity Type Code"),
        ({"last": ""}, "name_missing", "Last Name"),
    ],
)
def test_each_known_fault_has_its_notice(tmp_path: Path, values: dict[str, str], code: str | None, column: str) -> None:
    layer = read(tmp_path, main_file(line(1), line(2, **values)), NAME)
    found = [notice for notice in layer.notices if notice.code == code]
    if code is None:
        assert codes(layer) == []
        assert set(layer.tables["location"]["zip"]) == {"02139"}
        assert set(layer.tables["location"]["phone"]) == {"6175550123"}
    else:
        assert [(notice.row, notice.file) for notice in found] == [(2, NAME)]
        assert column in found[0].column
        errors = found[0].severity is Severity.ERROR
        assert (npi(2) in set(layer.tables["provider"]["npi"])) is not errors


def test_a_wrong_check_digit_is_reported_and_left_out(tmp_path: Path) -> None:
    invalid = npi(1)[:9] + str((int(npi(1)[9]) + 1) % 10)
    layer = read(tmp_path, main_file(line(invalid), line(2)), NAME)
    assert codes(layer) == [("npi_invalid", 1)]
    assert layer.notices[0].value == invalid
    assert list(layer.tables["provider"]["npi"]) == [npi(2)]


def test_no_coordinates_for_a_foreign_or_military_address(tmp_path: Path) -> None:
    layer = read(tmp_path, main_file(line(1, state="AE", zip="09009"), line(2, country="DE", zip="10115")), NAME)
    (place,) = rows(layer, "location")
    assert place["npi"] == npi(1)
    assert place["geocode_source"] == ""
    assert layer.tables["location"]["latitude"].isna().all()


def test_the_mailing_address_is_never_taken(tmp_path: Path) -> None:
    layer = read(tmp_path, main_file(line(1, street="", street_2="", city="", state="", zip="")), NAME)
    assert layer.tables["location"].empty
    assert codes(layer) == [("address_missing", 1)]


def test_duplicates_headers_and_blank_lines_among_the_rows(tmp_path: Path) -> None:
    content = main_file(line(1), line(1), header_line(), line(2, updated="01/01/2020"), line(2, last="NEWNAME"), "\r\n")
    layer = read(tmp_path, content, NAME)
    assert codes(layer) == [("duplicate_row", 2), ("header_repeated", 3), ("npi_repeated", 5)]
    assert {row["npi"]: row["name"] for row in rows(layer, "provider")} == {
        npi(1): "Rosa L. McAlderly",
        npi(2): "Rosa L. Newname",
    }
    assert len(layer.tables["location"]) == 2


def test_an_older_row_of_an_npi_does_not_replace_a_newer(tmp_path: Path) -> None:
    layer = read(tmp_path, main_file(line(1), line(1, updated="01/01/2020", last="OLDNAME")), NAME)
    assert [row["name"] for row in rows(layer, "provider")] == ["Rosa L. McAlderly"]


def test_line_breaks_inside_values(tmp_path: Path) -> None:
    content = main_file(
        line(1, street='77 "OLD"\r\nPINWHEEL STREET'),
        line(2, taxonomy_1="207Q00000X", street='"1234567890","1"\n"\n"'),
        line(3, last="O'BRIEN"),
    )
    layer = read(tmp_path, content, NAME)
    assert layer.rows == 3
    assert codes(layer) == [("newline_in_field", 1), ("newline_in_field", 2)]
    assert {row["npi"]: row["street"] for row in rows(layer, "location")} == {
        npi(1): '77 "Old" Pinwheel Street, Suite 3',
        npi(3): "77 Pinwheel Street, Suite 3",
    }


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    broken = line(2).replace('"MCALDERLY"', '"MCALDERLY')
    layer = read(tmp_path, main_file(line(1), broken, line(3), line(4)), NAME)
    assert list(layer.tables["provider"]["npi"]) == [npi(1), npi(3), npi(4)]
    assert ("row_broken", 2) in codes(layer)


def test_a_row_with_too_few_values(tmp_path: Path) -> None:
    layer = read(tmp_path, main_file(line(1)[:900] + '"\r\n', line(2)), NAME)
    assert codes(layer) == [("row_broken", 1)]
    assert list(layer.tables["provider"]["npi"]) == [npi(2)]


def test_a_file_that_was_cut_short(tmp_path: Path) -> None:
    content = main_file(line(1), line(2, taxonomy_1="207Q00000X"))[:-700]
    layer = read(tmp_path, content, NAME)
    assert codes(layer) == [("file_cut_short", 2)]


def test_windows_1252_letters_are_read_with_a_notice(tmp_path: Path) -> None:
    content = main_file(line(1), line(2)).replace(b"MCALDERLY", "PEÑACLARA".encode("cp1252"), 1)
    layer = read(tmp_path, content, NAME)
    assert rows(layer, "provider")[0]["name"] == "Rosa L. Peñaclara"
    assert codes(layer) == [("encoding_respelled", 1)]


def _respelled(content: bytes, *, index: bool = False, delimiter: str = ",", mark: str = "") -> bytes:
    """Save a file as a spreadsheet or pandas does."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    for number, row in enumerate(csv.reader(io.StringIO(content.decode(), newline=""))):
        writer.writerow([*([["", str(number - 1)][number > 0]] if index else []), *row])
    return (mark + out.getvalue()).encode()


@pytest.mark.parametrize("options", [{}, {"index": True}, {"delimiter": "\t"}, {"delimiter": ";"}, {"mark": "\ufeff"}])
def test_copies_saved_by_other_programs(tmp_path: Path, options: dict[str, object]) -> None:
    content = main_file(line(1, street="77 PINWHEEL STREET, REAR"), line(2, taxonomy_1="207Q00000X"), line(3, CLINIC))
    layer = read(tmp_path, _respelled(content, **options), NAME)  # type: ignore[arg-type]
    assert list(layer.tables["provider"]["npi"]) == [npi(1), npi(3)]
    assert layer.rows == 3


def test_the_mark_of_utf8_and_irregular_headers(tmp_path: Path) -> None:
    header = header_line(f" {name.replace(' - ', ' -')} " for name in HEADER)
    plain = read(tmp_path, main_file(line(1), header=header), NAME)
    marked = read(tmp_path, b"\xef\xbb\xbf" + main_file(line(1)), NAME)
    assert list(plain.tables["provider"]["name"]) == list(marked.tables["provider"]["name"]) == ["Rosa L. McAlderly"]


def test_the_layout_of_329_columns(tmp_path: Path) -> None:
    names = [name.replace("Sex Code", "Gender Code") for name in HEADER[:-1]]
    content = main_file(line(1).replace(',""\r\n', "\r\n"), header=header_line(names))
    layer = read(tmp_path, content, NAME)
    assert [row["name"] for row in rows(layer, "provider")] == ["Rosa L. McAlderly"]


def test_the_date_of_the_layer(tmp_path: Path) -> None:
    content = main_file(line(1, updated="05/04/2026"), line(2, updated="03/02/2026", certified="05/05/2026"))
    assert read(tmp_path, content, "copy.csv").as_of == date(2026, 5, 5)
    assert read(tmp_path, content, "copy.csv", as_of=date(2026, 6, 30)).as_of == date(2026, 6, 30)
    assert read(tmp_path, content, NAME).as_of == date(2026, 6, 7)
    with pytest.raises(AsOfNeeded, match="Give the date of the file"):
        read(tmp_path, main_file(line(1, updated="")), "copy.csv")


def test_the_monthly_zip_with_its_other_members(tmp_path: Path) -> None:
    path = zipped(
        tmp_path,
        "NPPES_Data_Dissemination_June_2026.zip",
        {
            "npidata_pfile_20050523-20260607_fileheader.csv": header_line().encode(),
            "npidata_pfile_20050523-20260607.csv": main_file(line(1)),
            "NPPES_Data_Dissemination_Readme_v.2.pdf": b"%PDF-1.4\0\1\2",
        },
    )
    (layer,) = read_file([path], gazetteer=FewZips())
    assert (layer.source, layer.as_of, layer.rows) == ("nppes", date(2026, 6, 7), 1)


def test_a_weekly_file_goes_before_the_monthly_one(tmp_path: Path) -> None:
    old, new = tmp_path / "npidata_pfile_20050523-20260531.csv", tmp_path / NAME
    old.write_bytes(main_file(line(1, last="OLDNAME"), line(2)))
    new.write_bytes(main_file(line(1, last="NEWNAME")))
    for order in ([old, new], [new, old]):
        (layer,) = read_file(order, gazetteer=FewZips())
        assert {row["npi"]: row["name"] for row in rows(layer, "provider")} == {
            npi(1): "Rosa L. Newname",
            npi(2): "Rosa L. McAlderly",
        }
        assert [(found.code, found.message.arguments) for found in layer.notices] == [("superseded", {"count": 1})]


def test_the_later_row_of_two_files_is_taken_whatever_the_files_are(tmp_path: Path) -> None:
    old, new = tmp_path / "npidata_pfile_20050523-20260607.csv", tmp_path / "npidata_pfile_20260608-20260614.csv"
    gone = dict.fromkeys(HEADER, "")
    old.write_bytes(main_file(line(1, updated="06/02/2026"), line(2, updated="06/03/2026"), line(3)))
    new.write_bytes(main_file(line(1, updated="", last="UNDATED"), line(2, updated="05/01/2026", last="OLDER"),
                              line(3, gone, deactivated="06/09/2026")))  # fmt: skip
    for order in ([old, new], [new, old]):
        (layer,) = read_file(order, gazetteer=FewZips())
        found = {row["npi"]: (row["name"], row["status"]) for row in rows(layer, "provider")}
        active = ("Rosa L. McAlderly", "active")
        assert found == {npi(1): active, npi(2): active, npi(3): ("", "deactivated")}


def test_a_number_that_was_reactivated_is_newer_than_its_deactivation(tmp_path: Path) -> None:
    content = main_file(line(1, updated="02/03/2009", deactivated="05/01/2015", reactivated="05/09/2016"))
    layer = read(tmp_path, content, NAME)
    assert [row["as_of"] for row in rows(layer, "provider")] == ["2016-05-09"]


def test_a_copy_without_the_column_of_dates_has_that_of_the_file(tmp_path: Path) -> None:
    content = main_file(line(1), header=header_line(name.replace("Last Update", "Some") for name in HEADER[:-1]))
    layer = read(tmp_path, content.replace(b',""\r\n', b"\r\n"), NAME)
    assert [row["as_of"] for row in rows(layer, "provider")] == ["2026-06-07"]


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(main_file(*(line(number) for number in range(50))))
    progress: list[tuple[int, int]] = []
    read_file([path], gazetteer=FewZips(), progress=lambda done, total: progress.append((done, total)))
    assert progress[-1] == (path.stat().st_size, path.stat().st_size)
    assert progress == sorted(progress)


def test_rows_do_not_depend_on_the_block_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the size of a block, the rows are the same, line breaks in values and all."""
    lines = [line(number, street=f"{number}\nPINWHEEL ST" if number % 7 == 0 else "5 KITE RD") for number in range(40)]
    whole = read(tmp_path, main_file(*lines), NAME)
    for size in (1_000, 1_777, 5_000):
        monkeypatch.setattr("finder.intake.sources.nppes.line_filter.BLOCK_BYTES", size)
        part = read(tmp_path, main_file(*lines), NAME)
        assert part.rows == 40
        assert codes(part) == codes(whole)
        for name, frame in whole.tables.items():
            pd.testing.assert_frame_equal(part.tables[name], frame)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count", "neurologic"),
    [("sample-nppes-practitioner_20181204-data.csv", 44, 1), ("sample-nppes-organization-data.csv", 5, 0)],
)
def test_the_published_sample_files(shared_data: Path, name: str, count: int, neurologic: int) -> None:
    (layer,) = read_file([shared_data / "nppes" / name], gazetteer=FewZips())
    assert layer.tables["provider"]["npi"].nunique() == count
    specialty = layer.tables["specialty"]
    assert specialty.loc[specialty["facet"] == "neurologic", "npi"].nunique() == neurologic
