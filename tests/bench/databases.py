"""The search written for databases: a spatial index, joins, one statement per search."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import psycopg

from finder.directory.index.facets import ENTITY, INSURANCE, OFFERS, SPECIALTY
from finder.directory.index.index import Found
from finder.directory.index.nearby import on_the_sphere
from finder.directory.query import Query
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.specialties import proves, specialty_values
from finder.places.point import EARTH_RADIUS_MILES
from tests.bench.population import PLANS, SHARES, Population

Search = Callable[[Query], Found]

METRES_A_MILE = 1609.344

STATEMENT = """
WITH near AS MATERIALIZED (
  SELECT listing.id, listing.provider, listing.organization, listing.name_rank, {chord} AS chord,
         {specialty} AS s, {insurance} AS i
  FROM {source} WHERE {where} AND {chord} <= {limit}
), hit AS MATERIALIZED (SELECT * FROM near WHERE s = 1 AND i IN {accepted})
SELECT 'total' AS facet, '' AS value, count(*) AS n FROM hit
UNION ALL SELECT 'therapists', '', count(DISTINCT provider) FROM hit WHERE organization = 0
UNION ALL SELECT 'clinics', '', count(DISTINCT provider) FROM hit WHERE organization = 1
UNION ALL SELECT 'answer', CAST(i AS TEXT), count(*) FROM hit GROUP BY i
UNION ALL SELECT 'specialty', value, count(*) FROM near JOIN proven ON proven.provider = near.provider
          WHERE i IN {accepted} GROUP BY value
UNION ALL SELECT 'entity', CAST(organization AS TEXT), count(*) FROM hit GROUP BY organization
UNION ALL SELECT 'open', '', count(*) FROM near WHERE s = 1
UNION ALL SELECT CASE status WHEN 0 THEN 'yes' ELSE 'no' END, plan, count(*)
          FROM near JOIN insurance ON insurance.listing = near.id WHERE s = 1 GROUP BY status, plan
UNION ALL SELECT * FROM (
  SELECT 'page', CAST(id AS TEXT), row_number() OVER (ORDER BY {tier}, chord, name_rank)
  FROM hit ORDER BY {tier}, chord, name_rank LIMIT 20) AS page
"""


@dataclass(frozen=True)
class Tables:
    """The population as a database holds it, every join key indexed."""

    listing: pd.DataFrame
    proven: pd.DataFrame
    """Which values of specialty each provider's evidence proves, worked out beforehand."""
    insurance: pd.DataFrame

    @classmethod
    def of(cls, people: Population) -> Tables:
        phi, lam = np.radians(people.latitude), np.radians(people.longitude)

        listing = pd.DataFrame({
            "id": range(len(people.owner)), "provider": people.owner, "name_rank": people.name_rank,
            "organization": people.organization[people.owner].astype(int), "latitude": people.latitude,
            "longitude": people.longitude,
            "x": np.cos(phi) * np.cos(lam), "y": np.cos(phi) * np.sin(lam), "z": np.sin(phi),
        })  # fmt: skip
        evidence = pd.DataFrame({"provider": people.evidence[0], "kind": people.evidence[1]})
        pairs = [
            (place, value)
            for place, kind in enumerate(SHARES)
            for value in specialty_values()
            if proves(value, *kind.split(":"))
        ]
        proven = evidence.merge(pd.DataFrame(pairs, columns=["kind", "value"]), on="kind")
        rows, plans, status = people.insurance
        insurance = pd.DataFrame({"listing": rows, "plan": pd.Series(PLANS).to_numpy()[plans], "status": status})
        return cls(listing, proven[["provider", "value"]].drop_duplicates(), insurance)


def sqlite_search(tables: Tables) -> Search:
    """SQLite: an R*Tree of the points, joined to the rest."""
    database = sqlite3.connect(":memory:")
    database.executescript(
        "CREATE VIRTUAL TABLE area USING rtree(id, south, north, west, east);"
        "CREATE TABLE listing (id INTEGER PRIMARY KEY, provider INT, name_rank INT, organization INT, latitude REAL,"
        " longitude REAL, x REAL, y REAL, z REAL);"
        "CREATE TABLE proven (provider INT, value TEXT, PRIMARY KEY (provider, value)) WITHOUT ROWID;"
        "CREATE TABLE insurance (listing INT, plan TEXT, status INT, PRIMARY KEY (listing, plan)) WITHOUT ROWID;"
    )
    for name in ("listing", "proven", "insurance"):
        frame: pd.DataFrame = getattr(tables, name)
        places = ", ".join("?" * len(frame.columns))
        rows = zip(*(frame[column].tolist() for column in frame.columns), strict=True)
        database.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
    database.execute("INSERT INTO area SELECT id, latitude, latitude, longitude, longitude FROM listing")
    database.execute("ANALYZE")
    source = "area JOIN listing ON listing.id = area.id"

    def search(query: Query) -> Found:
        south, north, west, east = box(query)
        where = f"area.south <= {north} AND area.north >= {south} AND area.west <= {east} AND area.east >= {west}"
        return answer(query, database.execute(statement(query, source, where)).fetchall())

    return search


def duckdb_search(tables: Tables) -> Search:
    """DuckDB in memory: rows in the order of latitude, which its zone maps use."""
    database = duckdb.connect()
    for name in ("listing", "proven", "insurance"):
        database.register("frame", getattr(tables, name))
        order = "ORDER BY latitude, longitude" if name == "listing" else ""
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM frame {order}")
        database.unregister("frame")

    def search(query: Query) -> Found:
        south, north, west, east = box(query)
        where = f"latitude BETWEEN {south} AND {north} AND longitude BETWEEN {west} AND {east}"
        return answer(query, database.execute(statement(query, "listing", where)).fetchall())

    return search


def postgis_search(tables: Tables, url: str) -> Search:
    """PostGIS: a GiST index on geography. The tables are made anew in a schema of their own."""
    database = psycopg.connect(url, autocommit=True)
    database.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    database.execute("DROP SCHEMA IF EXISTS finder_bench CASCADE; CREATE SCHEMA finder_bench")
    database.execute("SET search_path TO finder_bench, public")
    database.execute(
        "CREATE TABLE listing (id int PRIMARY KEY, provider int, name_rank int, organization int,"
        " latitude float8, longitude float8, x float8, y float8, z float8);"
        "CREATE TABLE proven (provider int, value text, PRIMARY KEY (provider, value));"
        "CREATE TABLE insurance (listing int, plan text, status int, PRIMARY KEY (listing, plan));"
    )
    for name in ("listing", "proven", "insurance"):
        frame: pd.DataFrame = getattr(tables, name)
        with database.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            for row in frame.itertuples(index=False, name=None):
                copy.write_row(row)
    database.execute(
        "ALTER TABLE listing ADD COLUMN place geography(Point);"
        "UPDATE listing SET place = ST_MakePoint(longitude, latitude)::geography;"
        "CREATE INDEX ON listing USING gist (place)"
    )
    database.execute("VACUUM ANALYZE")

    def search(query: Query) -> Found:
        assert query.origin
        assert query.origin.point
        metres = query.radius_miles * METRES_A_MILE * 1.01  # a little more: its earth is not quite ours
        center = f"ST_MakePoint({query.origin.point.longitude}, {query.origin.point.latitude})::geography"
        where = f"ST_DWithin(place, {center}, {metres}, false)"
        return answer(query, database.execute(statement(query, "listing", where)).fetchall())

    return search


def statement(query: Query, source: str, where: str) -> str:
    """Write the one statement of a search."""
    assert query.origin
    assert query.origin.point
    x, y, z = on_the_sphere(query.origin.point)[:, 0].tolist()
    specialty, insurance, tier = "1", "2", "0 * i"
    if query.specialties:
        specialty = (
            "CASE WHEN EXISTS (SELECT 1 FROM proven WHERE proven.provider = listing.provider"
            f" AND value IN {_list(query.specialties)}) THEN 1 ELSE 0 END"
        )
    if query.insurance:
        status_query = (
            f"FROM insurance WHERE insurance.listing = listing.id AND plan IN {_list(query.insurance)} AND status ="
        )
        no = f"(SELECT count(*) {status_query} 1) = {len(query.insurance)}"
        insurance = f"CASE WHEN EXISTS (SELECT 1 {status_query} 0) THEN 2 WHEN {no} THEN 0 ELSE 1 END"
    if query.insurance_status == "yes_or_unknown":
        tier = "-i"
    return STATEMENT.format(
        source=source,
        where=where,
        chord=f"((x-({x!r}))*(x-({x!r})) + (y-({y!r}))*(y-({y!r})) + (z-({z!r}))*(z-({z!r})))",
        limit=repr((2 * math.sin(query.radius_miles / EARTH_RADIUS_MILES / 2)) ** 2),
        specialty=specialty,
        insurance=insurance,
        accepted={"yes": "(2)", "unknown": "(1)", "yes_or_unknown": "(1, 2)"}[query.insurance_status],
        tier=tier,
    )


def box(query: Query) -> tuple[float, float, float, float]:
    """Return south, north, west and east of the box around the circle, which is nowhere near a pole or 180 degrees."""
    assert query.origin
    assert query.origin.point
    point, radius = query.origin.point, query.radius_miles / EARTH_RADIUS_MILES
    high = math.degrees(radius)
    wide = math.degrees(math.asin(math.sin(radius) / math.cos(math.radians(point.latitude))))
    return point.latitude - high, point.latitude + high, point.longitude - wide, point.longitude + wide


def answer(query: Query, rows: Iterable[tuple[Any, ...]]) -> Found:
    """Read the rows of the statement as the answer that the index gives."""
    parts: dict[str, dict[str, int]] = {}
    for facet, value, number in rows:
        parts.setdefault(facet, {})[value] = int(number)
    (whole,) = parts["open"].values()
    yes, no = parts.get("yes", {}), parts.get("no", {})
    unknown = {plan: whole - yes.get(plan, 0) - no.get(plan, 0) for plan in PLANS}
    chosen = yes if query.insurance_status == "yes" else {plan: whole - no.get(plan, 0) for plan in PLANS}
    entity, answers = parts.get("entity", {}), parts.get("answer", {}) if query.insurance else {}
    page = sorted(parts.get("page", {}).items(), key=lambda item: item[1])
    return Found(
        total=parts["total"][""],
        therapists=parts["therapists"][""],
        clinics=parts["clinics"][""],
        yes_total=answers.get("2", 0),
        unknown_total=answers.get("1", 0),
        facets={
            SPECIALTY: {value: parts.get("specialty", {}).get(value, 0) for value in specialty_values()},
            INSURANCE: {plan: chosen.get(plan, 0) for plan in PLANS},
            "insurance_unknown": unknown,
            ENTITY: {"individual": entity.get("0", 0), "organization": entity.get("1", 0)},
            OFFERS: dict.fromkeys(offers(), 0),
        },
        listings=[int(listing) for listing, _ in page],
    )


def _list(values: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"
