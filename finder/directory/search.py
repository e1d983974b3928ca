"""The directory: a release that can be searched, as pages, API and command line ask. How it searches: ``index``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from finder.directory.index.index import CostOf, Index
from finder.directory.provider import Listing, Provider
from finder.directory.query import LARGEST_RADIUS_MILES, Query
from finder.directory.release.release import Release
from finder.directory.vocabulary.offers import offered_at
from finder.directory.vocabulary.payers import PlanNames, known_plans
from finder.places.point import Point, great_circle_miles

WIDER_MILES = (10, 25, 50, 75, 100)
"""The distances that are tried when nobody is near enough."""


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """What was found. ``total`` counts listings; it is the number of cards over all ``pages``."""

    query: Query
    total: int
    therapists: int
    """Different individuals, however many places they work at."""
    clinics: int
    """Different organizations."""
    yes_total: int
    """Listings that say yes to an insurance asked for; 0 where none was asked for. They come first."""
    unknown_total: int
    """Listings where it is not known of any insurance asked for."""
    page: int
    pages: int
    facets: Mapping[str, Mapping[str, int]]
    """For each facet and value the listings that choosing it alone there would give, all else being as it is."""
    listings: tuple[Listing, ...]


@dataclass(frozen=True, kw_only=True)
class Help:
    """What would help a search that found nothing."""

    without: Mapping[str, int]
    """Listings without each filter that is set, by its name.

    ``specialty``, ``insurance``, ``offers``, ``entity``, ``name``; ``need_specialty`` and ``need_offers`` are what the
    words of a need ask for.
    """
    anyone: int
    """Listings where the query asks with no filter at all."""
    removes_most: str | None
    """The filter without which most would come back; None where leaving out no single one helps."""
    wider: Mapping[int, int]
    """Listings within each larger distance, in miles, with the filters as they are."""
    nearest: Listing | None
    """The nearest listing that passes every filter, however far."""


class Directory:
    """A release and its index. Immutable: threads may share it."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.plans: tuple[str, ...] = known_plans(release.arrays.plans)
        """Every plan that can be asked for."""
        self.plan_names = PlanNames(release.plan_names)
        self.offered: tuple[str, ...] = tuple(release.arrays.offered)
        """What at least one listing clearly offers."""
        self._index = Index(release.arrays)

    def __len__(self) -> int:
        """Count the listings."""
        return len(self._index)

    def search(self, query: Query, cost_of: CostOf | None = None) -> SearchResult:
        """Search. ``cost_of`` gives what a visit costs at a practice (None: not known), for ``sort="cost"``."""
        found = self._index.search(query, cost_of)
        return SearchResult(
            query=query,
            total=found.total,
            therapists=found.therapists,
            clinics=found.clinics,
            yes_total=found.yes_total,
            unknown_total=found.unknown_total,
            page=query.page,
            pages=math.ceil(found.total / query.per_page),
            facets=found.facets,
            listings=tuple(self._measured(query, self.release.listings(found.listings))),
        )

    def provider(self, npi: str) -> Provider | None:
        """Return one provider, whole; None where there is none of that NPI."""
        return self.release.provider(npi)

    def is_name(self, word: str) -> bool:
        """Return whether a word (lower case, without accents) is in the name of a listed provider or practice."""
        return self.release.arrays.names.has(word)

    def explain_empty(self, query: Query) -> Help:
        """Return which filter removes most of what is near, and where the nearest match is."""
        without = {name: self._index.count(freed(query)) for name, freed in _FREED.items() if freed(query) != query}
        most = max(without, key=lambda name: without[name], default=None)
        nearest = self._index.nearest(query)
        measured = query.origin is not None and query.origin.point is not None
        wider = (
            [miles for miles in WIDER_MILES if query.radius_miles < miles <= LARGEST_RADIUS_MILES] if measured else []
        )
        return Help(
            without=MappingProxyType(without),
            anyone=self._index.count(_unfiltered(query)),
            removes_most=most if most and without[most] else None,
            wider=MappingProxyType({miles: self._index.count(replace(query, radius_miles=miles)) for miles in wider}),
            nearest=None if nearest is None else self._measured(query, self.release.listings([nearest]))[0],
        )

    def _measured(self, query: Query, listings: list[Listing]) -> list[Listing]:
        """Return the listings their distance from the origin, by the same great circle as everywhere."""
        origin = query.origin.point if query.origin else None
        return [replace(listing, distance_miles=_distance(origin, listing.location.point)) for listing in listings]


def to_json(result: SearchResult, label: str) -> dict[str, Any]:
    """Write a result as the JSON of ``find --json``; ``label`` is the origin's, worded."""
    origin = result.query.origin
    point = origin.point if origin else None
    return {
        "origin": {
            "label": label,
            "latitude": point.latitude if point else None,
            "longitude": point.longitude if point else None,
            "source": origin.source if origin else None,
        },
        "total": result.total,
        "therapists": result.therapists,
        "clinics": result.clinics,
        "yes_total": result.yes_total,
        "unknown_total": result.unknown_total,
        "page": result.page,
        "pages": result.pages,
        "per_page": result.query.per_page,
        "facets": {facet: dict(values) for facet, values in result.facets.items()},
        "providers": [listing_json(listing, result.query.insurance) for listing in result.listings],
    }


def listing_json(listing: Listing, asked: tuple[str, ...] = ()) -> dict[str, Any]:
    """Write a listing as JSON; a plan in ``asked`` of which nothing is known is there as unknown."""
    provider, location = listing.provider, listing.location
    known = {answer.plan: answer for answer in listing.insurance}
    return {
        "npi": provider.npi,
        "name": provider.name,
        "credentials": provider.credentials,
        "entity": provider.entity,
        "evidence": [
            {"facet": one.facet, "kind": one.kind, "detail": one.detail, "source": one.source, "as_of": f"{one.as_of}"}
            for one in provider.evidence
        ],
        "location": {
            "name": location.name,
            "address": location.street,
            "city": location.city,
            "state": location.state,
            "zip": location.zip,
            "phone": location.phone,
            "phone_extension": location.phone_extension,
            "latitude": location.point.latitude if location.point else None,
            "longitude": location.point.longitude if location.point else None,
            "source": location.address.source,
            "as_of": f"{location.address.as_of}",
        },
        "distance_miles": None if listing.distance_miles is None else round(listing.distance_miles, 4),
        "insurance": [
            {"plan": one.plan, "status": one.status, "source": one.source, "as_of": f"{one.as_of}"}
            for one in known.values()
        ]
        + [{"plan": plan, "status": "unknown", "source": None, "as_of": None} for plan in asked if plan not in known],
        "offers": [
            {"offer": value, "source": fact.source, "as_of": f"{fact.as_of}"}
            for value, fact in offered_at(provider.facts, location.location_key).items()
        ],
    }


_FREED: Mapping[str, Callable[[Query], Query]] = MappingProxyType(
    {
        "specialty": lambda query: replace(query, specialties=()),
        "insurance": lambda query: replace(query, insurance=()),
        "offers": lambda query: replace(query, offers=()),
        "entity": lambda query: replace(query, entity=None),
        "name": lambda query: replace(query, name=""),
        "need_specialty": lambda query: replace(query, need_specialties=()),
        "need_offers": lambda query: replace(query, need_offers=()),
    }
)
"""How to leave out each filter. Where two would do as well, the one that was chosen goes before the words."""


def _unfiltered(query: Query) -> Query:
    for freed in _FREED.values():
        query = freed(query)
    return query


def _distance(origin: Point | None, point: Point | None) -> float | None:
    return great_circle_miles(origin, point) if origin and point else None
