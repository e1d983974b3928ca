"""In-network rates: NPIs, codes and price bounds, and values that are no price."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finder.intake.layers.layer import Layer
from finder.intake.sources.errors import AsOfNeeded, BrokenJson, LineTooLong, RatesMissing
from finder.intake.sources.registry import read_file
from tests.intake.sources import reading
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, rows

HEAD = {"reporting_entity_name": "Harbor Mutual", "plan_name": "Harborlight HMO", "last_updated_on": "2026-06-01"}


def read(folder: Path, content: bytes | str, name: str) -> Layer:
    """Read a file for a directory that lists the first few therapists."""
    return reading.read(folder, content, name, known=[npi(number) for number in range(1, 5)])


def price(rate: Any, **values: Any) -> dict[str, Any]:
    return {"negotiated_type": "negotiated", "negotiated_rate": rate, "expiration_date": "9999-12-31"} | values


def item(code: str, *prices: dict[str, Any], kind: str = "CPT", **who: Any) -> dict[str, Any]:
    group = who or {"provider_groups": [{"npi": [int(npi(1))], "tin": {"type": "ein", "value": "1"}}]}
    return {
        "negotiation_arrangement": "ffs",
        "billing_code_type": kind,
        "billing_code": code,
        "negotiated_rates": [{**group, "negotiated_prices": list(prices)}],
    }


def rates_file(*items: dict[str, Any], **head: Any) -> str:
    return json.dumps({**HEAD, **head, "in_network": list(items)})


def found_rates(tmp_path: Path, content: str) -> dict[tuple[str, str], str]:
    layer = read(tmp_path, content, "rates.json")
    return {(row["npi"], row["field"].rpartition(":")[2]): row["value"] for row in rows(layer, "fact")}


def test_the_range_of_prices_for_a_code(tmp_path: Path) -> None:
    content = rates_file(
        item("97110", price(27.8), price("480.00"), price(40.31)), item("97110", price(20)), item("27447", price(9000))
    )
    layer = read(tmp_path, content, "rates.json")
    assert (layer.source, layer.as_of, layer.rows) == ("in_network_rates", date(2026, 6, 1), 3)
    assert [(row["npi"], row["plan"], row["status"]) for row in rows(layer, "insurance")] == [
        (npi(1), "harborlight-hmo", "yes")
    ]
    assert [(row["field"], row["value"]) for row in rows(layer, "fact")] == [
        ("negotiated_rate:harborlight-hmo:97110", "20.00-480.00")
    ]
    assert layer.plans[["plan", "name", "as_of"]].values.tolist() == [
        ["harborlight-hmo", "Harborlight HMO", "2026-06-01"]
    ]
    assert codes(layer) == [("other_codes", 0)]


@pytest.mark.parametrize(
    ("code", "kind", "known_as"),
    [("0420", "RC", "0420"), ("420", "RC", "0420"), ("S9131", "CPT", "S9131"), ("g0283", "HCPCS", "G0283")],
)
def test_codes_as_payers_write_them(tmp_path: Path, code: str, kind: str, known_as: str) -> None:
    assert set(found_rates(tmp_path, rates_file(item(code, price(50), kind=kind)))) == {(npi(1), known_as)}


@pytest.mark.parametrize("references_first", [True, False])
def test_groups_may_stand_before_or_behind(tmp_path: Path, references_first: bool) -> None:
    groups = {
        "provider_references": [
            {"provider_group_id": 7, "provider_groups": [{"npi": [int(npi(1)), npi(2), 0]}]},
            {"provider_group_id": 8, "location": "https://payer.example/groups/8.json"},
            {"provider_group_id": 10, "provider_groups": [{"npi": [int(npi(3))]}]},
        ]
    }
    items = {"in_network": [item("97110", price(50), provider_references=[7, 8, 9])]}
    content = json.dumps({**HEAD, **groups, **items} if references_first else {**HEAD, **items, **groups})
    layer = read(tmp_path, content, "rates.json")
    assert [row["npi"] for row in rows(layer, "insurance")] == sorted([npi(1), npi(2)])
    assert sorted(found.code for found in layer.notices) == ["providers_elsewhere", "providers_missing", "without_npi"]
    assert {found.value for found in layer.notices} >= {"https://payer.example/groups/8.json", "9"}


def test_values_that_are_no_price_are_left_out(tmp_path: Path) -> None:
    content = rates_file(
        item("97110", price(80, negotiated_type="percentage")),
        item("97112", price(0)),
        item("97116", price(999_999.99)),
        item("97140", price("free")),
        item("97530", price(30, billing_code_modifier=["CQ"])),
    )
    layer = read(tmp_path, content, "rates.json")
    assert codes(layer) == [
        ("rate_is_percentage", 1), ("rate_implausible", 2), ("rate_implausible", 3), ("rate_implausible", 4),
    ]  # fmt: skip
    assert layer.tables["fact"].empty
    assert len(layer.tables["insurance"]) == 1


def test_a_rate_that_had_expired_says_nothing(tmp_path: Path) -> None:
    layer = read(tmp_path, rates_file(item("97110", price(50, expiration_date="2026-05-31"))), "rates.json")
    assert codes(layer) == [("rate_expired", 1)]
    assert layer.tables["insurance"].empty


def test_rates_of_unlisted_providers_are_counted_and_stored(tmp_path: Path) -> None:
    who: dict[str, Any] = {"provider_groups": [{"npi": [int(npi(number)) for number in (1, 7, 8)]}]}
    content = rates_file(item("97110", price(5), **who), item("97112", price(5), **who))
    layer = read(tmp_path, content, "rates.json")
    assert [(found.code, found.times) for found in layer.notices] == [("npis_not_listed", 2)]
    assert set(layer.tables["insurance"]["npi"]) == {npi(1), npi(7), npi(8)}
    alone = reading.read(tmp_path, content, "rates.json")
    assert [(found.code, found.times) for found in alone.notices] == [("npis_not_listed", 3)]


def test_the_code_may_stand_behind_its_rates(tmp_path: Path) -> None:
    turned = [dict(reversed(list(item(code, price(50)).items()))) for code in ("97110", "27447")]
    assert set(found_rates(tmp_path, rates_file(*turned))) == {(npi(1), "97110")}


def test_a_plan_is_named_by_its_marketplace_id(tmp_path: Path) -> None:
    layer = read(tmp_path, rates_file(item("97110", price(5)), plan_id="12345XX01", plan_id_type="HIOS"), "rates.json")
    assert [row["plan"] for row in rows(layer, "insurance")] == ["12345XX01"]


def test_an_invalid_npi_has_one_notice(tmp_path: Path) -> None:
    who: dict[str, Any] = {"provider_groups": [{"npi": [1111111111, 1111111111, int(npi(2))]}]}
    layer = read(tmp_path, rates_file(item("97110", price(5), **who), item("97112", price(5), **who)), "rates.json")
    assert codes(layer) == [("npi_invalid", 1)]


def test_dates_and_halves(tmp_path: Path) -> None:
    with pytest.raises(AsOfNeeded):
        read(tmp_path, rates_file(item("97110", price(5)), last_updated_on=""), "rates.json")
    with pytest.raises(BrokenJson):
        read(tmp_path, rates_file(item("97110", price(5)))[:-20], "rates.json")


def test_an_endless_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finder.intake.sources.formats.json_stream.LONGEST_TEXT", 2_000_000)
    with pytest.raises(LineTooLong):
        read(tmp_path, rates_file(item("97110", price(5)) | {"description": "x" * 5_000_000}), "rates.json")


@pytest.mark.shared
def test_a_payer_s_real_file(shared_data: Path) -> None:
    path = shared_data / "transparency" / "2025-06-23_Evry-Health_in-network-rates.json"
    (layer,) = read_file([path], gazetteer=FewZips())
    assert (layer.rows, layer.as_of) == (23, date(2025, 6, 23))
    assert layer.tables["insurance"]["npi"].nunique() == 211
    content = json.loads(path.read_text())
    expected: dict[tuple[str, str], list[Decimal]] = {}
    for code in content["in_network"]:
        for rate in code["negotiated_rates"]:
            prices = [Decimal(str(one["negotiated_rate"])) for one in rate["negotiated_prices"]]
            for number in (number for group in rate["provider_groups"] for number in group["npi"]):
                expected.setdefault((number, code["billing_code"]), []).extend(prices)
    assert {(row["npi"], row["field"].rpartition(":")[2]): row["value"] for row in rows(layer, "fact")} == {
        key: f"{min(prices):.2f}-{max(prices):.2f}" for key, prices in expected.items()
    }


def test_a_group_in_a_file_of_its_own(tmp_path: Path) -> None:
    groups = {
        "provider_references": [{"provider_group_id": 7, "location": "https://payer.example/g/group-7.json?key=1"}]
    }
    rates, group = tmp_path / "rates.json", tmp_path / "group-7.json"
    rates.write_text(rates_file(item("97110", price(30), provider_references=[7]), **groups))
    group.write_text(json.dumps({"version": "1.0.0", "provider_groups": [{"npi": [int(npi(3))], "tin": {}}]}))
    (alone,) = read_file([rates], known_npis=[npi(3)], gazetteer=FewZips())
    assert codes(alone) == [("providers_elsewhere", 0)]
    (layer,) = read_file([group, rates], known_npis=[npi(3)], gazetteer=FewZips())
    assert codes(layer) == []
    assert [row["npi"] for row in rows(layer, "insurance")] == [npi(3)]
    with pytest.raises(RatesMissing):
        read_file([group], gazetteer=FewZips())


def test_a_group_s_number_in_two_spellings(tmp_path: Path) -> None:
    groups = {"provider_references": [{"provider_group_id": 7.0, "provider_groups": [{"npi": [npi(3)]}]}]}
    content = rates_file(item("97110", price(30), provider_references=[7]), **groups)
    assert found_rates(tmp_path, content) == {(npi(3), "97110"): "30.00-30.00"}


def test_entries_outside_any_list_are_passed_over(tmp_path: Path) -> None:
    strange = item("97110", price(30), provider_references=7, provider_groups={"npi": 5})
    assert found_rates(tmp_path, rates_file(strange)) == {}


def test_a_plan_that_only_the_rates_name_is_known_to_our_own_table_beside_them(tmp_path: Path) -> None:
    rates, table = tmp_path / "rates.json", tmp_path / "calls_2026-11-13.csv"
    rates.write_text(rates_file(item("97110", price(30))))
    table.write_text(f"npi,insurance_yes,verified_on\n{npi(1)},harborlight-hmo,2026-11-10\n")
    alone = [found.code for layer in read_file([table], gazetteer=FewZips()) for found in layer.notices]
    both = [found.code for layer in read_file([table, rates], gazetteer=FewZips()) for found in layer.notices]
    assert ("plan_unknown" in alone, "plan_unknown" in both) == (True, False)
