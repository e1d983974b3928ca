"""What a search asks beside the place, answered once per pattern; and how many listings each other choice would give.

There are few patterns (``arrays.Patterns``) however many rows: a filter is a yes or no for each pattern, and a count
for every value of every facet is a sum over the patterns that are near.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from finder.directory.arrays import ENTITIES, Arrays
from finder.directory.insurance import payers
from finder.directory.provider import EVIDENCE_LADDER
from finder.directory.query import Query
from finder.directory.specialty import proves, specialty_values

Mask = NDArray[np.bool_]
Counts = NDArray[np.float64]

SPECIALTY, INSURANCE, ENTITY = "specialty", "insurance", "entity"

_DEFAULT_LADDER = ("neurologic",)
"""The specialty whose evidence orders the results where none is asked for."""


@dataclass(frozen=True)
class Present:
    """The patterns that occur near a place, and how many rows have each."""

    patterns: NDArray[np.int64]
    counts: Counts
    masks: Mapping[str, Mask] = field(default_factory=dict)
    """For each filter, which of ``patterns`` pass it."""

    def passing(self, but: str = "") -> Mask:
        """Tell which of the patterns pass every filter, or every filter but one."""
        mask = np.ones(len(self.patterns), dtype=bool)
        for name, passes in self.masks.items():
            if name != but:
                mask &= passes
        return mask

    def weights(self, but: str) -> Counts:
        """Give the number of rows of each pattern that pass every filter but one; zero for those that do not."""
        return self.counts * self.passing(but)


class Facets:
    """Answers of the patterns to a query. Made once for each release; reads the arrays, changes nothing."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._patterns = arrays.patterns
        self._values = specialty_values()
        self._plan_items = {plan: 2 * place for place, plan in enumerate(arrays.plans)}
        self._kinds = [kind.rpartition(":")[2] for kind in arrays.kinds]
        self._proving = {
            value: [item for item, kind in enumerate(arrays.kinds) if proves(value, *kind.rsplit(":", 1))]
            for value in self._values
        }
        proving = [arrays.evidence.having(items) for items in self._proving.values()]
        self._value_of_evidence = np.array(proving, dtype=np.float64)

    def masks(self, query: Query, patterns: NDArray[np.int64]) -> dict[str, Mask]:
        """Tell which of ``patterns`` pass each filter that the query sets."""
        masks = {}
        if query.specialties:
            items = {item for value in query.specialties for item in self._proving[value]}
            masks[SPECIALTY] = self._arrays.evidence.having(items)[self._patterns.evidence[patterns]]
        if query.insurance:
            yes, unknown = self.insurance(query.insurance)
            accepted = {"yes": yes, "unknown": unknown, "yes_or_unknown": yes | unknown}[query.insurance_status]
            masks[INSURANCE] = accepted[self._patterns.insurance[patterns]]
        if query.entity:
            masks[ENTITY] = self._patterns.entity[patterns] == ENTITIES.index(query.entity)
        return masks

    def insurance(self, plans: Sequence[str]) -> tuple[Mask, Mask]:
        """Tell of each insurance set whether it says yes to any of the plans, and else whether any is unknown."""
        sets = self._arrays.insurance
        items = [self._plan_items[plan] for plan in plans if plan in self._plan_items]
        yes = sets.having(items)
        all_no = np.full(len(sets), len(items) == len(plans))
        for item in items:
            all_no &= sets.having([item + 1])
        return yes, ~yes & ~all_no

    def ladder(self, specialties: Sequence[str]) -> NDArray[np.int64]:
        """Give the rung of each evidence set: the place in the ladder of its strongest evidence for the specialties."""
        items = {item for value in specialties or _DEFAULT_LADDER for item in self._proving[value]}
        rung = np.full(len(self._arrays.evidence), len(EVIDENCE_LADDER))
        for step, kind in reversed(list(enumerate(EVIDENCE_LADDER))):
            rung[self._arrays.evidence.having(item for item in items if self._kinds[item] == kind)] = step
        return rung

    def counts(self, query: Query, present: Present) -> dict[str, dict[str, int]]:
        """Count, for every value of every facet, the listings that choosing it alone in its facet would give."""
        patterns = self._patterns
        specialty = self._sum(patterns.evidence, present, SPECIALTY, len(self._arrays.evidence))
        entity = self._sum(patterns.entity, present, ENTITY, len(ENTITIES))
        insurance, unknown = self._count_insurance(query, present)
        return {
            SPECIALTY: _named(self._values, self._value_of_evidence @ specialty),
            INSURANCE: insurance,
            "insurance_unknown": unknown,
            ENTITY: _named(ENTITIES, entity),
        }

    def _count_insurance(self, query: Query, present: Present) -> tuple[dict[str, int], dict[str, int]]:
        """Count the listings that each plan would give under the query's status, and those where it is unknown."""
        sets = self._arrays.insurance
        weights = self._sum(self._patterns.insurance, present, INSURANCE, len(sets))
        answers = sets.tally(weights)
        total = weights.sum()
        yes, no = answers[0::2], answers[1::2]
        unknown = total - yes - no
        chosen = {"yes": yes, "unknown": unknown, "yes_or_unknown": total - no}[query.insurance_status]
        others = dict.fromkeys(payers(), int(total))
        nobody = dict.fromkeys(payers(), 0) if query.insurance_status == "yes" else others
        plans = self._arrays.plans
        return nobody | _named(plans, chosen), others | _named(plans, unknown)

    def _sum(self, column: NDArray[np.int32], present: Present, facet: str, size: int) -> Counts:
        """Add up the rows near, by the number in ``column`` of their pattern, the filter of ``facet`` left open."""
        weights = present.weights(facet)
        return np.asarray(np.bincount(column[present.patterns], weights=weights, minlength=size), dtype=np.float64)


def _named(names: Sequence[str], counts: Counts) -> dict[str, int]:
    return dict(zip(names, counts.astype(np.int64).tolist(), strict=True))
