"""The index beside databases and plain arithmetic: the same providers and queries, equal results, ratios of one run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finder.directory.index.arrays import Arrays
from finder.directory.index.index import Index
from finder.directory.plans.plans import Plans
from finder.directory.query import Query
from finder.directory.release.release import Release
from finder.directory.release.write import write_release
from finder.i18n import Message
from finder.places.gazetteer import Gazetteer
from finder.places.origin import Origin
from finder.places.point import EARTH_RADIUS_MILES, Point
from tests.bench.databases import Search, Tables, box, duckdb_search, postgis_search, sqlite_search
from tests.bench.measure import Measurement, milliseconds, p99, spread
from tests.bench.population import Population, as_arrays, as_tables, places, populate

DAY = date(2026, 11, 30)
"""The day that is searched on: answers on insurance count for a time."""

PROVIDERS, MILLIONS, QUERIES = 300_000, 8_000_000, 200
ROUNDS = 3
"""Each query is timed so often and its best time counts: the machine may be busy."""

Time = Callable[[Query], object]


def measure(*, quick: bool = False) -> list[Measurement]:
    """Measure at 300,000 providers beside everything else, then at 8 million beside bare arithmetic."""
    return list(_measured(*((10_000, 100_000, 40) if quick else (PROVIDERS, MILLIONS, QUERIES))))


def _measured(providers: int, millions: int, count: int) -> Iterator[Measurement]:
    people = populate(providers)
    queries = make_queries(count)
    arrays = as_arrays(people)
    index = Index(arrays, Plans(answered=arrays.plans), DAY)
    yield from beside_databases(people, index, queries)
    bare = beside_arithmetic(f"search core, {providers:,} providers, 100 miles", people, index, queries)
    yield with_memory(bare, arrays)
    yield release_file(people)
    few = times([index.search], queries)[0]
    near = [index.count(replace(query, specialties=(), insurance=())) for query in queries]
    del people, arrays, index
    yield from at_millions(millions, queries, near, few)


def make_queries(count: int) -> list[Query]:
    """Make searches within 100 miles of places where people live, with the filters that people set."""
    random = np.random.default_rng(11)
    some = [
        Query(
            origin=origin(place),
            radius_miles=100.0,
            specialties=_one_of(random, (), (), ("neurologic",), ("neurologic",), ("orthopedic", "sports")),
            insurance=_one_of(random, (), (), ("medicare",), ("medicare",), ("plan-03", "medicaid")),
            insurance_status="yes" if random.random() < 0.5 else "yes_or_unknown",
        )
        for place in places(count)
    ]
    return [query for query in some if query.origin and query.origin.point and abs(query.origin.point.longitude) < 176]


def origin(point: Point) -> Origin:
    return Origin(label=Message(""), kind="point", point=point, state=None, zip=None, source="", query="")


def beside_databases(people: Population, index: Index, queries: Sequence[Query]) -> Iterator[Measurement]:
    """Compare with SQLite's R*Tree and DuckDB, and with PostGIS where one is given. All must answer alike."""
    tables = Tables.of(people)
    others: dict[str, tuple[Search, str, float, float]] = {
        "SQLite R*Tree with joins": (sqlite_search(tables), "at least 20 times at the median and at p99", 20, 20),
        "DuckDB": (duckdb_search(tables), "at least 10 times at the median", 10, 0),
    }
    if url := os.environ.get("BENCH_POSTGIS_URL"):
        others["PostGIS"] = (postgis_search(tables, url), "", 0, 0)
    for name, (search, target, at_median, at_p99) in others.items():
        for query in queries:
            assert index.search(query) == search(query), f"{name} answers otherwise: {query}"
        ours, theirs = times([index.search, search], queries)
        ratios = median(theirs) / median(ours), p99(theirs) / p99(ours)
        yield Measurement(
            name=f"search core beside {name}, {people.providers:,} providers, 100 miles, 51 counts",
            figures={
                **{f"index {key}": value for key, value in spread(ours).items()},
                **{f"{name} {key}": value for key, value in spread(theirs).items()},
                "times faster at the median": round(ratios[0], 1),
                "times faster at p99": round(ratios[1], 1),
            },
            target=target,
            holds=at_target_size(ratios[0] >= at_median and ratios[1] >= at_p99, people) if target else None,
        )


def beside_arithmetic(name: str, people: Population, index: Index, queries: Sequence[Query]) -> Measurement:
    """Compare with numpy's haversine over the rows inside the box, picked out and turned to radians beforehand."""
    inside = {id(query): in_box(people, query) for query in queries}

    def bare(query: Query) -> NDArray[np.bool_]:
        return haversine(*inside[id(query)], query)

    for query in queries:
        unfiltered = replace(query, specialties=(), insurance=())
        assert index.count(unfiltered) == np.count_nonzero(bare(query)), "the distances differ"
    ours, theirs = times([index.search, bare], queries)
    ratio = median(ours) / median(theirs)
    return Measurement(
        name=name,
        figures={
            **{f"index {key}": value for key, value in spread(ours).items()},
            **{f"bare haversine {key}": value for key, value in spread(theirs).items()},
            "rows in the box, median": median(len(rows[0]) for rows in inside.values()),
            "ratio at the median": round(ratio, 2),
            "ratio of all queries together": round(sum(ours) / sum(theirs), 2),
        },
        target="under 2 times a bare numpy haversine over the rows inside the box",
        holds=at_target_size(ratio < 2, people),
    )


def at_millions(
    providers: int, queries: Sequence[Query], near: Sequence[int], few: Sequence[float]
) -> Iterator[Measurement]:
    """Show that the cost grows with the rows near: among millions, a smaller circle with as many rows costs as much.

    ``near`` and ``few``: the rows near each query, and the milliseconds that it took, among fewer providers.
    """
    people = populate(providers)
    arrays = as_arrays(people)
    index = Index(arrays, Plans(answered=arrays.plans), DAY)
    bare = beside_arithmetic(f"search core, {providers:,} providers, 100 miles", people, index, queries)
    yield with_memory(bare, arrays)
    smaller = [reaching(people, query, rows) for query, rows in zip(queries, near, strict=True)]
    ours, band = times([index.search, latitude_band(people)], smaller)
    yield Measurement(
        name=f"a circle that holds as many rows among {providers:,} providers as 100 miles among fewer",
        figures={
            "rows near, median": median(near),
            "radius, median miles": round(median(query.radius_miles for query in smaller), 1),
            "among fewer, median ms": round(median(few), 3),
            f"among {providers:,}, median ms": round(median(ours), 3),
            "ratio": round(median(ours) / median(few), 2),
            "picking rows from a band of latitude alone, median ms": round(median(band), 3),
        },
        target="cost grows with the rows near, not with all: under 2 times",
        holds=at_target_size(median(ours) < 2 * median(few), people),
    )


def reaching(people: Population, query: Query, rows: int) -> Query:
    """Shrink a query's circle until it holds so many rows."""
    latitude, longitude = in_box(people, query)
    miles = np.partition(distances(latitude, longitude, query), rows)[rows]
    return replace(query, radius_miles=float(max(miles, 0.1)))


def release_file(people: Population) -> Measurement:
    """Write a release with everything in it, open it, read pages and single providers from it."""
    tables = as_tables(people)
    random = np.random.default_rng(3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "release.sqlite"
        started_at = perf_counter()
        write_release(path, tables, {"layers": [], "sample": False}, Gazetteer.load())
        written = perf_counter() - started_at
        release, opened = None, []
        for _ in range(5):
            started_at = perf_counter()
            release = Release.open(path)
            Index(release.arrays, release.plans, DAY)
            opened.append(1000 * (perf_counter() - started_at))
        assert release
        size = path.stat().st_size / 2**20
        pages = [random.integers(0, len(people.owner), 20).tolist() for _ in range(200)]
        npis = tables["provider"]["npi"].sample(200, random_state=1).tolist()
        page = milliseconds([partial(release.listings, page) for page in pages])
        one = milliseconds([partial(release.provider, npi) for npi in npis])
    rows = sum(len(table) for table in tables.values())
    return Measurement(
        name=f"release file of {people.providers:,} providers ({rows:,} rows)",
        figures={
            "written in s": round(written, 2), "size MiB": round(size), "opened in ms": round(median(opened), 1),
            "20 listings, median ms": round(median(page), 3), "one provider, median ms": round(median(one), 3),
        },
        target="written in 15 s, opened in 100 ms, 20 listings in 1 ms",
        holds=at_target_size(written < 15 and median(opened) < 100 and median(page) < 1, people),
    )  # fmt: skip


def times(calls: Sequence[Time], queries: Sequence[Query]) -> list[list[float]]:
    """Time all queries with each call in turn, ``ROUNDS`` times; the best milliseconds of each query for each call."""
    best = [[float("inf")] * len(queries) for _ in calls]
    for _ in range(ROUNDS):
        for which, call in enumerate(calls):
            taken = milliseconds([partial(call, query) for query in queries])
            best[which] = [min(pair) for pair in zip(best[which], taken, strict=True)]
    return best


def in_box(people: Population, query: Query) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return latitude and longitude, in radians, of the rows inside the box around the circle."""
    south, north, west, east = box(query)
    band = (people.latitude >= south) & (people.latitude <= north)
    rows = np.flatnonzero(band & (people.longitude >= west) & (people.longitude <= east))
    return np.radians(people.latitude[rows]), np.radians(people.longitude[rows])


def haversine(latitude: NDArray[np.float64], longitude: NDArray[np.float64], query: Query) -> NDArray[np.bool_]:
    """Return which points are within the radius."""
    inside: NDArray[np.bool_] = distances(latitude, longitude, query) <= query.radius_miles
    return inside


def distances(latitude: NDArray[np.float64], longitude: NDArray[np.float64], query: Query) -> NDArray[np.float64]:
    """Return the distance of each point in miles, by the textbook."""
    assert query.origin
    assert query.origin.point
    phi, lam = np.radians(query.origin.point.latitude), np.radians(query.origin.point.longitude)
    half = np.sin((latitude - phi) / 2) ** 2 + np.cos(latitude) * np.cos(phi) * np.sin((longitude - lam) / 2) ** 2
    miles: NDArray[np.float64] = 2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(half))
    return miles


def latitude_band(people: Population) -> Time:
    """Pick the rows of the box the other way: all rows sorted by latitude, a band of them looked through."""
    order = np.argsort(people.latitude)
    latitude, longitude = people.latitude[order], people.longitude[order]

    def pick(query: Query) -> object:
        south, north, west, east = box(query)
        band = longitude[np.searchsorted(latitude, south) : np.searchsorted(latitude, north)]
        return np.flatnonzero((band >= west) & (band <= east))

    return pick


def at_target_size(holds: bool, people: Population) -> bool | None:
    """Check a target only at the size that it is meant for."""
    return holds if people.providers >= PROVIDERS else None


def with_memory(measurement: Measurement, arrays: Arrays) -> Measurement:
    """Add the bytes of all arrays."""
    memory = round(size_of(arrays) / 2**20)
    return replace(measurement, figures={**measurement.figures, "arrays MiB": memory})


def size_of(arrays: Arrays) -> int:
    """Return the bytes of the arrays of an index."""
    return sum(array.nbytes for array in _arrays(arrays))


def _arrays(value: Any) -> Iterator[NDArray[Any]]:
    for field in fields(value):
        inner = getattr(value, field.name)
        if is_dataclass(inner):
            yield from _arrays(inner)
        elif isinstance(inner, np.ndarray):
            yield inner


def _one_of(random: np.random.Generator, *choices: tuple[str, ...]) -> tuple[str, ...]:
    return choices[int(random.integers(len(choices)))]
