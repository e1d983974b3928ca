"""What a visit costs at an address: the figure on a card, and the address of the estimate that explains it.

This is where a therapist's address and the rules of coverage meet; neither room knows of the other. A price is the
answer to the very question that its link asks, so that card and explanation cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache, partial
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from finder.coverage import Figures, PlanOfCareEstimate, estimate
from finder.directory.index.index import CostOf
from finder.directory.provider import InsuranceStatus
from finder.errors import FinderError
from finder.i18n import N_
from finder.web.estimates.questions.conditional import OWN_PRICE
from finder.web.estimates.questions.forms import course_form, visit_form
from finder.web.estimates.questions.schedule import days_of
from finder.web.estimates.requests import course_request, visit_request
from finder.web.http.urls import Pairs, address, carried
from finder.web.prices.insurance_answers import Cover, cover

Bounds = tuple[Decimal, Decimal | None]
"""The least and the most in dollars; None as the most: no limit is known."""

USUAL = Cover((("deductible", "met"),))
"""Who has said nothing of their insurance sees what somebody on Original Medicare pays, the yearly deductible met."""

PARTICIPATING, UNKNOWN = "participating", "unknown"
VISITS_A_WEEK = 2

ASK_THE_PLAN = N_("Only your plan can say what you pay for a visit.")
WHOM_TO_ASK = {
    "self_pay": N_("You pay their own price. Ask them for it in writing before you go (a good-faith estimate)."),
    "va_community_care": N_("Ask VA: it says if you pay anything for a visit."),
}
"""Who knows what a visit costs, by the reader's coverage, where we cannot; for every other it is their plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a course of care costs; ``later`` visits lie in a year whose amounts are not published, and are left out."""

    bounds: Bounds | None
    visits: int
    later: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The patient's share of one follow-up visit, and the address of the page that explains it.

    ``bounds`` is None where nobody can know. ``course`` is there for who has said what insurance they have.
    """

    bounds: Bounds | None
    address: str
    course: Course | None = None
    may_not_participate: bool = False
    """Whether it is a range for want of knowing if the therapist takes Medicare's amount as full payment."""
    without_medicare: bool = False
    """Whether there is none because the reader has Medicare, and the therapist is known not to take it."""

    @property
    def whom_to_ask(self) -> str:
        """Say who knows, where ``bounds`` is None (a catalogue id)."""
        said = cover()
        return WHOM_TO_ASK.get(dict(said.answers)["coverage"], ASK_THE_PLAN) if said else ASK_THE_PLAN

    @property
    def patient_pays(self) -> Decimal | None:
        """The share in dollars, where it is one amount."""
        return self.bounds[0] if self.bounds and self.bounds[0] == self.bounds[1] else None


@dataclass(frozen=True, slots=True)
class _Answer:
    """The share of a visit, or of a course of care and how many of its visits that counts."""

    bounds: Bounds | None
    visits: int = 1


def price(zip_code: str, day: date, *, medicare: InsuranceStatus, npi: str = "") -> Price | None:
    """Price a follow-up visit in a private practice, for the reader of the page; None where there is no estimate.

    ``zip_code`` is that of the fees (``directory.fee_zip``); empty where it is not known.
    ``medicare`` is whether the therapist takes it. With the NPI of the therapist, the estimate that explains the price
    shows beside it what they charged.
    """
    said = cover()
    asked = said or USUAL
    if _refuses(asked, medicare):
        return Price(bounds=None, address="", without_medicare=True)
    participation = _participation(asked, medicare)
    answer = _visit(_standing_for(zip_code[:5], day), participation, asked, day)
    if answer is None:
        return None
    return Price(
        bounds=answer.bounds,
        address=_explained(_question, "estimates.estimate", (zip_code[:5], participation, asked, day), npi),
        course=_course_at(zip_code[:5], participation, said, day, npi) if said else None,
        may_not_participate=participation == UNKNOWN and answer.bounds is not None and len(set(answer.bounds)) > 1,
    )


def cost_of(day: date) -> CostOf:
    """Give what orders a list by cost: the most that the reader of the page may pay for a follow-up visit."""
    return partial(_most, asked=cover() or USUAL, day=day)


def _most(zip_code: str, medicare: InsuranceStatus, *, asked: Cover, day: date) -> Decimal | None:
    if _refuses(asked, medicare):
        return None
    participation = _participation(asked, medicare)
    answer = _visit(_standing_for(zip_code[:5], day), participation, asked, day)
    return answer.bounds[1] if answer and answer.bounds else None


def _refuses(asked: Cover, medicare: InsuranceStatus) -> bool:
    """Whether the reader's coverage builds on Medicare, and the therapist does not take it."""
    return medicare == "no" and not _has_own_price(asked)


def _participation(asked: Cover, medicare: InsuranceStatus) -> str:
    """Give what is known of a therapist's agreement with Medicare; the usual price is that of one who takes part."""
    return PARTICIPATING if medicare == "yes" or asked == USUAL or _has_own_price(asked) else UNKNOWN


def _has_own_price(asked: Cover) -> bool:
    return dict(asked.answers).get("coverage") in OWN_PRICE


def _question(zip_code: str, participation: str, asked: Cover, day: date) -> Pairs:
    """Give the question of a visit, as the page of estimates is asked it."""
    return [
        ("zip", zip_code),
        ("date", day.isoformat()),
        ("visit", "follow_up"),
        ("setting", "private_practice"),
        ("participation", participation),
        *asked.answers,
    ]


def _course_question(zip_code: str, participation: str, asked: Cover, day: date) -> Pairs:
    """Give the question of a course of care: a first visit, then follow-up visits, two a week."""
    days = [("plan", "weekly"), ("start", day.isoformat()), ("per_week", f"{VISITS_A_WEEK}")]
    about = [("setting", "private_practice"), ("participation", participation), *asked.answers]
    return [("zip", zip_code), *days, ("weeks", f"{asked.visits // VISITS_A_WEEK}"), ("visit", "usual_course"), *about]


@lru_cache(maxsize=20_000)
def _visit(zip_code: str, participation: str, asked: Cover, day: date) -> _Answer | None:
    form = visit_form(MultiDict(_question(zip_code, participation, asked, day)), _figures(), day)
    try:
        answer = estimate(visit_request(form, _figures()), _figures())
    except FinderError:
        return None
    return _Answer(_telling(answer.patient_bounds))


def _course_at(zip_code: str, participation: str, asked: Cover, day: date, npi: str) -> Course | None:
    answer = _course(_standing_for(zip_code, day), participation, asked, day)
    if answer is None:
        return None
    return Course(
        bounds=answer.bounds,
        visits=answer.visits,
        later=asked.visits - answer.visits,
        address=_explained(_course_question, "estimates.course", (zip_code, participation, asked, day), npi),
    )


@lru_cache(maxsize=20_000)
def _course(zip_code: str, participation: str, asked: Cover, day: date) -> _Answer | None:
    form = course_form(MultiDict(_course_question(zip_code, participation, asked, day)), _figures(), day)
    try:
        answer = estimate(course_request(form, _figures(), days_of(form)), _figures())
    except FinderError:
        return None
    assert isinstance(answer, PlanOfCareEstimate)
    return _Answer(_telling(answer.patient_bounds), sum(visit.is_published for visit in answer.visits))


def _telling(bounds: Bounds | None) -> Bounds | None:
    """Give bounds that say something: from nothing to no limit says as much as none."""
    return None if bounds == (Decimal(0), None) else bounds


def _explained(question: Callable[..., Pairs], endpoint: str, about: tuple[str, str, Cover, date], npi: str) -> str:
    """Give the address of the page that explains a price; the long part of it is written once for each place."""
    rest = urlencode([("npi", npi), *carried()] if npi else carried())
    return f"{address(endpoint, ())}?{_written(question, about)}{'&' if rest else ''}{rest}"


@lru_cache(maxsize=20_000)
def _written(question: Callable[..., Pairs], about: tuple[str, str, Cover, date]) -> str:
    return urlencode(question(*about))


def _standing_for(zip_code: str, day: date) -> str:
    """Give one ZIP code for all of a payment area: fees differ by area, so that each is worked out once."""
    try:
        schedule = _figures().schedule(day)
    except FinderError:
        return zip_code
    area = _figures().locality(zip_code, schedule)
    return _AREAS.setdefault((schedule.zip_localities, *area.key), zip_code) if area else zip_code


_AREAS: dict[tuple[str, str, str], str] = {}
"""The ZIP code that was first asked for in each payment area of a ZIP map."""


@cache
def _figures() -> Figures:
    return Figures.load()
