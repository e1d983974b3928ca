"""Pages of the NPI Registry: providers, errors, truncated and full pages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finder.intake.sources.errors import BrokenJson, NobodyInside, RegistryRefused
from finder.intake.sources.registry import read_file
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import codes, read, rows


def place(purpose: str, street: str, **values: str) -> dict[str, str]:
    return {
        "address_purpose": purpose, "address_1": street, "address_2": "", "city": "CAMBRIDGE", "state": "MA",
        "postal_code": "021394307", "country_code": "US", "telephone_number": "617-555-0123",
    } | values  # fmt: skip


def result(number: int, code: str = "225100000X", **basic: str) -> dict[str, Any]:
    return {
        "enumeration_type": "NPI-1",
        "number": int(npi(number)),
        "basic": {
            "first_name": "ROSA", "last_name": "MCALDERLY", "middle_name": "L", "credential": "PT, NCS",
            "last_updated": "2026-06-01", "status": "A",
        } | basic,
        "addresses": [place("MAILING", "PO BOX 7"), place("LOCATION", "77 PINWHEEL ST")],
        "practiceLocations": [place("", "5 KITE RD"), place("", "77 PINWHEEL STREET")],
        "taxonomies": [{"code": code, "state": "MA", "license": "12345"}],
    }  # fmt: skip


def answer(*results: Any, count: int | str | None = None) -> str:
    return json.dumps({"result_count": len(results) if count is None else count, "results": list(results)})


def test_a_therapist_with_all_locations(tmp_path: Path) -> None:
    layer = read(tmp_path, answer(result(1), result(2, "207Q00000X")), "page.json")
    assert (layer.source, layer.as_of, layer.rows) == ("npi_registry", date(2026, 6, 1), 2)
    (provider,) = rows(layer, "provider")
    assert (provider["name"], provider["credentials"]) == ("Rosa L. McAlderly", "PT, NCS")
    assert [row["street"] for row in rows(layer, "location")] == ["77 Pinwheel St", "5 Kite Rd"]
    assert "board_certified" in set(layer.tables["specialty"]["kind"])
    assert [row["value"] for row in rows(layer, "fact")] == ["MA:12345"]
    assert codes(layer) == [("other_specialty", 0)]


def test_trade_names_are_kept_as_the_file_of_nppes_has_them(tmp_path: Path) -> None:
    clinic = result(1, "261QP2000X", organization_name="KITE HOLDINGS LLC") | {
        "enumeration_type": "NPI-2",
        "other_names": [
            {"type": "Former Legal Business Name", "code": "4", "organization_name": "OLD KITE INC"},
            {"type": "Doing Business As", "code": "3", "organization_name": "KITE PHYSICAL THERAPY"},
            {"type": "Doing Business As", "code": "3", "organization_name": "KITE PHYSICAL THERAPY"},
        ],
    }
    person = result(2) | {"other_names": [{"type": "Former Name", "code": "1", "first_name": "R", "last_name": "OLD"}]}
    layer = read(tmp_path, answer(clinic, person), "page.json")
    assert [(row["npi"], row["street"], row["name"]) for row in rows(layer, "location")] == [
        (npi(1), "77 Pinwheel St", "Kite Physical Therapy"),
        (npi(1), "5 Kite Rd", "Kite Physical Therapy"),
        (npi(2), "77 Pinwheel St", ""),
        (npi(2), "5 Kite Rd", ""),
    ]
    assert [(row["npi"], row["field"], row["value"]) for row in rows(layer, "fact") if row["field"] != "license"] == [
        (npi(1), "former_name", "Old Kite Inc"),
        (npi(1), "doing_business_as", "Kite Physical Therapy"),
    ]


def test_deactivated_reactivated_and_gone_from_the_profession(tmp_path: Path) -> None:
    content = answer(
        result(1, status="D", deactivation_date="2026-05-01"),
        result(2, deactivation_date="2026-05-01", reactivation_date="2026-05-09"),
        result(3, "207Q00000X"),
    )
    layer = read(tmp_path, content, "page.json", known=[npi(3)])
    assert [(row["npi"], row["status"]) for row in rows(layer, "provider")] == [
        (npi(1), "deactivated"), (npi(2), "active"), (npi(3), "left_profession"),
    ]  # fmt: skip
    assert codes(layer) == [("deactivated", 1), ("reactivated", 2), ("no_longer_therapist", 3)]


def test_a_page_that_is_cut_and_one_that_is_full(tmp_path: Path) -> None:
    cut = read(tmp_path, answer(result(1), count=200), "cut.json")
    assert cut.notices[0].code == "results_cut_short"
    assert cut.notices[0].message.arguments == {"claimed": 200, "held": 1}
    full = read(tmp_path, answer(*(result(number) for number in range(200))), "full.json")
    assert codes(full) == [("results_full", 0)]
    assert codes(read(tmp_path, answer(result(1), count="²"), "wrong.json")) == []


def test_pages_repeat_and_hold_wrong_numbers(tmp_path: Path) -> None:
    for name, content in {"a.json": answer(result(1)), "b.json": answer(result(1), {"number": 123}, "text")}.items():
        (tmp_path / name).write_text(content)
    (layer,) = read_file([tmp_path / "a.json", tmp_path / "b.json"], gazetteer=FewZips())
    assert {found.code for found in layer.notices} == {"duplicate_row", "npi_invalid", "results_cut_short"}
    assert list(layer.tables["provider"]["npi"]) == [npi(1)]


def test_of_two_results_the_later_is_taken_in_any_order(tmp_path: Path) -> None:
    pages = {"old.json": result(1, last_name="OLD", last_updated="2020-01-01"), "new.json": result(1, last_name="NEW")}
    for name, found in pages.items():
        (tmp_path / name).write_text(answer(found))
    for order in (["old.json", "new.json"], ["new.json", "old.json"]):
        (layer,) = read_file([tmp_path / name for name in order], gazetteer=FewZips())
        assert [row["name"] for row in rows(layer, "provider")] == ["Rosa L. New"]
        assert len(layer.tables["location"]) == 2
        assert codes(layer) == [("npi_repeated", 1)]


def test_a_date_that_cannot_be_read_is_not_that_of_the_page(tmp_path: Path) -> None:
    layer = read(tmp_path, answer(result(1, last_updated="13/45/2026"), result(2)), "page.json")
    assert [row["as_of"] for row in rows(layer, "provider")] == ["", "2026-06-01"]
    assert codes(layer) == [("date_invalid", 1)]


def test_a_registry_error_has_a_notice_in_its_words(tmp_path: Path) -> None:
    error = {"Errors": [{"field": "generic", "number": "04", "description": "No valid search criteria provided"}]}
    with pytest.raises(RegistryRefused, match="No valid search criteria"):
        read(tmp_path, json.dumps(error), "error.json")
    (tmp_path / "page.json").write_text(answer(result(1)))
    (layer,) = read_file([tmp_path / "error.json", tmp_path / "page.json"], gazetteer=FewZips())
    assert [found.value for found in layer.notices if found.code == "registry_error"] == [
        "No valid search criteria provided"
    ]


def test_no_results_and_half_a_file(tmp_path: Path) -> None:
    assert read(tmp_path, answer(), "none_20260601.json").rows == 0
    with pytest.raises(NobodyInside):
        read(tmp_path, answer(), "none.json")
    with pytest.raises(BrokenJson):
        read(tmp_path, answer(result(1))[:-40], "half.json")


def test_pages_and_results_that_were_put_together(tmp_path: Path) -> None:
    pages = [json.loads(answer(result(1))), json.loads(answer(result(2), result(1)))]
    results = [one for page in pages for one in page["results"]]
    for content in (
        json.dumps(pages),
        json.dumps(results),
        "\n".join(map(json.dumps, results)),
        json.dumps(results[1]),
    ):
        layer = read(tmp_path, content, "kept.json")
        assert layer.source == "npi_registry"
        assert set(layer.tables["provider"]["npi"]) == (
            {npi(1), npi(2)} if content[0] == "[" or "\n" in content else {npi(2)}
        )


@pytest.mark.shared
def test_the_recorded_answers(shared_data: Path) -> None:
    paths = sorted((shared_data / "npi_api" / "recorded").glob("*.json"))
    (layer,) = read_file(paths, gazetteer=FewZips())
    found = [notice.code for notice in layer.notices]
    assert len(paths) == 11
    assert found.count("registry_error") == 2
    assert found.count("results_cut_short") == 1
    assert set(layer.tables["provider"]["entity"]) <= {"organization"}
