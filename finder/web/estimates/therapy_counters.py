"""Where therapy stands against Medicare's yearly thresholds: what is counted, what is left, which visit passes one.

A threshold is paperwork, never a limit. Each year and each pool of therapy has a counter of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finder.coverage import Estimate, Figures, PlanOfCareEstimate
from finder.coverage.basics.money import ZERO, total
from finder.coverage.estimate.results import Answer, leaves
from finder.coverage.figures.parameters import Parameter
from finder.coverage.other_coverage import Range
from finder.coverage.rules.thresholds import Pool, PoolStanding
from finder.i18n import N_

POOL_NAMES = {
    Pool.PHYSICAL_AND_SPEECH: N_("Physical and speech therapy"),
    Pool.OCCUPATIONAL: N_("Occupational therapy"),
}

NumberedVisit = tuple[int, Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdState:
    """One threshold after the last visit of a year; what is not known goes from the least to the most of the cases."""

    amount: Decimal
    """The threshold in dollars."""
    left: Range | None
    """Dollars up to the threshold, zero once it is passed; None: not known."""
    visit: int | None = None
    """The number of the first visit above it; None: no visit is."""
    day: date | None = None
    """The day of that visit."""
    is_certain: bool = True
    """Whether that visit is above it in every case."""
    is_passed_before: bool = False
    """Whether the therapy before the first visit was above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolYear:
    """The counter of one pool in one year, with the visits of an answer."""

    year: int
    pool: Pool
    counted: Range | None
    """Dollars allowed in the year so far, with these visits; None: not known."""
    kx: ThresholdState
    review: ThresholdState

    @property
    def name(self) -> str:
        """The name of the pool (a catalogue id)."""
        return POOL_NAMES[self.pool]


def standing_of(visit: Estimate, pool: Pool) -> PoolStanding:
    """Return where a pool stands with a visit."""
    return visit.occupational_therapy if pool is Pool.OCCUPATIONAL else visit.therapy


def pool_years(answer: Answer, figures: Figures) -> Iterator[PoolYear]:
    """Return the counters that an answer uses, by year and pool; none without the thresholds of a year."""
    cases = [_numbered(one) for _name, one in leaves(answer.scenarios)] or [_numbered(answer)]
    for year in sorted({visit.date_of_service.year for case in cases for _number, visit in case}):
        in_year = [[one for one in case if one[1].date_of_service.year == year] for case in cases]
        for pool in Pool:
            using = [case for case in in_year if any(_added(visit, pool) != ZERO for _number, visit in case)]
            if using:
                yield from _pool_year(year, pool, using, figures)


def _numbered(answer: Answer) -> list[NumberedVisit]:
    """Number the visits of an answer, and leave out those without figures."""
    visits = answer.visits if isinstance(answer, PlanOfCareEstimate) else (answer,)
    return [(number, visit) for number, visit in enumerate(visits, start=1) if visit.is_published]


def _added(visit: Estimate, pool: Pool) -> Decimal | None:
    """Return what a visit adds to a pool; None where a service has no price."""
    lines = visit.bill.lines if visit.bill else ()
    return total(ZERO, *(it.line.threshold_amount for it in lines if Pool.of(it.line.service.discipline) is pool))


def _pool_year(year: int, pool: Pool, cases: Sequence[Sequence[NumberedVisit]], figures: Figures) -> Iterator[PoolYear]:
    """Hold the visits of a year in every case against both thresholds, if they are here."""
    kx = _state("kx_threshold", cases, pool, figures)
    review = _state("review_threshold", cases, pool, figures)
    if kx and review:
        counted = _span([standing_of(case[-1][1], pool).allowed for case in cases])
        yield PoolYear(year=year, pool=pool, counted=counted, kx=kx, review=review)


def _state(name: str, cases: Sequence[Sequence[NumberedVisit]], pool: Pool, figures: Figures) -> ThresholdState | None:
    """Hold a pool against the threshold of a name; None where that of the year is not here."""
    parameter: Parameter = getattr(figures.parameters, name)
    figure = parameter.find(cases[0][-1][1].date_of_service)
    if figure is None:
        return None
    first_visits = [_first_above(case, pool, name) for case in cases]
    passing = [one for one in first_visits if one is not None]
    first = min(passing, key=lambda one: one[0], default=None)
    return ThresholdState(
        amount=figure.amount,
        left=_span([getattr(standing_of(case[-1][1], pool), f"{name}_remaining") for case in cases]),
        visit=first[0] if first else None,
        day=first[1].date_of_service if first else None,
        is_certain=len({one and one[0] for one in first_visits}) == 1,
        is_passed_before=all(_before(case[0][1], pool) > figure.amount for case in cases),
    )


def _first_above(case: Sequence[NumberedVisit], pool: Pool, name: str) -> NumberedVisit | None:
    """Return the first visit with which a pool is above the threshold of a name."""
    return next((one for one in case if getattr(standing_of(one[1], pool), f"{name}_passed")), None)


def _before(visit: Estimate, pool: Pool) -> Decimal:
    """Return what was allowed in the year before a visit; nothing where that is not known."""
    allowed, added = standing_of(visit, pool).allowed, _added(visit, pool)
    return ZERO if allowed is None or added is None else allowed - added


def _span(amounts: Sequence[Decimal | None]) -> Range | None:
    """Return the least and the most of some amounts; None where one is not known."""
    known = [it for it in amounts if it is not None]
    return (min(known), max(known)) if len(known) == len(amounts) else None
