"""The staff CSV: what each column may hold, and the notice of each faulty cell."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from finder.directory.vocabulary.conditions import conditions
from finder.directory.vocabulary.offers import OFFERS_FILE, offers
from finder.directory.vocabulary.payers import payers
from finder.errors import error_text
from finder.i18n import word
from finder.intake.layers.layer import Layer
from finder.intake.sources.errors import AsOfNeeded, HeaderOnly, SourceMismatch, UnknownFormat
from finder.intake.sources.formats.delimited import column_name
from finder.intake.sources.staff.staff_csv import columns, documentation, template
from finder.intake.staff_table.export_table import staff_csv_lines
from finder.notices.notices import Severity
from finder.resources import ROOT
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.reading import codes, read, rows, stored

NAME = "calls_2026-11-13.csv"

THERAPIST = {
    "entity": "individual", "first_name": "Rosa", "last_name": "Oakapple", "credentials": "PT, DPT, NCS",
    "taxonomy_codes": "225100000X", "location_name": "Paper Crane Rehab", "street": "77 Pinwheel St",
    "city": "Cambridge", "state": "MA", "zip": "02139", "phone": "617-555-0123",
    "phone_extension": "4", "verified_on": "2026-11-10",
}  # fmt: skip


def staff_csv(*filled: dict[str, str]) -> str:
    out = io.StringIO()
    more = {column: "" for values in filled for column in values}
    writer = csv.DictWriter(out, list(dict.fromkeys([*columns(), *more])), restval="")
    writer.writeheader()
    writer.writerows(filled)
    return out.getvalue()


def row(number: int, **values: str) -> dict[str, str]:
    return {"npi": npi(number)} | THERAPIST | values


def test_a_row_with_everything(tmp_path: Path) -> None:
    filled = row(
        1,
        neurologic_confirmed_on="2026-11-09",
        treats_neuropathy_on="11/08/2026",
        neuropathy_types="diabetic; Chemotherapy",
        aquatic="Yes",
        insurance_yes="Medicare; va",
        insurance_no="tricare",
        latitude="42.3650",
        longitude="-71.1000",
    )
    layer = read(tmp_path, staff_csv(filled), NAME)
    assert (layer.source, layer.as_of, layer.rows, codes(layer)) == ("staff", date(2026, 11, 13), 1, [])
    (provider,) = rows(layer, "provider")
    assert (provider["name"], provider["credentials"], provider["as_of"]) == (
        "Rosa Oakapple",
        "PT, DPT, NCS",
        "2026-11-10",
    )
    (place,) = rows(layer, "location")
    assert (place["latitude"], place["longitude"], place["geocode_source"]) == (42.365, -71.1, "given")
    assert (place["phone"], place["phone_extension"], place["name"]) == ("6175550123", "4", "Paper Crane Rehab")
    assert {(found["facet"], found["kind"], found["as_of"]) for found in rows(layer, "specialty")} == {
        ("physical_therapy", "taxonomy", "2026-11-10"),
        ("neurologic", "board_certified", "2026-11-10"),
        ("neurologic", "confirmed", "2026-11-09"),
        ("treats_neuropathy", "confirmed", "2026-11-08"),
    }
    assert {(found["plan"], found["status"]) for found in rows(layer, "insurance")} == {
        ("medicare", "yes"), ("va", "yes"), ("tricare", "no"),
    }  # fmt: skip
    assert {(found["field"], found["value"], found["as_of"]) for found in rows(layer, "fact")} == {
        ("neuropathy_type", "diabetic", "2026-11-08"),
        ("neuropathy_type", "chemotherapy", "2026-11-08"),
        ("aquatic", "yes", "2026-11-10"),
    }


def test_answers_hold_at_their_location_or_everywhere(tmp_path: Path) -> None:
    bare = {"npi": npi(2), "insurance_no": "medicaid", "verified_on": "2026-11-10"}
    layer = read(
        tmp_path,
        staff_csv(row(1, insurance_yes="va"), row(1, street="5 Kite Rd", insurance_no="va"), bare),
        NAME,
    )
    assert {(found["location_key"], found["status"]) for found in rows(layer, "insurance")} == {
        ("02139 77 PINWHEEL ST", "yes"), ("02139 5 KITE RD", "no"), ("", "no"),
    }  # fmt: skip
    assert len(layer.tables["location"]) == 2
    assert rows(layer, "provider")[-1]["name"] == ""


@pytest.mark.parametrize(
    ("values", "code", "column"),
    [
        ({"zip": "2139"}, "zip_leading_zero", "zip"),
        ({"zip": "99999"}, "zip_unknown", "zip"),
        ({"state": "Atlantis"}, "state_corrected", "state"),
        ({"phone": "555-0123"}, "phone_invalid", "phone"),
        ({"insurance_yes": "medicare;harbourlite"}, "plan_unknown", "insurance_yes"),
        ({"insurance_yes": "medicare", "insurance_no": "medicare"}, "plan_conflict", "insurance_no"),
        ({"latitude": "40.75", "longitude": "-73.99"}, "coordinates_outside_state", "latitude"),
        ({"latitude": "-71.1", "longitude": "42.36"}, "coordinates_outside_state", "latitude"),
        ({"latitude": "north", "longitude": "-71.1"}, "coordinates_invalid", "latitude"),
        ({"latitude": "0", "longitude": "0"}, "coordinates_invalid", "latitude"),
        ({"latitude": "nan", "longitude": "inf"}, "coordinates_invalid", "latitude"),
        ({"latitude": "42.36"}, "coordinates_invalid", "latitude"),
        ({"neuropathy_types": "diabetic;bluish"}, "answer_unknown", "neuropathy_types"),
        *(({offer.fact: "maybe"}, "answer_unknown", offer.fact) for offer in offers().values()),
        ({"taxonomy_codes": "225100000X;225200000X"}, "taxonomy_unknown", "taxonomy_codes"),
        ({"verified_on": "2026-12-24"}, "date_in_future", "verified_on"),
        ({"verified_on": "yesterday"}, "date_invalid", "verified_on"),
        ({"entity": "person"}, "entity_unknown", "entity"),
    ],
)
def test_each_fault_names_its_row_and_column(tmp_path: Path, values: dict[str, str], code: str, column: str) -> None:
    layer = read(tmp_path, staff_csv(row(1), row(2, **values)), NAME)
    found = next(notice for notice in layer.notices if notice.code == code)
    assert (found.row, found.column, found.file) == (2, column, NAME)
    assert found.remedy.text


def test_a_fault_names_the_line_of_the_spreadsheet_too(tmp_path: Path) -> None:
    content = staff_csv(row(1, location_name="Two\nlines"), row(2, zip="99999"))
    for above, line in (("", 3), ("\r\n,,\r\n", 5)):
        found = next(one for one in read(tmp_path, above + content, NAME).notices if one.code == "zip_unknown")
        assert (found.row, found.line) == (2, line)


def test_a_place_with_wrong_coordinates_stays_at_its_zip_code(tmp_path: Path) -> None:
    layer = read(tmp_path, staff_csv(row(1, latitude="40.75", longitude="-73.99")), NAME)
    (place,) = rows(layer, "location")
    assert (place["latitude"], place["geocode_source"]) == (42.3647, "zip_centroid")


def test_a_zip_code_of_another_state_does_not_move_a_provider_there(tmp_path: Path) -> None:
    known, unknown, given = row(1, city="Holyoke", zip="10001"), row(2, zip="10001"), row(3, zip="10001")
    given |= {"latitude": "42.36", "longitude": "-71.1"}
    elsewhere = row(4, zip="10001", latitude="40.75", longitude="-73.99")
    layer = read(tmp_path, staff_csv(known, unknown, given, elsewhere), NAME)
    assert [(place["geocode_source"], str(place["latitude"])) for place in rows(layer, "location")] == [
        ("city_centroid", "42.2149"),
        ("", "nan"),
        ("given", "42.36"),
        ("", "nan"),
    ]
    assert sorted(codes(layer)) == [
        ("coordinates_outside_state", 4),
        *(("zip_not_in_state", number) for number in (1, 2, 3, 4)),
    ]


def test_a_bad_npi_digit_and_a_duplicate(tmp_path: Path) -> None:
    bad = npi(2)[:9] + str((int(npi(2)[9]) + 5) % 10)
    layer = read(tmp_path, staff_csv(row(1), row(1), {**row(2), "npi": bad}, row(1, phone="6175550199")), NAME)
    assert codes(layer) == [("duplicate_row", 2), ("npi_invalid", 3), ("location_repeated", 4)]
    assert list(layer.tables["provider"]["npi"]) == [npi(1)]
    assert rows(layer, "location")[0]["phone"] == "6175550123"


FACTS = [offer.fact for offer in offers().values()]


def fact_rows(layer: Layer) -> list[tuple[str, str, str, str]]:
    """The facts of a layer: column, answer, location key and day."""
    return sorted(
        (found["field"], found["value"], found["location_key"], found["as_of"]) for found in rows(layer, "fact")
    )


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize(
    ("cell", "answer"), [("yes", "yes"), ("No", "no"), (" YES ", "yes"), ("", None), ("  ", None), ("perhaps", None)]
)
def test_an_offer_is_yes_no_or_unknown(tmp_path: Path, fact: str, cell: str, answer: str | None) -> None:
    layer = read(tmp_path, staff_csv(row(1, **{fact: cell})), NAME)
    assert fact_rows(layer) == ([(fact, answer, "02139 77 PINWHEEL ST", "2026-11-10")] if answer else [])
    assert codes(layer) == ([("answer_unknown", 1)] if cell == "perhaps" else [])
    assert {found["source"] for found in rows(layer, "fact")} <= {"staff"}


def test_an_invalid_answer_has_a_remedy_and_the_others_are_read(tmp_path: Path) -> None:
    layer = read(tmp_path, staff_csv(row(1), row(2, telehealth="Sometimes", aquatic="no")), NAME)
    (found,) = layer.notices
    assert (found.row, found.column, found.value, found.severity) == (2, "telehealth", "Sometimes", Severity.WARNING)
    assert word(found.remedy).startswith("Write yes or no")
    assert [answer[:2] for answer in fact_rows(layer)] == [("aquatic", "no")]


def test_an_offer_without_an_address_holds_at_every_place(tmp_path: Path) -> None:
    bare = {"npi": npi(1), "telehealth": "no", "verified_on": "2026-11-11"}
    layer = read(tmp_path, staff_csv(row(1, telehealth="yes"), bare), NAME)
    assert fact_rows(layer) == [
        ("telehealth", "no", "", "2026-11-11"),
        ("telehealth", "yes", "02139 77 PINWHEEL ST", "2026-11-10"),
    ]


def test_a_file_made_from_an_older_template_is_read_as_before(tmp_path: Path) -> None:
    old = (
        "npi,entity,first_name,middle_name,last_name,name,credentials,taxonomy_codes,location_name,street,street_2,city,"
        "state,zip,phone,phone_extension,latitude,longitude,neurologic_confirmed_on,treats_neuropathy_on,"
        "neuropathy_types,aquatic,insurance_yes,insurance_no,verified_on\r\n"
        f"{npi(1)},individual,Rosa,,Oakapple,,PT,225100000X,,77 Pinwheel St,,Cambridge,MA,02139"
        ",,,,,,,,yes,va,,2026-11-10"
    )
    layer = read(tmp_path, old, NAME)
    assert layer.notices == ()
    assert fact_rows(layer) == [("aquatic", "yes", "02139 77 PINWHEEL ST", "2026-11-10")]


def test_a_new_offer_in_the_data_file_is_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "offers.toml"
    entry = """
[[offer]]
value = "evenings"
fact = "open_evenings"
name = "Visits in the evening"
plain_name = "visits in the evening"
sentence = "Offers visits in the evening"
"""
    file.write_text(OFFERS_FILE.read_text(encoding="utf-8") + entry, encoding="utf-8")
    try:
        with monkeypatch.context() as patched:
            patched.setattr("finder.directory.vocabulary.offers.OFFERS_FILE", file)
            offers.cache_clear()
            assert "open_evenings" in template().strip().split(",")
            assert "Offers visits in the evening" in word(columns()["open_evenings"])
            filled = staff_csv(row(1, open_evenings="yes"), row(2, open_evenings="late"))
            layer = read(tmp_path, filled, NAME)
            again = read(tmp_path, "".join(staff_csv_lines(stored(layer))), NAME)
    finally:
        offers.cache_clear()
    assert [answer[:2] for answer in fact_rows(layer)] == [("open_evenings", "yes")]
    assert fact_rows(again) == fact_rows(layer)
    assert [(found.code, found.row, found.column) for found in layer.notices] == [
        ("answer_unknown", 2, "open_evenings")
    ]
    without = read(tmp_path, filled, NAME)
    assert [(found.code, found.column) for found in without.notices] == [("column_unknown", "open_evenings")]


def test_an_offer_never_takes_the_name_of_another_column() -> None:
    assert len(columns()) == len(template().split(","))
    others = [column for column in columns() if column not in FACTS]
    assert len(others) + len(FACTS) == len(columns())
    assert {"npi", "name", "neuropathy_types", "verified_on"} <= set(others)
    assert all(column == column_name(column) for column in columns())


def test_every_column_says_what_goes_in_it_and_lists_the_words_that_it_can_have() -> None:
    assert all(word(words) for words in columns().values())
    for condition in conditions().values():
        assert all(kind in word(columns()[condition.types_column]) for kind in condition.types)
    assert all(plan in word(columns()["insurance_yes"]) for plan in payers())
    assert all(offer.sentence in word(columns()[offer.fact]) for offer in offers().values())


def test_the_page_of_the_columns_is_what_the_code_says() -> None:
    page = ROOT / "docs" / "staff_columns.md"
    assert page.read_text(encoding="utf-8") == documentation(), "run: make generated"


def test_types_without_a_day_of_their_own_have_that_of_their_row(tmp_path: Path) -> None:
    layer = read(tmp_path, staff_csv(row(1, neuropathy_types="diabetic"), row(2, verified_on="2026-11-12")), NAME)
    assert [(found["value"], found["as_of"]) for found in rows(layer, "fact")] == [("diabetic", "2026-11-10")]


def test_apostrophes_in_front_of_cells_are_removed(tmp_path: Path) -> None:
    filled = row(1, last_name="'t Hooft", location_name="'@Home Rehab", street="'77 Pinwheel St", city="'Cambridge")
    layer = read(tmp_path, staff_csv(filled), NAME)
    assert rows(layer, "provider")[0]["name"] == "Rosa 't Hooft"
    (place,) = rows(layer, "location")
    assert (place["name"], place["street"], place["city"]) == ("@Home Rehab", "77 Pinwheel St", "Cambridge")


@pytest.mark.parametrize("cell", ['="02139"', "'02139", "2139-4307", "02139.0", "02139 4307"])
def test_a_zip_code_as_spreadsheets_write_it(tmp_path: Path, cell: str) -> None:
    layer = read(tmp_path, staff_csv(row(1, zip=cell)), NAME)
    assert rows(layer, "location")[0]["location_key"] == "02139 77 PINWHEEL ST"
    assert {code for code, _ in codes(layer)} <= {"zip_leading_zero"}


def test_a_formula_that_stands_for_text_is_read_in_every_column(tmp_path: Path) -> None:
    cells = {"npi": f'="{npi(1)}"', "phone": '="6175550123"', "verified_on": '="2026-11-10"', "aquatic": "'yes"}
    for content in (staff_csv(row(1) | cells), staff_csv(row(1) | cells).replace(",", "\t")):
        layer = read(tmp_path, content, NAME)
        assert (layer.notices, list(layer.tables["provider"]["npi"])) == ((), [npi(1)])
        assert rows(layer, "location")[0]["phone"] == "6175550123"
        assert fact_rows(layer) == [("aquatic", "yes", "02139 77 PINWHEEL ST", "2026-11-10")]


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("sep=,\r\n", 3),
        ('"sep=,"\r\n\r\n', 4),
        ("Calls of November 2026\r\n", 3),
        ("Calls of November,,,\r\n,,,\r\nby Ann's office 5\" list\r\n", 5),
        ("sep=,\r\nProvider,,,,Where\r\n", 4),
    ],
)
def test_lines_above_the_header_are_passed_over(tmp_path: Path, above: str, line: int) -> None:
    content = above + staff_csv(row(1, zip="99999"), row(2))
    layer = read(tmp_path, content, NAME)
    assert len(layer.tables["provider"]) == 2
    (found,) = layer.notices
    assert (found.code, found.row, found.line) == ("zip_unknown", 1, line)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_that_excel_names(tmp_path: Path, delimiter: str) -> None:
    lines = f"sep={delimiter}\r\n" + "\r\n".join(
        delimiter.join(cells) for cells in (["NPI", "Last, First", "Verified On"], [npi(1), "x", "2026-11-10"])
    )
    assert list(read(tmp_path, lines, NAME).tables["provider"]["npi"]) == [npi(1)]


def test_columns_as_people_spell_them(tmp_path: Path) -> None:
    content = (
        'NPI Number,Type,Entity Type,First Name,LAST NAME,Degree,"Practice\nName",Address 1,Suite,Town,State,Zip Code,'
        "Telephone,Ext.,Verified On,AQUATIC\r\n"
        f"{npi(1)},,Individual,Rosa,Oakapple,PT,Paper Crane,77 Pinwheel St,Ste 4,Cambridge,MA,02139,6175550123,12,"
        "2026-11-10,yes\r\nTotal,1\r\nTotal,,,,,,,,,,,,1,,,\r\n"
    )
    layer = read(tmp_path, content, NAME)
    assert [(found.code, found.row, found.column) for found in layer.notices] == [
        ("column_unknown", 0, "Type"), ("below_table", 2, ""), ("below_table", 3, "NPI Number"),
    ]  # fmt: skip
    (place,) = rows(layer, "location")
    assert (place["location_key"], place["name"]) == ("02139 77 PINWHEEL ST STE 4", "Paper Crane")
    assert (place["phone"], place["phone_extension"], place["as_of"]) == ("6175550123", "12", "2026-11-10")
    assert rows(layer, "provider")[0]["name"] == "Rosa Oakapple"
    assert fact_rows(layer)[0][:2] == ("aquatic", "yes")


def test_a_column_of_the_right_name_comes_before_a_spelling(tmp_path: Path) -> None:
    content = f"Address,npi,street,state,zip,verified_on\nPO Box 1,{npi(1)},77 Pinwheel St,MA,02139,2026-11-10\n"
    layer = read(tmp_path, content, NAME)
    assert rows(layer, "location")[0]["street"] == "77 Pinwheel St"
    assert [(found.code, found.column) for found in layer.notices] == [("column_unknown", "Address")]


def test_of_columns_with_one_name_the_first_that_is_filled_is_read(tmp_path: Path) -> None:
    content = (
        "npi,street,state,zip,zip,verified_on\n"
        f"{npi(1)},77 Pinwheel St,MA,02139,10001,2026-11-10\n"
        f'{npi(2)},78 Pinwheel St,MA, ,"=T(""02139"")",2026-11-10\n'
        f'{npi(3)},79 Pinwheel St,MA,=T("02139"),,2026-11-10\n'
    )
    layer = read(tmp_path, content, NAME)
    assert [place["zip"] for place in rows(layer, "location")] == ["02139", "02139", "02139"]
    assert [(found.code, found.row, found.column) for found in layer.notices] == [("column_repeated", 0, "zip")]


def test_an_unknown_table_is_told_the_nearest_format_and_its_header_in_both_languages(tmp_path: Path) -> None:
    content = "Our calls\n\nProvider NPI,First Name,Last Name,Zip Code\n1,a,b,02139\n"
    with pytest.raises(UnknownFormat) as refused:
        read(tmp_path, content, "calls.csv")
    english, spanish = error_text(refused.value), error_text(refused.value, "es")
    assert "Line 3 looks like its header: Provider NPI, First Name" in english
    assert "our staff: tables. These columns are missing: verified_on." in english
    assert "La línea 3 parece su encabezado: Provider NPI" in spanish
    assert "Faltan estas columnas: verified_on." in spanish
    assert "We do not know" not in spanish


def test_a_misspelled_column_has_a_notice(tmp_path: Path) -> None:
    content = staff_csv(row(1)).replace("insurance_no", "insurance_non", 1)
    layer = read(tmp_path, content, NAME)
    assert [(found.code, found.row, found.column) for found in layer.notices] == [
        ("column_unknown", 0, "insurance_non")
    ]


def test_the_template_is_recognised_and_empty(tmp_path: Path) -> None:
    with pytest.raises(HeaderOnly):
        read(tmp_path, template(), NAME)


def test_a_date_is_needed_from_somewhere(tmp_path: Path) -> None:
    with pytest.raises(AsOfNeeded):
        read(tmp_path, staff_csv(row(1, verified_on="")), "calls.csv")
    assert read(tmp_path, staff_csv(row(1)), "calls.csv").as_of == date(2026, 11, 10)


def test_the_sample_is_no_staff_file(tmp_path: Path) -> None:
    content = staff_csv(row(1)).replace("verified_on", "sample_as_of", 1)
    assert read(tmp_path, content, "a.csv", as_of=date(2026, 11, 13)).source == "sample"
    with pytest.raises(SourceMismatch):
        read(tmp_path, content, "a.csv", source="staff")
    with pytest.raises(UnknownFormat, match="first, second"):
        read(tmp_path, "first,second\n1,2\n", "a.csv")


def test_a_day_that_cannot_be_read_is_no_day_and_not_that_of_the_file(tmp_path: Path) -> None:
    rows = (row(1, verified_on="yesterday"), row(2, verified_on=""), row(3, verified_on="2026-11-02"))
    layer = read(tmp_path, staff_csv(*rows), NAME)
    days = dict(zip(layer.tables["provider"]["npi"], layer.tables["provider"]["as_of"], strict=True))
    assert days == {npi(1): "", npi(2): layer.as_of.isoformat(), npi(3): "2026-11-02"}
