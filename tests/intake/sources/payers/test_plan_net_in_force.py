"""What has ended, is inactive, retired, closed or former says nothing; what begins or ends later has its days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.payers.fhir_files import (
    NETWORK,
    NETWORK_KEY,
    NUCC,
    PAYER,
    PERSON,
    PLACE,
    PLAN,
    STRUCTURE,
    Entry,
    bundle,
    changed,
    in_network,
    memberships,
    plan,
    read_files,
    reference,
    resource,
    role,
)
from tests.intake.sources.reading import codes, read, rows

ENDED = {"start": "2015-01-01", "end": "2026-08-31"}
"""A period that ended the day before that of the files."""


def directory(**other: Entry) -> str:
    """A directory with other entries in place of some."""
    entries = {"person": PERSON, "place": PLACE, "payer": PAYER, "network": NETWORK, "plan": PLAN, "role": role()}
    return bundle(*(entries | other).values())


def practitioner_period(**period: str) -> dict[str, Any]:
    url = "http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/practitioner-period"
    return {"extension": [{"url": url, "valuePeriod": period}]}


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"role": role(active=False)}, "role_ended"),
        ({"role": role(period=ENDED)}, "role_ended"),
        ({"role": role(period={"end": "2025"})}, "role_ended"),
        ({"role": role(period={"end": "2026-08"})}, "role_ended"),
        ({"person": changed(PERSON, active=False)}, "provider_inactive"),
        ({"person": changed(PERSON, **practitioner_period(end="2020-01-01"))}, "provider_inactive"),
        ({"network": changed(NETWORK, active=False)}, "network_ended"),
        ({"payer": changed(PAYER, active=False)}, "network_ended"),
        ({"place": changed(PLACE, status="inactive")}, "location_closed"),
        ({"place": changed(PLACE, status="suspended")}, "location_closed"),
        ({"place": changed(PLACE, address={**PLACE["resource"]["address"], "use": "old"})}, "location_closed"),
        ({"place": changed(PLACE, address={**PLACE["resource"]["address"], "period": ENDED})}, "location_closed"),
    ],
)
def test_what_does_not_hold_any_more(tmp_path: Path, other: dict[str, Entry], code: str) -> None:
    layer = read(tmp_path, directory(**other), "bundle.json")
    assert memberships(layer) == []
    assert [(notice.code, notice.times) for notice in layer.notices] == [(code, 1)]
    assert layer.tables["provider"].empty == (code in {"role_ended", "provider_inactive"})
    assert layer.tables["location"].empty == (code != "network_ended")


@pytest.mark.parametrize("values", [{"status": "retired"}, {"status": "draft"}, {"period": ENDED}])
def test_a_network_all_of_whose_plans_have_ended(tmp_path: Path, values: dict[str, Any]) -> None:
    layer = read(tmp_path, directory(plan=changed(PLAN, **values)), "bundle.json")
    assert memberships(layer) == []
    assert codes(layer) == [("network_ended", 0), ("plan_ended", 0)]
    assert all(table.empty for table in layer.plans.values())


def test_a_network_with_another_plan_counts_on(tmp_path: Path) -> None:
    content = bundle(PERSON, PLACE, *STRUCTURE, changed(plan("i2", "Old HMO", "n1"), status="retired"), role())
    layer = read(tmp_path, content, "bundle.json")
    assert memberships(layer) == [(npi(1), NETWORK_KEY, "", "", "")]
    assert (codes(layer), len(layer.plans["plan_network"])) == ([("plan_ended", 0)], 1)


@pytest.mark.parametrize("values", [{"status": "unknown"}, {"status": None}, {"active": True}, {"status": "ACTIVE"}])
def test_what_is_not_said_to_have_ended_counts(tmp_path: Path, values: dict[str, Any]) -> None:
    layer = read(tmp_path, directory(plan=changed(PLAN, **values)), "bundle.json")
    assert (len(memberships(layer)), codes(layer)) == (1, [])


@pytest.mark.parametrize(
    ("other", "days"),
    [
        ({"role": role(period={"start": "2020-01-01", "end": "2026-09-01"})}, ("2020-01-01", "2026-09-01")),
        ({"role": role(period={"start": "2027-01-01"})}, ("2027-01-01", "")),
        ({"role": role(period={"start": "2020-01-01", "end": "9999-12-31"})}, ("2020-01-01", "")),
        ({"plan": changed(PLAN, period={"start": "2027", "end": "2027"})}, ("2027-01-01", "2027-12-31")),
        ({"person": changed(PERSON, **practitioner_period(end="2027-02-28"))}, ("", "2027-02-28")),
        (
            {"place": changed(PLACE, address={**PLACE["resource"]["address"], "period": {"start": "2026-11-15"}})},
            ("2026-11-15", ""),
        ),
        (
            {
                "role": role(period={"start": "2026-10", "end": "2027-06"}),
                "plan": changed(PLAN, period={"start": "2027-01-01", "end": "2027-12-31"}),
            },
            ("2027-01-01", "2027-06-30"),
        ),
    ],
)
def test_the_days_of_a_membership(tmp_path: Path, other: dict[str, Entry], days: tuple[str, str]) -> None:
    layer = read(tmp_path, directory(**other), "bundle.json")
    assert memberships(layer) == [(npi(1), NETWORK_KEY, "", *days)]


def test_plans_that_follow_each_other_make_one_period_and_a_gap_makes_two(tmp_path: Path) -> None:
    payer = {"ownedBy": reference("Organization/payer")}
    years = {
        year: plan(f"i{year}", "Harborlight HMO", "n1", period={"start": str(year), "end": str(year)}, **payer)
        for year in (2026, 2027, 2029)
    }
    layer = read(tmp_path, bundle(PERSON, PLACE, PAYER, NETWORK, *years.values(), role()), "bundle.json")
    assert [found[3:] for found in memberships(layer)] == [("2026-01-01", "2027-12-31"), ("2029-01-01", "2029-12-31")]
    assert layer.plans["plan"].query("kind != 'network'")["year"].tolist() == ["2026", "2027", "2029"]


def test_periods_that_never_meet(tmp_path: Path) -> None:
    other = {"role": role(period={"end": "2026-12-31"}), "plan": changed(PLAN, period={"start": "2027-01-01"})}
    layer = read(tmp_path, directory(**other), "bundle.json")
    assert (memberships(layer), codes(layer)) == ([], [("periods_apart", 0)])


def test_a_closed_place_beside_an_open_one(tmp_path: Path) -> None:
    closed = resource("Location", "l2", status="inactive", address={"line": ["9 Closed St"], "postalCode": "01040"})
    both = [reference("Location/l1"), reference("Location/l2")]
    layer = read(tmp_path, bundle(PERSON, PLACE, closed, *STRUCTURE, role(location=both)), "bundle.json")
    assert [row["street"] for row in rows(layer, "location")] == ["77 Pinwheel St, Suite 3"]
    assert len(memberships(layer)) == 1


def test_a_service_that_is_not_offered_any_more(tmp_path: Path) -> None:
    service = resource("HealthcareService", "h1", active=False, extension=[in_network()])
    bare = role(extension=[], healthcareService=[reference("HealthcareService/h1")])
    layer = read(tmp_path, bundle(PERSON, PLACE, *STRUCTURE, service, bare), "bundle.json")
    assert (memberships(layer), codes(layer)) == ([], [("service_ended", 0)])


def test_former_names_and_telephones(tmp_path: Path) -> None:
    names = [
        {"use": "old", "family": "FORMER", "given": ["ANN"]},
        {"family": "CALLED", "given": ["ANN"], "period": ENDED},
        {"use": "nickname", "family": "MAC", "given": ["ANNIE"]},
        {"use": "official", "family": "MCALLISTER", "given": ["ANN", "B"]},
    ]
    telecom = [
        {"system": "phone", "use": "old", "value": "6175550198"},
        {"system": "phone", "value": "6175550197", "period": ENDED},
        {"system": "phone", "use": "home", "value": "6175550196"},
        {"system": "phone", "use": "work", "value": "6175550110"},
    ]
    other = {"person": changed(PERSON, name=names), "place": changed(PLACE, telecom=telecom)}
    layer = read(tmp_path, directory(**other), "bundle.json")
    assert [row["name"] for row in rows(layer, "provider")] == ["Ann B. McAllister"]
    assert [row["phone"] for row in rows(layer, "location")] == ["6175550110"]
    only_old = {"person": changed(PERSON, name=names[:1]), "place": changed(PLACE, telecom=telecom[:2])}
    layer = read(tmp_path, directory(**only_old), "bundle.json")
    assert [row["name"] for row in rows(layer, "provider")] == ["Ann Former"]
    assert [row["phone"] for row in rows(layer, "location")] == [""]


def test_qualifications_that_do_not_hold(tmp_path: Path) -> None:
    neurologic = {"coding": [{"system": NUCC, "code": "2251N0400X"}]}
    status = [{"url": "x/qualification", "extension": [{"url": "status", "valueCode": "revoked"}]}]
    qualifications = [{"code": neurologic, "period": ENDED}, {"code": neurologic, "extension": status}]
    person = changed(PERSON, qualification=qualifications, name=[{"family": "Oakapple", "given": ["Rosa"]}])
    layer = read(tmp_path, directory(person=person, role=role(code="225100000X")), "bundle.json")
    assert [row["facet"] for row in rows(layer, "specialty")] == ["physical_therapy"]
    assert [(notice.code, notice.times) for notice in layer.notices] == [("qualification_ended", 2)]


def test_the_day_is_that_of_the_content_or_of_the_command(tmp_path: Path) -> None:
    content = directory(role=role(period={"end": "2026-10-31"}))
    assert len(memberships(read(tmp_path, content, "bundle.json"))) == 1
    assert memberships(read(tmp_path, content, "bundle_2026-11-01.json")) == []
    stamped = content.replace('"searchset"', '"searchset", "timestamp": "2026-11-02T00:00:00Z"')
    (layer,) = read_files(tmp_path, {"stamped.json": stamped}).values()
    assert memberships(layer) == []


def test_codes_in_capitals(tmp_path: Path) -> None:
    loud_payer, loud_network = (
        changed(entry, type=[{"coding": [{"code": kind}]}]) for entry, kind in ((PAYER, "PAYER"), (NETWORK, "NTWK"))
    )
    phones = [
        {"system": "PHONE", "use": "OLD", "value": "6175550100"},
        {"system": "Phone", "use": "WORK", "value": "6175550199"},
    ]
    place = changed(PLACE, status="ACTIVE", telecom=phones)
    plan = changed(PLAN, type=[{"coding": [{"code": "MediAdv"}]}])
    layer = read(tmp_path, directory(payer=loud_payer, network=loud_network, place=place, plan=plan), "bundle.json")
    assert [membership[:2] for membership in memberships(layer)] == [(npi(1), NETWORK_KEY)]
    assert rows(layer, "location")[0]["phone"] == "6175550199"
    assert set(layer.plans["plan"]["kind"]) == {"network", "medicare_advantage"}
