"""In-network rates: which amounts are the price of a visit with a physical therapist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.sources.payers.rates_files import entry, group, npis_by_plan, price, prices_of, rates, read
from tests.intake.sources.reading import codes


def test_the_range_of_prices_for_a_code(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        rates(entry("97110", price(27.8), price("480.00"), price(40.31)), entry("97110", price(20)), entry("27447")),
    )
    assert prices_of(found) == {"97110": "20.00-480.00"}


@pytest.mark.parametrize(
    ("values", "taken"),
    [
        ({}, True),
        ({"negotiated_type": "Fee Schedule"}, True),
        ({"negotiated_type": "derived"}, False),
        ({"negotiated_type": "per diem"}, False),
        ({"negotiated_type": "percentage"}, False),
        ({"negotiated_type": None}, False),
        ({"setting": "inpatient"}, False),
        ({"setting": "both"}, True),
        ({"setting": None, "billing_class": "institutional"}, True),
        ({"billing_code_modifier": ["GP", "59"]}, True),
        ({"billing_code_modifier": ["GO"]}, False),
        ({"billing_code_modifier": ["GP", "cq"]}, False),
        ({"billing_code_modifier": "gn"}, False),
        ({"billing_code_modifier": ["Co "]}, False),
        ({"negotiated_rate": 1}, True),
        ({"negotiated_rate": 0.99}, False),
        ({"negotiated_rate": 0}, False),
        ({"negotiated_rate": 999_999.99}, False),
        ({"negotiated_rate": "free"}, False),
        ({"negotiated_rate": "NaN"}, False),
        ({"additional_information": "Standard negotiated rate for established patients"}, True),
        ({"additional_information": "paid at 85 pct of billed charges"}, False),
        ({"additional_information": "65% of Medicare"}, False),
        ({"additional_information": "Lesser of rate and usual fee"}, False),
        ({"additional_information": "RVU x conversion factor"}, False),
    ],
)
def test_what_is_the_price_of_a_visit(tmp_path: Path, values: dict[str, Any], taken: bool) -> None:
    tested = price(**{"negotiated_rate": 50, **values})
    groups = [group(1, 1, networks=["PPO"]), group(2, 2, networks=["PPO"])]
    found = read(tmp_path, rates(entry("97110", price(38), tested), entry("97112", tested, to=[2]), groups=groups))
    assert (prices_of(found)["97110"] != "38.00-38.00", "97112" in prices_of(found)) == (taken, taken)
    assert len(npis_by_plan(found)["network:harbor-mutual.ppo"]) == 2, "whatever the price, this is a member"


def test_why_an_amount_is_no_price(tmp_path: Path) -> None:
    (layer,) = read(
        tmp_path,
        rates(
            entry("97110", price(80, negotiated_type="percentage")),
            entry("97112", price(0)),
            entry("97116", price(30, setting="inpatient"), price(30, billing_code_modifier=["CQ"])),
            entry("CSTM-00", price(80, negotiated_type="percentage")),
        ),
    )
    assert codes(layer) == [("rate_is_percentage", 1), ("rate_implausible", 2), ("rates_of_no_visit", 0)]
    assert layer.notices[-1].times == 2


@pytest.mark.parametrize(
    ("code", "kind", "is_member", "priced"),
    [
        ("97110", "CPT", True, "97110"),
        ("s9131", "CPT", True, "S9131"),
        ("g0283", "HCPCS", True, "G0283"),
        ("97110", None, True, "97110"),
        ("97110", "LOCAL", True, None),
        ("0420", "RC", True, None),
        ("420", "RC", True, None),
        ("0420", None, True, None),
        ("420", None, False, None),
        ("420", "MS-DRG", False, None),
        ("0430", "RC", False, None),
        ("97165", "CPT", False, None),
    ],
)
def test_codes_as_payers_write_them(
    tmp_path: Path, code: str, kind: str | None, is_member: bool, priced: str | None
) -> None:
    found = read(tmp_path, rates(entry(code) | {"billing_code_type": kind}))
    assert (bool(npis_by_plan(found)), list(prices_of(found))) == (is_member, [priced] if priced else [])
