"""What one server says of one payer, or of a network without a payer, is a collection of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from finder.intake.sources.errors import CollectionNeeded
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.payers.fhir_files import (
    NETWORK_KEY,
    PERSON,
    PLACE,
    STRUCTURE,
    Entry,
    bundle,
    changed,
    identified,
    in_network,
    lines,
    memberships,
    network,
    networks_of,
    plan,
    read_files,
    reference,
    resource,
    role,
)
from tests.intake.sources.reading import codes, read, rows

SECOND_PAYER = resource("Organization", "payer2", name="Birch Health")
SECOND_NETWORK = network("n2", "Birch PPO", partOf=reference("Organization/payer2"))
SECOND_PERSON = resource("Practitioner", "p2", identifier=identified(2), name=[{"family": "Birch", "given": ["Bo"]}])
SECOND = (SECOND_PAYER, SECOND_NETWORK, SECOND_PERSON)


def of_second(**values: Any) -> Entry:
    given: dict[str, Any] = {"practitioner": reference("Practitioner/p2"), "extension": [in_network("n2")], **values}
    return role("r2", **given)


def test_two_payers_of_one_server(tmp_path: Path) -> None:
    both = role(extension=[in_network(), in_network("n2")])
    found = read_files(tmp_path, {"bundle.json": bundle(PERSON, PLACE, *STRUCTURE, *SECOND, both, of_second())})
    assert {subject: (layer.title, layer.rows) for subject, layer in found.items()} == {
        "payer-example-fhir.birch-health": ("Birch Health directory (payer.example/fhir)", 9),
        "payer-example-fhir.harborlight-health": ("Harborlight Health directory (payer.example/fhir)", 1),
    }
    birch, harborlight = found.values()
    assert memberships(harborlight) == [(npi(1), NETWORK_KEY, "", "", "")]
    assert {row["npi"] for row in rows(birch, "provider")} == {npi(1), npi(2)}
    assert [row["npi"] for row in rows(harborlight, "provider")] == [npi(1)]
    assert [len(layer.tables["location"]) for layer in (birch, harborlight)] == [2, 1]
    assert birch.plans["plan"]["plan"].tolist() == ["network:birch-health.birch-ppo"]


def test_networks_without_a_payer_are_collections(tmp_path: Path) -> None:
    alone = [network("n1", "Alpha Net"), network("n2", "Beta Net")]
    entry = role(extension=[in_network(), in_network("n2")])
    found = read_files(tmp_path, {"bundle.json": bundle(PERSON, PLACE, *alone, entry)})
    assert list(found) == ["payer-example-fhir.alpha-net", "payer-example-fhir.beta-net"]
    assert [networks_of({"": layer}) for layer in found.values()] == [
        {(npi(1), f"network:{subject}")} for subject in found
    ]


@pytest.mark.parametrize("field", ["ownedBy", "administeredBy"])
def test_the_issuer_of_its_plans_is_the_payer_of_a_network(tmp_path: Path, field: str) -> None:
    gold = plan("i1", "Gold", "n1", **{field: reference("Organization/payer2")})
    layer = read(tmp_path, bundle(PERSON, PLACE, SECOND_PAYER, network("n1", "Birch PPO"), gold, role()), "bundle.json")
    assert layer.source == "plan_net:payer-example-fhir.birch-health"
    assert networks_of({"": layer}) == {(npi(1), "network:birch-health.birch-ppo")}
    assert layer.plans["plan_network"][["plan", "network"]].values.tolist() == [
        ["plan:gold.birch-health", "network:birch-health.birch-ppo"]
    ]


def test_a_plan_that_uses_the_network_of_another_payer(tmp_path: Path) -> None:
    leased = plan("i2", "Birch Travel", "n1", ownedBy=reference("Organization/payer2"))
    found = read_files(tmp_path, {"bundle.json": bundle(PERSON, PLACE, *STRUCTURE, SECOND_PAYER, leased, role())})
    birch, harborlight = found.values()
    assert birch.plans["plan_network"][["plan", "network"]].values.tolist() == [
        ["plan:birch-travel.birch-health", NETWORK_KEY]
    ]
    assert (birch.complete, harborlight.complete) == (False, True)  # plans alone take nobody away
    assert networks_of(found) == {(npi(1), NETWORK_KEY)}


def test_a_payer_whose_therapists_have_all_gone(tmp_path: Path) -> None:
    cardiologist = of_second(specialty=[{"text": "Cardiology"}])
    found = read_files(tmp_path, {"bundle.json": bundle(PERSON, PLACE, *STRUCTURE, *SECOND, role(), cardiologist)})
    assert {subject: (layer.complete, len(layer.tables["insurance"])) for subject, layer in found.items()} == {
        "payer-example-fhir.birch-health": (True, 0),
        "payer-example-fhir.harborlight-health": (True, 1),
    }


def test_a_role_without_a_network_belongs_to_the_one_payer_of_its_server(tmp_path: Path) -> None:
    bare = role(extension=[])
    (layer,) = read_files(tmp_path, {"bundle.json": bundle(PERSON, PLACE, *STRUCTURE, bare)}).values()
    assert layer.source == "plan_net:payer-example-fhir.harborlight-health"
    assert (len(layer.tables["provider"]), memberships(layer)) == (1, [])
    two = bundle(PERSON, PLACE, *STRUCTURE, *SECOND, of_second(), bare)
    found = read_files(tmp_path, {"bundle.json": two})
    assert found["payer-example-fhir"].title == "Directory of payer.example/fhir"
    assert [row["npi"] for row in rows(found["payer-example-fhir"], "provider")] == [npi(1)]


def test_what_says_nothing_of_its_payer_needs_the_name_of_its_collection(tmp_path: Path) -> None:
    files = {"export.ndjson": lines(PERSON, PLACE, role(extension=[]))}
    with pytest.raises(CollectionNeeded):
        read_files(tmp_path, files)
    (layer,) = read_files(tmp_path, files, collection="Harborlight Health").values()
    assert (layer.source, layer.title) == ("plan_net:harborlight-health", "Harborlight Health")
    assert len(layer.tables["provider"]) == 1


def test_the_named_collection_never_replaces_what_the_content_says(tmp_path: Path) -> None:
    found = read_files(tmp_path, {"bundle.json": bundle(PERSON, PLACE, *STRUCTURE, role())}, collection="other")
    assert list(found) == ["payer-example-fhir.harborlight-health"]


def test_a_network_with_no_more_than_a_name_is_of_the_named_collection(tmp_path: Path) -> None:
    alone = {"export.ndjson": lines(PERSON, PLACE, network("n1", "PPO"), plan("i1", "Gold", "n1"), role())}
    with pytest.raises(CollectionNeeded):
        read_files(tmp_path, alone)
    for name in ("aa", "bb"):
        ((subject, layer),) = read_files(tmp_path, alone, collection=name.title()).items()
        assert (subject, layer.title) == (name, name.title())
        assert layer.plans["plan"]["plan"].tolist() == [f"network:{name}.ppo", f"plan:gold.{name}"]
        assert networks_of({"": layer}) == {(npi(1), f"network:{name}.ppo")}


def test_a_plan_without_an_issuer_is_of_its_networks_payer(tmp_path: Path) -> None:
    content = lines(PERSON, PLACE, *STRUCTURE[:2], plan("i1", "Gold", "n1"), role())
    (layer,) = read_files(tmp_path, {"export.ndjson": content}).values()
    assert layer.plans["plan"]["plan"].tolist() == [NETWORK_KEY, "plan:gold.harborlight-health"]


def test_people_of_nobody_beside_two_payers_are_counted(tmp_path: Path) -> None:
    content = lines(PERSON, PLACE, *STRUCTURE, *SECOND, of_second(), role("r3"), role("r4", extension=[]))
    found = read_files(tmp_path, {"export.ndjson": content})
    assert list(found) == ["birch-health", "harborlight-health"]
    assert codes(found["birch-health"]) == [("without_collection", 0)]


def test_a_part_adds_to_its_collection(tmp_path: Path) -> None:
    (layer,) = read_files(tmp_path, {"b.json": bundle(PERSON, PLACE, *STRUCTURE, role())}, part=True).values()
    assert not layer.complete


def test_spellings_of_one_payer_are_one(tmp_path: Path) -> None:
    loud = resource("Organization", "payer2", name="HARBORLIGHT HEALTH")
    other = changed(network("n2", "Second"), partOf=reference("Organization/payer2"))
    entry = role(extension=[in_network(), in_network("n2")])
    found = read_files(tmp_path, {"b.json": bundle(PERSON, PLACE, *STRUCTURE, loud, other, entry)})
    assert list(found) == ["payer-example-fhir.harborlight-health"]
    assert networks_of(found) == {(npi(1), NETWORK_KEY), (npi(1), "network:harborlight-health.second")}
