"""Plan-Net bundles: roles joined with people, places, networks and plans, over several files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finder.intake.sources.errors import BrokenJson, NobodyInside
from finder.intake.sources.registry import read_file
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, read, rows

NUCC = "http://nucc.org/provider-taxonomy"
PLAN_NET = "http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition"


def resource(kind: str, identity: str, **values: Any) -> dict[str, Any]:
    return {
        "fullUrl": f"https://payer.example/fhir/{kind}/{identity}",
        "resource": {"resourceType": kind, "id": identity, "meta": {"lastUpdated": "2026-09-01T12:00:00Z"}, **values},
    }


def bundle(*entries: Any) -> str:
    return json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": list(entries)})


def identified(number: int) -> list[dict[str, str]]:
    return [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi(number)}]


def specialty(code: str) -> list[dict[str, Any]]:
    return [{"coding": [{"system": NUCC, "code": code}]}]


PERSON = resource(
    "Practitioner", "p1", identifier=identified(1),
    name=[{"family": "Oakapple", "given": ["Rosa", "L"], "suffix": ["PT", "NCS"]}],
)  # fmt: skip
PLACE = resource(
    "Location", "l1", name="Paper Crane Rehab",
    address={"line": ["77 Pinwheel St", "Suite 3"], "city": "Cambridge", "state": "MA", "postalCode": "02139-4307"},
    telecom=[{"system": "fax", "value": "6175550100"}, {"system": "phone", "value": "(617) 555-0123"}],
    position={"latitude": 42.365, "longitude": -71.1},
)  # fmt: skip
NETWORK = resource("Organization", "n1", name="Harborlight Network")
PLAN = resource(
    "InsurancePlan", "i1", name="Harborlight HMO", identifier=[{"value": "harborlight-hmo"}],
    network=[{"reference": "Organization/n1"}],
)  # fmt: skip


def role(code: str = "2251N0400X", **values: Any) -> dict[str, Any]:
    return resource(
        "PractitionerRole",
        "r1",
        **{
            "practitioner": {"reference": "Practitioner/p1"},
            "location": [{"reference": "Location/l1"}],
            "specialty": specialty(code),
            "extension": [
                {"url": f"{PLAN_NET}/network-reference", "valueReference": {"reference": "Organization/n1"}},
                {
                    "url": f"{PLAN_NET}/newpatients",
                    "extension": [
                        {"url": "acceptingPatients", "valueCodeableConcept": {"coding": [{"code": "nopt"}]}},
                    ],
                },
            ],
            **values,
        },
    )


def test_a_role_with_all_that_it_names(tmp_path: Path) -> None:
    layer = read(tmp_path, bundle(PERSON, PLACE, NETWORK, PLAN, role()), "bundle.json")
    assert (layer.source, layer.as_of, layer.rows, codes(layer)) == ("plan_net", date(2026, 9, 1), 5, [])
    (provider,) = rows(layer, "provider")
    assert (provider["name"], provider["credentials"]) == ("Rosa L. Oakapple", "PT, NCS")
    (place,) = rows(layer, "location")
    assert (place["name"], place["street"], place["zip"]) == ("Paper Crane Rehab", "77 Pinwheel St, Suite 3", "02139")
    assert (place["phone"], place["latitude"], place["geocode_source"]) == ("6175550123", 42.365, "given")
    assert {(row["facet"], row["kind"]) for row in rows(layer, "specialty")} == {
        ("neurologic", "taxonomy"),
        ("neurologic", "board_certified"),
    }
    assert [(row["plan"], row["status"], row["location_key"]) for row in rows(layer, "insurance")] == [
        ("harborlight-hmo", "yes", place["location_key"])
    ]
    assert [(row["field"], row["value"]) for row in rows(layer, "fact")] == [("accepting_patients", "no")]
    assert layer.plans[["plan", "name"]].values.tolist() == [["harborlight-hmo", "Harborlight HMO"]]


def test_pages_are_joined_whatever_their_order(tmp_path: Path) -> None:
    paths = []
    for name, entries in {"1.json": [role()], "2.json": [PLAN, PERSON], "3.json": [NETWORK, PLACE]}.items():
        paths.append(tmp_path / name)
        paths[-1].write_text(bundle(*entries))
    (layer,) = read_file(paths, gazetteer=FewZips())
    assert len(layer.tables["insurance"]) == 1
    assert layer.notices == ()


def test_a_network_of_no_plan_is_named_by_itself(tmp_path: Path) -> None:
    layer = read(tmp_path, bundle(PERSON, PLACE, NETWORK, role()), "bundle.json")
    assert [row["plan"] for row in rows(layer, "insurance")] == ["harborlight-network"]
    assert layer.plans[["plan", "name"]].values.tolist() == [["harborlight-network", "Harborlight Network"]]


def test_an_organization_in_a_network(tmp_path: Path) -> None:
    clinic = resource("Organization", "o1", identifier=identified(2), name="PAPER CRANE REHAB LLC")
    affiliation = resource(
        "OrganizationAffiliation", "a1", participatingOrganization={"reference": "Organization/o1"},
        network=[{"reference": "Organization/n1"}], location=[{"reference": "Location/l1"}],
        specialty=specialty("261QP2000X"),
    )  # fmt: skip
    layer = read(tmp_path, bundle(clinic, PLACE, NETWORK, PLAN, affiliation), "bundle.json")
    assert [(row["name"], row["entity"]) for row in rows(layer, "provider")] == [
        ("Paper Crane Rehab LLC", "organization")
    ]
    assert [row["plan"] for row in rows(layer, "insurance")] == ["harborlight-hmo"]


def test_others_the_inactive_and_the_known(tmp_path: Path) -> None:
    content = bundle(PERSON, PLACE, NETWORK, PLAN, role("207Q00000X"))
    assert codes(read(tmp_path, content, "a.json")) == [("other_specialty", 0)]
    known = read(tmp_path, content, "a.json", known=[npi(1)])
    assert known.tables["provider"].empty
    assert len(known.tables["insurance"]) == 1
    assert read(tmp_path, bundle(PERSON, role(active=False)), "b.json").tables["provider"].empty


def test_missing_resources_have_notices(tmp_path: Path) -> None:
    content = bundle(PERSON, role(), {"resource": 5}, role(practitioner={"reference": "Practitioner/p9"}, id="r2"))
    layer = read(tmp_path, content, "bundle.json")
    found = {(notice.code, notice.value) for notice in layer.notices}
    assert ("not_an_object", "") in found
    assert ("reference_missing", "Practitioner/p9") in found
    layer = read(tmp_path, bundle(PERSON, role()), "bundle.json")
    assert {notice.value for notice in layer.notices} == {"Location/l1", "Organization/n1"}
    assert len(layer.tables["provider"]) == 1


def test_broken_bundles(tmp_path: Path) -> None:
    with pytest.raises(BrokenJson):
        read(tmp_path, bundle(PERSON)[:-9], "bundle.json")
    deep = '{"resourceType": "Bundle", "entry": ' + "[" * 200_000
    with pytest.raises(BrokenJson):
        read(tmp_path, deep, "bundle.json")


@pytest.mark.parametrize("reference", ["https://payer.example/fhir/{}", "{}/_history/3", "https://other.example/v4/{}"])
def test_every_form_of_a_reference(tmp_path: Path, reference: str) -> None:
    values: dict[str, Any] = {
        "practitioner": {"reference": reference.format("Practitioner/p1")},
        "location": [{"reference": reference.format("Location/l1")}],
        "network": [{"reference": reference.format("Organization/n1")}],
        "extension": [],
    }
    layer = read(tmp_path, bundle(PERSON, PLACE, NETWORK, PLAN, role(**values)), "bundle.json")
    assert codes(layer) == []
    assert [row["plan"] for row in rows(layer, "insurance")] == ["harborlight-hmo"]


def test_uuids_contained_resources_and_npis_as_references(tmp_path: Path) -> None:
    by_uuid = [{**entry, "fullUrl": f"urn:uuid:{entry['resource']['id']}"} for entry in (PERSON, PLACE, NETWORK, PLAN)]
    uuid: dict[str, Any] = {"practitioner": {"reference": "urn:uuid:p1"}, "location": [{"reference": "urn:uuid:l1"}]}
    inside: dict[str, Any] = {
        "contained": [PERSON["resource"], PLACE["resource"]],
        "practitioner": {"reference": "#p1"},
        "location": [{"reference": "#l1"}],
    }
    by_npi: dict[str, Any] = {"practitioner": {"identifier": identified(1)[0], "display": "Rosa Oakapple"}}
    for content in (
        bundle(*by_uuid, role(**uuid)),
        bundle(NETWORK, PLAN, role(**inside)),
        bundle(PERSON, PLACE, NETWORK, PLAN, role(**by_npi)),
        "[" + bundle(PERSON, PLACE, NETWORK) + "," + bundle(PLAN, role()) + "]",
    ):
        layer = read(tmp_path, content, "bundle.json")
        assert codes(layer) == []
        assert [len(layer.tables[name]) for name in ("provider", "location", "insurance")] == [1, 1, 1]


def test_the_lines_of_a_bulk_export(tmp_path: Path) -> None:
    paths = []
    for entry in (PERSON, PLACE, NETWORK, PLAN, role()):
        paths.append(tmp_path / f"{entry['resource']['resourceType']}.ndjson")
        paths[-1].write_text(json.dumps(entry["resource"]) + "\n")
    (layer,) = read_file(paths, gazetteer=FewZips())
    assert (layer.rows, layer.notices) == (5, ())
    assert len(layer.tables["insurance"]) == 1


def test_people_without_roles_have_a_notice(tmp_path: Path) -> None:
    layer = read(tmp_path, json.dumps(PERSON["resource"]), "Practitioner.ndjson")
    assert codes(layer) == [("roles_missing", 0)]


@pytest.mark.parametrize(
    ("specialty_codes", "is_read"),
    [
        ([{"coding": [{"system": "urn:oid:2.16.840.1.113883.6.101", "code": "225100000X"}]}], True),
        ([{"text": "Physical Therapist"}], True),
        ([{"text": "Physical Therapy Assistant"}], False),
        ([{"coding": [{"system": "http://snomed.info/sct", "code": "225100000X"}]}], False),
    ],
)
def test_a_specialty_by_its_oid_or_in_words(tmp_path: Path, specialty_codes: list[Any], is_read: bool) -> None:
    layer = read(tmp_path, bundle(PERSON, PLACE, NETWORK, PLAN, role(specialty=specialty_codes)), "bundle.json")
    assert len(layer.tables["provider"]) == is_read


def test_an_empty_answer_has_the_date_on_which_it_was_made(tmp_path: Path) -> None:
    made = '{"resourceType": "Bundle", "type": "searchset", "timestamp": "2026-09-03T10:00:00Z", "total": 0}'
    assert read(tmp_path, made, "bundle.json").as_of == date(2026, 9, 3)
    with pytest.raises(NobodyInside):
        read(tmp_path, made.replace("timestamp", "stamp"), "bundle.json")
