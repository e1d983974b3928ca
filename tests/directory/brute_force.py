"""A brute-force search that tests every listing. The index must agree with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from finder.directory.provider import EVIDENCE_LADDER, Entity
from finder.directory.query import Query
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import proves, specialty_values
from finder.places.point import Point, great_circle_miles
from tests.directory.builder import DAY, DirectoryBuilder


@dataclass(frozen=True, kw_only=True)
class PlainListing:
    """One listing, with everything that a search asks of it."""

    listing: int
    npi: str
    entity: str
    name: str
    words: str
    state: str
    zip: str
    key: str
    point: Point | None
    evidence: frozenset[tuple[str, str]]
    insurance: dict[str, str]
    offers: frozenset[str]
    networks: dict[str, list[str]]
    """The networks of each plan."""


def listings(builder: DirectoryBuilder) -> list[PlainListing]:
    providers = {row["npi"]: row for row in builder.rows["provider"]}
    networks: dict[str, list[str]] = {}
    for row in builder.rows["plan_network"]:
        networks.setdefault(str(row["plan"]), []).append(str(row["network"]))
    return [
        PlainListing(
            listing=int(str(row["listing_id"])),
            npi=str(row["npi"]),
            entity=str(providers[row["npi"]]["entity"]),
            name=str(providers[row["npi"]]["sort_name"]).lower(),
            words=f"{providers[row['npi']]['name']} {row['name']}".lower(),
            state=str(row["state"]),
            zip=str(row["zip"]),
            key=str(row["location_key"]),
            point=_point(row["latitude"], row["longitude"]),
            evidence=frozenset(
                (str(one["facet"]), str(one["kind"])) for one in builder.rows["specialty"] if one["npi"] == row["npi"]
            ),
            insurance=_insurance(builder, str(row["npi"]), str(row["location_key"])),
            offers=_offers(builder, str(row["npi"]), str(row["location_key"])),
            networks=networks,
        )
        for row in builder.rows["location"]
    ]


def distance(query: Query, one: PlainListing) -> float | None:
    origin = query.origin.point if query.origin else None
    return great_circle_miles(origin, one.point) if origin and one.point else None


def find(everyone: list[PlainListing], query: Query) -> list[PlainListing]:
    return [one for one in everyone if all(_passes(query, one))]


def status(query: Query, one: PlainListing) -> str:
    answers = [_answer(plan, one) for plan in query.insurance]
    return "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"


def _answer(plan: str, one: PlainListing) -> str:
    """The plan's own answer; else yes if a network of it says so, no if every one of them does."""
    own = one.insurance.get(plan, "unknown")
    networks = {one.insurance.get(network, "unknown") for network in one.networks.get(plan, ())}
    if own != "unknown" or not networks:
        return own
    return "yes" if "yes" in networks else "no" if networks == {"no"} else "unknown"


def evidence_rank(query: Query, one: PlainListing) -> int:
    values = (*query.specialties, *query.need_specialties) or ("neurologic",)
    kinds = [kind for facet, kind in one.evidence if any(proves(value, facet, kind) for value in values)]
    return min((EVIDENCE_LADDER.index(kind) for kind in kinds), default=len(EVIDENCE_LADDER))


def facets(everyone: list[PlainListing], query: Query, plans: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Count each value by searching for it alone in its facet."""

    def count(**changed: object) -> int:
        return len(find(everyone, replace(query, **changed)))  # type: ignore[arg-type]

    entities: tuple[Entity, ...] = ("individual", "organization")
    every = {*payers(), *plans}
    return {
        "specialty": {value: count(specialties=(value,)) for value in specialty_values()},
        "insurance": {plan: count(insurance=(plan,)) for plan in every},
        "insurance_unknown": {plan: count(insurance=(plan,), insurance_status="unknown") for plan in every},
        "entity": {entity: count(entity=entity) for entity in entities},
        "offers": {value: count(offers=(value,)) for value in offers()},
    }


def count_plan(everyone: list[PlainListing], query: Query, plan: str) -> tuple[int, int, int]:
    """Count those that pass every filter but insurance by their answer about a plan: yes, no, unknown."""
    answers = [_answer(plan, one) for one in find(everyone, replace(query, insurance=()))]
    return answers.count("yes"), answers.count("no"), answers.count("unknown")


def _passes(query: Query, one: PlainListing) -> Iterator[bool]:
    if query.origin and query.origin.point:
        miles = distance(query, one)
        yield miles is not None and miles <= query.radius_miles
    elif query.origin:
        yield one.state == query.origin.state
    for specialties in filter(None, (query.specialties, query.need_specialties)):
        yield any(proves(value, facet, kind) for value in specialties for facet, kind in one.evidence)
    if query.insurance:
        accepted = {"yes": ("yes",), "unknown": ("unknown",), "yes_or_unknown": ("yes", "unknown")}
        yield status(query, one) in accepted[query.insurance_status]
    for offered in filter(None, (query.offers, query.need_offers)):
        yield any(value in one.offers for value in offered)
    if query.entity:
        yield one.entity == query.entity
    if query.name:
        yield all(any(word.startswith(typed) for word in one.words.split()) for typed in query.name.lower().split())


def _insurance(builder: DirectoryBuilder, npi: str, key: str) -> dict[str, str]:
    today = DAY.isoformat()
    rows = [
        row
        for row in builder.rows["insurance"]
        if row["npi"] == npi and row["location_key"] in ("", key)
        and str(row["valid_from"]) <= today <= (str(row["valid_until"]) or "9999")
    ]  # fmt: skip
    rows.sort(key=lambda row: str(row["location_key"]) != "")  # what holds for the location has the last word
    return {str(row["plan"]): str(row["status"]) for row in rows}


def _offers(builder: DirectoryBuilder, npi: str, key: str) -> frozenset[str]:
    """Return the offers to which all answers say yes: those of the location, or the general ones if it has none."""
    found = set()
    for value, offer in offers().items():
        facts = [row for row in builder.rows["fact"] if row["npi"] == npi and row["field"] == offer.fact]
        counted = [row for row in facts if row["location_key"] == key] or [
            row for row in facts if row["location_key"] == ""
        ]
        if counted and all(row["value"] == "yes" for row in counted):
            found.add(value)
    return frozenset(found)


def _point(latitude: object, longitude: object) -> Point | None:
    assert isinstance(latitude, float)
    assert isinstance(longitude, float)
    return None if latitude != latitude else Point(latitude=latitude, longitude=longitude)
