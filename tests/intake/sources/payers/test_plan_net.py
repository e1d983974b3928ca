"""Plan-Net roles joined with people, places, networks and plans, over several files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finder.intake.sources.errors import BrokenJson, CollectionNeeded, NobodyInside
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.payers.fhir_files import (
    NETWORK_KEY,
    PERSON,
    PLACE,
    PLACE_KEY,
    PLAN_KEY,
    STRUCTURE,
    bundle,
    changed,
    identified,
    in_network,
    lines,
    memberships,
    network,
    networks_of,
    new_patients,
    plan,
    read_files,
    reference,
    resource,
    role,
    specialty,
)
from tests.intake.sources.reading import codes, read, rows

ALL = (PERSON, PLACE, *STRUCTURE)


def test_a_role_with_all_that_it_names(tmp_path: Path) -> None:
    layer = read(tmp_path, bundle(*ALL, role(extension=[in_network(), new_patients("nopt")])), "bundle.json")
    assert (layer.source, layer.as_of, layer.rows, codes(layer)) == (
        "plan_net:payer-example-fhir.harborlight-health", date(2026, 9, 1), 6, [],
    )  # fmt: skip
    assert (layer.title, layer.complete) == ("Harborlight Health directory (payer.example/fhir)", True)
    (provider,) = rows(layer, "provider")
    assert (provider["name"], provider["credentials"]) == ("Rosa L. Oakapple", "PT, NCS")
    (place,) = rows(layer, "location")
    assert (place["name"], place["street"], place["zip"]) == ("Paper Crane Rehab", "77 Pinwheel St, Suite 3", "02139")
    assert (place["phone"], place["latitude"], place["geocode_source"]) == ("6175550123", 42.365, "given")
    assert {(row["facet"], row["kind"]) for row in rows(layer, "specialty")} == {
        ("neurologic", "taxonomy"),
        ("neurologic", "board_certified"),
    }
    assert memberships(layer) == [(npi(1), NETWORK_KEY, "no", "", "")]
    assert rows(layer, "insurance")[0]["location_key"] == place["location_key"] == PLACE_KEY
    assert [(row["field"], row["value"]) for row in rows(layer, "fact")] == [("accepting_patients", "no")]


def test_plans_and_networks_have_keys_issuers_and_their_former_names(tmp_path: Path) -> None:
    layer = read(tmp_path, bundle(*ALL, role()), "bundle.json")
    assert layer.plans["plan"][["plan", "kind", "name", "issuer"]].values.tolist() == [
        [NETWORK_KEY, "network", "Harborlight Network", "issuer:harborlight-health"],
        [PLAN_KEY, "", "Harborlight HMO", "issuer:harborlight-health"],
    ]
    assert layer.plans["plan_network"][["plan", "network"]].values.tolist() == [[PLAN_KEY, NETWORK_KEY]]
    assert layer.plans["plan_alias"][["alias", "plan"]].values.tolist() == [
        ["harborlight-hmo", PLAN_KEY],
        ["harborlight-network", NETWORK_KEY],
    ]


@pytest.mark.parametrize(
    ("values", "key", "kind", "year"),
    [
        (
            {
                "identifier": [{"system": "http://cms.gov/medicare/ma-plan-id", "value": "H9999-001-000"}],
                "period": {"start": "2027-01-01", "end": "2027-12-31T23:59:59Z"},
            },
            "ma:H9999-001-0", "medicare_advantage", "2027",
        ),
        ({"identifier": [{"value": "11111MA0010001-01"}]}, "hios:11111MA0010001", "marketplace", ""),
        ({"identifier": [{"system": "urn:own", "value": "H1234567"}]}, "plan:gold.harborlight-health", "", ""),
        ({"period": {"start": "2026-07"}}, "plan:gold.harborlight-health", "", ""),
    ],
)  # fmt: skip
def test_identifiers_of_plans(tmp_path: Path, values: dict[str, Any], key: str, kind: str, year: str) -> None:
    gold = plan("i2", "Gold", "n1", ownedBy=reference("Organization/payer"), **values)
    layer = read(tmp_path, bundle(*ALL[:4], gold, role()), "bundle.json")
    found = layer.plans["plan"].query("kind != 'network'")[["plan", "kind", "year"]].values.tolist()
    assert found == [[key, kind, year]]
    system, _, value = key.partition(":")
    identifiers = layer.plans["plan_identifier"].query("system != 'network'")[["system", "value"]].values.tolist()
    assert identifiers == ([] if system == "plan" else [[system, value]])


def test_plans_and_networks_without_a_name_are_left_out(tmp_path: Path) -> None:
    entries = [
        *ALL,
        network("n2", "", partOf=reference("Organization/payer")),
        plan("i2", "", "n1"),
        role(extension=[in_network(), in_network("n2")]),
    ]
    layer = read(tmp_path, bundle(*entries), "bundle.json")
    assert codes(layer) == [("plan_unnamed", 0), ("plan_unnamed", 0)]
    assert layer.plans["plan"]["plan"].tolist() == [NETWORK_KEY, PLAN_KEY]
    assert networks_of({"": layer}) == {(npi(1), NETWORK_KEY)}


def test_an_organization_in_a_network(tmp_path: Path) -> None:
    clinic = resource("Organization", "o1", identifier=identified(2), name="PAPER CRANE REHAB LLC")
    for field in ("participatingOrganization", "organization"):
        affiliation = resource(
            "OrganizationAffiliation", "a1", network=[reference("Organization/n1")],
            location=[reference("Location/l1")], specialty=specialty("261QP2000X"),
        )  # fmt: skip
        affiliation = changed(affiliation, **{field: reference("Organization/o1")})
        layer = read(tmp_path, bundle(clinic, PLACE, *STRUCTURE, affiliation), "bundle.json")
        assert [(row["name"], row["entity"]) for row in rows(layer, "provider")] == [
            ("Paper Crane Rehab LLC", "organization")
        ]
        assert memberships(layer) == [(npi(2), NETWORK_KEY, "", "", "")]


def test_other_specialties_and_known_npis(tmp_path: Path) -> None:
    content = bundle(*ALL, role(code="207Q00000X"))
    layer = read(tmp_path, content, "a.json")
    assert codes(layer) == [("other_specialty", 0)]
    assert layer.complete  # the directory was read, and lists no therapist any more
    known = read(tmp_path, content, "a.json", known=[npi(1)])
    assert known.tables["provider"].empty
    assert memberships(known) == [(npi(1), NETWORK_KEY, "", "", "")]


def test_an_npi_of_the_role_comes_first(tmp_path: Path) -> None:
    layer = read(tmp_path, bundle(*ALL, role(identifier=identified(7))), "bundle.json")
    assert networks_of({"": layer}) == {(npi(7), NETWORK_KEY)}


def test_missing_resources_have_notices(tmp_path: Path) -> None:
    content = bundle(PERSON, role(), {"resource": 5}, role("r2", practitioner=reference("Practitioner/p9")))
    layer = read(tmp_path, content, "bundle.json")
    found = {(notice.code, notice.value) for notice in layer.notices}
    assert ("not_an_object", "") in found
    assert ("reference_missing", "Practitioner/p9") in found
    layer = read(tmp_path, bundle(PERSON, role()), "bundle.json")
    assert {notice.value for notice in layer.notices} == {"Location/l1", "Organization/n1"}
    assert (layer.source, len(layer.tables["provider"])) == ("plan_net:payer-example-fhir", 1)


def test_broken_bundles(tmp_path: Path) -> None:
    with pytest.raises(BrokenJson):
        read(tmp_path, bundle(PERSON)[:-9], "bundle.json")
    deep = '{"resourceType": "Bundle", "entry": ' + "[" * 200_000
    with pytest.raises(BrokenJson):
        read(tmp_path, deep, "bundle.json")


def test_people_without_roles_add_to_their_collection(tmp_path: Path) -> None:
    layer = read(tmp_path, bundle(PERSON), "bundle.json")
    assert (codes(layer), layer.complete) == ([("roles_missing", 0)], False)


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
    layer = read(tmp_path, bundle(*ALL, role(specialty=specialty_codes)), "bundle.json")
    assert len(layer.tables["provider"]) == is_read


def test_an_empty_answer_has_the_date_on_which_it_was_made(tmp_path: Path) -> None:
    made = json.dumps({"resourceType": "Bundle", "type": "searchset", "timestamp": "2026-09-03T10:00:00Z", "total": 0})
    with pytest.raises(CollectionNeeded):
        read(tmp_path, made, "bundle.json")
    (layer,) = read_files(tmp_path, {"bundle.json": made}, collection="Harborlight").values()
    assert (layer.source, layer.as_of, layer.complete) == ("plan_net:harborlight", date(2026, 9, 3), False)
    with pytest.raises(NobodyInside):
        read(tmp_path, made.replace("timestamp", "stamp"), "bundle.json")


@pytest.mark.parametrize(
    ("extensions", "on_first", "on_second", "fact"),
    [
        ([new_patients("newpt")], "yes", "yes", ["yes"]),
        ([new_patients("not")], "no", "no", ["no"]),
        ([new_patients("existptonly")], "no", "no", ["no"]),
        ([new_patients("existptfam")], "no", "no", ["no"]),
        ([new_patients("soon")], "", "", []),
        ([new_patients("newpt", "n1")], "yes", "", []),
        ([new_patients("newpt", "n1"), new_patients("nopt", "n2")], "yes", "no", ["some"]),
        ([new_patients("newpt"), new_patients("nopt", "n2")], "yes", "no", ["some"]),
    ],
)
def test_new_patients_of_all_networks_or_of_one(
    tmp_path: Path, extensions: list[Any], on_first: str, on_second: str, fact: list[str]
) -> None:
    second = network("n2", "Second Network", partOf=reference("Organization/payer"))
    entry = role(extension=[in_network(), in_network("n2"), *extensions])
    layer = read(tmp_path, bundle(*ALL, second, entry), "bundle.json")
    assert sorted((plan, accepting) for _, plan, accepting, *_ in memberships(layer)) == [
        (NETWORK_KEY, on_first),
        ("network:harborlight-health.second-network", on_second),
    ]
    assert [row["value"] for row in rows(layer, "fact")] == fact


def test_of_several_roles_at_one_place_one_answer_counts_on_each_day(tmp_path: Path) -> None:
    taking, full = new_patients("newpt"), new_patients("nopt")
    roles = [
        role("r1", extension=[in_network(), taking], period={"end": "2026-12-31"}),
        role("r2", extension=[in_network(), full], period={"start": "2026-12-01", "end": "2027-06-30"}),
        role("r3", extension=[in_network(), full], period={"start": "2027-07", "end": "2027"}),
        role("r4", extension=[in_network()], period={"start": "2029"}),
    ]
    layer = read(tmp_path, bundle(*ALL, *roles), "bundle.json")
    assert [found[2:] for found in memberships(layer)] == [
        ("yes", "", "2026-11-30"),
        ("some", "2026-12-01", "2026-12-31"),
        ("no", "2027-01-01", "2027-12-31"),
        ("", "2029-01-01", ""),
    ]


SERVICE = resource(
    "HealthcareService", "h1", active=True, location=[reference("Location/l1")], specialty=specialty("225100000X"),
    extension=[in_network(), new_patients("newpt")],
)  # fmt: skip


def test_what_stands_on_a_service_only(tmp_path: Path) -> None:
    bare = role(location=[], extension=[], specialty=[], healthcareService=[reference("HealthcareService/h1")])
    layer = read(tmp_path, bundle(bare, SERVICE, *ALL), "bundle.json")
    assert (codes(layer), memberships(layer)) == ([], [(npi(1), NETWORK_KEY, "yes", "", "")])
    assert [row["location_key"] for row in rows(layer, "insurance")] == [PLACE_KEY]
    assert len(layer.tables["provider"]) == 1


def test_places_and_networks_of_two_services_are_not_mixed(tmp_path: Path) -> None:
    address = {"line": ["9 Kite Rd"], "city": "Holyoke", "state": "MA", "postalCode": "01040"}
    place = resource("Location", "l2", address=address)
    second = network("n2", "Second Network", partOf=reference("Organization/payer"))
    other = resource(
        "HealthcareService", "h2", location=[reference("Location/l2")], extension=[in_network("n2")],
        specialty=specialty("225100000X"),
    )  # fmt: skip
    bare = role(
        location=[],
        extension=[],
        healthcareService=[reference("HealthcareService/h1"), reference("HealthcareService/h2")],
    )
    layer = read(tmp_path, bundle(*ALL, place, second, SERVICE, other, bare), "bundle.json")
    assert {(row["plan"], row["location_key"][:5]) for row in rows(layer, "insurance")} == {
        (NETWORK_KEY, "02139"),
        ("network:harborlight-health.second-network", "01040"),
    }


def test_services_that_an_organization_provides(tmp_path: Path) -> None:
    clinic = resource("Organization", "o1", identifier=identified(2), name="Paper Crane Rehab")
    provided = changed(SERVICE, providedBy=reference("Organization/o1"))
    affiliation = resource(
        "OrganizationAffiliation", "a1", participatingOrganization=reference("Organization/o1"),
        network=[reference("Organization/n1")], specialty=specialty("261QP2000X"),
    )  # fmt: skip
    bare = role(location=[], extension=[], organization=reference("Organization/o1"))
    for entries, found in (
        ((clinic, provided), {npi(2)}),
        ((clinic, changed(provided, extension=[]), affiliation), {npi(2)}),
        ((clinic, provided, PERSON, bare), {npi(1), npi(2)}),
    ):
        layer = read(tmp_path, bundle(*entries, PLACE, *STRUCTURE), "bundle.json")
        assert {(row["npi"], row["plan"], row["location_key"]) for row in rows(layer, "insurance")} == {
            (one, NETWORK_KEY, PLACE_KEY) for one in found
        }


def test_a_phone_of_the_role_counts_where_its_place_has_none(tmp_path: Path) -> None:
    telecom = [{"system": "phone", "value": "617-555-0144"}]
    layer = read(tmp_path, bundle(PERSON, changed(PLACE, telecom=[]), *STRUCTURE, role(telecom=telecom)), "bundle.json")
    assert [row["phone"] for row in rows(layer, "location")] == ["6175550144"]


def test_the_lines_of_a_bulk_export(tmp_path: Path) -> None:
    entries = (*ALL, role())
    files = {f"{number}.ndjson": lines(entry) for number, entry in enumerate(entries)}
    found = read_files(tmp_path, files)
    assert {subject: (layer.rows, layer.notices) for subject, layer in found.items()} == {"harborlight-health": (6, ())}
    assert networks_of(found) == {(npi(1), NETWORK_KEY)}


@pytest.mark.shared
def test_the_samples_of_the_plan_finder_and_of_plan_net(shared_data: Path, tmp_path: Path) -> None:
    samples = {path.name: path.read_text() for path in sorted((shared_data / "fhir" / "mpf-sample").glob("*-001.json"))}
    (layer,) = read_files(tmp_path, samples).values()
    assert (layer.source, layer.rows) == ("plan_net:example-org-fhir.acme-health-plan", 11)
    assert layer.plans["plan_network"][["plan", "network"]].values.tolist() == [
        ["plan:sunrise-advantage-plan.acme-health-plan", "network:acme-health-plan.acme-first-network"]
    ]
    export = (shared_data / "fhir" / "plan-net-ri-nppes" / "ig-examples.ndjson").read_text()
    (layer,) = read_files(tmp_path, {"ig-examples.ndjson": export}).values()
    assert (layer.source, layer.rows, len(layer.plans["plan_network"])) == ("plan_net:acme-of-ct", 49, 3)
