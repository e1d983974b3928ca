"""Marketplace provider lists: a yes for a plan, from the plan itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finder.intake.layers.layer import Layer
from finder.intake.sources.errors import BrokenJson, CollectionNeeded, MedicareAdvantageDirectory, NobodyInside
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
    assert (layer.source, layer.as_of, layer.rows) == ("marketplace:12345", date(2026, 10, 1), 2)
    assert (layer.title, layer.complete) == ("Marketplace issuer 12345", True)
    assert [row["name"] for row in rows(layer, "provider")] == ["Rosa L. Oakapple Jr."]
    assert [(row["plan"], row["status"], row["as_of"]) for row in rows(layer, "insurance")] == [
        ("hios:12345XX0000001", "yes", "2026-10-01")
    ]
    assert [row["accepting_patients"] for row in rows(layer, "insurance")] == ["yes"]
    assert layer.plans["plan_identifier"][["system", "value"]].values.tolist() == [["hios", "12345XX0000001"]]
    assert layer.plans["plan_alias"][["alias", "plan"]].values.tolist() == [["12345XX0000001", "hios:12345XX0000001"]]
    assert layer.plans["plan"].empty
    assert [row["value"] for row in rows(layer, "fact")] == ["yes"]
    assert codes(layer) == [("other_specialty", 0)]


def test_someone_in_the_directory_counts_whatever_the_plan_calls_them(tmp_path: Path) -> None:
    layer = read(tmp_path, json.dumps([provider(1, "Rehabilitation")]), "providers.json", known=[npi(1)])
    assert layer.tables["provider"].empty
    assert len(layer.tables["insurance"]) == 1


def test_faults(tmp_path: Path) -> None:
    content = [
        "text", provider(1, npi="1234567890"), provider(2, name={}), provider(3, plans=[{}, *provider(3)["plans"]]),
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
    columns = ["plan", "year", "kind", "name", "issuer", "source", "as_of"]
    assert layer.plans["plan"][columns].values.tolist() == [
        [
            "hios:12345XX0000001",
            "",
            "marketplace",
            "Harborlight Gold 1",
            "issuer:12345",
            "marketplace:12345",
            "2026-09-01",
        ]
    ]
    assert not layer.complete  # plans alone take nobody away
    assert layer.tables["provider"].empty
    assert layer.as_of == date(2026, 9, 1)


def test_of_two_names_of_a_plan_the_later_holds_whatever_their_order(tmp_path: Path) -> None:
    entries = [plan(1), plan(1, marketing_name="Harborlight One", last_updated_on="2026-10-01"), plan(1)]
    for some in (entries, entries[::-1]):
        layer = read(tmp_path, json.dumps(some), "plans.json")
        assert layer.plans["plan"]["name"].tolist() == ["Harborlight One"]


def test_faults_of_plans(tmp_path: Path) -> None:
    content = [plan(1), "text", plan(2, marketing_name=" "), plan(3, plan_id=None), plan(4, marketing_name="x" * 5000)]
    layer = read(tmp_path, json.dumps(content), "plans.json")
    assert codes(layer) == [("not_an_object", 2), ("fields_missing", 3), ("fields_missing", 4)]
    assert layer.plans["plan"]["name"].str.len().tolist() == [18, 120]


def in_plans(*plans: tuple[str, Any]) -> list[dict[str, Any]]:
    """The plans of a provider by id and years; None: without years."""
    return [
        {"plan_id_type": "HIOS-PLAN-ID", "plan_id": plan_id, "network_tier": "P"}
        | ({} if years is None else {"years": years})
        for plan_id, years in plans
    ]


def periods(layer: Layer) -> list[tuple[str, str, str]]:
    return [(row["plan"][-4:], row["valid_from"], row["valid_until"]) for row in rows(layer, "insurance")]


def read_all(folder: Path, files: dict[str, Any], **options: Any) -> dict[str, Layer]:
    """The layers of files that are read in one command, by subject."""
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))
    found = read_file([folder / name for name in files], gazetteer=FewZips(), **options)
    return {layer.source.partition(":")[2]: layer for layer in found}


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ([2026], [("0001", "2026-01-01", "2026-12-31")]),
        (["2026"], [("0001", "2026-01-01", "2026-12-31")]),
        ([2026.0], [("0001", "2026-01-01", "2026-12-31")]),
        (2026, [("0001", "2026-01-01", "2026-12-31")]),
        ([2020, 2019], [("0001", "2019-01-01", "2020-12-31")]),
        ([2024, "2026", 2027], [("0001", "2024-01-01", "2024-12-31"), ("0001", "2026-01-01", "2027-12-31")]),
        ("2025-2026", [("0001", "2025-01-01", "2026-12-31")]),
        (["2025 to 2027"], [("0001", "2025-01-01", "2027-12-31")]),
        ("2025, 2027", [("0001", "2025-01-01", "2025-12-31"), ("0001", "2027-01-01", "2027-12-31")]),
        (None, [("0001", "", "")]),
        ([], [("0001", "", "")]),
    ],
)
def test_years_decide_when_a_membership_counts(tmp_path: Path, years: Any, expected: list[Any]) -> None:
    content = [provider(1, plans=in_plans(("11111MA0010001", years)))]
    layer = read(tmp_path, json.dumps(content), "providers.json")
    assert (periods(layer), codes(layer)) == (expected, [])


def test_years_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    years: list[Any] = [["soon"], ["soon", 2026], [20266], [[2026]], "2026-2025", {"from": 2026}]
    plans = in_plans(*((f"11111MA001000{number}", written) for number, written in enumerate(years, 1)))
    layer = read(tmp_path, json.dumps([provider(1, plans=plans)]), "providers.json")
    assert periods(layer) == [("0002", "2026-01-01", "2026-12-31")]
    assert [(notice.code, notice.value) for notice in layer.notices] == [
        ("year_unreadable", "soon"), ("year_unreadable", "soon"), ("year_unreadable", "20266"),
        ("year_unreadable", "[2026]"), ("year_unreadable", "2026-2025"), ("year_unreadable", '{"from": 2026}'),
    ]  # fmt: skip


def test_tiers_and_variants_of_one_plan_are_one(tmp_path: Path) -> None:
    plans = in_plans(("11111MA0010001", [2025]), ("11111ma0010001-01", [2026]), ("11111MA0010001-06", [2028]))
    layer = read(tmp_path, json.dumps([provider(1, plans=plans)]), "providers.json")
    assert periods(layer) == [("0001", "2025-01-01", "2026-12-31"), ("0001", "2028-01-01", "2028-12-31")]
    assert layer.plans["plan_identifier"]["value"].tolist() == ["11111MA0010001"]


@pytest.mark.parametrize(
    ("written", "answer"),
    [("accepting", "yes"), ("Not Accepting", "no"), ("accepting in some locations", "some"), ("ask", ""), (None, "")],
)
def test_new_patients(tmp_path: Path, written: str | None, answer: str) -> None:
    layer = read(tmp_path, json.dumps([provider(1, accepting=written)]), "providers.json")
    assert [row["accepting_patients"] for row in rows(layer, "insurance")] == [answer]
    assert [row["value"] for row in rows(layer, "fact")] == ([answer] if answer else [])


def test_issuers_are_collections(tmp_path: Path) -> None:
    both = provider(1, plans=in_plans(("11111MA0010001", [2026]), ("22222MA0020002", [2026])))
    one = provider(2, plans=in_plans(("22222MA0020002", [2026])))
    other = provider(3, "Dermatology", plans=in_plans(("33333MA0030003", [2026])))
    found = read_all(tmp_path, {"providers.json": [both, one, other], "plans.json": [plan(1)]})
    assert {subject: [row["npi"] for row in rows(layer, "insurance")] for subject, layer in found.items()} == {
        "11111": [npi(1)], "12345": [], "22222": [npi(1), npi(2)], "33333": [],
    }  # fmt: skip
    assert [len(found[subject].tables["location"]) for subject in ("11111", "22222")] == [1, 2]
    assert {subject: layer.complete for subject, layer in found.items()} == {
        "11111": True, "12345": False, "22222": True, "33333": True,
    }  # fmt: skip
    assert sum(layer.rows for layer in found.values()) == 4


def test_an_npi_with_several_entries_has_all_its_places(tmp_path: Path) -> None:
    address = {"address": "9 Kite Rd", "city": "Holyoke", "state": "MA", "zip": "01040"}
    content = [provider(1), provider(1, addresses=[address], accepting="not accepting")]
    layer = read(tmp_path, json.dumps(content), "providers.json")
    assert {row["zip"] for row in rows(layer, "location")} == {"02139", "01040"}
    assert len(layer.tables["provider"]) == 1
    assert [row["accepting_patients"] for row in rows(layer, "insurance")] == ["some"]
    assert [row["value"] for row in rows(layer, "fact")] == ["some"]


def test_ids_of_other_systems_are_kept_as_they_are_written(tmp_path: Path) -> None:
    content = [provider(1, plans=in_plans(("Gold 1", [2026])))]
    with pytest.raises(CollectionNeeded):
        read(tmp_path, json.dumps(content), "providers.json")
    layer = read(tmp_path, json.dumps([*content, provider(2)]), "providers.json")
    assert codes(layer) == [("plan_id_of_nobody", 1), ("without_collection", 0)]
    (named,) = read_all(tmp_path, {"providers.json": content}, collection="Harborlight").values()
    assert (named.source, codes(named)) == ("marketplace:harborlight", [("plan_id_other", 1)])
    assert [row["plan"] for row in rows(named, "insurance")] == ["plan:gold-1.harborlight"]


def test_providers_without_any_plan_need_the_name_of_their_collection(tmp_path: Path) -> None:
    content = [provider(1, plans=[])]
    with pytest.raises(CollectionNeeded):
        read(tmp_path, json.dumps(content), "providers.json")
    (layer,) = read_all(tmp_path, {"providers.json": content}, collection="Harborlight").values()
    assert (layer.source, layer.title, len(layer.tables["provider"])) == ("marketplace:harborlight", "Harborlight", 1)
    layer = read(tmp_path, json.dumps([provider(1, plans=[]), provider(2)]), "providers.json")
    assert ([row["npi"] for row in rows(layer, "provider")], codes(layer)) == ([npi(2)], [("without_collection", 0)])


def test_a_plan_has_a_row_for_each_of_its_years(tmp_path: Path) -> None:
    content = [plan(1, years=[2026, "2027"]), plan(2, years=["soon"]), plan(3)]
    layer = read(tmp_path, json.dumps(content), "plans.json")
    assert layer.plans["plan"][["plan", "year"]].values.tolist() == [
        ["hios:12345XX0000001", "2026"], ["hios:12345XX0000001", "2027"], ["hios:12345XX0000003", ""],
    ]  # fmt: skip
    assert codes(layer) == [("year_unreadable", 2)]


@pytest.mark.shared
def test_the_published_examples(shared_data: Path) -> None:
    folder = shared_data / "marketplace"
    (layer,) = read_file(
        [folder / "plans.json", folder / "providers.json"], gazetteer=FewZips(), known_npis=["1234567893"]
    )
    assert (layer.source, layer.rows) == ("marketplace:12345", 6)
    assert layer.plans["plan"][["plan", "year", "name"]].values.tolist() == [
        ["hios:12345XX9876541", "2020", "Vandelay Insurance Bronze Health Plan"],
        ["hios:12345XX9876542", "2020", "Vandelay Insurance Silver Health Plan"],
        ["hios:12345XX9876543", "2020", "Vandelay Insurance Gold Health Plan"],
    ]
    assert sorted(periods(layer)) == [("6542", "2019-01-01", "2020-12-31"), ("6543", "2019-01-01", "2020-12-31")]
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


def test_a_directory_of_medicare_advantage_is_refused_by_name(tmp_path: Path) -> None:
    content = [{**provider(1), "plans": [{"maPlanId": "H9999-001-000", "year": 2027}]}]
    with pytest.raises(MedicareAdvantageDirectory, match="Medicare Advantage"):
        read(tmp_path, json.dumps([provider(2), *content]), "providers.json")
