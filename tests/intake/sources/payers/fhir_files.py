"""Plan-Net entries and bundles, and their layers by collection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from finder.intake.layers.layer import Layer
from finder.intake.sources.registry import read_file
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import rows

NUCC = "http://nucc.org/provider-taxonomy"
PLAN_NET = "http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition"
SERVER = "https://payer.example/fhir"

Entry = dict[str, Any]


def resource(kind: str, identity: str, server: str = SERVER, **values: Any) -> Entry:
    return {
        "fullUrl": f"{server}/{kind}/{identity}",
        "resource": {"resourceType": kind, "id": identity, "meta": {"lastUpdated": "2026-09-01T12:00:00Z"}, **values},
    }


def bundle(*entries: Any, **values: Any) -> str:
    return json.dumps({"resourceType": "Bundle", "type": "searchset", **values, "entry": list(entries)})


def lines(*entries: Entry) -> str:
    """The resources of entries as an export writes them: one a line, without addresses."""
    return "".join(json.dumps(entry["resource"]) + "\n" for entry in entries)


def changed(entry: Entry, **values: Any) -> Entry:
    return {**entry, "resource": {**entry["resource"], **values}}


def moved(entry: Entry, server: str) -> Entry:
    return {**entry, "fullUrl": entry["fullUrl"].replace(SERVER, server)}


def reference(target: str) -> dict[str, str]:
    return {"reference": target}


def identified(number: int) -> list[dict[str, str]]:
    return [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi(number)}]


def specialty(code: str) -> list[dict[str, Any]]:
    return [{"coding": [{"system": NUCC, "code": code}]}]


def in_network(identity: str = "n1") -> Entry:
    return {"url": f"{PLAN_NET}/network-reference", "valueReference": reference(f"Organization/{identity}")}


def new_patients(code: str, network: str = "") -> Entry:
    inner: list[Entry] = [{"url": "acceptingPatients", "valueCodeableConcept": {"coding": [{"code": code}]}}]
    if network:
        inner.append({"url": "fromNetwork", "valueReference": reference(f"Organization/{network}")})
    return {"url": f"{PLAN_NET}/newpatients", "extension": inner}


def network(identity: str, name: str, **values: Any) -> Entry:
    return resource("Organization", identity, name=name, type=[{"coding": [{"code": "ntwk"}]}], **values)


def plan(identity: str, name: str, *networks: str, **values: Any) -> Entry:
    used = [reference(f"Organization/{one}") for one in networks]
    return resource("InsurancePlan", identity, name=name, network=used, **{"status": "active", **values})


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
PLACE_KEY = "02139 77 PINWHEEL ST STE 3"
PAYER = resource("Organization", "payer", name="Harborlight Health", type=[{"coding": [{"code": "payer"}]}])
NETWORK = network("n1", "Harborlight Network", partOf=reference("Organization/payer"))
PLAN = plan(
    "i1", "Harborlight HMO", "n1", identifier=[{"value": "harborlight-hmo"}], ownedBy=reference("Organization/payer")
)
STRUCTURE = (PAYER, NETWORK, PLAN)
NETWORK_KEY = "network:harborlight-health.harborlight-network"
PLAN_KEY = "plan:harborlight-hmo.harborlight-health"


def role(identity: str = "r1", code: str = "2251N0400X", **values: Any) -> Entry:
    return resource(
        "PractitionerRole",
        identity,
        **{
            "practitioner": reference("Practitioner/p1"),
            "location": [reference("Location/l1")],
            "specialty": specialty(code),
            "extension": [in_network()],
            **values,
        },
    )


def read_files(folder: Path, files: Mapping[str, str], **options: Any) -> dict[str, Layer]:
    """Write files, read them in one command, and return the layers by subject."""
    paths = []
    for name, content in files.items():
        paths.append(folder / name)
        paths[-1].parent.mkdir(exist_ok=True)
        paths[-1].write_text(content)
    found = read_file(paths, gazetteer=FewZips(), **options)
    return {layer.source.partition(":")[2]: layer for layer in found}


def memberships(layer: Layer) -> list[tuple[str, ...]]:
    """The NPI, plan, accepting and period of each answer."""
    names = ("npi", "plan", "accepting_patients", "valid_from", "valid_until")
    return [tuple(row[name] for name in names) for row in rows(layer, "insurance")]


def networks_of(layers: Mapping[str, Layer]) -> set[tuple[str, str]]:
    """The NPIs and networks of all layers."""
    return {(npi, plan) for layer in layers.values() for npi, plan, *_ in memberships(layer)}
