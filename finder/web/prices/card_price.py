"""What a visit costs at an address: the figure on a card, and the address of the estimate that explains it.

The figure is worked out in ``finder.pricing``. A price is the answer to the very question that its link asks, so that
card and explanation cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote_plus, urlencode

from finder.directory.index.index import CostOf
from finder.directory.provider import InsuranceStatus, PracticeLocation
from finder.http.request_context import per_request
from finder.http.services import services
from finder.pricing.prices import Bounds, CoursePrice, PersonPrices
from finder.pricing.requests import FOLLOW_UP, VISITS_A_WEEK
from finder.web.estimates.questions.insurance import ASK_THE_PLAN, KINDS
from finder.web.http.urls import Pairs, address, carried
from finder.web.prices.insurance_answers import USUAL, VisitorAnswers, visitor_answers


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCourse:
    """What a course of care costs; ``later`` visits lie in a year whose amounts are not published, and are left out."""

    bounds: Bounds | None
    visits: int
    later: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The patient's share of one follow-up visit, and the address of the page that explains it.

    ``bounds`` is None where it cannot be known. ``course`` is there for visitors who answered what insurance they have.
    """

    bounds: Bounds | None
    address: str
    course: CardCourse | None = None
    may_not_participate: bool = False
    """Whether it is a range for want of knowing if the therapist takes Medicare's amount as full payment."""
    without_medicare: bool = False
    """Whether there is none because the reader has Medicare, and the therapist is known not to take it."""
    whom_to_ask: str = ASK_THE_PLAN
    """Who knows the price where ``bounds`` is None (a catalog id)."""


def price(location: PracticeLocation, day: date, *, medicare: InsuranceStatus, npi: str = "") -> Price | None:
    """Price a follow-up visit in a private practice, for the reader of the page; None where there is no estimate.

    ``medicare`` is whether the therapist takes it. With the NPI of the therapist, the estimate that explains the price
    shows beside it what they charged.
    """
    answers, zip_code = visitor_answers(), services().gazetteer.fee_zip(location.zip, location.state)
    prices = _prices(day)
    visit = prices.visit(zip_code, medicare)
    if visit is None:
        return None
    if visit.without_medicare:
        return Price(bounds=None, address="", without_medicare=True)
    course = prices.course(zip_code, medicare) if answers else None
    return Price(
        bounds=visit.bounds,
        address=_explained("estimates.estimate", zip_code, _visit_question(visit.participation, day), npi),
        course=_course(course, zip_code, _course_question(visit.participation, day), npi) if course else None,
        may_not_participate=visit.may_not_participate,
        whom_to_ask=KINDS[answers.coverage].whom_to_ask if answers else ASK_THE_PLAN,
    )


def cost_of(day: date) -> CostOf:
    """Return what orders a list by cost: the most that the reader of the page may pay for a follow-up visit."""
    return _prices(day).most


@per_request
def _prices(day: date) -> PersonPrices:
    """Return the prices of the reader of the page, looked up once for all its cards."""
    answers = visitor_answers()
    return services().prices.of(answers.insurance() if answers else None, day)


def _course(course: CoursePrice, zip_code: str, question: str, npi: str) -> CardCourse:
    return CardCourse(
        bounds=course.bounds,
        visits=course.visits,
        later=course.later,
        address=_explained("estimates.course", zip_code, question, npi),
    )


def _explained(endpoint: str, zip_code: str, question: str, npi: str) -> str:
    """Return the address of the page that explains a price; ``question`` is what stands behind the ZIP code."""
    rest = urlencode([("npi", npi), *carried()] if npi else carried())
    return f"{address(endpoint, ())}?zip={quote_plus(zip_code)}&{question}{'&' if rest else ''}{rest}"


@per_request
def _visit_question(participation: str, day: date) -> str:
    """Return the question of a visit, as the page of estimates is asked it."""
    return urlencode([("date", day.isoformat()), ("visit", FOLLOW_UP), *_person(participation)])


@per_request
def _course_question(participation: str, day: date) -> str:
    """Return the question of a course of care: a first visit, then follow-up visits, two a week."""
    count = [("plan", "visits"), ("visits", f"{_present().visits}"), ("per_week", f"{VISITS_A_WEEK}")]
    return urlencode([*count, ("start", day.isoformat()), ("visit", "usual_course"), *_person(participation)])


def _person(participation: str) -> Pairs:
    return [("setting", "private_practice"), ("participation", participation), *_present().pairs]


def _present() -> VisitorAnswers:
    """Return the answers that the prices of the present page rest on."""
    return visitor_answers() or USUAL
