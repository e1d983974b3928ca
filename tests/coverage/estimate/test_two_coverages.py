"""Two coverages that share a bill: every pair adds up, and every other pair is refused with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.coverage import Estimate, estimate
from finder.coverage.other_coverage import KINDS
from finder.coverage.other_coverage.two_coverages import PAIRS
from finder.errors import InvalidRequest
from finder.i18n import word

cents = st.integers(0, 30_000).map(lambda value: f"{value / 100:.2f}")
plans = st.sampled_from(["A", "C", "F", "G", "K", "L", "M", "N", "high_deductible_f", "high_deductible_g"])
FIELDS: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "medigap": plans.map(lambda plan: {"plan": plan}),
    "medicare_advantage": cents.map(lambda copay: {"copay": copay}),
    "employer_primary": st.fixed_dictionaries(
        {"charge": cents, "allowed_amount": cents, "paid": st.just("20.00")}, optional={"accepted_in_full": cents}
    ),
    "employer_secondary": st.one_of(st.just({}), cents.map(lambda paid: {"paid": paid})),
}


@st.composite
def pairs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A pair that exists, with its fields."""
    kinds = draw(st.sampled_from(sorted(PAIRS)))
    return [{"kind": kind, **draw(FIELDS.get(kind, st.just({})))} for kind in kinds]


services = st.lists(
    st.fixed_dictionaries(
        {"code": st.sampled_from(["97112", "97530", "97116", "95992", "97026"]), "units": st.integers(1, 3)},
        optional={"assistant": st.booleans(), "charge": cents},
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request for one visit with a pair of coverages."""
    return {
        "date_of_service": "2026-10-05",
        "zip": "10001",
        "participation": draw(
            st.sampled_from(["participating", "nonparticipating_assigned", "nonparticipating_unassigned"])
        ),
        "services": draw(services),
        "deductible_remaining": draw(cents),
        "other_coverage": draw(pairs()),
    }


def visit(request: Mapping[str, Any]) -> Estimate:
    answer = estimate(request)
    assert isinstance(answer, Estimate)
    return answer


@given(requests())
@settings(max_examples=400)
def test_every_pair_adds_up_wherever_all_is_known(request: dict[str, Any]) -> None:
    answer = visit(request)
    paid = [answer.patient_pays, answer.medicare_pays, answer.other_coverage_pays, answer.assistant_reduction]
    due = [answer.allowed_amount, answer.excess_charge, answer.not_covered]
    known_paid, known_due = [it for it in paid if it is not None], [it for it in due if it is not None]
    assert all(it >= 0 for it in (*known_paid, *known_due))
    if len(known_paid) == len(paid) and len(known_due) == len(due):
        together = sum(known_paid)
        if request["other_coverage"][0]["kind"] == "employer_primary":
            assert together >= min(sum(known_due), _most_for_provider(request) + known_due[-1])
        else:
            assert together == sum(known_due)


def _most_for_provider(request: Mapping[str, Any]) -> Decimal:
    first = request["other_coverage"][0]
    return min(Decimal(first["charge"]), Decimal(first.get("accepted_in_full", first["charge"])))


@given(requests())
@settings(max_examples=200)
def test_the_second_coverage_never_makes_a_visit_cost_more(request: dict[str, Any]) -> None:
    both, first = visit(request), visit({**request, "other_coverage": request["other_coverage"][0]})
    assert both.patient_bounds is not None
    assert first.patient_bounds is not None
    most, most_before = both.patient_bounds[1], first.patient_bounds[1]
    assert most_before is None or (most is not None and most <= most_before)


@given(requests())
@settings(max_examples=100)
def test_with_qmb_last_the_patient_pays_nothing_that_medicare_covers(request: dict[str, Any]) -> None:
    first = request["other_coverage"][0]
    if (first["kind"], "qmb") not in PAIRS:
        return
    covered = [service for service in request["services"] if service["code"] != "97026"] or [{"fee": "80.00"}]
    answer = visit({**request, "services": covered, "other_coverage": [first, {"kind": "qmb"}]})
    assert answer.patient_pays == 0
    assert answer.patient_pays_range is None


def refusal(kinds: Sequence[str]) -> str:
    """Return the error of a list of kinds, each with what it needs."""
    needs = {"medigap": {"plan": "G"}}
    request = {
        "date_of_service": "2026-10-05",
        "zip": "10001",
        "services": [{"fee": "100.00"}],
        "other_coverage": [{"kind": kind, **needs.get(kind, {})} for kind in kinds],
    }
    with pytest.raises(InvalidRequest) as caught:
        estimate(request)
    (error,) = caught.value.errors
    assert error.field == "other_coverage"
    return word(error.message)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("medigap", "medicare_advantage"), "cannot be used with a Medicare Advantage plan"),
        (("medicare_advantage", "medigap"), "cannot be used with a Medicare Advantage plan"),
        (("qmb", "medicaid"), "Choose the one on your card"),
        (("slmb", "qi"), "Choose the one on your card"),
        (("commercial", "medigap"), "pays first or second"),
        (("medicare_advantage", "commercial"), "pays first or second"),
        (("va_community_care", "medigap"), "Care through VA"),
        (("commercial", "va_community_care"), "Care through VA"),
        (("self_pay", "medigap"), "cannot be combined"),
        (("none", "qmb"), "cannot be combined"),
        (("qmb", "unknown"), "cannot be combined"),
        (("medigap", "employer_primary"), "first: it pays before the other"),
        (("qmb", "medicare_advantage"), "first: it pays before the other"),
        (("tricare_for_life", "medigap"), "first: it pays before the other"),
        (("employer_primary", "medigap", "qmb"), "two coverages at once"),
        (("employer_primary", "tricare_for_life"), "Ask the plans which one pays first"),
        (("medigap", "medigap"), "Ask the plans which one pays first"),
    ],
)
def test_a_pair_that_does_not_exist_is_refused_with_its_reason(kinds: tuple[str, ...], words: str) -> None:
    assert words in refusal(kinds)


def test_every_pair_of_kinds_is_either_answered_or_refused() -> None:
    for kinds in product([*KINDS, "unknown"], repeat=2):
        if kinds not in PAIRS:
            assert refusal(kinds)


def test_qmb_in_an_advantage_plan_is_answered_in_a_year_without_figures() -> None:
    pair = [{"kind": "medicare_advantage", "copay": "40.00"}, {"kind": "qmb"}]
    answer = visit(
        {"date_of_service": "2027-01-05", "zip": "10001", "services": [{"code": "97162"}], "other_coverage": pair}
    )
    assert answer.patient_pays == 0
    assert answer.is_published
