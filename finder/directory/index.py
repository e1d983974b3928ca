"""The search core: filtering, distance, sorting, paging and facet counts over a release's arrays, all in memory.

What a search costs grows with the rows near the place, not with all rows. Names and addresses are not here: the
listings of one page are read from the release file.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from finder.directory.arrays import ENTITIES, Arrays
from finder.directory.facets import Facets, Mask, Present
from finder.directory.grid import runs
from finder.directory.provider import EVIDENCE_LADDER
from finder.directory.query import Query
from finder.directory.selection import window
from finder.places.point import EARTH_RADIUS_MILES, Point

Numbers = NDArray[np.int32]
CostOf = Callable[[str], Decimal | None]
"""What a visit costs at a practice in a ZIP code, for those who ask; None where that is not known."""

_TOLERANCE_MILES = 1e-7
"""Less than a hair: a place exactly on the circle is inside, however its distance is rounded."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows that lie where the query asks and have the name it asks for; ``chord`` is their squared distance on the unit
    sphere, a straight line through the earth (None where there is no point to measure from)."""

    rows: NDArray[np.intp]
    chord: NDArray[np.float64] | None
    patterns: Numbers

    def having(self, mask: Mask) -> Rows:
        """Keep the rows whose pattern passes: ``mask`` has one entry a pattern."""
        kept = np.flatnonzero(mask[self.patterns])
        chord = None if self.chord is None else self.chord[kept]
        return Rows(rows=self.rows[kept], chord=chord, patterns=self.patterns[kept])


@dataclass(frozen=True, kw_only=True)
class Found:
    """The answer to a query: how many listings, providers and facet values; and the listings of its page in order."""

    total: int
    therapists: int
    clinics: int
    yes_total: int
    unknown_total: int
    facets: dict[str, dict[str, int]]
    listings: list[int]


class Index:
    """Searches the arrays of one release. Immutable: any number of threads may search at once."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._facets = Facets(arrays)
        self._numbers = np.arange(len(arrays.cell), dtype=np.intp)
        self._states = {state: place for place, state in enumerate(arrays.states)}

    def __len__(self) -> int:
        return len(self._arrays.cell)

    def search(self, query: Query, cost_of: CostOf | None = None) -> Found:
        """Find the listings of a query, and those of its page in its order."""
        near = self._near(query)
        present = self._present(query, near)
        passing = present.passing()
        hits = near.having(self._everywhere(present, passing))
        therapists, clinics = self._providers(present, passing, hits)
        yes_total, unknown_total = self._insurance_totals(query, present, passing)
        start = (query.page - 1) * query.per_page
        chosen = window(self._keys(query, hits, cost_of), self._tiers(query, hits), start, start + query.per_page)
        return Found(
            total=int(present.counts[passing].sum()),
            therapists=therapists,
            clinics=clinics,
            yes_total=yes_total,
            unknown_total=unknown_total,
            facets=self._facets.counts(query, present),
            listings=self._arrays.listing[hits.rows[chosen]].tolist(),
        )

    def count(self, query: Query) -> int:
        """Count the listings of a query, and nothing else."""
        present = self._present(query, self._near(query))
        return int(present.counts[present.passing()].sum())

    def nearest(self, query: Query) -> int | None:
        """Give the id of the listing nearest to the origin that passes every filter but the radius."""
        if query.origin is None or query.origin.point is None:
            return None
        radius = query.radius_miles
        while True:
            near = self._within(query.origin.point, radius, query.name)
            present = self._present(query, near)
            hits = near.having(self._everywhere(present, present.passing()))
            if len(hits.rows):
                first = window(self._by_distance(hits), None, 0, 1)
                return int(self._arrays.listing[hits.rows[first[0]]])
            if radius > math.pi * EARTH_RADIUS_MILES:
                return None
            radius *= 2

    def _near(self, query: Query) -> Rows:
        """Give the rows that lie where the query asks (a radius, a state, anywhere) and have the name asked for."""
        if query.origin is None:
            return self._rows(self._numbers, None, query.name)
        if query.origin.point is None:
            return self._rows(self._in_state(query.origin.state or ""), None, query.name)
        return self._within(query.origin.point, query.radius_miles, query.name)

    def _within(self, center: Point, radius_miles: float, name: str) -> Rows:
        pieces = runs(self._arrays.cell, center, radius_miles) or [slice(0, 0)]
        rows = np.concatenate([self._numbers[piece] for piece in pieces])
        away = np.concatenate([self._arrays.position[:, piece] for piece in pieces], axis=1)
        away -= on_the_sphere(center)
        chord = np.einsum("ij,ij->j", away, away)
        inside = np.flatnonzero(chord <= _chord(radius_miles + _TOLERANCE_MILES))
        return self._rows(rows[inside], chord[inside], name)

    def _in_state(self, state: str) -> NDArray[np.intp]:
        place = self._states.get(state)
        if place is None:
            return self._numbers[:0]
        start, end = self._arrays.state_starts[place : place + 2]
        return self._arrays.by_state[start:end].astype(np.intp)

    def _rows(self, rows: NDArray[np.intp], chord: NDArray[np.float64] | None, name: str) -> Rows:
        if name:
            named = np.flatnonzero(self._arrays.names.find(name, len(self))[rows])
            rows, chord = rows[named], None if chord is None else chord[named]
        return Rows(rows=rows, chord=chord, patterns=self._arrays.pattern[rows])

    def _present(self, query: Query, near: Rows) -> Present:
        """Count the patterns that occur near, and see which pass each filter."""
        counts = np.bincount(near.patterns, minlength=len(self._arrays.patterns.entity))
        patterns = np.flatnonzero(counts)
        return Present(patterns, counts[patterns].astype(np.float64), self._facets.masks(query, patterns))

    def _everywhere(self, present: Present, passing: Mask) -> Mask:
        """Turn an answer about the patterns present into one about all patterns."""
        mask = np.zeros(len(self._arrays.patterns.entity), dtype=bool)
        mask[present.patterns[passing]] = True
        return mask

    def _providers(self, present: Present, passing: Mask, hits: Rows) -> tuple[int, int]:
        """Count the different individuals and the different organizations among the hits.

        Most providers have one listing and are counted by their patterns; only the others need to be told apart.
        """
        patterns = self._arrays.patterns
        numbers = []
        for entity in range(len(ENTITIES)):
            single = (patterns.entity[present.patterns] == entity) & ~patterns.repeated[present.patterns]
            repeated = ((patterns.entity == entity) & patterns.repeated)[hits.patterns]
            several = len(np.unique(self._arrays.provider[hits.rows[repeated]]))
            numbers.append(int(present.counts[single & passing].sum()) + several)
        return numbers[0], numbers[1]

    def _insurance_totals(self, query: Query, present: Present, passing: Mask) -> tuple[int, int]:
        if not query.insurance:
            return 0, 0
        insurance = self._arrays.patterns.insurance[present.patterns[passing]]
        yes, unknown = (mask[insurance] for mask in self._facets.insurance(query.insurance))
        counts = present.counts[passing]
        return int(counts[yes].sum()), int(counts[unknown].sum())

    def _keys(self, query: Query, hits: Rows, cost_of: CostOf | None) -> list[NDArray[np.generic]]:
        """Give what the hits are ordered by within a tier, the first key first; the last one has no ties."""
        if query.sort == "name":
            return [self._arrays.name_rank[hits.rows]]
        if query.sort == "cost" and cost_of:
            return [self._costs(hits.rows, cost_of), *self._by_distance(hits)]
        return self._by_distance(hits)

    def _by_distance(self, hits: Rows) -> list[NDArray[np.generic]]:
        by_name = self._arrays.name_rank[hits.rows]
        return [by_name] if hits.chord is None else [hits.chord, by_name]

    def _costs(self, rows: NDArray[np.intp], cost_of: CostOf) -> NDArray[np.float64]:
        """Give the cost at each row, dollars; what is not known comes last."""
        zips = self._arrays.zip[rows]
        costs = np.full(len(self._arrays.zips), math.inf)
        for number in np.unique(zips).tolist():
            cost = cost_of(self._arrays.zips[number])
            if cost is not None:
                costs[number] = float(cost)  # only to compare: cents are exact enough in a float to be ordered
        return costs[zips]

    def _tiers(self, query: Query, hits: Rows) -> NDArray[np.int64] | None:
        """Give the tier of each hit: who says yes to the insurance before whom to ask; then by evidence, if asked."""
        patterns = self._arrays.patterns
        tiers = None
        if query.sort == "evidence":
            tiers = self._facets.ladder(query.specialties)[patterns.evidence]
        if query.insurance and query.insurance_status == "yes_or_unknown":
            yes, _ = self._facets.insurance(query.insurance)
            to_ask = np.where(yes, 0, len(EVIDENCE_LADDER) + 1)[patterns.insurance]
            tiers = to_ask if tiers is None else tiers + to_ask
        return None if tiers is None else tiers[hits.patterns]


def on_the_sphere(point: Point) -> NDArray[np.float64]:
    """Give a point on the unit sphere, as a column of three."""
    phi, lam = math.radians(point.latitude), math.radians(point.longitude)
    return np.array([[math.cos(phi) * math.cos(lam)], [math.cos(phi) * math.sin(lam)], [math.sin(phi)]])


def _chord(miles: float) -> float:
    """Give the squared straight distance, on the unit sphere, of two points so many miles apart along the surface."""
    return float((2 * math.sin(min(miles / EARTH_RADIUS_MILES, math.pi) / 2)) ** 2)
