"""Wrong and hostile requests: each gets an error at its field, never a traceback, never a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from finder.coverage import errors_to_json, estimate, to_json
from finder.errors import InvalidRequest

GOOD: Mapping[str, Any] = {
    "date_of_service": "2026-10-05",
    "zip": "10001",
    "setting": "private_practice",
    "participation": "participating",
    "services": [{"code": "97112", "units": 2}],
    "deductible_remaining": "283.00",
    "other_coverage": {"kind": "none"},
}


def errors_of(request: Any) -> dict[str, str]:
    """Return the errors of a request by field."""
    with pytest.raises(InvalidRequest) as caught:
        estimate(request)
    return {error["field"]: error["message"] for error in errors_to_json(caught.value)["errors"]}


def service(**fields: Any) -> dict[str, Any]:
    return {"services": [{"code": "97112", "units": 1, **fields}]}


def other(**fields: Any) -> dict[str, Any]:
    return {"other_coverage": fields}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"date_of_service": "2023-12-31"}, "date_of_service"),
        ({"date_of_service": "9999-12-31"}, "date_of_service"),
        ({"date_of_service": "2026-02-30"}, "date_of_service"),
        ({"date_of_service": "2026-1-5"}, "date_of_service"),
        ({"date_of_service": "20261005"}, "date_of_service"),
        ({"date_of_service": "２０２６-10-05"}, "date_of_service"),
        ({"date_of_service": 20261005}, "date_of_service"),
        ({"date_of_service": None}, "date_of_service"),
        ({"date_of_service": "2026-10-05' OR 1=1 --"}, "date_of_service"),
        ({"zip": "00000"}, "zip"),
        ({"zip": "1000"}, "zip"),
        ({"zip": "٠٢١٣٩"}, "zip"),
        ({"zip": 10001}, "zip"),
        ({"zip": "'; DROP TABLE zips; --"}, "zip"),
        ({"zip": None}, "zip"),
        ({"zip": ["10001"]}, "zip"),
        ({"setting": "hospital"}, "setting"),
        ({"setting": 3}, "setting"),
        ({"setting": {"$ne": None}}, "setting"),
        ({"setting": "unknwon"}, "setting"),
        ({"setting": "elsewhere"}, "setting"),
        ({"participation": "maybe"}, "participation"),
        ({"participation": True}, "participation"),
        ({"setting": "hospital_outpatient", "participation": "nonparticipating_unassigned"}, "participation"),
        ({"qualifying_apm": "yes"}, "qualifying_apm"),
        ({"deductible_remaining": "NaN"}, "deductible_remaining"),
        ({"deductible_remaining": "Infinity"}, "deductible_remaining"),
        ({"deductible_remaining": float("nan")}, "deductible_remaining"),
        ({"deductible_remaining": float("inf")}, "deductible_remaining"),
        ({"deductible_remaining": "-1.00"}, "deductible_remaining"),
        ({"deductible_remaining": "1e3"}, "deductible_remaining"),
        ({"deductible_remaining": "1.005"}, "deductible_remaining"),
        ({"deductible_remaining": "1,000.00"}, "deductible_remaining"),
        ({"deductible_remaining": "9" * 400}, "deductible_remaining"),
        ({"deductible_remaining": "1000000.01"}, "deductible_remaining"),
        ({"deductible_remaining": 283}, "deductible_remaining"),
        ({"deductible_remaining": ""}, "deductible_remaining"),
        ({"therapy_used_to_date": "lots"}, "therapy_used_to_date"),
        ({"occupational_therapy_used_to_date": "-0.01"}, "occupational_therapy_used_to_date"),
        ({"services": None}, "services"),
        ({"services": []}, "services"),
        ({"services": {}}, "services"),
        ({"services": "97112"}, "services"),
        ({"services": "first_visit"}, "services"),
        ({"services": ["unknown"]}, "services[0]"),
        ({"services": "unknown", "zip": None}, "zip"),
        ({"services": ["97112"]}, "services[0]"),
        ({"services": [{"code": "97112", "units": 1}] * 51}, "services"),
        (service(units=0), "services[0].units"),
        (service(units=-1), "services[0].units"),
        (service(units=10**9), "services[0].units"),
        (service(units=10**5000), "services[0].units"),
        (service(units=1.0), "services[0].units"),
        (service(units="2"), "services[0].units"),
        (service(units=True), "services[0].units"),
        (service(units=float("nan")), "services[0].units"),
        (service(units=None), "services[0].units"),
        (service(minutes=30), "services[0].minutes"),
        (service(units=None, minutes=0), "services[0].minutes"),
        (service(units=None, minutes=1441), "services[0].minutes"),
        (service(code="99999"), "services[0].code"),
        (service(code="98979") | {"date_of_service": "2025-10-05"}, "services[0].code"),
        (service(code="97551"), "services[0].code"),
        (service(code=97112), "services[0].code"),
        (service(code=None), "services[0].code"),
        (service(code="97112'--"), "services[0].code"),
        (service(discipline="Chiropractic"), "services[0].discipline"),
        (service(assistant="no"), "services[0].assistant"),
        (service(charge="-5.00"), "services[0].charge"),
        (service(charge=100), "services[0].charge"),
        (service(price="5.00"), "services[0].price"),
        (service(fee="100.00"), "services[0].fee"),
        ({"services": [{"fee": "100.00", "units": 2}]}, "services[0].units"),
        ({"services": [{"fee": "100.00", "minutes": 30}]}, "services[0].minutes"),
        ({"services": [{"fee": "x"}]}, "services[0].fee"),
        ({"sevices": []}, "sevices"),
        ({"other_coverage": "none"}, "other_coverage"),
        ({"other_coverage": []}, "other_coverage"),
        (other(plan="G"), "other_coverage.kind"),
        (other(kind=None, plan="G"), "other_coverage.kind"),
        (other(kind="medicare"), "other_coverage.kind"),
        (other(kind="none", plan="G"), "other_coverage.plan"),
        (other(kind="medigap"), "other_coverage.plan"),
        (other(kind="medigap", plan="E"), "other_coverage.plan"),
        (other(kind="medigap", plan="__class__"), "other_coverage.plan"),
        (other(kind="medigap", plan="G", limit_remaining="5.00"), "other_coverage.limit_remaining"),
        (other(kind="medigap", plan="G", office_visit_copay="5.00"), "other_coverage.office_visit_copay"),
        (other(kind="medigap", plan="F", high_deductible_remaining="5.00"), "other_coverage.high_deductible_remaining"),
        (other(kind="medigap", plan="G", riders=["part_b_excess"]), "other_coverage.riders"),
        (other(kind="medigap", plan="wisconsin_basic", riders="part_b_excess"), "other_coverage.riders"),
        (other(kind="medigap", plan="wisconsin_basic", riders=["part_b_excess"] * 2), "other_coverage.riders"),
        (other(kind="medicare_advantage", copay="ten"), "other_coverage.copay"),
        (other(kind="medicare_advantage", copay="10.00", coinsurance_rate="0.2"), "other_coverage.coinsurance_rate"),
        (other(kind="commercial", coinsurance_rate="20"), "other_coverage.coinsurance_rate"),
        (other(kind="commercial", coinsurance_rate="-0.2"), "other_coverage.coinsurance_rate"),
        (other(kind="commercial", coinsurance_rate=0.2), "other_coverage.coinsurance_rate"),
        (other(kind="commercial", deductible_applies_to_copay="yes"), "other_coverage.deductible_applies_to_copay"),
        (other(kind="employer_primary", paid="NaN"), "other_coverage.paid"),
        (other(kind="employer_secondary", paid=[]), "other_coverage.paid"),
    ],
)  # fmt: skip
def test_a_wrong_field_gets_its_own_error(change: Mapping[str, Any], field: str) -> None:
    errors = errors_of({**GOOD, **change})
    assert list(errors) == [field]
    assert errors[field].endswith((".", "–"))


def test_every_wrong_field_is_named_at_once() -> None:
    errors = errors_of({"date_of_service": "soon", "zip": "x", "services": [{"code": "1"}, {"units": 0}], "x": 1})
    assert set(errors) == {
        "date_of_service", "zip", "services[0].code", "services[1].code", "services[1].units", "x",
    }  # fmt: skip


@pytest.mark.parametrize("request_", [[], "x", None, 7, {}])
def test_what_is_no_request_is_refused(request_: Any) -> None:
    assert errors_of(request_)


@pytest.mark.parametrize(
    ("visits", "field"),
    [
        ([], "visits"),
        ([{"date_of_service": "2026-10-05", "services": [{"fee": "1.00"}]}, 7], "visits[1]"),
        ("daily", "visits"),
        ([{}], "visits[0].date_of_service"),
        ([{"date_of_service": "2023-05-05", "services": [{"fee": "1.00"}]}], "visits[0].date_of_service"),
        ([{"date_of_service": "2026-05-05", "services": [{"fee": "1.00"}], "zip": "10001"}], "visits[0].zip"),
        (
            [{"date_of_service": "2026-05-05", "services": [{"code": "97112", "units": 97}]}],
            "visits[0].services[0].units",
        ),
        ([{"date_of_service": "2026-05-05", "services": [{"fee": "1.00"}]}] * 367, "visits"),
    ],
)
def test_a_wrong_visit_gets_its_own_error(visits: Any, field: str) -> None:
    request = {key: value for key, value in GOOD.items() if key not in {"date_of_service", "services"}}
    assert field in errors_of({**request, "visits": visits})


def test_visits_leave_no_place_for_a_single_visit() -> None:
    errors = errors_of({**GOOD, "visits": [{"date_of_service": "2026-10-05", "services": [{"fee": "1.00"}]}]})
    assert set(errors) == {"date_of_service", "services"}


def test_a_year_without_amounts_is_named() -> None:
    answer = to_json(estimate({**GOOD, "date_of_service": "2027-03-01"}))
    assert answer["notes"][0] == {"code": "amounts_not_published", "text": "We do not have the 2027 amounts yet."}
    assert "2023" in errors_of({**GOOD, "date_of_service": "2023-03-01"})["date_of_service"]


def test_a_program_is_told_in_a_note_that_more_than_the_deductible_of_the_year_cannot_be_left() -> None:
    def notes(left: str, day: str) -> dict[str, str]:
        answer = to_json(estimate({**GOOD, "date_of_service": day, "deductible_remaining": left}))
        return {note["code"]: note["text"] for note in answer["notes"]}

    for day, full in {"2024-06-03": "240.00", "2025-06-02": "257.00", "2026-10-05": "283.00"}.items():
        assert "deductible_above_year" not in notes(full, day)
        above = notes("283.01", day)["deductible_above_year"]
        assert f"The yearly deductible of {day[:4]} is ${full}." in above


def test_null_and_left_out_are_the_same() -> None:
    empty = {
        "setting": None,
        "participation": None,
        "deductible_remaining": None,
        "other_coverage": None,
        "visits": None,
    }
    sparse = {key: GOOD[key] for key in ("date_of_service", "zip", "services")}
    assert estimate({**sparse, **empty}) == estimate(sparse)


@pytest.mark.parametrize("nothing", [{}, {"kind": None}, {"kind": "none", "plan": None, "copay": None}])
def test_other_coverage_that_says_nothing_is_none(nothing: Mapping[str, Any]) -> None:
    assert estimate({**GOOD, "other_coverage": nothing}) == estimate(GOOD)


@pytest.mark.parametrize("zip_code", ["10001-1234", "100011234"])
def test_a_zip_code_may_have_four_more_digits(zip_code: str) -> None:
    assert estimate({**GOOD, "zip": zip_code}) == estimate(GOOD)
