"""Typed places, parsed before any look-up."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from finder.places.errors import EmptyPlace, PlaceError, PointOutOfRange, UnknownPlace, UnknownZip
from finder.places.point import Point
from finder.places.query import Named, StateQuery, ZipQuery, county_stem, read_place
from finder.places.spelling import LONGEST, key
from finder.places.states import find_state, states


@pytest.mark.parametrize(
    "text",
    ["02139", " 02139 ", "02139-1234", "021391234", "02139 1234", "02139-", "02139-12", "2139", "2139-1234", "21391234",
     "02139–1234", "０２１３９", "Cambridge, MA 02139", "Cambridge MA 02139-1234",
     "12 Main St. #4, Cambridge, MA 02139",
     "ZIP 02139", "02139 Cambridge, MA"],
)  # fmt: skip
def test_reads_every_way_to_write_a_zip_code(text: str) -> None:
    assert read_place(text) == ZipQuery("02139")


def test_restores_leading_zeros_that_a_spreadsheet_removed() -> None:
    assert read_place("659") == ZipQuery("00659")


@pytest.mark.parametrize("text", ["1", "12", "123456", "6175551234", "9" * 99])
def test_refuses_digits_that_are_no_zip_code(text: str) -> None:
    with pytest.raises(UnknownZip):
        read_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "42.37,-71.11",
        "42.37, -71.11",
        "42.37 , -71.11",
        "42.37 -71.11",
        "(42.3700, -71.1100)",
        "( 42.37 , -71.11 )",
        "+42.37;-71.11",
        "42.37,−71.11",
        "42.3700000001,-71.11",
    ],
)
def test_reads_every_way_to_write_a_point(text: str) -> None:
    assert read_place(text) == Point(latitude=42.37, longitude=-71.11)


@pytest.mark.parametrize("text", ["91,0", "-90.01,0", "42,180.5", "999999,999999", "9" * 40 + "," + "9" * 40])
def test_refuses_a_point_that_is_not_on_the_earth(text: str) -> None:
    with pytest.raises(PointOutOfRange):
        read_place(text)


@pytest.mark.parametrize(
    "text", ["Cambridge, MA", "Cambridge , Mass.", "Cambridge,Massachusetts", "Cambridge, MA, USA",
             "Cambridge, Middlesex County, MA", "5 Main Street, Cambridge, MA"],
)  # fmt: skip
def test_reads_a_city_and_its_state(text: str) -> None:
    assert read_place(text) == (Named("Cambridge", states()["MA"]),)


def test_reads_a_state_without_a_comma_only_as_one_possibility() -> None:
    assert read_place("Fort Washington") == (Named("Fort Washington"), Named("fort", states()["WA"]))
    assert read_place("Cambridge MA") == (Named("cambridge", states()["MA"]), Named("Cambridge MA"),
                                          Named("cambridge", states()["MA"]))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "certain"),
    [("MA", "MA", True), ("ma", "MA", True), ("Massachusetts", "MA", False), ("State of Maine", "ME", True),
     ("New York State", "NY", True), ("Nueva York", "NY", False), ("D.C.", "DC", True),
     ("estado de Nuevo México", "NM", True),
     ("Puerto Rico", "PR", False), ("N. Carolina", "NC", False), ("U.S. Virgin Islands", "VI", False)],
)  # fmt: skip
def test_reads_a_state(text: str, code: str, certain: bool) -> None:
    assert read_place(text) == StateQuery(states()[code], certain)


@pytest.mark.parametrize("text", ["", "   ", "\t\n", " " * 500])
def test_asks_for_a_place_when_there_is_none(text: str) -> None:
    with pytest.raises(EmptyPlace):
        read_place(text)


def test_reads_no_more_than_a_line() -> None:
    with pytest.raises(UnknownPlace):
        read_place("x" * (LONGEST + 1))
    with pytest.raises(UnknownPlace):
        read_place("ﷺ" * 50)  # one letter that stands for eighteen


@given(st.text(max_size=150) | st.text("0123456789.,-+ ();'", max_size=60) | st.text("St.,CoMA -'", max_size=60))
@example("\x00")
@example("12345 a" + "-" * 90)
@example("\u202e02139")
@example("\ud800")
@example("a " * 50)
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    with contextlib.suppress(PlaceError):
        read_place(text)


def test_errors_belong_to_the_field_of_the_place() -> None:
    with pytest.raises(PlaceError) as caught:
        read_place("")
    assert caught.value.field == "near"


@pytest.mark.parametrize(
    ("one", "other"),
    [("St. Louis", "Saint Louis"), ("Ft Worth", "FORT WORTH"), ("Mc Lean", "McLean"),
     ("Coeur d’Alene", "Coeur D Alene"),
     ("O'Fallon", "O Fallon"), ("Winston-Salem", "Winston Salem"), ("Cañon City", "canon city"),
     ("N. Adams", "North Adams"),
     ("Mayagüez", "MAYAGUEZ"), ("Mt. Vernon", "Mount Vernon"), ("Peña Blanca", "Pen\u0303a  Blanca")],
)  # fmt: skip
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_different_names_have_different_keys() -> None:
    assert len({key(name) for name in ("Paris", "Parish", "Saint Paul", "Saint Pauls", "Salem", "West Salem")}) == 6


def test_every_state_is_found_by_each_of_its_names() -> None:
    for state in states().values():
        for name in (state.code, state.code.lower(), state.name, state.name.upper(), state.spanish, *state.also):
            assert not name or find_state(name) == state, name


def test_knows_the_words_for_a_county() -> None:
    assert county_stem("Middlesex County") == "middlesex"
    assert county_stem("Fairbanks North Star Borough") == "fairbanks north star"
    assert county_stem("Cambridge") is None
