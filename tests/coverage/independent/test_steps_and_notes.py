"""Steps and notes say what the amounts beside them say, on random requests, and no step names an amount of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from finder.coverage import estimate
from finder.coverage.basics.money import to_cents
from finder.coverage.estimate.results import Answer, Estimate, PlanOfCareEstimate
from finder.coverage.rules.statements import Step
from finder.errors import InvalidRequest
from tests.coverage.independent.random_requests import random_requests

SEED, NUMBER = 11, 500

SAME = {
    "In all, you pay": "patient_pays",
    "Medicare pays {": "medicare_pays",
    "Medicare pays nothing": "medicare_pays",
    "Medicare pays second": "medicare_pays",
    "Medicare comes second": "medicare_pays",
    "The allowed amount": "allowed_amount",
    "Medicare’s allowed amount": "allowed_amount",
    "Medicare allows nothing": "allowed_amount",
    "Your share is {rate": "coinsurance",
    "Your share of the rest": "coinsurance",
    "Of the yearly deductible": "deductible_applied",
    "You have {left": "deductible_applied",
    "None of your yearly": "deductible_applied",
    "Of that, {amount:money} counts": "deductible_applied",
    "The therapist may charge more": "excess_charge",
    "An assistant gave": "assistant_reduction",
}
"""How a step begins that names an amount of the answer, and which."""


def test_steps_and_notes_agree_with_the_amounts() -> None:
    contradicted = [text for request in random_requests(SEED, NUMBER) for text in contradictions(answered(request))]
    assert contradicted == []


def answered(request: dict[str, object]) -> Answer | None:
    try:
        return estimate(request)
    except InvalidRequest:
        return None


def contradictions(answer: Answer | None) -> Iterator[str]:
    """Return the steps and notes that contradict their answer."""
    for visit in visits(answer) if answer else ():
        yield from (f"{step} at {visit}" for step in visit.steps if not is_true(step, visit) or names_nothing(step))
        yield from lost_wrongly(visit)


def visits(answer: Answer) -> Iterator[Estimate]:
    if isinstance(answer, Estimate):
        yield answer
    for inner in (*(answer.visits if isinstance(answer, PlanOfCareEstimate) else ()), *answer.scenarios.values()):
        yield from visits(inner)


def is_true(step: Step, visit: Estimate) -> bool:
    fields = [field for beginning, field in SAME.items() if step.text.text.startswith(beginning)]
    return all(step.amount == getattr(visit, field) for field in fields)


def names_nothing(step: Step) -> bool:
    """Whether a step writes an amount of zero; what is paid in all may be zero, and what is left of a limit."""
    is_result = step.text.text.startswith(("In all", "You pay between"))
    places = (
        name
        for name, value in step.text.arguments.items()
        if value == Decimal(0) and f"{{{name}:money}}" in step.text.text
    )
    return not is_result and any(places)


def lost_wrongly(visit: Estimate) -> Iterator[str]:
    """Return the notes about Medicare's own deductions whose amount does not follow from what Medicare pays."""
    for note in visit.notes:
        values = note.text.arguments
        if note.code == "sequestration" and "loss" in values:
            rate = values["rate"]
            pays = visit.medicare_pays
            if pays is None or not isinstance(rate, Decimal) or to_cents(pays * rate) != values["loss"]:
                yield f"{note} at {visit}"
        is_named = note.code == "assistant_unassigned" and "{amount" in note.text.text
        if is_named and values["amount"] != visit.assistant_reduction:
            yield f"{note} at {visit}"


@pytest.mark.parametrize(("paid", "says"), [("0.00", "Medicare pays second"), ("500.00", "Medicare comes second")])
def test_after_a_plan_from_work_no_step_says_that_medicare_pays_as_if_alone(paid: str, says: str) -> None:
    plan = {"kind": "employer_primary", "charge": "500.00", "allowed_amount": "500.00", "paid": paid}
    visit = {"date_of_service": "2026-10-05", "services": [{"fee": "120.00"}], "other_coverage": plan}
    steps = estimate({**visit, "participation": "participating", "deductible_remaining": "0.00"}).steps
    texts = [step.text.text for step in steps]
    assert next(text for text in texts if text.startswith("Medicare") and "allowed" not in text).startswith(says)
    assert "By itself, Medicare would pay {amount:money}." in texts
