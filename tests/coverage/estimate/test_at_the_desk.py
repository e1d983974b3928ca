"""What is due at the visit, and what Medicare sends back by check.

A fee of $120.00 by a therapist who does not take part: 114.00 allowed (95%), limiting charge 131.10, excess 17.10.
Deductible met: coinsurance 22.80, Medicare 91.20.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from finder.coverage import estimate
from finder.coverage.estimate.at_the_desk import AtTheDesk, at_the_desk

SERVICES = [{"fee": "120.00"}]
UNASSIGNED = {"participation": "nonparticipating_unassigned"}


def payment(**changes: Any) -> AtTheDesk:
    """Return what is paid at a visit of a participating therapist, the deductible met, unless something differs."""
    request = {"date_of_service": "2026-10-05", "services": SERVICES, "deductible_remaining": "0.00"}
    return at_the_desk(estimate({**request, "participation": "participating", **changes}))


@pytest.mark.parametrize(
    ("changes", "due", "returned"),
    [
        ({}, "24.00", "0.00"),
        ({"participation": "nonparticipating_assigned"}, "22.80", "0.00"),
        (UNASSIGNED, "131.10", "91.20"),
        ({**UNASSIGNED, "deductible_remaining": "114.00"}, "131.10", "0.00"),
        ({**UNASSIGNED, "other_coverage": {"kind": "medigap", "plan": "G"}}, "131.10", "91.20"),
        ({**UNASSIGNED, "other_coverage": {"kind": "qmb"}}, "0.00", "0.00"),
        ({"other_coverage": {"kind": "medicare_advantage", "copay": "35"}}, "35.00", "0.00"),
    ],
)
def test_the_whole_bill_is_due_on_an_unassigned_claim_alone(changes: dict[str, Any], due: str, returned: str) -> None:
    is_whole_bill = due == "131.10"
    assert payment(**changes) == AtTheDesk(Decimal(due), Decimal(returned), is_whole_bill=is_whole_bill)


def test_what_comes_back_is_not_known_before_the_deductible_is() -> None:
    assert payment(**UNASSIGNED, deductible_remaining="unknown") == AtTheDesk(
        Decimal("131.10"), None, is_whole_bill=True
    )


def test_without_the_participation_nothing_is_known() -> None:
    assert payment(participation="unknown") == AtTheDesk(None, None, is_whole_bill=None)


def test_a_course_adds_up_its_visits_with_figures() -> None:
    days = ("2026-12-28", "2026-12-30", "2027-01-04")
    visits = [{"date_of_service": day, "services": SERVICES} for day in days]
    course: dict[str, Any] = {"date_of_service": None, "services": None, "visits": visits}
    assert payment(**course, **UNASSIGNED) == AtTheDesk(Decimal("262.20"), Decimal("182.40"), is_whole_bill=True)
    assert payment(**course) == AtTheDesk(Decimal("48.00"), Decimal("0.00"), is_whole_bill=False)
