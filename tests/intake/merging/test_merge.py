"""The merge: precedence of fields, who is listed, one row per location, no dependence on the order of layers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.directory.release.tables import KEYS, RELEASE, location_key
from finder.intake.layers.layer import Layer
from finder.intake.merging.merge import Merged, merge
from tests.intake.rows import NPIS, Row, answer, evidence, fact, make_layer, place, provider

A, B = NPIS[:2]


def rows_of(merged: Merged, name: str) -> list[dict[str, object]]:
    return [{str(column): value for column, value in row.items()} for row in merged.tables[name].to_dict("records")]


def test_each_field_comes_from_the_source_that_is_believed_for_it() -> None:
    merged = merge(
        [
            make_layer(
                "nppes",
                "2026-11-01",
                provider=[provider(A, "Ida Example", credentials="PT")],
                location=[place(A, phone="6175550100", name="")],
            ),
            make_layer(
                "clinicians",
                "2026-10-15",
                provider=[provider(A, "Ida Q Example", credentials="MPT")],
                location=[place(A, phone="6175550199", name="Elm Street Therapy")],
            ),
        ]
    )
    (person,) = rows_of(merged, "provider")
    assert (person["name"], person["name_source"], person["name_as_of"]) == ("Ida Example", "nppes", "2026-11-01")
    (where,) = rows_of(merged, "location")
    assert (where["phone"], where["phone_source"], where["phone_as_of"]) == ("6175550199", "clinicians", "2026-10-15")
    assert where["name"] == "Elm Street Therapy"


def test_an_empty_value_never_overrides_a_given_one() -> None:
    merged = merge(
        [
            make_layer("edits", provider=[provider(A, "", credentials="")], location=[place(A, phone="")]),
            make_layer("nppes", provider=[provider(A, "Ida Example", credentials="DPT")], location=[place(A)]),
        ]
    )
    (person,) = rows_of(merged, "provider")
    assert (person["name"], person["credentials"], person["credentials_source"]) == ("Ida Example", "DPT", "nppes")
    assert rows_of(merged, "location")[0]["phone_source"] == "nppes"


def test_an_edit_of_one_field_leaves_the_others_to_their_sources() -> None:
    edited = {"npi": A, "location_key": location_key("99 Elm Street", "02139"), "phone": "6175550111"}
    merged = merge(
        [
            make_layer("nppes", provider=[provider(A)], location=[place(A)]),
            make_layer("edits", "2026-11-10", location=[edited]),
        ]
    )
    (where,) = rows_of(merged, "location")
    assert (where["phone"], where["phone_source"]) == ("6175550111", "edits")
    assert (where["street"], where["address_source"], where["latitude"]) == ("99 Elm Street", "nppes", 42.36)


def test_an_address_is_taken_whole_from_one_source() -> None:
    merged = merge(
        [
            make_layer("nppes", provider=[provider(A)], location=[place(A, "99 Elm Street", city="CAMBRIDGE")]),
            make_layer("clinicians", location=[place(A, "99 Elm St", city="")]),
        ]
    )
    (where,) = rows_of(merged, "location")
    assert (where["street"], where["city"], where["address_source"]) == ("99 Elm St", "", "clinicians")


def test_coordinates_of_an_address_override_the_center_of_its_zip_code() -> None:
    merged = merge(
        [
            make_layer("staff", provider=[provider(A)], location=[place(A)]),
            make_layer("nppes", location=[place(A, latitude=42.3, longitude=-71.2, geocode_source="source")]),
        ]
    )
    (where,) = rows_of(merged, "location")
    assert (where["latitude"], where["longitude"], where["geocode_source"]) == (42.3, -71.2, "source")


def test_coordinates_of_another_zip_code_are_not_taken() -> None:
    key = location_key("99 Elm Street", "02139")
    merged = merge(
        [
            make_layer("nppes", provider=[provider(A)], location=[place(A)]),
            make_layer("edits", location=[place(A, "5 Oak Street", "02144", location_key=key, latitude=None)]),
        ]
    )
    (where,) = rows_of(merged, "location")
    assert where["zip"] == "02144"
    assert merged.tables["location"]["latitude"].isna().all()


def test_the_center_of_a_city_is_a_last_resort_and_never_of_another_state() -> None:
    doubtful: dict[str, Any] = {"latitude": 42.4, "geocode_source": "city_centroid"}
    merged = merge(
        [
            make_layer(
                "staff", provider=[provider(A), provider(B)], location=[place(A, **doubtful), place(B, **doubtful)]
            ),
            make_layer("nppes", location=[place(A, latitude=42.3, geocode_source="given"), place(B, state="NY")]),
        ]
    )
    assert [(row["latitude"], row["state"]) for row in rows_of(merged, "location")] == [(42.3, "MA"), (42.4, "MA")]


def test_one_place_is_listed_once_over_all_sources() -> None:
    merged = merge(
        [
            make_layer(
                "nppes",
                provider=[provider(A)],
                location=[place(A, "99 ELM STREET")],
                fact=[fact(A, "telehealth", "yes", location_key=location_key("99 ELM STREET", "02139"))],
            ),
            make_layer("clinicians", location=[place(A, "99 Elm St., Suite 4", "021391234")]),
        ]
    )
    (where,) = rows_of(merged, "location")
    (telehealth,) = rows_of(merged, "fact")
    assert telehealth["location_key"] == where["location_key"] == "02139 99 ELM ST STE 4"


def test_two_suites_are_two_places() -> None:
    merged = merge(
        [
            make_layer(
                "nppes", provider=[provider(A)], location=[place(A, "99 Elm St Ste 4"), place(A, "99 Elm St Ste 5")]
            )
        ]
    )
    assert len(merged.tables["location"]) == 2


def test_the_same_name_at_the_same_place_stays_two_people() -> None:
    merged = merge([make_layer("nppes", provider=[provider(A), provider(B)], location=[place(A), place(B)])])
    assert list(merged.tables["location"]["npi"]) == [A, B]


def test_a_provider_of_one_secondary_source_alone_is_listed() -> None:
    merged = merge(
        [
            make_layer(
                "utilization",
                provider=[provider(A)],
                location=[place(A)],
                specialty=[evidence(A, "physical_therapy", "source_specialty", "Physical Therapist")],
            )
        ]
    )
    assert len(merged.tables["location"]) == 1
    assert rows_of(merged, "specialty")[0]["kind"] == "source_specialty"


def test_an_address_of_last_resort_is_left_out_where_there_is_another() -> None:
    merged = merge(
        [
            make_layer("utilization", provider=[provider(A)], location=[place(A, "1 Old Road")]),
            make_layer("nppes", provider=[provider(A)], location=[place(A)]),
        ]
    )
    assert list(merged.tables["location"]["street"]) == ["99 Elm Street"]


@pytest.mark.parametrize(
    ("gone_on", "back_on", "listed"),
    [("2026-11-01", "2026-10-01", False), ("2026-10-01", "2026-11-01", True), ("2026-11-01", "2026-11-01", False)],
)
def test_the_latest_registry_status_decides_who_is_active(gone_on: str, back_on: str, listed: bool) -> None:
    merged = merge(
        [
            make_layer("nppes_deactivated", gone_on, provider=[provider(A, "", status="deactivated")]),
            make_layer("nppes", back_on, provider=[provider(A)], location=[place(A)]),
            make_layer("clinicians", "2026-11-15", provider=[provider(A)], location=[place(A)]),
        ]
    )
    assert len(merged.tables["provider"]) == len(merged.tables["location"]) == int(listed)
    assert merged.unlisted == ({} if listed else {"deactivated": 1})


@pytest.mark.parametrize("status", ["suppressed", "excluded"])
def test_a_suppression_or_exclusion_holds_whatever_newer_sources_say(status: str) -> None:
    merged = merge(
        [
            make_layer("decisions", "2026-01-01", provider=[provider(A, "", status=status)]),
            make_layer("nppes", "2026-11-15", provider=[provider(A)], location=[place(A)], insurance=[answer(A)]),
        ]
    )
    assert all(frame.empty for frame in merged.tables.values())
    assert merged.unlisted == {status: 1}


def test_a_closed_place_goes_with_all_its_spellings() -> None:
    closed = fact(A, "listing", "closed", location_key=location_key("99 Elm Street", "02139"))
    merged = merge(
        [
            make_layer("nppes", provider=[provider(A)], location=[place(A), place(A, "7 Oak St")]),
            make_layer("clinicians", location=[place(A, "99 Elm St Ste 4"), place(A, "99 Elm St Ste 9")]),
            make_layer("edits", fact=[closed]),
        ]
    )
    assert list(merged.tables["location"]["street"]) == ["7 Oak St"]
    assert merged.tables["fact"].empty


def test_one_plan_has_one_answer_from_the_most_believed_source() -> None:
    merged = merge(
        [
            make_layer("nppes", provider=[provider(A)], location=[place(A)]),
            make_layer("clinicians", insurance=[answer(A, status="unknown")]),
            make_layer("staff", "2025-01-01", insurance=[answer(A, status="no")]),
        ]
    )
    (medicare,) = rows_of(merged, "insurance")
    assert (medicare["status"], medicare["source"], medicare["as_of"]) == ("no", "staff", "2025-01-01")


def test_the_most_believed_source_answers_a_question_alone_and_with_all_its_values() -> None:
    merged = merge(
        [
            make_layer("nppes", provider=[provider(A)], fact=[fact(A, "language", "French")]),
            make_layer("staff", fact=[fact(A, "language", "Spanish"), fact(A, "language", "Portuguese")]),
        ]
    )
    assert [row["value"] for row in rows_of(merged, "fact")] == ["Portuguese", "Spanish"]


def test_rows_of_unlisted_providers_and_locations_are_left_out() -> None:
    merged = merge(
        [
            make_layer("nppes", provider=[provider(A)], location=[place(A), place(B)], specialty=[evidence(B)]),
            make_layer("marketplace", insurance=[answer(A, location_key="02139 1 NOWHERE"), answer(B)]),
        ]
    )
    assert list(merged.tables["location"]["npi"]) == [A]
    assert merged.tables["specialty"].empty
    assert merged.tables["insurance"].empty


def test_no_layers_make_an_empty_release() -> None:
    merged = merge([])
    assert {name: tuple(frame.columns) for name, frame in merged.tables.items()} == dict(RELEASE)
    assert all(frame.empty for frame in merged.tables.values())


unhurried = settings(max_examples=25)

SOURCES = ("edits", "staff", "nppes", "clinicians", "utilization", "elsewhere")
npis = st.sampled_from(NPIS[:4])
days = st.sampled_from(["2026-09-01", "2026-10-01", "2026-11-01"])
streets = st.sampled_from(["99 Elm Street", "99 Elm St Ste 4", "99 ELM ST STE 5", "7 Oak Rd", ""])
words = st.sampled_from(["", "a", "b", "c"])
status = st.sampled_from(["active", "active", "active", "deactivated", "suppressed"])


@st.composite
def some_layers(draw: st.DrawFn) -> list[Layer]:
    """Layers of some sources about the same few people, in agreement or not."""
    sources = draw(st.lists(st.sampled_from(SOURCES), unique=True, min_size=1))
    return [draw(_layers_of(source)) for source in sources]


@st.composite
def _layers_of(draw: st.DrawFn, source: str) -> Layer:
    people = draw(
        st.lists(st.builds(_person, npis, words, words, status, days), max_size=4, unique_by=lambda row: row["npi"])
    )
    places = draw(st.lists(st.builds(_place, npis, streets, words, st.none() | st.floats(40, 41), days), max_size=6))
    plans = draw(st.lists(st.builds(_plan, npis, streets, st.sampled_from(["yes", "no", "unknown"]), days), max_size=4))
    facts = draw(st.lists(st.builds(_fact, npis, streets, words, days), max_size=4))
    return make_layer(
        source,
        provider=people,
        location=places,
        insurance=plans,
        fact=facts,
        specialty=[evidence(npi) for npi in draw(st.sets(npis))],
    )


def _person(npi: str, name: str, credentials: str, status: str, as_of: str) -> Row:
    return provider(npi, name, credentials=credentials, status=status, as_of=as_of)


def _place(npi: str, street: str, phone: str, latitude: float | None, as_of: str) -> Row:
    return place(npi, street, phone=phone, latitude=latitude, as_of=as_of)


def _plan(npi: str, street: str, status: str, as_of: str) -> Row:
    return answer(npi, status=status, as_of=as_of, location_key=street and location_key(street, "02139"))


def _fact(npi: str, street: str, value: str, as_of: str) -> Row:
    return fact(npi, "note", value, as_of=as_of, location_key=street and location_key(street, "02139"))


def same(one: Merged, other: Merged) -> bool:
    return all(one.tables[name].equals(other.tables[name]) for name in RELEASE) and one.unlisted == other.unlisted


def shuffled(layers: Sequence[Layer], seed: int) -> list[Layer]:
    mixed = [
        Layer(
            source=layer.source,
            as_of=layer.as_of,
            tables={name: frame.sample(frac=1, random_state=seed) for name, frame in layer.tables.items()},
        )
        for layer in layers
    ]
    random.Random(seed).shuffle(mixed)
    return mixed


@pytest.mark.slow
@unhurried
@given(some_layers(), st.integers(0, 9))
def test_the_order_of_layers_and_rows_does_not_matter(layers: list[Layer], seed: int) -> None:
    assert same(merge(layers), merge(shuffled(layers, seed)))


@pytest.mark.slow
@unhurried
@given(some_layers())
def test_a_repeated_layer_changes_nothing(layers: list[Layer]) -> None:
    assert same(merge(layers), merge([*layers, *layers]))


@pytest.mark.slow
@unhurried
@given(some_layers())
def test_keys_are_unique_and_listings_are_counted_from_zero(layers: list[Layer]) -> None:
    merged = merge(layers)
    for name, frame in merged.tables.items():
        assert not frame.duplicated(list(KEYS[name])).any()
    assert list(merged.tables["location"]["listing_id"]) == list(range(len(merged.tables["location"])))
    assert set(merged.tables["location"]["npi"]) <= set(merged.tables["provider"]["npi"])


@pytest.mark.slow
@unhurried
@given(some_layers())
def test_every_named_provider_is_listed_or_counted_as_unlisted(layers: list[Layer]) -> None:
    merged = merge(layers)
    stated = pd.concat([layer.tables["provider"] for layer in layers])
    named = set(stated.loc[stated["name"] != "", "npi"])
    listed = set(merged.tables["provider"]["npi"])
    assert listed <= named
    assert len(set(stated["npi"]) - listed) <= sum(merged.unlisted.values()) + len(set(stated["npi"]) - named)


@pytest.mark.slow
@unhurried
@given(some_layers())
def test_every_value_is_in_the_source_that_it_names(layers: list[Layer]) -> None:
    merged = merge(layers)
    stated = {
        (row["npi"], row["source"], row["as_of"], field, row[field])
        for layer in layers
        for name in ("provider", "location")
        for row in layer.tables[name].to_dict("records")
        for field in row
    }
    for row in rows_of(merged, "provider"):
        assert (row["npi"], row["name_source"], row["name_as_of"], "name", row["name"]) in stated
        if row["credentials"]:
            source, as_of = row["credentials_source"], row["credentials_as_of"]
            assert (row["npi"], source, as_of, "credentials", row["credentials"]) in stated
    for row in rows_of(merged, "location"):
        assert (row["npi"], row["address_source"], row["address_as_of"], "street", row["street"]) in stated
        if row["phone"]:
            assert (row["npi"], row["phone_source"], row["phone_as_of"], "phone", row["phone"]) in stated
