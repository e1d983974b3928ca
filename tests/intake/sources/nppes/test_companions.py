"""Main and companion files of NPPES together: what a week takes away, how old a place is, files in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.intake.layers.layer import Layer
from finder.intake.layers.stack import Stack
from finder.intake.sources.errors import HeaderOnly
from finder.intake.sources.registry import read_file
from tests.intake.sources.nppes.nppes_files import (
    CLINIC,
    NAMES_HEADER,
    PL_HEADER,
    THERAPIST,
    line,
    main_file,
    npi,
    place,
)
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import rows

MONTH, WEEK = "20050523-20260510", "20260511-20260517"
UPDATED = {MONTH: "05/01/2026", WEEK: "05/14/2026"}
NOTHING: Mapping[int, str] = MappingProxyType({})


def files(
    period: str, main: Sequence[int] | None, places: Mapping[int, str] | None, names: Mapping[int, str] | None = None
) -> dict[str, bytes]:
    """The files of one period: the NPIs of the main file, streets and trade names by NPI; 9 is nobody that we list."""
    found: dict[str, bytes] = {}
    if main is not None:
        people = [line(number, CLINIC if number == 5 else THERAPIST, updated=UPDATED[period]) for number in main]
        found[f"npidata_pfile_{period}.csv"] = main_file(*people)
    if places is not None:
        streets = [place(number, street) for number, street in {**places, 9: "9 ELM ST"}.items()]
        found[f"pl_pfile_{period}.csv"] = (PL_HEADER + "".join(streets)).encode()
    if names is not None:
        lines = [f'"{npi(number)}","{name}","3","05/01/2020"\r\n' for number, name in {**names, 9: "OTHER"}.items()]
        found[f"othername_pfile_{period}.csv"] = (NAMES_HEADER + "".join(lines)).encode()
    return found


def stage(
    folder: Path, base: Stack, named: Mapping[str, bytes], order: Sequence[str] = ()
) -> tuple[Stack, list[Layer]]:
    """Read files as one command names them, and merge them into the layers."""
    for name, content in named.items():
        (folder / name).write_bytes(content)
    paths = [folder / name for name in order or named]
    layers = read_file(paths, gazetteer=FewZips(), known_npis=base.npis, published=base.layers)
    return base.updated(layers), layers


def streets(stack: Stack) -> set[tuple[str, str]]:
    """The further places: NPI, street."""
    return {(row["npi"], row["street"]) for row in rows(stack.layers["nppes_locations"], "location")}


def trade_names(stack: Stack) -> set[tuple[str, str]]:
    return {(row["npi"], row["value"]) for row in rows(stack.layers["nppes_names"], "fact")}


@pytest.fixture
def month(tmp_path: Path) -> Stack:
    """Three people with a further place each, and a clinic with a trade name."""
    places = {1: "500 OAK AVE", 2: "5 KITE RD", 3: "6 KITE RD"}
    return stage(tmp_path, Stack({}), files(MONTH, [1, 2, 3, 5], places, {5: "NEURO FIT PT"}))[0]


def test_a_week_takes_away_what_its_companions_lack(tmp_path: Path, month: Stack) -> None:
    week = files(WEEK, [1, 2, 5], {2: "8 NEW RD"}, NOTHING)
    expected = {(npi(2), "8 New Rd"), (npi(3), "6 Kite Rd")}
    for order in list(permutations(week))[::2]:
        stack, _ = stage(tmp_path, month, week, order)
        assert (streets(stack), trade_names(stack)) == (expected, set())
    again, _ = stage(tmp_path, stack, files(MONTH, [1, 5], {1: "500 OAK AVE"}, {5: "NEURO FIT PT"}))
    assert (streets(again), trade_names(again)) == (expected, set()), "the month brings nothing back"
    assert again.left_out == {"nppes": 2, "nppes_locations": 2, "nppes_names": 2}


@pytest.mark.parametrize(
    ("week", "places", "names", "absent"),
    [
        (files(WEEK, [1, 5], None, None), {1, 2, 3}, {5}, 2),
        (files(WEEK, [1, 2, 4], None, None), {1, 2, 3}, {5}, 2),
        (files(WEEK, [4], None, None), {1, 2, 3}, {5}, 0),
        (files(WEEK, [1, 2, 5], NOTHING, None), {3}, {5}, 1),
        (files(WEEK, [1, 5], None, NOTHING), {1, 2, 3}, set(), 1),
        (files(WEEK, [1, 5], NOTHING, NOTHING), {2, 3}, set(), 0),
        (files(WEEK, None, {2: "5 KITE RD"}, NOTHING), {1, 2, 3}, {5}, 0),
    ],
)
def test_what_a_week_does_not_say_stays(
    tmp_path: Path, month: Stack, week: dict[str, bytes], places: set[int], names: set[int], absent: int
) -> None:
    stack, layers = stage(tmp_path, month, week)
    assert {number for number in range(9) for one, _ in streets(stack) if one == npi(number)} == places
    assert {number for number in range(9) for one, _ in trade_names(stack) if one == npi(number)} == names
    found = [found for layer in layers for found in layer.notices if found.code != "not_listed"]
    assert [(one.code, one.times) for one in found] == ([("no_companions_of_period", absent)] if absent else [])


@pytest.mark.parametrize(
    ("name", "left"),
    [
        (f"pl_pfile_{WEEK}.csv", {2, 3}),
        (f"pl_pfile_{WEEK}_fileheader.csv", {1, 2, 3}),
        ("pl_pfile_20260504-20260510.csv", {1, 2, 3}),
    ],
)
def test_a_companion_without_rows_takes_away_what_its_main_file_names(
    tmp_path: Path, month: Stack, name: str, left: set[int]
) -> None:
    stack, layers = stage(tmp_path, month, files(WEEK, [1, 5], None) | {name: PL_HEADER.encode()})
    assert {one for one, _ in streets(stack)} == set(map(npi, left))
    assert {one for one, _ in trade_names(stack)} == {npi(5)}
    skipped = [found.file for layer in layers for found in layer.notices if found.code == "header_only"]
    assert skipped == ([name] if 1 in left else [])


def test_companions_without_rows_and_without_their_main_file_are_left_out(tmp_path: Path, month: Stack) -> None:
    headers = {f"pl_pfile_{WEEK}.csv": PL_HEADER.encode(), f"othername_pfile_{WEEK}.csv": NAMES_HEADER.encode()}
    with pytest.raises(HeaderOnly):
        stage(tmp_path, month, headers)
    stack, _ = stage(tmp_path, month, headers | files(WEEK, [1, 5], None))
    assert {one for one, _ in streets(stack)} == {npi(2), npi(3)}
    assert trade_names(stack) == set()


def test_month_and_week_in_one_command_are_as_one_after_the_other(tmp_path: Path, month: Stack) -> None:
    places = {1: "500 OAK AVE", 2: "5 KITE RD", 3: "6 KITE RD"}
    both = files(MONTH, [1, 2, 3, 5], places, {5: "NEURO FIT PT"}) | files(WEEK, [1, 5], {2: "8 NEW RD"}, NOTHING)
    for order in (list(both), list(reversed(both))):
        stack, _ = stage(tmp_path, Stack({}), both, order)
        assert streets(stack) == {(npi(2), "8 New Rd"), (npi(3), "6 Kite Rd")}
        assert trade_names(stack) == set()


def test_a_companion_of_another_period_takes_nothing_away(tmp_path: Path, month: Stack) -> None:
    mixed = files(WEEK, [1, 2], None) | files("20260504-20260510", None, {2: "8 NEW RD"})
    stack, layers = stage(tmp_path, month, mixed)
    assert streets(stack) == {(npi(1), "500 Oak Ave"), (npi(2), "8 New Rd"), (npi(3), "6 Kite Rd")}
    assert [found.file for layer in layers for found in layer.notices if found.code == "no_main_file_of_period"] == [
        "pl_pfile_20260504-20260510.csv"
    ]


def test_a_place_is_as_old_as_the_record_of_its_npi(tmp_path: Path) -> None:
    main = main_file(line(1, updated="02/03/2009"), line(2, updated="13/45/2026"), line(3, updated=""))
    places = {1: "500 OAK AVE", 2: "5 KITE RD", 3: "6 KITE RD"}
    together = {**files(WEEK, None, places), f"npidata_pfile_{WEEK}.csv": main}
    stack, layers = stage(tmp_path, Stack({}), together)
    dates = {npi(1): "2009-02-03", npi(2): "", npi(3): ""}
    for table, layer in (("provider", "nppes"), ("location", "nppes"), ("location", "nppes_locations")):
        assert {row["npi"]: row["as_of"] for row in rows(stack.layers[layer], table)} == dates
    undated = [found for layer in layers for found in layer.notices if found.code == "record_undated"]
    assert [(found.file[:2], found.times) for found in undated] == [("np", 2), ("pl", 2)]


@pytest.mark.parametrize(("period", "day"), [(WEEK, "2026-05-01"), ("20260420-20260426", "")])
def test_a_place_staged_later_is_as_old_as_the_published_record(
    tmp_path: Path, month: Stack, period: str, day: str
) -> None:
    """What was so before the last update of a record has no known date."""
    published = month.without("nppes_locations")
    stack, _ = stage(tmp_path, published, files(period, None, {1: "500 OAK AVE"}))
    assert [row["as_of"] for row in rows(stack.layers["nppes_locations"], "location")] == [day]


PERIODS = ("20050523-20260308", "20260309-20260315", "20260316-20260322", "20050523-20260405", "20260406-20260412")


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> list[list[Layer]]:
    """The files of two months and three weeks, read; every date of an NPI is another."""
    folder = tmp_path_factory.mktemp("stages")
    found = []
    for number, period in enumerate(PERIODS):
        end = period[-8:]
        people = [one for one in (1, 2, 3) if number in (0, 3) or (one + number) % 3]
        days = {one: f"{end[4:6]}/{int(end[6:]) - one:02}/{end[:4]}" for one in people}
        main = main_file(*(line(one, last=f"NAME{number}", updated=days[one]) for one in people))
        named = files(period, None, {one: f"{number} OAK AVE" for one in people if (one * number) % 2 == 0})
        named[f"npidata_pfile_{period}.csv"] = main
        found.append(stage(folder, Stack({}), named)[1])
    return found


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, len(PERIODS) - 1), min_size=2, max_size=5))
def test_months_and_weeks_in_any_order_are_as_those_sorted_by_date(stages: list[list[Layer]], order: list[int]) -> None:
    found, expected = Stack({}), Stack({})
    for number in order:
        found = found.updated(stages[number])
    for number in sorted(set(order)):
        expected = expected.updated(stages[number])
    for source, layer in expected.layers.items():
        assert layer.as_of == found.layers[source].as_of
        assert layer.updates.equals(found.layers[source].updates)
        for name, frame in layer.tables.items():
            assert frame.equals(found.layers[source].tables[name])
