"""What must hold for every answer of the independent calculator, whatever the request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.coverage.independent.calculator import calculate
from tests.coverage.independent.random_requests import random_requests

PAYERS = ("patient_pays", "medicare_pays", "other_coverage_pays", "assistant_reduction")
BILL = ("allowed_amount", "excess_charge", "not_covered")


@pytest.fixture(scope="module")
def answers() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Requests, each with one of its visits as answered."""
    found = []
    for request in random_requests(7, 1_000):
        answer = calculate(request)
        found += [(request, visit) for visit in answer.get("visits", [answer])]
    return found


def test_every_dollar_of_a_bill_belongs_to_somebody(answers: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    compared = 0
    for request, visit in answers:
        amounts = {field: Decimal(visit[field]) for field in (*PAYERS, *BILL) if visit.get(field) is not None}
        if len(amounts) < len(PAYERS) + len(BILL):
            continue
        paid = sum((amounts[field] for field in PAYERS), Decimal(0))
        assert paid == _bill(amounts, request), request
        compared += 1
    assert compared > 700


def _bill(amounts: dict[str, Decimal], request: dict[str, Any]) -> Decimal:
    """After an employer plan: what is billed, or what employer and Medicare paid if that is more."""
    bill = sum((amounts[field] for field in BILL), Decimal(0))
    coverages = request["other_coverage"]
    first = coverages[0] if isinstance(coverages, list) else coverages
    if first["kind"] != "employer_primary":
        return bill
    in_full = Decimal(first.get("accepted_in_full", first["charge"]))
    return max(Decimal(first["paid"]) + amounts["medicare_pays"], min(in_full, bill))


def test_no_amount_is_negative_and_a_range_goes_up(answers: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for request, visit in answers:
        assert all(Decimal(visit[field]) >= 0 for field in (*PAYERS, *BILL) if visit.get(field) is not None), request
        low, high = visit.get("patient_pays_range") or ("0", "1")
        assert high is None or Decimal(low) < Decimal(high), request
