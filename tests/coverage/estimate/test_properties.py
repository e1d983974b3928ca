"""What must hold for every request, whatever is in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.coverage import Estimate, Figures, PlanOfCareEstimate, estimate, to_json
from finder.coverage.basics.vocabulary import LineStatus
from finder.coverage.figures.fee_schedule import FeeSchedule
from finder.coverage.other_coverage import Range

PRICED = {it.code for it in Figures.load().codes() if it.status is not LineStatus.PRICED_BY_CONTRACTOR}
UNCOVERED = {code for it in Figures.load().coverage_decisions for code in it.codes}
CODES = sorted(PRICED - set(Figures.load().code_table.add_on) - UNCOVERED)
OLD_CODES = sorted(set(CODES) & set(Figures.load().schedules[0].relative_values))
ZIPS = ("10001", "43210", "99501", "00901", "96910", "59601", "83120", "02139")

cents = st.integers(0, 60_000).map(lambda value: f"{value / 100:.2f}")
coded = st.fixed_dictionaries(
    {"code": st.sampled_from(OLD_CODES), "units": st.integers(1, 6)},
    optional={"discipline": st.sampled_from(["PT", "OT", "SLP"]), "charge": cents},
)
known = st.fixed_dictionaries({"fee": cents}, optional={"discipline": st.sampled_from(["PT", "OT", "SLP"])})
services = st.lists(coded | known, min_size=1, max_size=6)
medigap = st.sampled_from(sorted(Figures.load().medigap_plans)).map(lambda plan: {"kind": "medigap", "plan": plan})
coverages = medigap | st.sampled_from(
    [
        {"kind": "none"},
        {"kind": "qmb"},
        {"kind": "slmb"},
        {"kind": "tricare_for_life"},
        {"kind": "employer_secondary", "paid": "30.00"},
        {"kind": "employer_primary", "charge": "400.00", "allowed_amount": "130.00", "paid": "55.00"},
        {"kind": "medigap", "plan": "K", "limit_remaining": "25.00"},
        {"kind": "medigap", "plan": "high_deductible_g", "high_deductible_remaining": "60.00"},
        {"kind": "medigap", "plan": "N", "office_visit_copay": "12.50"},
        {"kind": "medicare_advantage", "coinsurance_rate": "0.35", "allowed_amount": "120.10"},
        {"kind": "commercial", "allowed_amount": "150.00", "deductible_remaining": "70.00", "coinsurance_rate": "0.20"},
    ]
)
participations = st.sampled_from(["participating", "nonparticipating_assigned", "nonparticipating_unassigned"])
days = st.dates(date(2024, 1, 1), date(2026, 12, 31)).map(date.isoformat)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request for one visit of which everything is known."""
    return {
        "date_of_service": draw(days),
        "zip": draw(st.sampled_from(ZIPS)),
        "participation": draw(participations),
        "services": draw(services),
        "deductible_remaining": draw(cents),
        "other_coverage": draw(coverages),
    }


def visit(request: Mapping[str, Any]) -> Estimate:
    answer = estimate(request)
    assert isinstance(answer, Estimate)
    return answer


def amount(value: Decimal | None) -> Decimal:
    assert value is not None
    return value


@given(requests())
@settings(max_examples=300)
def test_who_pays_adds_up_and_no_share_is_negative(request: dict[str, Any]) -> None:
    answer = visit(request)
    shares = [answer.patient_pays, answer.medicare_pays, answer.other_coverage_pays, answer.assistant_reduction]
    assert all(amount(share) >= 0 for share in shares)
    together = amount(answer.allowed_amount) + amount(answer.excess_charge) + amount(answer.not_covered)
    assert sum(map(amount, shares)) == max(together, paid_by_both(answer, request))


def paid_by_both(answer: Estimate, request: Mapping[str, Any]) -> Decimal:
    """What an employer's plan that pays first and Medicare pay: it may be more than Medicare allows."""
    if request["other_coverage"]["kind"] != "employer_primary":
        return Decimal(0)
    return amount(answer.other_coverage_pays) + amount(answer.medicare_pays)


@given(requests(), cents)
@settings(max_examples=300)
def test_more_deductible_never_means_less_to_pay(request: dict[str, Any], other: str) -> None:
    less, more = sorted([request["deductible_remaining"], other], key=Decimal)
    first = visit({**request, "deductible_remaining": less})
    second = visit({**request, "deductible_remaining": more})
    assert amount(first.patient_pays) <= amount(second.patient_pays)


@given(requests(), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_order_of_lines_never_changes_the_allowed_total(request: dict[str, Any], random: Any) -> None:
    lines = [{key: value for key, value in line.items() if key != "charge"} for line in request["services"]]
    turned = random.sample(lines, len(lines))
    part_b = {**request, "other_coverage": {"kind": "none"}}
    one, two = visit({**part_b, "services": lines}), visit({**part_b, "services": turned})
    assert one.allowed_amount == two.allowed_amount


@given(st.lists(services, min_size=2, max_size=6), st.integers(1, 5), participations, cents, st.data())
@settings(max_examples=100)
def test_a_course_split_in_two_costs_the_same(
    visits: list[Any], cut: int, participation: str, deductible: str, data: st.DataObject
) -> None:
    first = data.draw(st.dates(date(2024, 1, 1), date(2026, 12, 1)))
    step = data.draw(st.sampled_from([1, 3, 90]))
    course = [
        {"date_of_service": (first + timedelta(days=step * index)).isoformat(), "services": lines}
        for index, lines in enumerate(visits)
        if (first + timedelta(days=step * index)).year <= 2026
    ]
    cut = min(cut, len(course) - 1)
    if cut < 1:
        return
    base = {"zip": "43210", "participation": participation}
    whole = plan({**base, "visits": course, "deductible_remaining": deductible})
    before = plan({**base, "visits": course[:cut], "deductible_remaining": deductible})
    is_same_year = course[cut - 1]["date_of_service"][:4] == course[cut]["date_of_service"][:4]
    last = before.visits[-1]
    year = int(course[cut]["date_of_service"][:4])
    full = Figures.load().parameters.part_b_deductible.on(date(year, 1, 1)).amount
    after = plan(
        {
            **base,
            "visits": course[cut:],
            "deductible_remaining": f"{amount(last.deductible_remaining) if is_same_year else full:.2f}",
        }
    )
    assert amount(before.patient_pays) + amount(after.patient_pays) == amount(whole.patient_pays)
    assert [*before.visits, *after.visits][-1].patient_pays == whole.visits[-1].patient_pays


def plan(request: Mapping[str, Any]) -> PlanOfCareEstimate:
    answer = estimate(request)
    assert isinstance(answer, PlanOfCareEstimate)
    return answer


@given(st.lists(services, min_size=2, max_size=5), participations, cents, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_visits_changes_nothing(
    visits: list[Any], participation: str, deductible: str, random: Any
) -> None:
    course = [
        {"date_of_service": (date(2025, 12, 28) + timedelta(days=2 * index)).isoformat(), "services": lines}
        for index, lines in enumerate(visits)
    ]
    base = {"zip": "43210", "participation": participation, "deductible_remaining": deductible}
    turned = random.sample(course, len(course))
    assert to_json(estimate({**base, "visits": course})) == to_json(estimate({**base, "visits": turned}))


@given(requests())
@settings(max_examples=100)
def test_what_is_not_known_gives_a_range_that_holds_every_known_answer(request: dict[str, Any]) -> None:
    sparse = {key: value for key, value in request.items() if key not in {"participation", "deductible_remaining"}}
    deductible = Figures.load().parameters.part_b_deductible.on(date.fromisoformat(request["date_of_service"])).amount
    known = visit(
        {**request, "deductible_remaining": f"{min(Decimal(request['deductible_remaining']), deductible):.2f}"}
    )
    unknown = visit(sparse)
    assert unknown.patient_bounds is not None
    low, high = unknown.patient_bounds
    assert low <= amount(known.patient_pays) <= amount(high)


PLACES: Mapping[str, Mapping[str, str]] = {
    "elsewhere": {"setting": "private_practice"},
    "critical_access_hospital": {"setting": "critical_access_hospital", "participation": "participating"},
}
USUAL_VISITS = Figures.load().presets


def alternatives(request: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A request for each thing that an unknown place and unknown services may be, by name."""
    places = PLACES if request.get("setting") == "unknown" else {"": {}}
    visits = request.get("visits", [request])
    kinds = USUAL_VISITS if any(it["services"] == "unknown" for it in visits) else {"": ()}
    return {
        "_".join(filter(None, (place, kind))): {**with_services(request, services), **setting}
        for place, setting in places.items()
        for kind, services in kinds.items()
    }


def with_services(request: Mapping[str, Any], known: Any) -> dict[str, Any]:
    """A request with services in the place of those that are unknown."""
    if "visits" in request:
        return {**request, "visits": [with_services(it, known) for it in request["visits"]]}
    return {**request, "services": known if request["services"] == "unknown" else request["services"]}


def span(bounds: list[Range | None]) -> Range | None:
    """The least and the most over those that are known."""
    known = [it for it in bounds if it is not None]
    most = [it[1] for it in known if it[1] is not None]
    return (min(it[0] for it in known), max(most) if len(most) == len(known) else None) if known else None


@given(
    requests(),
    st.sets(st.sampled_from(["setting", "services"]), min_size=1),
    st.sets(st.sampled_from(["participation", "deductible_remaining"])),
)
@settings(max_examples=200)
def test_the_range_of_an_unknown_place_or_visit_is_the_span_over_all_that_it_may_be(
    request: dict[str, Any], unknown: set[str], left_out: set[str]
) -> None:
    request = {key: value for key, value in request.items() if key not in left_out} | dict.fromkeys(unknown, "unknown")
    answer, explicit = visit(request), [visit(it) for it in alternatives(request).values()]
    bounds = [it.patient_bounds for it in explicit]
    assert answer.known_range == span(bounds)
    assert answer.range_is_partial is (None in bounds and bounds != [None] * len(bounds))
    assert answer.range_is_partial is any(note.code == "scenario_without_figure" for note in answer.notes)


@given(
    st.lists(services | st.just("unknown"), min_size=1, max_size=4), st.sampled_from(["unknown", "private_practice"]),
    participations | st.just("unknown"), cents | st.just("unknown"), coverages,
)  # fmt: skip
@settings(max_examples=100)
def test_the_ranges_of_a_course_are_the_spans_over_all_that_an_unknown_may_be(
    services_by_visit: list[Any], setting: str, participation: str, deductible: str, coverage: dict[str, str]
) -> None:
    days = [(date(2025, 12, 26) + timedelta(days=3 * index)).isoformat() for index in range(len(services_by_visit))]
    request = {
        "zip": "43210",
        "setting": setting,
        "participation": participation,
        "deductible_remaining": deductible,
        "other_coverage": coverage,
        "visits": [{"date_of_service": day, "services": it} for day, it in zip(days, services_by_visit, strict=True)],
    }
    answer, explicit = plan(request), [plan(it) for it in alternatives(request).values()]
    for merged, *same in zip((answer, *answer.visits), *((it, *it.visits) for it in explicit), strict=True):
        assert merged.known_range == span([it.patient_bounds for it in same])


@given(requests(), st.sets(st.sampled_from(["setting", "services"]), min_size=1))
@settings(max_examples=100)
def test_a_scenario_is_the_answer_to_the_request_that_names_it(request: dict[str, Any], unknown: set[str]) -> None:
    request |= dict.fromkeys(unknown, "unknown")
    explicit = {name: to_json(visit(it)) for name, it in alternatives(request).items()}
    scenarios = to_json(visit(request)).get("scenarios", {})
    of_hospital = scenarios.pop("critical_access_hospital", None)
    assert scenarios.items() <= explicit.items()
    if of_hospital is not None and "services" in unknown:  # what is done changes nothing there
        visits = [it for name, it in explicit.items() if name.startswith("critical_access_hospital_")]
        assert len(visits) == len(USUAL_VISITS)
        assert {it["patient_pays"] for it in visits} == {of_hospital["patient_pays"]}


@pytest.mark.parametrize(
    "coverage",
    [
        {"kind": "medicare_advantage", "copay": "35.00"},
        {"kind": "commercial", "allowed_amount": "100.00", "coinsurance_rate": "0.20"},
        {"kind": "va_community_care"},
    ],
)
@pytest.mark.parametrize("unknown", [{"setting": "unknown"}, {"setting": "unknown", "services": "unknown"}])
def test_a_place_or_visit_that_changes_nothing_has_no_scenarios(
    coverage: dict[str, str], unknown: dict[str, str]
) -> None:
    request = {"date_of_service": "2026-10-05", "zip": "43210", "services": [{"fee": "120.00"}]}
    known = visit({**request, "other_coverage": coverage})
    answer = visit({**request, "other_coverage": coverage, **unknown})
    assert (answer.patient_pays, answer.patient_pays_range) == (known.patient_pays, known.patient_pays_range)
    assert "scenarios" not in to_json(answer)
    assert [note.code for note in answer.notes] == [note.code for note in known.notes]


def test_the_place_needs_no_note_where_it_changes_nothing_for_the_patient() -> None:
    request = {"date_of_service": "2026-10-05", "zip": "43210", "setting": "unknown", "services": "unknown"}
    codes = {note.code for note in visit({**request, "other_coverage": {"kind": "qmb"}}).notes}
    assert codes.isdisjoint({"place_unknown", "visit_unknown", "scenario_without_figure"})


@pytest.mark.parametrize("schedule", Figures.load().schedules, ids=lambda schedule: schedule.first_day.isoformat())
def test_unknown_services_can_be_asked_about_in_every_year(schedule: FeeSchedule) -> None:
    day = schedule.first_day.isoformat()
    answer = visit({"date_of_service": day, "zip": "43210", "services": "unknown"})
    assert set(answer.scenarios) == set(USUAL_VISITS)
    assert answer.patient_pays_range is not None


@pytest.mark.slow
@given(st.lists(services, min_size=1, max_size=4), requests(), st.integers(0, 900_000), st.data())
@settings(max_examples=150)
def test_a_price_that_is_not_known_gives_ranges_that_hold_every_price(
    visits: list[Any], person: dict[str, Any], price: int, data: st.DataObject
) -> None:
    missing = data.draw(st.integers(0, len(visits) - 1))
    place = data.draw(st.integers(0, len(visits[missing])))

    def course(service: Mapping[str, Any]) -> PlanOfCareEstimate:
        lines = [[*it] for it in visits]
        lines[missing].insert(place, dict(service))
        days = [(date(2026, 3, 2) + timedelta(days=2 * index)).isoformat() for index in range(len(visits))]
        dated_visits = [{"date_of_service": day, "services": it} for day, it in zip(days, lines, strict=True)]
        request = {key: value for key, value in person.items() if key not in {"date_of_service", "services"}}
        return plan({**request, "visits": dated_visits})

    unknown, known = course({"code": "98986"}), course({"fee": f"{price / 100:.2f}"})
    for one, other in zip((unknown, *unknown.visits), (known, *known.visits), strict=True):
        assert one.patient_bounds is not None
        low, high = one.patient_bounds
        assert low <= amount(other.patient_pays)
        assert high is None or amount(other.patient_pays) <= high


plans_with_gaps = st.fixed_dictionaries(
    {"kind": st.just("commercial"), "allowed_amount": cents, "coinsurance_rate": st.sampled_from(["0", "0.2", "0.35"])},
    optional={"out_of_pocket_remaining": cents, "out_of_pocket_annual": cents, "deductible_annual": cents},
)


@given(plans_with_gaps, st.integers(2, 6), st.integers(0, 60_000))
@settings(max_examples=200)
def test_a_deductible_of_a_plan_that_is_not_known_gives_ranges_that_hold_every_one(
    coverage: dict[str, str], count: int, deductible: int
) -> None:
    days = [(date(2025, 12, 26) + timedelta(days=2 * index)).isoformat() for index in range(count)]
    visits = [{"date_of_service": day, "services": [{"fee": "1.00"}]} for day in days]
    most = Decimal(coverage.get("deductible_annual", "600.00"))
    deductible_text = f"{min(Decimal(deductible) / 100, most):.2f}"
    unknown = plan({"visits": visits, "other_coverage": coverage})
    known = plan({"visits": visits, "other_coverage": {**coverage, "deductible_remaining": deductible_text}})
    for one, other in zip((unknown, *unknown.visits), (known, *known.visits), strict=True):
        assert one.patient_bounds is not None
        assert other.patient_bounds is not None
        low, high = one.patient_bounds
        assert low <= other.patient_bounds[0]
        assert high is not None
        assert amount(other.patient_bounds[1]) <= high


@given(requests())
@settings(max_examples=100)
def test_every_amount_of_an_answer_is_explained(request: dict[str, Any]) -> None:
    answer = visit(request)
    explained = {step.amount for step in answer.steps}
    assert answer.patient_pays in explained
    if answer.bill is not None:
        amounts = {answer.allowed_amount, answer.deductible_applied or None, answer.coinsurance or None}
        assert amounts - {None} <= explained
    assert all(step.source and step.certainty for step in answer.steps if step.parameter)
