"""Marketplace provider lists: a yes for a plan, from the plan itself."""

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
    with pytest.raises(BrokenJson):
        read(tmp_path, json.dumps([provider(1)])[:-30], "half.json")


def plan(number: int, **fields: object) -> dict[str, object]:
    """Make an entry of ``plans.json``."""
    return {
        "plan_id_type": "HIOS-PLAN-ID", "plan_id": f"12345XX{number:07d}",
        "marketing_name": f"Harborlight  Gold {number}",
        "network": [{"network_tier": "PREFERRED"}], "last_updated_on": "2026-09-01",
    } | fields  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [json.dumps([plan(1)]), json.dumps({"plans": [plan(1)]}), json.dumps(plan(1)) + "\n" + json.dumps(plan(1))],
)
def test_plan_names_are_read(tmp_path: Path, content: str) -> None:
    layer = read(tmp_path, content, "plans.json")
    assert layer.plans.to_dict("records") == [
        {"plan": "12345XX0000001", "name": "Harborlight Gold 1", "source": "marketplace", "as_of": "2026-09-01"}
    ]
    assert layer.tables["provider"].empty
    assert layer.as_of == date(2026, 9, 1)


def test_of_two_names_of_a_plan_the_later_holds_whatever_their_order(tmp_path: Path) -> None:
    entries = [plan(1), plan(1, marketing_name="Harborlight One", last_updated_on="2026-10-01"), plan(1)]
    for some in (entries, entries[::-1]):
        layer = read(tmp_path, json.dumps(some), "plans.json")
        assert layer.plans["name"].tolist() == ["Harborlight One"]


def test_faults_of_plans(tmp_path: Path) -> None:
    content = [plan(1), "text", plan(2, marketing_name=" "), plan(3, plan_id=None), plan(4, marketing_name="x" * 5000)]
    layer = read(tmp_path, json.dumps(content), "plans.json")
    assert codes(layer) == [("not_an_object", 2), ("fields_missing", 3), ("fields_missing", 4)]
    assert layer.plans["name"].str.len().tolist() == [18, 120]


@pytest.mark.shared
def test_the_published_examples(shared_data: Path) -> None:
    folder = shared_data / "marketplace"
    (layer,) = read_file(
        [folder / "plans.json", folder / "providers.json"], gazetteer=FewZips(), known_npis=["1234567893"]
    )
    assert layer.rows == 6
    assert dict(zip(layer.plans["plan"], layer.plans["name"], strict=True)) == {
        "12345XX9876543": "Vandelay Insurance Gold Health Plan",
        "12345XX9876542": "Vandelay Insurance Silver Health Plan",
        "12345XX9876541": "Vandelay Insurance Bronze Health Plan",
    }
    assert set(layer.tables["insurance"]["plan"]) == {"12345XX9876543", "12345XX9876542"}
    assert [notice.code for notice in layer.notices].count("npi_invalid") == 2


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(provider(1)),
        json.dumps({"providers": [provider(1)]}),
        json.dumps(provider(1)) + "\n" + json.dumps(provider(2, "Dermatology")) + "\n",
        json.dumps([provider(1)], indent=4),
        "\ufeff" + json.dumps([provider(1)]),
    ],
)
def test_other_forms_of_the_list(tmp_path: Path, content: str) -> None:
    layer = read(tmp_path, content, "providers.json")
    assert [row["npi"] for row in rows(layer, "provider")] == [npi(1)]
    assert layer.as_of == date(2026, 10, 1)


def test_fields_of_older_years_and_single_values_in_place_of_lists(tmp_path: Path) -> None:
    entry = provider(1)
    older = {**entry, "speciality": entry["specialty"], "specialty": None}
    single = {**entry, "specialty": "Physical Therapy", "plans": entry["plans"][0], "addresses": entry["addresses"][0]}
    for one in (older, single):
        layer = read(tmp_path, json.dumps([one]), "providers.json")
        assert [len(layer.tables[name]) for name in ("provider", "location", "insurance")] == [1, 1, 1]


def test_an_empty_list(tmp_path: Path) -> None:
    with pytest.raises(NobodyInside):
        read(tmp_path, "[]", "providers.json")
