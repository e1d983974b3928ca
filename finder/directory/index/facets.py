"""The filters of a search besides the place, and the count of listings for every other choice.

Listings have numbers of sets (``sets``): filters are evaluated per set, and counts are tallies of the sets nearby.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, reduce

import numpy as np
from numpy.typing import NDArray

from finder.directory.index.arrays import ENTITIES, ORGANIZATION, Arrays
from finder.directory.index.sets import Numbers, regroup
from finder.directory.plans.plans import Plans
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

MOST_COUNTED = 64
"""Keys of plans and networks that every search counts; where there are more, a page counts those that it lists."""


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


@dataclass(frozen=True, slots=True)
class PlanCount:
    """How many rows say yes to a plan, no, or nothing."""

    yes: int
    no: int
    unknown: int


@dataclass(frozen=True)
class PlanCounts:
    """The counts of answers among some rows, for any plan."""

    rows: int
    _yes: Mapping[str, int]
    _no: Mapping[str, int]
    _of_plan: Callable[[str], tuple[int, int]]

    def answers(self, key: str) -> int:
        """Return how many rows say yes or no to a key of its own: not through networks."""
        return self._yes.get(key, 0) + self._no.get(key, 0)

    def of(self, plan: str) -> PlanCount:
        """Count the answers about a plan, its own and those of its networks."""
        yes, no = self._of_plan(plan)
        return PlanCount(yes=yes, no=no, unknown=self.rows - yes - no)


class Facets:
    """Filters and counts for the rows of one release on one day: answers on insurance count for a time."""

    def __init__(self, arrays: Arrays, plans: Plans, day: date) -> None:
        self._arrays = arrays
        self._plans = plans
        today = day.toordinal()
        self._counts_today = (arrays.answer_from <= today) & (today <= arrays.answer_until)
        self._kinds = [kind.rpartition(":")[2] for kind in arrays.kinds]
        self._proving = {
            value: [item for item, kind in enumerate(arrays.kinds) if proves(value, *kind.rsplit(":", 1))]
            for value in specialty_values()
        }
        self._counted = [value for value, items in self._proving.items() if items]
        self._proven = regroup(arrays.evidence, [self._proving[value] for value in self._counted])
        self._accepting, self._refusing = self._items_of_plans()
        self._offer_items = {value: place for place, value in enumerate(arrays.offered)}
        self.answers = lru_cache(maxsize=_REMEMBERED)(self._answers)

    def _items_of_plans(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Return the items that say yes today, and those that say no, by plan."""
        accepting: dict[str, list[int]] = {}
        refusing: dict[str, list[int]] = {}
        for item in np.flatnonzero(self._counts_today).tolist():
            plan, says_no = divmod(int(self._arrays.answer[item]), 2)
            (refusing if says_no else accepting).setdefault(self._arrays.plans[plan], []).append(item)
        return accepting, refusing

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
            masks[INSURANCE] = _ACCEPTED[query.insurance_status][self.answers_at(query.insurance, insurance)]
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

    def count_plans(self, filtered: FilteredRows) -> PlanCounts:
        """Return the counts of answers about every key and plan, among the rows that pass all filters but insurance."""
        sets = filtered.insurance[filtered.passing_but(but=INSURANCE)]
        yes, no = self._count_answers(sets)
        return PlanCounts(len(sets), yes, no, lambda plan: self._count_plan(plan, sets, yes, no))

    def _count_insurance(self, query: Query, filtered: FilteredRows) -> tuple[dict[str, int], dict[str, int]]:
        """Count the rows for each key with answers under the query's status, and the rows where it is unknown.

        Where there are many keys, only the payers and the query's plans are counted: see ``count_plans``.
        """
        sets = filtered.insurance[filtered.passing_but(but=INSURANCE)]
        yes: dict[str, int] = {}
        no: dict[str, int] = {}
        counted = {*payers(), *query.insurance}
        if len(self._arrays.plans) <= MOST_COUNTED:
            yes, no = self._count_answers(sets)
            with_networks = {plan for plan in self._arrays.plans if self._plans.covering(plan) != (plan,)}
            counted = (counted - yes.keys()) | with_networks
        for plan in counted:
            yes[plan], no[plan] = self._count_rows(plan, sets)
        offered = dict.fromkeys((*payers(), *yes), len(sets))
        unknown = {plan: whole - yes.get(plan, 0) - no.get(plan, 0) for plan, whole in offered.items()}
        if query.insurance_status == "yes":
            return {plan: yes.get(plan, 0) for plan in offered}, unknown
        if query.insurance_status == "unknown":
            return unknown, unknown
        return {plan: whole - no.get(plan, 0) for plan, whole in offered.items()}, unknown

    def _count_answers(self, sets: Numbers) -> tuple[dict[str, int], dict[str, int]]:
        """Count the rows that say yes today, and those that say no, for each key with answers of its own."""
        tally = np.where(self._counts_today, self._arrays.insurance.tally(sets), 0)
        counts = np.bincount(self._arrays.answer, weights=tally, minlength=2 * len(self._arrays.plans)).astype(np.int64)
        return _named(self._arrays.plans, counts[0::2]), _named(self._arrays.plans, counts[1::2])

    def _count_plan(self, plan: str, sets: Numbers, yes: Mapping[str, int], no: Mapping[str, int]) -> tuple[int, int]:
        """Count the rows whose answer about a plan is yes, and those where it is no, from the counts of its networks.

        Only where several of its networks have answers must the rows be looked at: who is in two counts once.
        """
        keys = self._plans.covering(plan)
        answered = [key for key in keys if yes.get(key) or no.get(key)]
        if not answered:
            return 0, 0
        if len(answered) == 1:
            (key,) = answered
            others = len(keys) - (2 if plan in keys and key != plan else 1)
            return yes[key], no[key] if key == plan or not others else 0
        return self._count_rows(plan, sets)

    def _count_rows(self, plan: str, sets: Numbers) -> tuple[int, int]:
        """Count the rows whose answer about a plan is yes, and those where it is no, row by row."""
        answers = self._answer(plan, sets)
        return int(np.count_nonzero(answers == YES)), int(np.count_nonzero(answers == NO))

    def answers_at(self, plans: tuple[str, ...], numbers: Numbers) -> NDArray[np.uint8]:
        """Return the answers of some insurance sets about plans; of packed sets, which are many, no others are read."""
        if self._arrays.insurance.is_packed:
            return reduce(np.maximum, [self._answer(plan, numbers) for plan in plans])
        return self.answers(plans)[numbers]

    def _answers(self, plans: tuple[str, ...]) -> NDArray[np.uint8]:
        """Return each insurance set's answer about some plans: YES if any is yes, else UNKNOWN if any is, else NO."""
        answers = [self._answer(plan) for plan in plans]
        return reduce(np.maximum, answers, np.full(len(self._arrays.insurance), NO, dtype=np.uint8))

    def _answer(self, plan: str, numbers: Numbers | None = None) -> NDArray[np.uint8]:
        """Return each set's answer about a plan (``finder.directory.plans.answers.answer_for``); or of some sets."""
        sets = self._arrays.insurance
        networks = [key for key in self._plans.covering(plan) if key != plan]
        accepted = [item for network in networks for item in self._accepting.get(network, ())]
        answer = np.full(len(sets) if numbers is None else len(numbers), UNKNOWN, dtype=np.uint8)
        if networks and all(network in self._refusing for network in networks):
            refused = [sets.having(self._refusing[network], numbers) for network in networks]
            answer[reduce(np.logical_and, refused)] = NO
        for items, status in (
            (accepted, YES),
            (self._refusing.get(plan, ()), NO),
            (self._accepting.get(plan, ()), YES),
        ):
            if items:
                answer[sets.having(items, numbers)] = status
        return answer


def _all_of(masks: Iterable[Mask]) -> NDArray[np.intp] | slice:
    every = list(masks)
    return np.flatnonzero(reduce(np.logical_and, every)) if every else slice(None)


def _named(names: Sequence[str], counts: NDArray[np.int64]) -> dict[str, int]:
    return dict(zip(names, counts.tolist(), strict=True))
