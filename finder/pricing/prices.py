"""What a visit and a course of care cost a person at a practice, worked out once for each payment area.

Medicare's fees differ by payment area and not by ZIP code, so that what is remembered is small: some hundred areas for
each combination of insurance and day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from finder.coverage import Estimate, Figures, PlanOfCareEstimate, estimate
from finder.directory.provider import InsuranceStatus
from finder.errors import FinderError
from finder.pricing.insurance import USUAL, PersonInsurance
from finder.pricing.requests import course_request, visit_request

Bounds = tuple[Decimal, Decimal | None]
"""The least and the most in dollars; None as the most: no limit is known."""

PARTICIPATING, UNKNOWN = "participating", "unknown"

Area = tuple[tuple[str, str] | None, ...]
"""The carrier and number of a payment area in each ZIP map that may be needed; None: the map has no such ZIP code."""

REMEMBERED = 128
"""Combinations of insurance and day whose prices are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPrice:
    """The person's share of one follow-up visit; ``bounds`` is None where it cannot be known."""

    bounds: Bounds | None
    participation: str
    """What is assumed of the therapist's agreement with Medicare."""
    without_medicare: bool = False
    """Whether there is none because the person has Medicare, and the therapist is known not to take it."""

    @property
    def may_not_participate(self) -> bool:
        """Whether it is a range for want of knowing if the therapist takes Medicare's amount as full payment."""
        return self.participation == UNKNOWN and self.bounds is not None and self.bounds[0] != self.bounds[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePrice:
    """The person's share of a course of care; ``later`` visits lie in a year without amounts, and are left out."""

    bounds: Bounds | None
    visits: int
    later: int


class PersonPrices:
    """What one person pays for visits from a day on. Threads may share it."""

    def __init__(self, figures: Figures, insurance: PersonInsurance | None, day: date) -> None:
        """Take the insurance; None is a person who has answered nothing, and sees the usual price."""
        self._figures = figures
        self._insurance = insurance or USUAL
        self._is_usual = insurance is None
        self._day = day
        self._zip_maps = tuple(
            dict.fromkeys(schedule.zip_localities for schedule in figures.schedules if schedule.last_day >= day)
        )
        self._visits: dict[tuple[Area, str], VisitPrice | None] = {}
        self._courses: dict[tuple[Area, str], CoursePrice | None] = {}

    def visit(self, zip_code: str, medicare: InsuranceStatus) -> VisitPrice | None:
        """Price a follow-up visit in a private practice; None where there is no estimate.

        ``zip_code`` has the five digits by which fees go (``Gazetteer.fee_zip``), or is empty where they are not known.
        ``medicare`` is whether the therapist takes Medicare.
        """
        participation = self._participation(medicare)
        if medicare == "no" and not self._insurance.has_own_price:
            return VisitPrice(bounds=None, participation=participation, without_medicare=True)
        key = self._area(zip_code), participation
        if key not in self._visits:
            self._visits[key] = self._work_out_visit(zip_code, participation)
        return self._visits[key]

    def course(self, zip_code: str, medicare: InsuranceStatus) -> CoursePrice | None:
        """Price a first visit and the follow-up visits after it; None where there is no estimate."""
        participation = self._participation(medicare)
        key = self._area(zip_code), participation
        if key not in self._courses:
            self._courses[key] = self._work_out_course(zip_code, participation)
        return self._courses[key]

    def most(self, zip_code: str, medicare: InsuranceStatus) -> Decimal | None:
        """Return the most that a follow-up visit may cost, which orders a list by cost (``directory.CostOf``)."""
        price = self.visit(zip_code[:5], medicare)
        return price.bounds[1] if price and price.bounds else None

    def _participation(self, medicare: InsuranceStatus) -> str:
        """Return what is assumed of a therapist's agreement with Medicare; the usual price assumes one."""
        is_given = medicare == "yes" or self._is_usual or self._insurance.has_own_price
        return PARTICIPATING if is_given else UNKNOWN

    def _area(self, zip_code: str) -> Area:
        if self._insurance.has_own_price:
            return ()
        found = (self._figures.zip_map(name).of_zip(zip_code) for name in self._zip_maps)
        return tuple(locality.key if locality else None for locality in found)

    def _work_out_visit(self, zip_code: str, participation: str) -> VisitPrice | None:
        answer = self._answer(visit_request(self._insurance, zip_code, participation, self._day, self._figures))
        if answer is not None and answer.visits_without_figures:
            return None
        return VisitPrice(bounds=_known(answer.patient_bounds), participation=participation) if answer else None

    def _work_out_course(self, zip_code: str, participation: str) -> CoursePrice | None:
        answer = self._answer(course_request(self._insurance, zip_code, participation, self._day, self._figures))
        if not isinstance(answer, PlanOfCareEstimate):
            return None
        visits = sum(visit.is_published for visit in answer.visits)
        return CoursePrice(bounds=_known(answer.patient_bounds), visits=visits, later=self._insurance.visits - visits)

    def _answer(self, request: Mapping[str, Any]) -> Estimate | PlanOfCareEstimate | None:
        try:
            return estimate(request, self._figures)
        except FinderError:
            return None


class Prices:
    """What visits cost by the figures, remembered for the latest combinations of insurance and day."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._make)

    def of(self, insurance: PersonInsurance | None, day: date) -> PersonPrices:
        """Return the prices for a person from a day on; None: the usual ones."""
        return self._remembered(insurance, day)

    def _make(self, insurance: PersonInsurance | None, day: date) -> PersonPrices:
        return PersonPrices(self._figures, insurance, day)


def _known(bounds: Bounds | None) -> Bounds | None:
    """Return bounds that tell something: from nothing to no limit tells as much as none."""
    return None if bounds == (Decimal(0), None) else bounds
