"""The estimator and the independent calculator agree on random requests, to the cent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from finder import i18n
from tests.coverage.cases import answer, differences
from tests.coverage.independent.calculator import calculate
from tests.coverage.independent.random_requests import random_requests

SEED, NUMBER = 2026, 5_000


@pytest.fixture
def plain_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave amounts in sentences unformatted: no sentence is compared, and formatting is most of the time."""
    for kind in ("money", "percent", "number", "day"):
        monkeypatch.setattr(i18n, kind, lambda value, language="en": str(value))


@pytest.mark.slow
@pytest.mark.usefixtures("plain_wording")
def test_estimator_and_independent_calculator_agree_on_random_requests() -> None:
    disagreements = [text for request in random_requests(SEED, NUMBER) if (text := disagreement(request))]
    assert not disagreements, f"{len(disagreements)} of {NUMBER} requests:\n\n" + "\n\n".join(
        sorted(disagreements, key=len)[:10]
    )


def disagreement(request: dict[str, Any]) -> str:
    """Return the request and every field that differs, calculator first; nothing where all agree."""
    found = list(differences(calculate(request), comparable(answer(request))))
    return "\n".join([json.dumps(request), *(f"    {line}" for line in found)]) if found else ""


def comparable(given: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its visits in the order of their dates; a range whose ends are equal is no range."""
    found = dict(_without_empty_range(given))
    if "visits" in found:
        visits = sorted(found["visits"], key=lambda visit: str(visit.get("date_of_service")))
        found["visits"] = [dict(_without_empty_range(visit)) for visit in visits]
    return found


def _without_empty_range(given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in given.items():
        if key == "patient_pays_range" and value and value[0] == value[1] == given.get("patient_pays"):
            yield key, None
        else:
            yield key, value
