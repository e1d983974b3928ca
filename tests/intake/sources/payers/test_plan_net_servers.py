"""References mean entries of their own server, bundle or export, never those of another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.payers.fhir_files import (
    NETWORK_KEY,
    PERSON,
    PLACE,
    SERVER,
    STRUCTURE,
    Entry,
    bundle,
    changed,
    identified,
    lines,
    memberships,
    moved,
    network,
    networks_of,
    read_files,
    reference,
    role,
)
from tests.intake.sources.reading import codes, read, rows

ALL = (PERSON, PLACE, *STRUCTURE)


def directory(number: int, name: str) -> list[Entry]:
    """The same ids in every directory, with another person and network."""
    return [changed(PERSON, identifier=identified(number)), PLACE, network("n1", name), role()]


def without_address(entry: Entry) -> Entry:
    return {"resource": entry["resource"]}


def test_equal_ids_of_two_servers(tmp_path: Path) -> None:
    files = {
        f"{number}.json": bundle(
            *(moved(entry, f"https://server-{number}.example/r4") for entry in directory(number, name))
        )
        for number, name in ((1, "Alpha Net"), (2, "Beta Net"))
    }
    found = read_files(tmp_path, files)
    assert {subject: networks_of({subject: layer}) for subject, layer in found.items()} == {
        "server-1-example-r4.alpha-net": {(npi(1), "network:server-1-example-r4.alpha-net")},
        "server-2-example-r4.beta-net": {(npi(2), "network:server-2-example-r4.beta-net")},
    }


def test_equal_ids_of_two_servers_in_one_bundle(tmp_path: Path) -> None:
    first, second = directory(1, "Alpha Net"), directory(2, "Beta Net")
    entries = [*first, *(moved(entry, "https://other.example") for entry in second)]
    found = read_files(tmp_path, {"bundle.json": bundle(*entries)})
    assert networks_of(found) == {
        (npi(1), "network:payer-example-fhir.alpha-net"),
        (npi(2), "network:other-example.beta-net"),
    }


def test_equal_ids_of_two_bundles_without_addresses(tmp_path: Path) -> None:
    files = {
        f"{number}.json": bundle(*map(without_address, directory(number, name)))
        for number, name in ((1, "Alpha Net"), (2, "Beta Net"))
    }
    found = read_files(tmp_path, files, collection="Both")
    assert networks_of(found) == {(npi(1), "network:both.alpha-net"), (npi(2), "network:both.beta-net")}


def test_addresses_that_do_not_end_in_kind_and_id_hold_within_their_bundle(tmp_path: Path) -> None:
    files = {
        f"{number}.json": bundle(
            *({**entry, "fullUrl": f"http://x/{entry['resource']['id']}"} for entry in directory(number, name))
        )
        for number, name in ((1, "Alpha Net"), (2, "Beta Net"))
    }
    found = read_files(tmp_path, files)
    assert {subject: networks_of({subject: layer}) for subject, layer in found.items()} == {
        "x.alpha-net": {(npi(1), "network:x.alpha-net")},
        "x.beta-net": {(npi(2), "network:x.beta-net")},
    }


def test_pages_of_one_server_are_joined_whatever_their_order(tmp_path: Path) -> None:
    link = [{"relation": "self", "url": f"{SERVER}/PractitionerRole?_count=2"}]
    for pages in (
        {"1.json": bundle(role()), "2.json": bundle(*STRUCTURE, PERSON), "3.json": bundle(PLACE)},
        {"1.json": bundle(without_address(role()), link=link), "2.json": bundle(*ALL)},
        {"1.json": bundle(without_address(role()), link=link), "2.json": bundle(*map(without_address, ALL), link=link)},
    ):
        (layer,) = read_files(tmp_path, pages).values()
        assert (memberships(layer), layer.notices) == ([(npi(1), NETWORK_KEY, "", "", "")], ())
        assert layer.source == "plan_net:payer-example-fhir.harborlight-health"


@pytest.mark.parametrize("form", [f"{SERVER}/{{}}", "HTTP://PAYER.example/fhir/{}", "{}/_history/3"])
def test_every_form_of_a_reference(tmp_path: Path, form: str) -> None:
    values: dict[str, Any] = {
        "practitioner": reference(form.format("Practitioner/p1")),
        "location": [reference(form.format("Location/l1"))],
        "network": [reference(form.format("Organization/n1"))],
        "extension": [],
    }
    layer = read(tmp_path, bundle(*ALL, role(**values)), "bundle.json")
    assert (codes(layer), memberships(layer)) == ([], [(npi(1), NETWORK_KEY, "", "", "")])


def test_a_reference_to_another_server_finds_nothing_here(tmp_path: Path) -> None:
    elsewhere = role(practitioner=reference("https://other.example/v4/Practitioner/p1"))
    layer = read(tmp_path, bundle(*ALL, elsewhere), "bundle.json")
    assert codes(layer) == [("reference_missing", 1)]
    assert memberships(layer) == []


def test_uuids_contained_resources_and_npis_as_references(tmp_path: Path) -> None:
    by_uuid = [{**entry, "fullUrl": f"urn:uuid:{entry['resource']['id']}"} for entry in ALL]
    uuid: dict[str, Any] = {"practitioner": reference("urn:uuid:p1"), "location": [reference("urn:uuid:l1")]}
    inside: dict[str, Any] = {
        "contained": [PERSON["resource"], PLACE["resource"]],
        "practitioner": reference("#p1"),
        "location": [reference("#l1")],
    }
    by_npi: dict[str, Any] = {"practitioner": {"identifier": identified(1)[0], "display": "Rosa Oakapple"}}
    for content in (
        bundle(*by_uuid, role(**uuid)),
        bundle(*STRUCTURE, role(**inside)),
        bundle(*ALL, role(**by_npi)),
        "[" + bundle(*ALL) + "," + bundle(role()) + "]",
    ):
        layer = read(tmp_path, content, "bundle.json")
        assert codes(layer) == []
        assert [len(layer.tables[name]) for name in ("provider", "location", "insurance")] == [1, 1, 1]


def test_the_lines_of_exports_in_two_folders(tmp_path: Path) -> None:
    files = {}
    for number, name in ((1, "Alpha Net"), (2, "Beta Net")):
        for entry in directory(number, name):
            files[f"export-{number}/{entry['resource']['resourceType']}.ndjson"] = lines(entry)
    found = read_files(tmp_path, files, collection="Both")
    assert networks_of(found) == {(npi(1), "network:both.alpha-net"), (npi(2), "network:both.beta-net")}


def test_ids_that_two_exports_in_one_folder_share_mean_nobody(tmp_path: Path) -> None:
    first, second = directory(1, "Alpha Net"), directory(2, "Beta Net")
    found = read_files(tmp_path, {"1.ndjson": lines(*first), "2.ndjson": lines(*second)}, collection="both")
    assert networks_of(found) == set()
    assert "reference_ambiguous" in {notice.code for layer in found.values() for notice in layer.notices}


def test_an_export_is_of_the_one_server_that_its_references_name(tmp_path: Path) -> None:
    entry = role(practitioner=reference(f"{SERVER}/Practitioner/p1"), location=[reference(f"{SERVER}/Location/l1")])
    found = read_files(tmp_path, {"roles.ndjson": lines(entry), "others.ndjson": lines(*ALL)})
    assert set(found) == {"payer-example-fhir.harborlight-health"}
    assert networks_of(found) == {(npi(1), NETWORK_KEY)}


def test_the_latest_version_of_an_entry_counts(tmp_path: Path) -> None:
    later = changed(PERSON, meta={"lastUpdated": "2026-10-01"}, name=[{"family": "Quillfeather", "given": ["Rosa"]}])
    for entries in ((PERSON, later), (later, PERSON)):
        layer = read(tmp_path, bundle(*entries, PLACE, *STRUCTURE, role()), "bundle.json")
        assert [row["name"] for row in rows(layer, "provider")] == ["Rosa Quillfeather"]
