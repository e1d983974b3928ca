"""Marketplace plans' providers: a yes for a plan, from the plan itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finder.intake.sources.errors import BrokenJson
from finder.intake.sources.registry import read_file
from tests.intake.sources.nppes_files import npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, read, rows


def provider(number: int, specialty: str = "Physical Therapist", **values: Any) -> dict[str, Any]:
    return {
        "npi": npi(number),
        "type": "INDIVIDUAL",
        "name": {"first": "Rosa", "middle": "L", "last": "Oakapple", "suffix": "Jr"},
        "addresses": [
            {"address": "77 Pinwheel St", "city": "Cambridge", "state": "MA", "zip": "02139", "phone": "6175550123"}
        ],
        "specialty": [specialty],
        "accepting": "accepting",
        "last_updated_on": "2026-10-01",
        "plans": [
            {"plan_id_type": "HIOS-PLAN-ID", "plan_id": "12345XX0000001", "network_tier": tier} for tier in ("A", "B")
        ],
    } | values


def test_a_therapist_in_a_plan(tmp_path: Path) -> None:
    layer = read(tmp_path, json.dumps([provider(1), provider(2, "Dermatology")]), "providers.json")
    assert (layer.source, layer.as_of, layer.rows) == ("marketplace", date(2026, 10, 1), 2)
    assert [row["name"] for row in rows(layer, "provider")] == ["Rosa L. Oakapple Jr."]
    assert [(row["plan"], row["status"], row["as_of"]) for row in rows(layer, "insurance")] == [
        ("12345XX0000001", "yes", "2026-10-01")
    ]
    assert [row["value"] for row in rows(layer, "fact")] == ["yes"]
    assert codes(layer) == [("other_specialty", 0)]


def test_someone_in_the_directory_counts_whatever_the_plan_calls_them(tmp_path: Path) -> None:
    layer = read(tmp_path, json.dumps([provider(1, "Rehabilitation")]), "providers.json", known=[npi(1)])
    assert layer.tables["provider"].empty
    assert len(layer.tables["insurance"]) == 1


def test_faults(tmp_path: Path) -> None:
    content = [
        "text", provider(1, npi="1234567890"), provider(2, name={}), provider(3, plans=[{}]),
        provider(4, last_updated_on="soon"), provider(5, type="GROUP"), provider(6, "Physical Therapist Assistant"),
    ]  # fmt: skip
    layer = read(tmp_path, json.dumps(content), "providers.json")
    assert codes(layer) == [
        ("not_an_object", 1), ("npi_invalid", 2), ("name_missing", 3), ("fields_missing", 4), ("date_invalid", 5),
        ("entity_unknown", 6), ("other_specialty", 0),
    ]  # fmt: skip


def test_facilities_plans_and_half_a_file(tmp_path: Path) -> None:
    clinic = provider(
        1, type="FACILITY", name=None, facility_name="PAPER CRANE REHAB", facility_type=["Physical Therapy Clinic"]
    )
    layer = read(tmp_path, json.dumps([clinic]), "providers.json")
    assert [(row["name"], row["entity"]) for row in rows(layer, "provider")] == [("Paper Crane Rehab", "organization")]
    plans = [{"plan_id_type": "HIOS-PLAN-ID", "plan_id": "12345XX0000001", "marketing_name": "Gold"}]
    assert codes(read(tmp_path, json.dumps(plans), "plans.json", as_of=date(2026, 10, 1))) == [("no_providers", 0)]
    with pytest.raises(BrokenJson):
        read(tmp_path, json.dumps([provider(1)])[:-30], "half.json")


@pytest.mark.shared
def test_the_published_examples(shared_data: Path) -> None:
    folder = shared_data / "marketplace"
    (layer,) = read_file(
        [folder / "plans.json", folder / "providers.json"], gazetteer=FewZips(), known_npis=["1234567893"]
    )
    assert layer.rows == 3
    assert set(layer.tables["insurance"]["plan"]) == {"12345XX9876543", "12345XX9876542"}
    assert [notice.code for notice in layer.notices].count("npi_invalid") == 2
