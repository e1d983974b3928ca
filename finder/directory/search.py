"""The directory: a release with its index, as pages, API and command line search it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from finder.directory.index.facets import PlanCounts
from finder.directory.index.index import CostOf, Index
from finder.directory.plans.answers import answer_for
from finder.directory.plans.plans import NETWORK, Plans
from finder.directory.provider import Insurance, Listing, Provider, Sourced
from finder.directory.query import LARGEST_RADIUS_MILES, Query
from finder.directory.release.release import Release
from finder.directory.vocabulary.offers import offered_at
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.sources import source_of
from finder.i18n import word
from finder.places.point import Point, great_circle_miles

WIDER_MILES = (10, 25, 50, 75, 100)
"""The distances that are tried when a search finds nothing."""


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """The result of a search. ``total`` counts listings over all ``pages``."""

    query: Query
    total: int
    therapists: int
    """Number of distinct individuals."""
    clinics: int
    """Number of distinct organizations."""
    yes_total: int
    """Listings with a yes on the query's insurance, 0 without one. They come first."""
    unknown_total: int
    """Listings where all of the query's insurance is unknown."""
    page: int
    pages: int
    facets: Mapping[str, Mapping[str, int]]
    """For each facet and value, the listings if it were the only choice in its facet.

    Of insurance: the payers, every key with answers, and what the query names; of other plans see ``count_plans``.
    """
    listings: tuple[Listing, ...]


@dataclass(frozen=True, kw_only=True)
class Help:
    """Suggestions for a search that found nothing."""

    without: Mapping[str, int]
    """Listings without each filter of the query, by its name.

    ``specialty``, ``insurance``, ``offers``, ``entity``, ``name``; ``need_specialty`` and ``need_offers`` come from the
    words of a need.
    """
    anyone: int
    """Listings in the query's area without any filter."""
    removes_most: str | None
    """The filter whose removal finds most listings; None if removing a single one finds nothing."""
    wider: Mapping[int, int]
    """Listings within each larger distance in miles, with the same filters."""
    nearest: Listing | None
    """The nearest listing that passes every filter, however far."""


class Directory:
    """A release and its index, on one day: answers on insurance count for a time. Immutable: threads may share it."""

    def __init__(self, release: Release, day: date, index: Index | None = None) -> None:
        self.release = release
        self.day = day
        self.plans: Plans = release.plans
        self.offered: tuple[str, ...] = tuple(release.arrays.offered)
        """The offers that at least one listing has."""
        self._index = index or Index(release.arrays, release.plans, day, self._numbers)

    def on(self, day: date) -> Directory:
        """Return the directory on another day."""
        return self if day == self.day else Directory(self.release, day, self._index.on(day))

    def _numbers(self, npi: str) -> tuple[int, ...]:
        return tuple(self.release.listing_numbers([npi]).values())

    def __len__(self) -> int:
        """Count the listings."""
        return len(self._index)

    def search(self, query: Query, cost_of: CostOf | None = None) -> SearchResult:
        """Search. ``cost_of`` returns the cost of a visit at a practice, None if unknown, for ``sort="cost"``."""
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
            listings=tuple(self._measured(query, self.release.listings(found.listings, self.day))),
        )

    def count_plans(self, query: Query) -> PlanCounts:
        """Return the counts of answers about plans among the listings that pass every filter but insurance."""
        return self._index.count_plans(query)

    def provider(self, npi: str) -> Provider | None:
        """Return one provider, None if there is no such NPI."""
        return self.release.provider(npi)

    def listings_of(self, npi: str) -> list[Listing]:
        """Return the listings of one provider, none if there is no such NPI."""
        numbers = self.release.listing_numbers([npi])
        return self.release.listings(sorted(numbers.values()), self.day)

    def is_name(self, word: str) -> bool:
        """Return whether a word (lower case, without accents) is in the name of a listed provider or practice."""
        return self.release.arrays.names.has(word)

    def explain_empty(self, query: Query) -> Help:
        """Return suggestions: the filter that removes most listings, wider distances, and the nearest match."""
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
            nearest=None if nearest is None else self._measured(query, self.release.listings([nearest], self.day))[0],
        )

    def _measured(self, query: Query, listings: list[Listing]) -> list[Listing]:
        """Return the listings with their great-circle distance from the origin."""
        origin = query.origin.point if query.origin else None
        return [replace(listing, distance_miles=_distance(origin, listing.location.point)) for listing in listings]


def to_json(result: SearchResult, label: str, plans: Plans) -> dict[str, Any]:
    """Return a result as the JSON of ``find --json``; ``label`` is the worded label of the origin."""
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
        "providers": [listing_json(listing, plans, result.query.insurance) for listing in result.listings],
    }


def provider_json(listings: Sequence[Listing], plans: Plans) -> dict[str, Any]:
    """Return a provider as the JSON of ``find --npi --json``: each listing with every answer on insurance."""
    return {
        "npi": listings[0].provider.npi,
        "providers": [
            listing_json(one, plans, sorted({*payers(), *(answer.plan for answer in one.insurance)}))
            for one in listings
        ],
    }


def listing_json(listing: Listing, plans: Plans, requested: Sequence[str] = ()) -> dict[str, Any]:
    """Return a listing as JSON, with an answer on each payer and each of the ``asked`` plans, which may be unknown."""
    provider, location = listing.provider, listing.location
    return {
        "npi": provider.npi,
        "name": provider.name,
        "credentials": provider.credentials,
        "entity": provider.entity,
        "evidence": [
            {"facet": one.facet, "kind": one.kind, "detail": one.detail, **_origin_json(one)}
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
            **_origin_json(location.address),
        },
        "distance_miles": None if listing.distance_miles is None else round(listing.distance_miles, 4),
        "insurance": [
            _answer_json(plan, answer_for(plan, listing.insurance, plans), plans)
            for plan in dict.fromkeys((*payers(), *requested))
        ],
        "offers": [
            {"offer": value, **_origin_json(fact)}
            for value, fact in offered_at(provider.facts, location.location_key).items()
        ],
    }


def _answer_json(plan: str, answer: Insurance | None, plans: Plans) -> dict[str, Any]:
    """Return the answer on a plan, which may be that of a network; None is unknown."""
    network = answer.plan if answer and plans.get(answer.plan).kind == NETWORK else None
    return {
        "plan": plan,
        "name": word(plans.name(plan)),
        "network": network and plans.name(network),
        "status": answer.status if answer else "unknown",
        "accepting_patients": (answer.accepting_patients or None) if answer else None,
        "valid_from": f"{answer.valid_from}" if answer and answer.valid_from else None,
        "valid_until": f"{answer.valid_until}" if answer and answer.valid_until else None,
        "source": answer and source_of(answer.source),
        "collection": answer and answer.source,
        "as_of": (answer.iso_date or None) if answer else None,
    }


def _origin_json(sourced: Sourced) -> dict[str, str | None]:
    """Return the source of a fact and its date, None if that is unknown."""
    return {"source": sourced.source, "as_of": sourced.iso_date or None}


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
"""Queries without each filter, by its name. Of equal ones a chosen filter comes before a need's."""


def _unfiltered(query: Query) -> Query:
    for freed in _FREED.values():
        query = freed(query)
    return query


def _distance(origin: Point | None, point: Point | None) -> float | None:
    return great_circle_miles(origin, point) if origin and point else None
