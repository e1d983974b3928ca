"""Insurance that is not known: one answer for each kind, no upper bound, and no work without end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from finder.coverage import estimate, to_json
from finder.coverage.other_coverage import KINDS
from finder.errors import InvalidRequest

VISIT: dict[str, Any] = {
    "date_of_service": "2026-10-05",
    "zip": "10001",
    "participation": "participating",
    "deductible_remaining": "0.00",
    "services": [{"code": "97112", "units": 2}, {"code": "97530", "units": 1}],
    "other_coverage": {"kind": "unknown"},
}


def course(visits: int, **changes: Any) -> dict[str, Any]:
    """Return a request for visits on following days, from the end of 2026 on."""
    days = [(date(2026, 12, 20) + timedelta(days=index)).isoformat() for index in range(visits)]
    request = {key: value for key, value in VISIT.items() if key not in ("date_of_service", "services")}
    return {**request, "visits": [{"date_of_service": day, "services": VISIT["services"]} for day in days], **changes}


def test_each_kind_is_answered_by_itself_and_no_bound_is_above_all() -> None:
    answer = to_json(estimate(VISIT))
    assert list(answer["scenarios"]) == list(KINDS)
    assert (answer["patient_pays"], answer["patient_pays_range"]) == (None, ["0.00", None])
    assert answer["notes"][0]["code"] == "insurance_unknown"
    # 97112 twice and 97530 in New York City: 94.29 is allowed, 20% is 18.86 (C01, D13)
    assert answer["scenarios"]["none"]["patient_pays"] == "18.86"
    assert answer["scenarios"]["medigap"]["patient_pays"] == "0.00"
    assert answer["scenarios"]["qmb"]["patient_pays"] == "0.00"
    assert answer["scenarios"]["medicaid"]["patient_pays_range"] == ["0.00", "18.86"]
    assert answer["scenarios"]["va_community_care"]["patient_pays_range"] == ["0.00", "50.00"]
    assert answer["scenarios"]["medicare_advantage"]["patient_pays"] is None


def test_a_scenario_is_the_answer_to_the_request_that_names_its_kind() -> None:
    for participation in ("participating", "unknown"):
        request = {**VISIT, "participation": participation}
        scenarios = to_json(estimate(request))["scenarios"]
        for kind in ("none", "qmb", "slmb", "tricare_for_life", "va_community_care"):
            named = to_json(estimate({**request, "other_coverage": {"kind": kind}}))
            assert scenarios[kind] == named


def test_a_course_into_a_year_without_figures_is_answered_for_every_kind() -> None:
    answer = to_json(estimate(course(16)))
    assert answer["scenarios"]["none"]["visits_without_figures"] == 4
    assert answer["scenarios"]["none"]["stand_in"]["visit_count"] == 4
    assert answer["scenarios"]["qmb"]["visits_without_figures"] == 0
    assert answer["scenarios"]["qmb"]["patient_pays"] == "0.00"


def test_more_unknown_than_can_be_tried_in_time_is_refused() -> None:
    open_course = course(366, participation="unknown", deductible_remaining="unknown", setting="unknown")
    with pytest.raises(InvalidRequest) as caught:
        estimate(open_course)
    assert [error.field for error in caught.value.errors] == ["visits"]


def test_nothing_else_may_be_said_of_unknown_insurance() -> None:
    with pytest.raises(InvalidRequest) as caught:
        estimate({**VISIT, "other_coverage": {"kind": "unknown", "copay": "20.00"}})
    assert [error.field for error in caught.value.errors] == ["other_coverage.copay"]
