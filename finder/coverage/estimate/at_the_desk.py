"""What a patient is asked to pay at the visit, and what Medicare sends back by check.

On an assigned claim Medicare pays the therapist, and the patient owes a share. On an unassigned claim the therapist may
ask for the whole bill at the visit, and Medicare's part comes to the patient by check.
Source: 42 USC 1395u(b)(3)(B); 42 CFR 424.53, 424.55.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from finder.coverage.basics.money import ZERO, total
from finder.coverage.estimate.results import Answer, Estimate, PlanOfCareEstimate

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class AtTheDesk:
    """Amounts in dollars, of one visit or of all; None where it is not known."""

    due_at_visit: Decimal | None
    """The most that may be asked for at the visit: the whole bill on an unassigned claim, else the patient's share."""
    returned_by_check: Decimal | None
    """Medicare's part of a bill that the patient pays whole; 0 on an assigned claim."""
    is_whole_bill: bool | None
    """Whether the whole bill may be asked for at a visit; None: it depends on what is not known."""


def at_the_desk(answer: Answer) -> AtTheDesk:
    """Return what is paid at the visit and what comes back; of a course of care the sums of the visits with figures.

    Where something is not known, an amount is that which all scenarios share.
    """
    if isinstance(answer, PlanOfCareEstimate):
        return _sum_of(answer)
    if answer.scenarios:
        return _shared(at_the_desk(scenario) for scenario in answer.scenarios.values())
    if not answer.is_published or answer.is_unassigned is None:
        return AtTheDesk(None, None, is_whole_bill=None)
    if not answer.is_unassigned:
        return AtTheDesk(_most(answer), ZERO, is_whole_bill=False)
    return AtTheDesk(_whole_bill(answer), answer.medicare_pays, is_whole_bill=True)


def _most(answer: Answer) -> Decimal | None:
    """Return the most that the patient may pay; None where no limit is known."""
    return answer.patient_bounds[1] if answer.patient_bounds else None


def _whole_bill(visit: Estimate) -> Decimal | None:
    return total(visit.allowed_amount, visit.excess_charge, visit.not_covered)


def _sum_of(course: PlanOfCareEstimate) -> AtTheDesk:
    if course.scenarios:
        return _shared(at_the_desk(scenario) for scenario in course.scenarios.values())
    visits = [at_the_desk(visit) for visit in course.visits if visit.is_published]
    if not visits:
        return AtTheDesk(None, None, is_whole_bill=None)
    returned = total(*(visit.returned_by_check for visit in visits))
    if not any(visit.is_whole_bill for visit in visits):
        return AtTheDesk(_most(course), returned, is_whole_bill=_common([it.is_whole_bill for it in visits]))
    return AtTheDesk(total(*(visit.due_at_visit for visit in visits)), returned, is_whole_bill=True)


def _shared(scenarios: Iterable[AtTheDesk]) -> AtTheDesk:
    payments = list(scenarios)
    return AtTheDesk(
        _common([payment.due_at_visit for payment in payments]),
        _common([payment.returned_by_check for payment in payments]),
        is_whole_bill=_common([payment.is_whole_bill for payment in payments]),
    )


def _common(values: Sequence[Value | None]) -> Value | None:
    """Return the value that all share, or None."""
    return values[0] if len(set(values)) == 1 else None
