"""The filters of a search besides the place, and the count of listings for every other choice.

Listings have numbers of sets (``sets``): filters are evaluated per set, and counts are tallies of the sets nearby.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce

import numpy as np
from numpy.typing import NDArray

from finder.directory.index.arrays import ENTITIES, ORGANIZATION, Arrays
from finder.directory.index.sets import Numbers, regroup
from finder.directory.provider import EVIDENCE_LADDER
from finder.directory.query import InsuranceFilter, Query
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import proves, specialty_values

Mask = NDArray[np.bool_]

SPECIALTY, INSURANCE, ENTITY, OFFERS = "specialty", "insurance", "entity", "offers"
NEED_SPECIALTY, NEED_OFFERS = "need_specialty", "need_offers"
"""The filters of a query that are no facets: their values cannot be chosen, so they have no counts."""

NO, UNKNOWN, YES = 0, 1, 2
"""The combined answer of a listing about the plans of a query."""

_ACCEPTED: Mapping[InsuranceFilter, Mask] = {
    "yes": np.array([False, False, True]),
    "unknown": np.array([False, True, False]),
    "yes_or_unknown": np.array([False, True, True]),
}
"""The answers (NO, UNKNOWN, YES) that pass each insurance status of a query."""

_DEFAULT_LADDER = ("neurologic",)
"""The specialty whose evidence sorts the results if the query has none."""

_REMEMBERED = 16


@dataclass(frozen=True)
class FilteredRows:
    """The facet columns of some rows, and masks of the rows that pass each filter of the query.

    ``offers`` is None if the release has none.
    """

    evidence: Numbers
    insurance: Numbers
    kind: NDArray[np.uint8]
    offers: Numbers | None
    masks: Mapping[str, Mask]

    @cached_property
    def passed(self) -> NDArray[np.intp] | slice:
        """The positions of the rows that pass every filter."""
        return _all_of(self.masks.values())

    def passing_but(self, but: str) -> NDArray[np.intp] | slice:
        """Return the positions of the rows that pass every filter but one."""
        if but not in self.masks:
            return self.passed
        return _all_of(mask for name, mask in self.masks.items() if name != but)


class Facets:
    """Filters and counts for the rows of one release."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._kinds = [kind.rpartition(":")[2] for kind in arrays.kinds]
        self._proving = {
            value: [item for item, kind in enumerate(arrays.kinds) if proves(value, *kind.rsplit(":", 1))]
            for value in specialty_values()
        }
        self._counted = [value for value, items in self._proving.items() if items]
        self._proven = regroup(arrays.evidence, [self._proving[value] for value in self._counted])
        self._plan_items = {plan: 2 * place for place, plan in enumerate(arrays.plans)}
        self._offer_items = {value: place for place, value in enumerate(arrays.offered)}
        self.answers = lru_cache(maxsize=_REMEMBERED)(self._answers)

    def apply_filters(self, query: Query, rows: NDArray[np.intp]) -> FilteredRows:
        """Evaluate each filter of the query for ``rows``."""
        evidence, insurance = self._arrays.evidence_set[rows], self._arrays.insurance_set[rows]
        kind = self._arrays.kind[rows]
        offered = self._arrays.offer_set[rows] if self._offer_items else None
        masks = {}
        for name, specialties in ((SPECIALTY, query.specialties), (NEED_SPECIALTY, query.need_specialties)):
            if specialties:
                masks[name] = self._proved(specialties)[evidence]
        if query.insurance:
            masks[INSURANCE] = _ACCEPTED[query.insurance_status][self.answers(query.insurance)][insurance]
        if query.entity:
            masks[ENTITY] = kind & ORGANIZATION == ENTITIES.index(query.entity)
        for name, values in ((OFFERS, query.offers), (NEED_OFFERS, query.need_offers)):
            if values:
                masks[name] = (
                    np.zeros(len(rows), dtype=bool) if offered is None else self._sets_with_offer(values)[offered]
                )
        return FilteredRows(evidence, insurance, kind, offered, masks)

    def _proved(self, specialties: Sequence[str]) -> Mask:
        """Return a mask of the evidence sets with evidence for any of the specialties."""
        return self._arrays.evidence.having({item for value in specialties for item in self._proving[value]})

    def _sets_with_offer(self, values: Sequence[str]) -> Mask:
        """Return a mask of the offer sets with any of the offers."""
        return self._arrays.offers.having({self._offer_items[value] for value in values if value in self._offer_items})

    def ladder(self, specialties: Sequence[str]) -> NDArray[np.int64]:
        """Return the ladder position of the strongest evidence for the specialties in each evidence set."""
        items = {item for value in specialties or _DEFAULT_LADDER for item in self._proving[value]}
        position = np.full(len(self._arrays.evidence), len(EVIDENCE_LADDER))
        for step, kind in reversed(list(enumerate(EVIDENCE_LADDER))):
            position[self._arrays.evidence.having(item for item in items if self._kinds[item] == kind)] = step
        return position

    def counts(self, query: Query, filtered: FilteredRows) -> dict[str, dict[str, int]]:
        """Count, for every value of every facet, the rows if it were the only choice in its facet."""
        specialty = self._proven.tally(filtered.evidence[filtered.passing_but(but=SPECIALTY)])
        kind = filtered.kind[filtered.passing_but(but=ENTITY)]
        organizations = int(np.count_nonzero(kind & ORGANIZATION))
        insurance, unknown = self._count_insurance(query, filtered)
        return {
            SPECIALTY: dict.fromkeys(self._proving, 0) | _named(self._counted, specialty),
            INSURANCE: insurance,
            "insurance_unknown": unknown,
            ENTITY: dict(zip(ENTITIES, (len(kind) - organizations, organizations), strict=True)),
            OFFERS: self._count_offers(filtered),
        }

    def _count_offers(self, filtered: FilteredRows) -> dict[str, int]:
        """Count the rows with each offer."""
        if filtered.offers is None:
            return dict.fromkeys(offers(), 0)
        tally = self._arrays.offers.tally(filtered.offers[filtered.passing_but(but=OFFERS)])
        counts = _named(self._arrays.offered, tally)
        return {value: counts.get(value, 0) for value in offers()}

    def _count_insurance(self, query: Query, filtered: FilteredRows) -> tuple[dict[str, int], dict[str, int]]:
        """Count the rows for each plan under the query's status, and the rows where it is unknown."""
        sets = filtered.insurance[filtered.passing_but(but=INSURANCE)]
        answers = self._arrays.insurance.tally(sets)
        yes, no = answers[0::2], answers[1::2]
        unknown = len(sets) - yes - no
        chosen = {"yes": yes, "unknown": unknown, "yes_or_unknown": len(sets) - no}[query.insurance_status]
        untold = dict.fromkeys(payers(), len(sets))  # a payer of which the release says nothing
        accepted = dict.fromkeys(payers(), 0) if query.insurance_status == "yes" else untold
        plans = self._arrays.plans
        return accepted | _named(plans, chosen), untold | _named(plans, unknown)

    def _answers(self, plans: tuple[str, ...]) -> NDArray[np.uint8]:
        """Return each insurance set's answer about some plans: YES if any is yes, else UNKNOWN if any is, else NO."""
        sets = self._arrays.insurance
        items = [self._plan_items[plan] for plan in plans if plan in self._plan_items]
        all_no = np.full(len(sets), len(items) == len(plans))
        for item in items:
            all_no &= sets.having([item + 1])
        answers = np.where(all_no, NO, UNKNOWN).astype(np.uint8)
        answers[sets.having(items)] = YES
        return answers


def _all_of(masks: Iterable[Mask]) -> NDArray[np.intp] | slice:
    every = list(masks)
    return np.flatnonzero(reduce(np.logical_and, every)) if every else slice(None)


def _named(names: Sequence[str], counts: NDArray[np.int64]) -> dict[str, int]:
    return dict(zip(names, counts.tolist(), strict=True))
