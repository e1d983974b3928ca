"""The index agrees with the brute-force search on random directories: same listings, counts and order."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from finder.directory.index.build import make_arrays
from finder.directory.index.facets import MOST_COUNTED
from finder.directory.index.index import Index
from finder.directory.provider import EVIDENCE_LADDER, Entity
from finder.directory.query import INSURANCE_STATUSES, SORTS, Query
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.specialties import specialty_values
from finder.places.gazetteer import Gazetteer
from finder.places.point import EARTH_RADIUS_MILES, Point
from tests.directory import brute_force
from tests.directory.brute_force import PlainListing
from tests.directory.builder import DAY, DirectoryBuilder, origin

PLANS = ("aqua", "gold", "net-a", "net-b", "medicare", "medicaid")
FIRST, LAST = ("Ana", "Bo", "Cleo"), ("Lee", "Lind", "Moss")
NEEDS = ("neurologic", "treats_neuropathy", "hand", "geriatric")
FIELDS = (*(offer.fact for offer in offers().values()), "gender")
FACTS = ("yes", "yes", "no", "some", "unknown", "")
CENTERS = [
    (42.36, -71.1),
    (13.45, 144.78),
    (64.8, -147.7),
    (52.0, 179.99),
    (-14.3, -170.7),
    (89.99, 0.0),
    (-90.0, 10.0),
]


NETWORKS = (("gold", "net-a"), ("gold", "net-b"), ("aqua", "net-a"))
"""Which plans may use which networks; both may have answers of their own too."""

PERIODS = (("", ""), ("", ""), ("", "2026-11-29"), ("2026-12-01", ""), ("2026-11-30", "2026-11-30"))
"""Always, until yesterday, from tomorrow, and today alone."""


def index_of(builder: DirectoryBuilder) -> Index:
    return Index(make_arrays(builder.tables(), Gazetteer.load()), builder.plans(), DAY)


@st.composite
def points(draw: st.DrawFn) -> Point:
    """Points in clusters, near the poles, the date line and other edge cases."""
    latitude, longitude = draw(st.sampled_from(CENTERS))
    latitude += draw(st.sampled_from([0.0, 0.25, -0.1, 0.5]) | st.floats(-2, 2))
    longitude += draw(st.sampled_from([0.0, 0.25, -0.1, 0.5]) | st.floats(-3, 3))
    return Point(latitude=min(max(latitude, -90), 90), longitude=(longitude + 180) % 360 - 180)


@st.composite
def directories(draw: st.DrawFn) -> DirectoryBuilder:
    builder = DirectoryBuilder()
    for plan, network in draw(st.sets(st.sampled_from(NETWORKS))):
        builder.uses_network(plan, network)
    for number in range(draw(st.integers(0, 15))):
        name = f"{draw(st.sampled_from(FIRST))} {draw(st.sampled_from(LAST))}"
        npi = builder.provider(number, name, entity=draw(st.sampled_from(["individual", "organization"])))
        for facet, kind in draw(st.sets(st.tuples(
            st.sampled_from(["neurologic", "treats_neuropathy", "hand", "physical_therapy", "tomorrow"]),
            st.sampled_from(EVIDENCE_LADDER)), max_size=4)):  # fmt: skip
            builder.evidence(npi, facet, kind)
        keys = [""]
        for _ in range(draw(st.integers(1, 3))):
            at = draw(points() | st.none())
            keys.append(builder.location(
                npi, at.latitude if at else math.nan, at.longitude if at else math.nan,
                state=draw(st.sampled_from(["MA", "GU"])), name=draw(st.sampled_from(["", "Harbor", "Lindgren"])),
            ))  # fmt: skip
        for plan, key in draw(st.sets(st.tuples(st.sampled_from(PLANS), st.sampled_from(keys)), max_size=5)):
            first, last = draw(st.sampled_from(PERIODS))
            status = draw(st.sampled_from(["yes", "no", "unknown"]))
            builder.insurance(npi, plan, status, key, valid_from=first, valid_until=last)
        for field, value, key in draw(st.sets(st.tuples(
            st.sampled_from(FIELDS), st.sampled_from(FACTS), st.sampled_from(keys)), max_size=5)):  # fmt: skip
            builder.fact(npi, field, value, key)
    return builder


@st.composite
def queries(draw: st.DrawFn) -> Query:
    place = draw(
        points().map(origin) | st.sampled_from([None, origin(None, "MA"), origin(None, "GU"), origin(None, "ZZ")])
    )
    entities: list[Entity | None] = [None, None, "individual", "organization"]
    return Query(
        origin=place,
        radius_miles=draw(st.sampled_from([5.0, 25.0, 100.0]) | st.floats(5, 100)),
        specialties=tuple(draw(st.sets(st.sampled_from(specialty_values()), max_size=2))),
        insurance=tuple(draw(st.sets(st.sampled_from([*PLANS, "va"]), max_size=2))),
        insurance_status=draw(st.sampled_from(INSURANCE_STATUSES)),
        offers=tuple(draw(st.sets(st.sampled_from(tuple(offers())), max_size=2))),
        need_specialties=tuple(draw(st.sets(st.sampled_from(NEEDS), max_size=2))),
        need_offers=tuple(draw(st.sets(st.sampled_from(tuple(offers())), max_size=2))),
        entity=draw(st.sampled_from(entities)),
        name=draw(st.sampled_from(["", "", "", "ana", "LEE", "bo li", "lind", "harbor", "c"])),
        sort=draw(st.sampled_from(SORTS)),
        per_page=draw(st.integers(1, 7)),
    )


@pytest.mark.slow
@settings(max_examples=150)
@given(directories(), queries())
def test_the_index_agrees_with_a_brute_force_search(builder: DirectoryBuilder, query: Query) -> None:
    everyone = brute_force.listings(builder)
    at_the_edge = [one for one in everyone if abs((brute_force.distance(query, one) or 0) - query.radius_miles) < 1e-6]
    assume(not at_the_edge)
    index = index_of(builder)
    expected = {one.listing: one for one in brute_force.find(everyone, query)}

    found = index.search(query)

    assert found.total == len(expected) == index.count(query)
    assert found.therapists == len({one.npi for one in expected.values() if one.entity == "individual"})
    assert found.clinics == len({one.npi for one in expected.values() if one.entity == "organization"})
    statuses = [brute_force.status(query, one) for one in expected.values() if query.insurance]
    assert (found.yes_total, found.unknown_total) == (statuses.count("yes"), statuses.count("unknown"))
    answered = {str(row["plan"]) for row in builder.rows["insurance"]}
    assert found.facets == brute_force.facets(everyone, query, tuple(answered | {*query.insurance}))
    counts = index.count_plans(query)
    for plan in PLANS:
        count = counts.of(plan)
        assert (count.yes, count.no, count.unknown) == brute_force.count_plan(everyone, query, plan)
    pages = [
        index.search(replace(query, page=page)).listings for page in range(1, -(-found.total // query.per_page) + 1)
    ]
    assert all(len(page) == query.per_page for page in pages[:-1])
    in_order = [listing for page in pages for listing in page]
    assert sorted(in_order) == sorted(expected)
    assert_in_order(query, [expected[listing] for listing in in_order])
    assert index.search(replace(query, page=len(pages) + 1)).listings == []


def assert_in_order(query: Query, found: list[PlainListing]) -> None:
    """Check tier, then distance (to a hair: two points may be equally far), then name, NPI and practice location."""
    for one, after in pairwise(found):
        tiers = [_tier(query, each) for each in (one, after)]
        assert tiers[0] <= tiers[1]
        if tiers[0] < tiers[1]:
            continue
        far, farther = (brute_force.distance(query, each) or 0.0 for each in (one, after))
        by_name = (one.name, one.npi, one.key) < (after.name, after.npi, after.key)
        if query.sort == "name":
            assert by_name
        else:
            assert far < farther + 1e-6
            assert by_name or far != farther or one.point != after.point


def _tier(query: Query, one: PlainListing) -> tuple[bool, int]:
    to_ask = query.insurance_status == "yes_or_unknown" and brute_force.status(query, one) == "unknown"
    return bool(query.insurance) and to_ask, brute_force.evidence_rank(query, one) if query.sort == "evidence" else 0


@pytest.mark.slow
@settings(max_examples=50)
@given(directories(), queries())
def test_the_nearest_listing_is_found_at_any_distance(builder: DirectoryBuilder, query: Query) -> None:
    everyone = brute_force.listings(builder)
    anywhere = replace(query, radius_miles=math.pi * EARTH_RADIUS_MILES)
    distances = [brute_force.distance(query, one) for one in brute_force.find(everyone, anywhere)]
    nearest = index_of(builder).nearest(query)
    if query.origin is None or query.origin.point is None or not distances:
        assert nearest is None
    else:
        found = {one.listing: brute_force.distance(query, one) for one in everyone}
        assert nearest is not None
        assert found[nearest] == pytest.approx(min(miles for miles in distances if miles is not None), abs=1e-6)


def test_with_many_keys_a_search_counts_the_payers_and_what_it_asks_for() -> None:
    builder = DirectoryBuilder()
    npi = builder.provider(1, "Ana Lee")
    builder.location(npi, 42.36, -71.1)
    for number in range(MOST_COUNTED + 1):
        builder.insurance(npi, f"net-{number}", "yes")
    builder.uses_network("gold", "net-3")
    builder.uses_network("gold", "net-9")
    index = index_of(builder)
    found = index.search(Query(insurance=("gold", "net-5"), insurance_status="yes"))
    assert found.facets["insurance"] == {"gold": 1, "net-5": 1, "medicare": 0, "medicaid": 0, "tricare": 0, "va": 0}
    counts = index.count_plans(Query())
    assert [counts.of(plan).yes for plan in ("gold", "net-64", "medicare")] == [1, 1, 0]
    assert [counts.answers(key) for key in ("gold", "net-64")] == [0, 1]


def test_a_key_with_answers_of_its_own_and_of_a_network_is_counted_with_both() -> None:
    builder = DirectoryBuilder()
    builder.uses_network("gold", "wide")
    for number, plan in ((1, "gold"), (2, "wide"), (3, "medicare")):
        npi = builder.provider(number, f"Ana Lee {number}")
        builder.location(npi, 42.36, -71.1)
        builder.insurance(npi, plan, "yes")
    found = index_of(builder).search(Query(insurance_status="yes"))
    assert {plan: found.facets["insurance"][plan] for plan in ("gold", "wide", "medicare")} == {
        "gold": 2, "wide": 1, "medicare": 1,
    }  # fmt: skip
