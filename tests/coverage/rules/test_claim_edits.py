"""Warnings about implausible claims: what draws one, and what is everyday."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from finder.coverage import Figures
from finder.coverage.basics.visit import Service, Visit
from finder.coverage.rules.claim_edits import implausible

FIRST = date(2026, 3, 2)


def warnings(*visits: list[Service], days_apart: int = 30) -> list[str]:
    course = [
        Visit(date_of_service=FIRST + timedelta(days=days_apart * index), services=tuple(services))
        for index, services in enumerate(visits)
    ]
    return [note.code for note in implausible(course, Figures.load())]


def of(*codes: str) -> list[Service]:
    return [Service(code=code) for code in codes]


@pytest.mark.parametrize(
    "visit",
    [
        of("97162", "97166"), of("92521", "92524"), of("97164"), [Service(fee=Decimal(120))],
        [Service(code="97112", units=20), Service(code="97116", minutes=180)],
        [Service(code="98980"), Service(code="98981", units=3)],
    ],
)  # fmt: skip
def test_what_is_everyday_draws_no_warning(visit: list[Service]) -> None:
    assert warnings(visit) == []


@pytest.mark.parametrize(
    ("visit", "warning"),
    [
        (of("97161", "97163"), "implausible_evaluations"),
        ([Service(code="97165", units=2)], "implausible_evaluations"),
        (of("92521", "92521"), "implausible_evaluations"),
        ([Service(code="97112", units=20), Service(code="97116", minutes=181)], "implausible_time"),
        ([Service(code="97546", units=9)], "implausible_time"),
        ([Service(code="98975", units=2)], "implausible_monitoring"),
        (of("98979", "98980"), "implausible_monitoring"),
    ],
)
def test_a_visit_that_can_hardly_be_right_draws_one(visit: list[Service], warning: str) -> None:
    assert warning in warnings(visit)


def test_a_course_has_one_first_evaluation_and_re_evaluations() -> None:
    assert warnings(of("97162"), of("97112"), of("97164"), of("97164")) == []
    assert warnings(of("97162"), of("97165")) == []
    assert warnings(of("97162"), of("97161")) == ["implausible_repeated_evaluation"]


def test_monitoring_may_be_billed_again_after_thirty_days() -> None:
    assert warnings(of("98977"), of("98977"), days_apart=30) == []
    assert warnings(of("98977"), of("98985"), days_apart=29) == ["implausible_monitoring"]
    assert warnings(of("98976"), of("98977"), days_apart=1) == []
