"""Our own table, exported and read back: no answer of staff is lost, and no date changes."""

from __future__ import annotations

import csv
import io
import string
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from finder.directory.release.tables import LAYER
from finder.directory.vocabulary.conditions import conditions
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import confirmable, specialties
from finder.intake.layers.layer import Layer
from finder.intake.publishing.publish import publish
from finder.intake.publishing.stage import StageRequest, stage
from finder.intake.sources.staff.staff_csv import columns, template
from finder.intake.staff_table.export_table import export_staff_table, staff_csv_lines, staff_layer_pin
from finder.releases.installation import Installation
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.reading import read, rows, stored

Row = dict[str, str]

FACTS = tuple(offer.fact for offer in offers().values())

CODES = ("225100000X", "261QP2000X", *(code for known in specialties().values() for code in known.taxonomies))

TOWNS = (("Cambridge", "MA", "02139"), ("Boston", "MA", "02115"), ("", "MA", "2139"), ("CAMBRIDGE", "", "02139-4307"))


def table_of(filled: Sequence[Row]) -> str:
    """Return rows as the text of a staff CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns()), restval="")
    writer.writeheader()
    writer.writerows(filled)
    return out.getvalue()


def cells_of(text: str) -> list[Row]:
    """Return the rows of an exported table."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def assert_same_layer(one: Layer, other: Layer) -> None:
    """Assert that two stored layers are equal."""
    for name in LAYER:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name], obj=name)


NAME_PARTS = st.text(string.ascii_letters + "-'. éÑ@=+＝＠", max_size=14)
DAYS = st.one_of(st.just(""), st.integers(0, 400).map(lambda days: (date(2026, 11, 1) - timedelta(days)).isoformat()))
ANSWERS = st.sampled_from(["", "", "yes", "no", "Yes", "dunno"])


def joined_values(values: Sequence[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(sorted(values)), max_size=3).map(";".join)


def provider_rows(number: int) -> st.SearchStrategy[Row]:
    """Rows of one provider, valid and faulty, with an address or without."""
    who = st.fixed_dictionaries(
        {
            "npi": st.just(npi(number)),
            "entity": st.sampled_from(["individual", "organization", "", "1"]),
            "first_name": NAME_PARTS,
            "middle_name": st.sampled_from(["", "J", "Lee Ann"]),
            "last_name": NAME_PARTS | st.sampled_from(["DE LA CRUZ", "O'BRIEN", "smith iii", "'t Hooft"]),
            "name": NAME_PARTS | st.sampled_from(["ELM ST. REHAB, LLC", "Ann Lee Example"]),
            "credentials": st.sampled_from(
                ["", "PT, DPT, NCS", "P.T., N.C.S.", "Physical Therapist", "-", "RNCS, GCS"]
            ),
            "taxonomy_codes": joined_values([*CODES, "225200000X"]),
            "verified_on": DAYS,
            **{specialty.confirmed_column: DAYS for specialty in confirmable()},
            **{
                condition.types_column: joined_values([*condition.types, "bluish"])
                for condition in conditions().values()
                if condition.types
            },
            "insurance_yes": joined_values([*payers(), "moonshine"]),
            "insurance_no": joined_values([*payers()]),
            **dict.fromkeys(FACTS, ANSWERS),
        }
    )
    where: st.SearchStrategy[Row] = st.one_of(
        st.just({}),
        st.builds(
            lambda town, rest: dict(zip(("city", "state", "zip"), town, strict=True)) | rest,
            st.sampled_from(TOWNS),
            st.fixed_dictionaries(
                {
                    "street": st.sampled_from(["77 PINWHEEL ST", "5 Kite Road", "@the mall", "", "12 CSP"]),
                    "street_2": st.sampled_from(["", "SUITE 4B", "2nd floor"]),
                    "location_name": NAME_PARTS,
                    "phone": st.sampled_from(["", "617-555-0123", "(617) 555-0199 x12", "555"]),
                    "phone_extension": st.sampled_from(["", "4"]),
                    "latitude": st.sampled_from(["", "42.3650", "north"]),
                    "longitude": st.sampled_from(["", "-71.1", "-71.100100"]),
                }
            ),
        ),
    )
    return st.builds(lambda one, other: one | other, who, where)


ROWS = st.lists(st.integers(1, 3).flatmap(provider_rows), min_size=1, max_size=6)


@pytest.mark.slow
@settings(max_examples=40, phases=(Phase.explicit, Phase.generate))
@given(ROWS)
def test_an_exported_table_is_read_back_to_the_same_layer(filled: list[Row]) -> None:
    with TemporaryDirectory() as folder:
        first = stored(read(Path(folder), table_of(filled), "calls_2026-11-13.csv"))
        if not len(first.tables["provider"]):
            return
        again = read(Path(folder), "".join(staff_csv_lines(first)), "our-table.csv")
    assert not {found.code for found in again.notices} & {
        "answer_unknown", "plan_unknown", "plan_conflict", "duplicate_row", "location_repeated", "taxonomy_unknown",
        "entity_unknown", "date_invalid", "column_unknown", "coordinates_invalid", "phone_invalid",
    }  # fmt: skip
    assert_same_layer(first, stored(again))


EVERYTHING = {
    "npi": npi(1), "entity": "individual", "first_name": "Rosa", "middle_name": "J", "last_name": "DE LA CRUZ",
    "credentials": "PT, DPT, NCS", "taxonomy_codes": "225100000X;2251N0400X", "location_name": "@Home Rehab",
    "street": "77 Massachusetts Avenue", "street_2": "Suite 3", "city": "Cambridge", "state": "MA", "zip": "02139",
    "phone": "617-555-0123", "phone_extension": "4", "latitude": "42.3597", "longitude": "-71.0935",
    "neurologic_confirmed_on": "2026-11-09", "treats_neuropathy_on": "2026-11-08", "neuropathy_types": "diabetic;toxic",
    "accepting_patients": "no", "telehealth": "yes", "insurance_yes": "medicare;va", "insurance_no": "tricare",
    "verified_on": "2026-11-10",
}  # fmt: skip


def test_every_column_is_exported_and_read_back(tmp_path: Path) -> None:
    elsewhere = EVERYTHING | {"street": "5 Kite Rd", "street_2": "", "telehealth": "no", "verified_on": "2026-10-01"}
    everywhere = {"npi": npi(1), "aquatic": "yes", "verified_on": "2026-09-01"}
    clinic = {"npi": npi(2), "entity": "organization", "name": "Elm Clinic", "verified_on": "2026-11-10"}
    layer = stored(read(tmp_path, table_of([EVERYTHING, elsewhere, everywhere, clinic]), "calls_2026-11-13.csv"))
    one, two, three, four = cells_of("".join(staff_csv_lines(layer)))
    assert (one["npi"], one["first_name"], one["last_name"]) == (npi(1), "Rosa J.", "de la Cruz")
    assert (one["location_name"], one["street"], one["zip"]) == (
        "'@Home Rehab",
        "77 Massachusetts Avenue, Suite 3",
        "02139",
    )
    assert (one["latitude"], one["longitude"]) == ("42.3597", "-71.0935")
    assert (one["treats_neuropathy_on"], one["neuropathy_types"]) == ("2026-11-08", "diabetic;toxic")
    assert [(row["verified_on"], *(row[fact] for fact in FACTS)) for row in (one, two, three)] == [
        ("2026-11-10", "no", "yes", ""), ("2026-10-01", "no", "no", ""), ("2026-09-01", "", "", "yes"),
    ]  # fmt: skip
    assert (one["insurance_yes"], one["insurance_no"]) == ("medicare;va", "tricare")
    assert (four["name"], four["entity"], four["verified_on"]) == ("Elm Clinic", "organization", "2026-11-10")


def test_a_place_that_a_map_service_found_stays_where_it_is(tmp_path: Path) -> None:
    layer = stored(read(tmp_path, table_of([EVERYTHING]), "calls_2026-11-13.csv"))
    layer.tables["location"]["geocode_source"] = "geocoded"
    again = read(tmp_path, "".join(staff_csv_lines(layer)), "our-table.csv")
    (place,) = rows(again, "location")
    assert (place["latitude"], place["longitude"], place["geocode_source"]) == (42.3597, -71.0935, "given")


def published(installation: Installation, folder: Path, name: str, text: str, *, whole: bool = False) -> int:
    """Stage and publish a table, and return the number of changes."""
    path = folder / name
    path.write_bytes(text.encode())
    draft = stage(installation, StageRequest(paths=[path], by="eva", replace=whole))
    publish(installation, draft.id, by="ola")
    return sum(draft.difference[kind] for kind in ("added", "changed", "removed"))


@pytest.mark.slow
def test_an_exported_table_uploaded_again_changes_only_what_was_edited(
    installation: Installation, tmp_path: Path
) -> None:
    assert staff_layer_pin(installation) is None
    assert "".join(export_staff_table(installation)) == template()
    clinic = {
        "npi": npi(2),
        "entity": "organization",
        "name": "Elm Clinic",
        "zip": "02139",
        "verified_on": "2026-11-10",
    }
    published(installation, tmp_path, "calls.csv", table_of([EVERYTHING, clinic]))
    before = staff_layer_pin(installation)
    out = "".join(export_staff_table(installation))
    for whole in (False, True):
        assert published(installation, tmp_path, "our-table.csv", out, whole=whole) == 0
        assert staff_layer_pin(installation) == before, "the same bytes"
    changed = cells_of(out)
    changed[1]["telehealth"] = "yes"
    assert published(installation, tmp_path, "our-table.csv", table_of(changed)) == 1
    again = cells_of("".join(export_staff_table(installation)))
    assert [row["telehealth"] for row in again] == ["yes", "yes"]
    assert again[0] == cells_of(out)[0]


@pytest.mark.parametrize("fact", FACTS)
def test_two_general_answers_are_exported_in_two_rows(tmp_path: Path, fact: str) -> None:
    bare = {"npi": npi(1), "verified_on": "2026-11-10"}
    table = table_of([bare | {fact: "yes", "insurance_yes": "va"}, bare | {fact: "no", "insurance_no": "va"}])
    layer = stored(read(tmp_path, table, "calls_2026-11-13.csv"))
    cells = cells_of("".join(staff_csv_lines(layer)))
    assert sorted(row[fact] for row in cells) == ["no", "yes"]
    assert_same_layer(layer, stored(read(tmp_path, "".join(staff_csv_lines(layer)), "our-table.csv")))
