"""In-network rates: which collections, plans and networks a file makes, who is in them, and until when."""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.intake.sources.errors import AsOfNeeded, BrokenJson, CollectionNeeded, LineTooLong, RatesMissing
from finder.intake.sources.formats.files import START_BYTES
from finder.intake.sources.registry import read_file
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.payers.rates_files import (
    GOLD,
    PLAN,
    entry,
    group,
    npis_by_plan,
    plan_rows,
    price,
    prices_of,
    rates,
    read,
)
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, rows


def test_a_file_of_one_plan(tmp_path: Path) -> None:
    groups = [group(1, 1, 2, networks=["PPO"]), group(2, 3)]
    (layer,) = read(tmp_path, rates(entry("97110"), entry("97112", to=[2]), groups=groups, **PLAN))
    assert (layer.source, layer.title, layer.complete) == (
        "in_network_rates:harbor-mutual.121212121.gold-ppo.harbor",
        "Harbor Mutual: Gold PPO (Acme Tools Inc)",
        True,
    )
    assert (layer.as_of, layer.rows) == (date(2026, 6, 1), 2)
    assert npis_by_plan([layer]) == {f"{GOLD}/ppo": sorted([npi(1), npi(2)]), GOLD: [npi(3)]}
    assert {row["status"] for row in rows(layer, "insurance")} == {"yes"}
    assert ("negotiated_rate:" + GOLD + "/ppo:97110", "40.00-40.00") in [
        (row["field"], row["value"]) for row in rows(layer, "fact")
    ]
    assert plan_rows(layer, "plan", "plan", "kind", "name", "issuer_name") == [
        [GOLD, "employer", "Gold PPO (Acme Tools Inc)", "Harbor"],
        [f"{GOLD}/ppo", "network", "PPO", "Harbor"],
    ]
    assert plan_rows(layer, "plan_network", "plan", "network") == [[GOLD, f"{GOLD}/ppo"]]
    assert plan_rows(layer, "plan_identifier", "plan", "system", "value") == [
        [GOLD, "ein", "121212121"],
        [f"{GOLD}/ppo", "network", "PPO"],
    ]
    assert plan_rows(layer, "plan_alias", "alias", "plan") == [["gold-ppo", GOLD]]


def test_a_file_of_networks_is_a_collection_for_each(tmp_path: Path) -> None:
    groups = [
        group(1, 1, 2, networks=["Harbor PPO"]),
        group(2, 2, 3, networks=["Narrow HMO", "Harbor  PPO"]),
        group(3, 4, networks=["Dental"]),
    ]
    layers = read(tmp_path, rates(entry("97110"), entry("97112", price(90), to=[2]), groups=groups))
    assert [(layer.source.partition(":")[2], layer.title, layer.rows) for layer in layers] == [
        ("harbor-mutual.harbor-ppo", "Harbor Mutual: network Harbor PPO", 2),
        ("harbor-mutual.narrow-hmo", "Harbor Mutual: network Narrow HMO", 0),
        ("harbor-mutual.dental", "Harbor Mutual: network Dental", 0),
    ]
    assert npis_by_plan(layers) == {
        "network:harbor-mutual.harbor-ppo": sorted([npi(1), npi(2), npi(3)]),
        "network:harbor-mutual.narrow-hmo": sorted([npi(2), npi(3)]),
    }, "the dental network has no therapist, and its file takes away those whom an earlier one named"
    assert [plan_rows(layer, "plan_alias", "alias", "plan") for layer in layers] == [
        [["harbor-mutual", f"network:harbor-mutual.{name}"]] for name in ("harbor-ppo", "narrow-hmo", "dental")
    ]


def test_plans_of_one_name_or_one_issuer_stay_apart(tmp_path: Path) -> None:
    five_digits = {"plan_id": "22222", "plan_id_type": "hios", "plan_market_type": "individual", "issuer_name": "X"}
    heads: list[dict[str, str]] = [
        PLAN,
        {**PLAN, "issuer_name": "Zenith", "plan_id": "34-3434343", "plan_sponsor_name": "Other Corp"},
        {**five_digits, "plan_name": "Silver 200"},
        {**five_digits, "plan_name": "Bronze HMO"},
    ]
    layers = read(tmp_path, *[rates(entry("97110"), groups=[group(1, 1)], **head) for head in heads])
    assert [plan_rows(layer, "plan", "plan", "kind", "name")[0] for layer in layers] == [
        [GOLD, "employer", "Gold PPO (Acme Tools Inc)"],
        ["ein:343434343.gold-ppo.zenith", "employer", "Gold PPO (Other Corp)"],
        ["hios:22222.silver-200.x", "marketplace", "Silver 200"],
        ["hios:22222.bronze-hmo.x", "marketplace", "Bronze HMO"],
    ]
    assert len({layer.source for layer in layers}) == len(layers)


@pytest.mark.parametrize(
    ("head", "key", "kind", "name", "former"),
    [
        ({"plan_id": "11111MA0010001-01", "plan_id_type": "HIOS"}, "hios:11111MA0010001", "marketplace",
         "Harbor Mutual 11111MA0010001-01", "11111MA0010001-01"),
        ({"plan_id": "11111MA001", "plan_name": "P1", "plan_market_type": "group"}, "hios:11111MA001", "employer",
         "P1", "p1"),
        ({"plan_id": "H2406-013", "plan_name": "Giveback"}, "ma:H2406-013", "medicare_advantage",
         "Giveback", "giveback"),
        ({"plan_name": "Harbor Mutual", "plan_id_type": "EIN"}, "plan:harbor-mutual.harbor-mutual", "employer",
         "Harbor Mutual", "harbor-mutual"),
        ({"plan_name": "Own Plan", "plan_market_type": "individual"}, "plan:own-plan.harbor-mutual", "individual",
         "Own Plan", "own-plan"),
    ],
)  # fmt: skip
def test_the_names_of_plans(tmp_path: Path, head: dict[str, str], key: str, kind: str, name: str, former: str) -> None:
    (layer,) = read(tmp_path, rates(entry("97110"), groups=[group(1, 1)], **head))
    assert plan_rows(layer, "plan", "plan", "kind", "name") == [[key, kind, name]]
    assert plan_rows(layer, "plan_alias", "alias", "plan") == [[former, key]]
    assert npis_by_plan([layer]) == {key: [npi(1)]}


def test_an_issuer_s_or_sponsor_s_number_alone_names_no_plan(tmp_path: Path) -> None:
    (layer,) = read(tmp_path, rates(entry("97110"), plan_id="121212121", plan_id_type="ein"))
    assert npis_by_plan([layer]) == {"network:harbor-mutual.ppo": [npi(1)]}


def test_files_of_one_subject_are_one_collection(tmp_path: Path) -> None:
    first = rates(entry("97110", price(40)), groups=[group(1, 1)], **PLAN)
    second = rates(
        entry("97110", price(55, expiration_date="2026-12-31")), groups=[group(1, 1, 2)], **PLAN
    ) | {"last_updated_on": "2026-06-05"}  # fmt: skip
    (layer,) = read(tmp_path, first, second)
    assert layer.as_of == date(2026, 6, 5)
    assert [(row["npi"], row["valid_until"], row["as_of"]) for row in rows(layer, "insurance")] == [
        (npi(1), "", "2026-06-05"),
        (npi(2), "2026-12-31", "2026-06-05"),
    ]
    ends = "55.00-55.00 until 2026-12-31"
    assert [(row["npi"], row["value"]) for row in rows(layer, "fact")] == [
        (npi(1), "40.00-40.00"), (npi(1), ends), (npi(2), ends),
    ], "prices that end on different days stay apart"  # fmt: skip
    (part,) = read(tmp_path, first, part=True)
    assert not part.complete, "a part adds to what its collection holds"


def test_a_file_that_does_not_say_whose_it_is(tmp_path: Path) -> None:
    nameless = rates(entry("97110")) | {"reporting_entity_name": None, "plan_name": "Gold"}
    with pytest.raises(CollectionNeeded, match="Name its collection"):
        read(tmp_path, nameless)
    (layer,) = read(tmp_path, nameless, collection="Harbor Mutual")
    assert plan_rows(layer, "plan", "plan", "name") == [
        ["plan:gold.harbor-mutual", "Gold"],
        ["plan:gold.harbor-mutual/ppo", "PPO"],
    ]
    of_network = rates(entry("97110")) | {"reporting_entity_name": " - "}
    with pytest.raises(CollectionNeeded):
        read(tmp_path, of_network)
    (layer,) = read(tmp_path, of_network | {"reporting_entity_name": ""}, collection="Aa")
    assert (layer.source, npis_by_plan([layer])) == ("in_network_rates:aa.ppo", {"network:aa.ppo": [npi(1)]})
    bare = rates(entry("97110"), groups=[group(1, 1)])
    (layer,) = read(tmp_path, bare | {"reporting_entity_name": ""}, collection="South  region")
    assert (layer.title, npis_by_plan([layer])) == ("South region", {"network:south-region.south-region": [npi(1)]})
    (layer,) = read(tmp_path, bare, collection="South region")
    assert (layer.title, npis_by_plan([layer])) == (
        "Harbor Mutual: South region", {"network:harbor-mutual.south-region": [npi(1)]},
    )  # fmt: skip
    (layer,) = read(tmp_path, bare)
    assert (layer.title, npis_by_plan([layer])) == (
        "Harbor Mutual", {"network:harbor-mutual.harbor-mutual": [npi(1)]},
    )  # fmt: skip


def test_what_the_content_says_comes_before_the_operator_s_name(tmp_path: Path) -> None:
    (layer,) = read(tmp_path, rates(entry("97110")), collection="Another")
    assert layer.source == "in_network_rates:harbor-mutual.ppo"


def shuffled(value: Any, order: random.Random) -> Any:
    """The same JSON with the keys of every object in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], order) for key in order.sample(list(value), len(value))}
    return [shuffled(one, order) for one in value] if isinstance(value, list) else value


@given(seed=st.integers(0, 10**9))
@settings(max_examples=25)
def test_the_order_of_keys_does_not_matter(tmp_path: Path, seed: int) -> None:
    covered = [{"billing_code_type": "CPT", "billing_code": "97110"}]
    percent = price(2, negotiated_type="percentage", expiration_date="2026-11-30")
    content = rates(
        entry("97110", price(38, expiration_date="2026-12-31"), percent),
        entry("27447", price(900), to=[3]),
        entry("420", price(999), kind="MS-DRG", to=[3]),
        entry("99213", price(12), to=[2], negotiation_arrangement="capitation", covered_services=covered),
        groups=[group(1, 1, networks=["PPO"]), group(2, 2, networks=["HMO"]), group(3, 3, networks=["PPO"])],
        **PLAN,
    )
    (layer,) = read(tmp_path, shuffled(content, random.Random(seed)))
    assert [(row["npi"], row["plan"], row["valid_until"]) for row in rows(layer, "insurance")] == [
        (npi(1), f"{GOLD}/ppo", "2026-12-31"), (npi(2), f"{GOLD}/hmo", ""),
    ]  # fmt: skip
    assert prices_of([layer]) == {"97110": "38.00-38.00 until 2026-12-31"}
    assert codes(layer) == [("rate_is_percentage", 1), ("other_codes", 0)]
    assert [found.times for found in layer.notices] == [1, 2]


@pytest.mark.parametrize("first", ["in_network", "provider_references"])
def test_a_file_whose_head_comes_behind_all_else(tmp_path: Path, first: str) -> None:
    long = "x" * 2 * START_BYTES
    content = rates(entry("97110", description=long), groups=[group(1, 1, networks=["PPO"], remark=long)], **PLAN)
    head = {key: content.pop(key) for key in list(content) if isinstance(content[key], str)}
    other = next(key for key in content if key != first)
    (layer,) = read(tmp_path, {first: content[first], other: content[other], **head})
    assert npis_by_plan([layer]) == {f"{GOLD}/ppo": [npi(1)]}


def test_members_without_a_price(tmp_path: Path) -> None:
    percent = price(60, negotiated_type="percentage")
    therapy, knee = ({"billing_code_type": "CPT", "billing_code": code} for code in ("97110", "27447"))
    content = rates(
        entry("CSTM-00", percent, to=[1]),
        entry("cstm-00", percent, kind="CSTM-ALL", to=[2]),
        entry("99213", price(12), to=[3], negotiation_arrangement="capitation", covered_services=[knee, therapy]),
        entry("27447", price(900), to=[4], negotiation_arrangement="bundle", bundled_codes=[therapy]),
        entry("97112", price(12), to=[5], negotiation_arrangement="capitation", covered_services=None),
        entry("0420", price(120), kind="RC", to=[6]),
        entry("27447", price(900), to=[7], negotiation_arrangement="bundle", bundled_codes=[knee]),
        groups=[group(number, number, networks=["P"]) for number in range(1, 8)],
    )
    (layer,) = read(tmp_path, content)
    assert npis_by_plan([layer]) == {"network:harbor-mutual.p": sorted(npi(number) for number in range(1, 7))}
    assert prices_of([layer]) == {}
    assert [(found.code, found.times) for found in layer.notices] == [("npis_not_listed", 2), ("other_codes", 1)]


def test_a_membership_ends_with_its_last_price(tmp_path: Path) -> None:
    ended, soon, later = (price(rate, expiration_date=day) for rate, day in (
        (10, "2026-05-31"), (20, "2026-06-01T00:00:00"), (30, "2026-12-31"),
    ))  # fmt: skip
    content = rates(
        entry("97110", ended, to=[1]),
        entry("97110", ended, soon, to=[2]),
        entry("97112", later, to=[2]),
        entry("97110", later, price(40), to=[3]),
        entry("CSTM-00", ended, later, to=[4]),
        groups=[group(number, number) for number in range(1, 5)],
    )
    (layer,) = read(tmp_path, content)
    assert [(row["npi"], row["valid_until"]) for row in rows(layer, "insurance")] == [
        (npi(2), "2026-12-31"), (npi(3), ""), (npi(4), "2026-12-31"),
    ]  # fmt: skip
    assert sorted((row["npi"], row["field"][-5:], row["value"]) for row in rows(layer, "fact")) == [
        (npi(2), "97110", "20.00-20.00 until 2026-06-01"),
        (npi(2), "97112", "30.00-30.00 until 2026-12-31"),
        (npi(3), "97110", "30.00-30.00 until 2026-12-31"),
        (npi(3), "97110", "40.00-40.00"),
    ]
    assert codes(layer) == [("rate_expired", 1), ("rate_expired", 2), ("rate_expired", 5)]


def test_a_network_whose_rates_have_all_expired_is_emptied(tmp_path: Path) -> None:
    (layer,) = read(tmp_path, rates(entry("97110", price(expiration_date="2026-05-31"))))
    assert (layer.source, layer.complete) == ("in_network_rates:harbor-mutual.ppo", True)
    assert layer.tables["insurance"].empty


@pytest.mark.parametrize(("kind", "found"), [("npi", [npi(2)]), ("ein", [])])
def test_the_provider_may_stand_in_the_tax_number(tmp_path: Path, kind: str, found: list[str]) -> None:
    providers = [{"npi": [0], "tin": {"type": kind, "value": npi(2)}}]
    (layer,) = read(tmp_path, rates(entry("97110"), groups=[group(1, provider_groups=providers, network_name=["P"])]))
    assert [row["npi"] for row in rows(layer, "insurance")] == found
    assert codes(layer) == ([] if found else [("without_npi", 0)])


def test_groups_within_the_rates_as_in_the_first_schema(tmp_path: Path) -> None:
    who = [{"npi": [npi(1), 1111111111, 1111111111, 0], "tin": {"type": "npi", "value": npi(3)}}]
    inline = {"negotiated_rates": [{"provider_groups": who, "negotiated_prices": [price(setting=None)]}]}
    other = {"negotiated_rates": [{"provider_groups": [{"npi": [5]}], "negotiated_prices": [price()]}]}
    content = rates(entry("97110") | inline, entry("97112") | inline, entry("27447") | other, **PLAN)
    del content["provider_references"]
    (layer,) = read(tmp_path, content)
    assert npis_by_plan([layer]) == {GOLD: [npi(1)]}
    assert codes(layer) == [("npi_invalid", 1), ("other_codes", 0), ("without_npi", 0)]


def test_groups_that_are_not_in_the_file(tmp_path: Path) -> None:
    elsewhere = {"provider_group_id": 8, "location": "https://payer.example/groups/8.json", "network_name": ["P"]}
    (layer,) = read(tmp_path, rates(entry("97110", to=[1, 8, 9]), groups=[group(1, 1, networks=["P"]), elsewhere]))
    assert sorted((found.code, found.value) for found in layer.notices) == [
        ("providers_elsewhere", "https://payer.example/groups/8.json"), ("providers_missing", "9"),
    ]  # fmt: skip
    assert [row["npi"] for row in rows(layer, "insurance")] == [npi(1)]


def test_a_group_in_a_file_of_its_own(tmp_path: Path) -> None:
    address = "https://payer.example/g/group-7.json.gz?key=1"
    content = rates(
        entry("97110", to=[7]), groups=[{"provider_group_id": 7.0, "location": address, "network_name": ["P"]}]
    )
    alone = {"version": "1.0.0", "provider_groups": [{"npi": [int(npi(3))], "tin": {}}]}
    (layer,) = read(tmp_path, alone, content, names=["group-7.json", "rates.json"])
    assert (codes(layer), npis_by_plan([layer])) == ([], {"network:harbor-mutual.p": [npi(3)]})
    with pytest.raises(RatesMissing):
        read(tmp_path, alone, names=["group-7.json"])


def test_rates_of_unlisted_providers_are_counted_and_stored(tmp_path: Path) -> None:
    content = rates(entry("97110"), entry("97112"), groups=[group(1, 1, 7, 8)])
    (layer,) = read(tmp_path, content)
    assert [(found.code, found.times) for found in layer.notices] == [("npis_not_listed", 2)]
    assert set(layer.tables["insurance"]["npi"]) == {npi(1), npi(7), npi(8)}


def test_entries_outside_any_list_are_passed_over(tmp_path: Path) -> None:
    strange = {"negotiated_rates": [{"provider_references": 7, "provider_groups": {"npi": 5}}, "x"]}
    (layer,) = read(tmp_path, rates(entry("97110") | strange, groups=[], plan_name=["a", "b"]))
    assert layer.tables["insurance"].empty
    assert codes(layer) == [("providers_missing", 0)]


def test_dates_and_halves(tmp_path: Path) -> None:
    undated = rates(entry("97110")) | {"last_updated_on": ""}
    with pytest.raises(AsOfNeeded):
        read(tmp_path, undated)
    (layer,) = read(tmp_path, undated, as_of=date(2026, 6, 7))
    assert layer.as_of == date(2026, 6, 7)
    with pytest.raises(BrokenJson):
        read(tmp_path, json.dumps(rates(entry("97110")))[:-20])


def test_an_endless_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finder.intake.sources.formats.json_stream.LONGEST_TEXT", 2_000_000)
    with pytest.raises(LineTooLong):
        read(tmp_path, rates(entry("97110", description="x" * 5_000_000)))


def test_a_plan_that_only_the_rates_name_is_known_to_our_own_table_beside_them(tmp_path: Path) -> None:
    table = f"npi,insurance_yes,verified_on\n{npi(1)},gold-ppo,2026-11-10\n"
    names = ["calls_2026-11-13.csv", "rates.json"]
    alone = [found.code for layer in read(tmp_path, table, names=names[:1]) for found in layer.notices]
    layers = read(tmp_path, table, rates(entry("97110"), **PLAN), names=names)
    both = [found.code for layer in layers for found in layer.notices]
    assert ("plan_unknown" in alone, "plan_unknown" in both) == (True, False)


@pytest.mark.shared
def test_a_payer_s_real_file(shared_data: Path) -> None:
    path = shared_data / "transparency" / "2025-06-23_Evry-Health_in-network-rates.json"
    (layer,) = read_file([path], gazetteer=FewZips())
    assert (layer.source, layer.rows, layer.as_of) == (
        "in_network_rates:evry-health.evry-health.evry-health", 23, date(2025, 6, 23),
    )  # fmt: skip
    assert layer.tables["insurance"]["npi"].nunique() == 211
    assert set(layer.tables["insurance"]["valid_until"]) == {"2025-12-31"}
    content = json.loads(path.read_text())
    expected: dict[tuple[str, str], list[Decimal]] = {}
    for code in content["in_network"]:
        for rate in code["negotiated_rates"]:
            found = [Decimal(str(one["negotiated_rate"])) for one in rate["negotiated_prices"]]
            for number in (number for providers in rate["provider_groups"] for number in providers["npi"]):
                expected.setdefault((number, code["billing_code"]), []).extend(found)
    assert {(row["npi"], row["field"].rpartition(":")[2]): row["value"] for row in rows(layer, "fact")} == {
        key: f"{min(found):.2f}-{max(found):.2f} until 2025-12-31" for key, found in expected.items()
    }


@pytest.mark.shared
def test_the_examples_of_the_schema(shared_data: Path) -> None:
    folder = shared_data / "transparency" / "cms_guide" / "examples" / "in-network-rates"
    layers = read_file(sorted(folder.glob("*.json")), gazetteer=FewZips())
    plans = {row[0]: row[1] for layer in layers for row in plan_rows(layer, "plan", "plan", "name")}
    assert plans["network:cms.acme-choice-provider-group-plus"] == "ACME Choice Provider Group Plus"
    assert plans["plan:plan-d-ppo.comprehensive-health-issuer"] == "Plan D PPO (Comprehensive Employee Group)"
    assert all(plans.values())
