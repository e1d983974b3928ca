"""The search core: filtering, distance, sorting, paging and facet counts over a release's arrays in memory.

The cost of a search grows with the rows near the place, not with all rows. Names and addresses are read from the
release file, for the listings of one page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from finder.directory.index.arrays import ORGANIZATION, REPEATED, Arrays
from finder.directory.index.facets import UNKNOWN, YES, Facets, PlanCounts
from finder.directory.index.nearby import HALF_ROUND_THE_EARTH_MILES, ListingsOf, Nearby, Rows
from finder.directory.plans.plans import Plans
from finder.directory.provider import EVIDENCE_LADDER, InsuranceStatus
from finder.directory.query import Query

Keys = Sequence[NDArray[np.generic]]

CostOf = Callable[[str, InsuranceStatus], Decimal | None]
"""The cost of a visit at a practice, from its ZIP code and its Medicare answer; None if unknown."""

_MEDICARE = ("medicare",)

STATUSES: tuple[InsuranceStatus, ...] = ("no", "unknown", "yes")
"""The statuses for NO, UNKNOWN and YES."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The result of a query: counts of listings, providers and facet values; and the sorted listings of its page."""

    total: int
    therapists: int
    clinics: int
    yes_total: int
    unknown_total: int
    facets: dict[str, dict[str, int]]
    listings: list[int]


class Index:
    """Searches the arrays of one release, on one day. Immutable: any number of threads may search at once."""

    def __init__(self, arrays: Arrays, plans: Plans, day: date, listings_of: ListingsOf = lambda _: ()) -> None:
        self._arrays = arrays
        self._plans = plans
        self._listings_of = listings_of
        self._nearby = Nearby(arrays, listings_of)
        self._facets = Facets(arrays, plans, day)

    def on(self, day: date) -> Index:
        """Return the index on another day."""
        return Index(self._arrays, self._plans, day, self._listings_of)

    def __len__(self) -> int:
        return len(self._arrays.cell)

    def search(self, query: Query, cost_of: CostOf | None = None) -> Found:
        """Return the counts of a query, and the listings of its page."""
        near = self._nearby.find(query)
        filtered = self._facets.apply_filters(query, near.rows)
        passing = filtered.passed
        hits = near[passing]
        therapists, clinics = self._providers(hits.rows, filtered.kind[passing])
        answers = self._facets.answers_at(query.insurance, filtered.insurance[passing]) if query.insurance else None
        tiers = self._tiers(query, filtered.evidence[passing], answers)
        start = (query.page - 1) * query.per_page
        chosen = window(self._keys(query, hits, cost_of), tiers, start, start + query.per_page)
        return Found(
            total=len(hits.rows),
            therapists=therapists,
            clinics=clinics,
            yes_total=0 if answers is None else int(np.count_nonzero(answers == YES)),
            unknown_total=0 if answers is None else int(np.count_nonzero(answers == UNKNOWN)),
            facets=self._facets.counts(query, filtered),
            listings=self._arrays.listing[hits.rows[chosen]].tolist(),
        )

    def count(self, query: Query) -> int:
        """Return the number of listings of a query."""
        return len(self._hits(query).rows)

    def count_plans(self, query: Query) -> PlanCounts:
        """Return the counts of answers about plans among the listings that pass every filter but insurance."""
        near = self._nearby.find(query)
        return self._facets.count_plans(self._facets.apply_filters(query, near.rows))

    def nearest(self, query: Query) -> int | None:
        """Return the id of the listing nearest to the origin that passes every filter but the radius."""
        if query.origin is None or query.origin.point is None:
            return None
        radius = query.radius_miles
        while True:
            hits = self._hits(replace(query, radius_miles=radius))
            if len(hits.rows):
                first = window(self._by_distance(hits), None, 0, 1)
                return int(self._arrays.listing[hits.rows[first[0]]])
            if radius > HALF_ROUND_THE_EARTH_MILES:
                return None
            radius *= 2

    def _hits(self, query: Query) -> Rows:
        near = self._nearby.find(query)
        return near[self._facets.apply_filters(query, near.rows).passed]

    def _providers(self, rows: NDArray[np.intp], kind: NDArray[np.uint8]) -> tuple[int, int]:
        """Count the different individuals and the different organizations.

        Providers with one listing are counted by its kind; only the others are deduplicated.
        """
        counts = np.bincount(kind, minlength=2 * REPEATED)
        several = np.flatnonzero(kind & REPEATED)
        owner = np.sort(self._arrays.provider[rows[several]] * np.int32(2) + (kind[several] & ORGANIZATION))
        different = np.concatenate([owner[:1], owner[1:][owner[1:] != owner[:-1]]])
        organizations = int(np.count_nonzero(different & 1))
        return int(counts[0]) + len(different) - organizations, int(counts[ORGANIZATION]) + organizations

    def _tiers(
        self, query: Query, evidence: NDArray[np.int32], answers: NDArray[np.uint8] | None
    ) -> NDArray[np.int64] | None:
        """Return the tier of each hit: a yes on insurance before an unknown; then by evidence if sorted by it."""
        tiers = self._facets.ladder(query.every_specialty)[evidence] if query.sort == "evidence" else None
        if answers is None or query.insurance_status != "yes_or_unknown":
            return tiers
        to_ask = np.where(answers == YES, 0, len(EVIDENCE_LADDER) + 1)
        return to_ask if tiers is None else tiers + to_ask

    def _keys(self, query: Query, hits: Rows, cost_of: CostOf | None) -> Keys:
        """Return the sort keys of the hits within a tier, the primary key first; the last one is unique."""
        if query.sort == "name":
            return [self._arrays.name_rank[hits.rows]]
        if query.sort == "cost" and cost_of:
            return [self._costs(hits.rows, cost_of), *self._by_distance(hits)]
        return self._by_distance(hits)

    def _by_distance(self, hits: Rows) -> Keys:
        by_name = self._arrays.name_rank[hits.rows]
        return [by_name] if hits.chord is None else [hits.chord, by_name]

    def _costs(self, rows: NDArray[np.intp], cost_of: CostOf) -> NDArray[np.float64]:
        """Return the cost at each row in dollars, infinity where it is unknown."""
        medicare = self._facets.answers_at(_MEDICARE, self._arrays.insurance_set[rows])
        kinds, kind_of = np.unique(self._arrays.zip[rows] * np.int64(len(STATUSES)) + medicare, return_inverse=True)
        costs = np.full(len(kinds), math.inf)
        for number, kind in enumerate(kinds.tolist()):
            zip_number, status = divmod(kind, len(STATUSES))
            cost = cost_of(self._arrays.zips[zip_number], STATUSES[status])
            if cost is not None:
                costs[number] = float(cost)  # only to compare: cents are exact enough in a float to be ordered
        return costs[kind_of]


def window(keys: Keys, tiers: NDArray[np.int64] | None, start: int, stop: int) -> NDArray[np.intp]:
    """Return positions ``start`` to ``stop`` of the sorted rows: by tier, then by each key in turn, ascending.

    ``keys`` are arrays of equal length; later keys break ties of earlier ones, and the last is unique. ``tiers`` are
    small numbers, or None if all rows are in one tier.
    """
    if tiers is None:
        return _window(keys, np.arange(len(keys[0])), start, stop)
    chosen = []
    passed = 0
    for tier, size in enumerate(np.bincount(tiers).tolist()):
        low, high = max(start - passed, 0), min(stop - passed, size)
        if low < high:
            chosen.append(_window(keys, np.flatnonzero(tiers == tier), low, high))
        passed += size
    return np.concatenate(chosen) if chosen else np.empty(0, dtype=np.intp)


def _window(keys: Keys, rows: NDArray[np.intp], start: int, stop: int) -> NDArray[np.intp]:
    if start >= len(rows):
        return rows[:0]
    first = keys[0][rows]
    if stop < len(rows):  # only those up to the last place, and whatever ties with it, can be on the page
        last = np.partition(first, stop - 1)[stop - 1]
        rows = rows[first <= last]
    order = np.lexsort([key[rows] for key in reversed(keys)])
    return rows[order[start:stop]]
