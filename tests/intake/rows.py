"""Fictional rows of layers about a few therapists and clinics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from finder.directory.release.tables import LAYER, location_key
from finder.intake.layers.layer import Layer, plan_tables, table

Row = Mapping[str, object]

NPIS = tuple(f"{2000000000 + number * 11}" for number in range(40))
"""No real NPI begins with 2."""


def make_layer(
    source: str,
    as_of: str = "2026-11-01",
    *,
    complete: bool = False,
    plans: Mapping[str, str] = MappingProxyType({}),
    **tables: Sequence[Row],
) -> Layer:
    """Make a layer of rows that leave out what is the same everywhere: the source and the date.

    ``plans``: what the source calls them, by plan id.
    """
    filled = {
        name: table(name, [{"source": source, "as_of": as_of} | dict(row) for row in tables.get(name, ())])
        for name in LAYER
    }
    named = plan_tables({"plan": [(plan, "", "", name, "", "", source, as_of) for plan, name in plans.items()]})
    rows = sum(len(frame) for frame in (*filled.values(), *named.values()))
    day = date.fromisoformat(as_of)
    return Layer(source=source, as_of=day, tables=filled, plans=named, rows=rows, complete=complete)


def provider(npi: str, name: str = "Ida Example", **more: object) -> Row:
    """A row of a therapist."""
    sort_name = " ".join(reversed(name.split()))
    return {"npi": npi, "entity": "individual", "name": name, "sort_name": sort_name, "status": "active"} | more


def place(npi: str, street: str = "99 Elm Street", zip: str = "02139", **more: object) -> Row:
    """A row of a practice location, at the center of its ZIP code."""
    return {
        "npi": npi, "location_key": location_key(street, zip), "street": street, "city": "Cambridge", "state": "MA",
        "zip": zip, "phone": "6175550100", "latitude": 42.36, "longitude": -71.1, "geocode_source": "zip_centroid",
    } | more  # fmt: skip


def evidence(npi: str, facet: str = "neurologic", kind: str = "taxonomy", detail: str = "2251N0400X") -> Row:
    """A row of evidence for a specialty."""
    return {"npi": npi, "facet": facet, "kind": kind, "detail": detail}


def answer(npi: str, plan: str = "medicare", status: str = "yes", **more: object) -> Row:
    """A row on a plan."""
    return {"npi": npi, "plan": plan, "status": status, "location_key": ""} | more


def fact(npi: str, field: str, value: str, **more: object) -> Row:
    """A row of any other fact."""
    return {"npi": npi, "field": field, "value": value, "location_key": ""} | more


def small_layer(count: int = 3, source: str = "nppes", as_of: str = "2026-11-01") -> Layer:
    """A layer of some therapists, each with a place and evidence."""
    npis = NPIS[:count]
    return make_layer(
        source,
        as_of,
        provider=[provider(npi, f"Person {npi[-3:]}") for npi in npis],
        location=[place(npi) for npi in npis],
        specialty=[evidence(npi) for npi in npis],
    )
