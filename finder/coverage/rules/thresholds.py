"""The KX and the review threshold: paperwork above an amount of therapy in a year, never a limit to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from finder.coverage.basics.money import ZERO
from finder.coverage.basics.visit import Visit
from finder.coverage.basics.vocabulary import Discipline
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.parameters import Value
from finder.coverage.rules.part_b import Bill
from finder.coverage.rules.statements import Note
from finder.i18n import N_, Message


class Pool(Enum):
    """What is counted together: physical and speech therapy; occupational therapy by itself."""

    PHYSICAL_AND_SPEECH = "physical_and_speech"
    OCCUPATIONAL = "occupational"

    @classmethod
    def of(cls, discipline: Discipline) -> Pool:
        """Return the pool of a discipline."""
        return cls.OCCUPATIONAL if discipline is Discipline.OT else cls.PHYSICAL_AND_SPEECH


@dataclass(frozen=True, slots=True)
class Therapy:
    """Allowed amounts of a year so far, in dollars."""

    physical_and_speech: Decimal = ZERO
    occupational: Decimal = ZERO
    open_pools: frozenset[Pool] = frozenset()
    """Pools with a service without a price: their amount is the least that was allowed."""

    def of(self, pool: Pool) -> Decimal:
        """Return the amount of a pool, or the least that it can be."""
        return self.occupational if pool is Pool.OCCUPATIONAL else self.physical_and_speech

    def known(self, pool: Pool) -> Decimal | None:
        """Return the amount of a pool; None where a service had no price."""
        return None if pool in self.open_pools else self.of(pool)

    def plus(self, bill: Bill) -> Therapy:
        """Add the lines of a visit that have a price."""
        added = dict.fromkeys(Pool, ZERO)
        open_pools = set(self.open_pools)
        for settled in bill.lines:
            pool, allowed = Pool.of(settled.line.service.discipline), settled.line.threshold_amount
            if allowed is None:
                open_pools.add(pool)
            else:
                added[pool] += allowed
        return Therapy(
            self.physical_and_speech + added[Pool.PHYSICAL_AND_SPEECH],
            self.occupational + added[Pool.OCCUPATIONAL],
            frozenset(open_pools),
        )


@dataclass(frozen=True, slots=True)
class PoolStanding:
    """Where a pool stands in the year with a visit; None: not known."""

    allowed: Decimal | None = None
    """Allowed in the year so far, in dollars."""
    kx_threshold_passed: bool | None = None
    kx_threshold_remaining: Decimal | None = None
    """Dollars up to the threshold; zero once it is passed."""
    review_threshold_passed: bool | None = None
    review_threshold_remaining: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where both pools stand with a visit, and what to say at a crossing."""

    standings: Mapping[Pool, PoolStanding]
    notes: tuple[Note, ...]


def judge(before: Therapy, after: Therapy, visit: Visit, figures: Figures, *, is_first_visit: bool) -> Judgement:
    """Hold the year's allowed amounts of both pools against both thresholds.

    Above the KX threshold the therapist confirms on the claim that the care is needed; above the review threshold a
    claim may be reviewed. There is no spending cap since 2018, and the patient's share stays 20%. A note is given at
    the visit that crosses, or at the first visit of the request if that much was used before.
    Source: 42 USC 1395l(g).
    """
    kx = figures.parameters.kx_threshold.find(visit.date_of_service)
    review = figures.parameters.review_threshold.find(visit.date_of_service)
    notes: list[Note] = []
    for pool in sorted({Pool.of(service.discipline) for service in visit.services}, key=lambda pool: pool.value):
        spans = (ZERO if is_first_visit else before.of(pool), after.of(pool))
        notes.extend(_crossing("kx_threshold_passed", kx, *spans, pool))
        notes.extend(_crossing("review_threshold_passed", review, *spans, pool))
    if kx is None or review is None:
        text = N_("We do not have the therapy thresholds of {year} yet.")
        notes.append(Note("thresholds_not_published", Message(text, {"year": str(visit.date_of_service.year)})))
    return Judgement({pool: _standing(pool, after, kx, review) for pool in Pool}, tuple(notes))


def _standing(pool: Pool, after: Therapy, kx: Value | None, review: Value | None) -> PoolStanding:
    """Hold the amount of a pool against both thresholds."""
    return PoolStanding(
        allowed=after.known(pool),
        kx_threshold_passed=_passed(kx, after, pool),
        kx_threshold_remaining=_remaining(kx, after, pool),
        review_threshold_passed=_passed(review, after, pool),
        review_threshold_remaining=_remaining(review, after, pool),
    )


def _passed(threshold: Value | None, after: Therapy, pool: Pool) -> bool | None:
    """Return whether the amount of a pool is above a threshold, None if unknown."""
    if threshold is None:
        return None
    if after.of(pool) > threshold.amount:
        return True
    return None if pool in after.open_pools else False


def _remaining(threshold: Value | None, after: Therapy, pool: Pool) -> Decimal | None:
    """Return the dollars up to a threshold, None if unknown."""
    if threshold is None or (pool in after.open_pools and after.of(pool) <= threshold.amount):
        return None
    return max(ZERO, threshold.amount - after.of(pool))


def lines_above_kx(before: Therapy, bill: Bill, figures: Figures) -> tuple[bool, ...]:
    """Return for every line of a bill whether it lies above the KX threshold of its pool, wholly or in part."""
    kx = figures.parameters.kx_threshold.find(bill.rates.day)
    used = {pool: before.of(pool) for pool in Pool}
    above = []
    for settled in bill.lines:
        pool, amount = Pool.of(settled.line.service.discipline), settled.line.threshold_amount or ZERO
        used[pool] += amount
        above.append(kx is not None and amount > 0 and used[pool] > kx.amount)
    return tuple(above)


_SENTENCES = {
    ("kx_threshold_passed", Pool.PHYSICAL_AND_SPEECH): N_(
        "Medicare has now allowed more than {threshold:money} this year for physical and speech therapy together. "
        "This is not a limit: your therapist states on the claim that you need the care."
    ),
    ("kx_threshold_passed", Pool.OCCUPATIONAL): N_(
        "Medicare has now allowed more than {threshold:money} this year for occupational therapy. "
        "This is not a limit: your therapist states on the claim that you need the care."
    ),
    ("review_threshold_passed", Pool.PHYSICAL_AND_SPEECH): N_(
        "Medicare has now allowed more than {threshold:money} this year for physical and speech therapy together. "
        "This is not a limit: Medicare may review the records of these visits."
    ),
    ("review_threshold_passed", Pool.OCCUPATIONAL): N_(
        "Medicare has now allowed more than {threshold:money} this year for occupational therapy. "
        "This is not a limit: Medicare may review the records of these visits."
    ),
}


def _crossing(code: str, threshold: Value | None, before: Decimal, after: Decimal, pool: Pool) -> Iterator[Note]:
    """Return the note that a threshold is crossed between two amounts."""
    if threshold is not None and before <= threshold.amount < after:
        yield Note(code, Message(_SENTENCES[code, pool], {"threshold": threshold.amount}), threshold)
