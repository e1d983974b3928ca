"""Keys of plans: made from identifiers in any spelling, never from a name alone, never empty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.directory.plans.keys import (
    LONGEST_PART,
    hios_key,
    issuer_key,
    medicare_advantage_key,
    network_key,
    product_of,
    published_plan_key,
    slug,
)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("H2406-013", "ma:H2406-013"),
        ("h2406 013 000", "ma:H2406-013-0"),
        ("H1234 005 1", "ma:H1234-005-1"),
        ("ma:H2406-013-0", "ma:H2406-013-0"),
        ("R1234/7", "ma:R1234-007"),
        ("H2406", None),
        ("Gold PPO", None),
        ("11111MA0010001", None),
    ],
)
def test_every_spelling_of_a_card_gives_one_key(written: str, key: str | None) -> None:
    assert medicare_advantage_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("11111MA0010001", "hios:11111MA0010001"),
        ("11111MA0010001-02", "hios:11111MA0010001"),
        ("11111ma001000106", "hios:11111MA0010001"),
        ("hios:11111MA001", "hios:11111MA001"),
        ("11111", None),
        ("121212121", None),
    ],
)
def test_the_variants_of_a_marketplace_plan_are_one_plan(written: str, key: str | None) -> None:
    assert hios_key(written) == key


@pytest.mark.parametrize(
    ("published", "key"),
    [
        (("hios", "22222MA002", "Silver 200", "Bluestone Mutual"), "hios:22222MA002"),
        (("HIOS", "22222", "Silver 200", "X"), "hios:22222.silver-200.x"),
        (("ein", "12-1212121", "Gold PPO", "Bluestone"), "ein:121212121.gold-ppo.bluestone"),
        (("EIN", "12345", "Gold PPO", "Bluestone"), "plan:gold-ppo.bluestone"),
        (("", "", "Gold PPO", "Zenith"), "plan:gold-ppo.zenith"),
        (("", "", "", "Bluestone Mutual"), None),
        (("", "", " - ", ""), None),
    ],
)
def test_an_identifier_of_an_issuer_or_sponsor_counts_with_plan_and_issuer(
    published: tuple[str, str, str, str], key: str | None
) -> None:
    assert published_plan_key(*published) == key


def test_a_network_belongs_to_its_payer_or_to_the_plan_whose_file_names_it() -> None:
    assert network_key("Bluestone Mutual", "Narrow HMO") == "network:bluestone-mutual.narrow-hmo"
    assert network_key("hios:22222.silver-200.x", "PPO") == "hios:22222.silver-200.x/ppo"


def test_an_issuer_is_known_by_its_number_else_by_its_name() -> None:
    assert issuer_key("Alder Health", "hios:11111MA0010001") == "issuer:11111"
    assert issuer_key("Alder Health", "network:alder-health.a") == "issuer:alder-health"
    assert issuer_key("") == ""


def test_the_product_of_a_marketplace_plan_is_the_beginning_of_its_number() -> None:
    assert product_of("hios:11111MA0010001") == "hios:11111MA001"
    assert product_of("hios:11111MA001") is None
    assert product_of("ma:H2406-013-0") is None


@given(st.text(max_size=90))
def test_a_part_of_a_key_is_short_plain_and_stable(name: str) -> None:
    part = slug(name)
    assert len(part) <= LONGEST_PART
    assert set(part) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert part or not any(map(str.isalnum, name))


def test_long_names_that_begin_alike_stay_apart() -> None:
    one, other = (slug(f"{'The very long name of a plan of this employer ' * 2}{end}") for end in ("one", "two"))
    assert one != other


def test_names_in_other_letters_stay_apart() -> None:
    assert slug("Salud Ávila") == slug("Salud Avila") == "salud-avila"
    assert len({slug("Plan 健康"), slug("Plan 平安"), slug("Plan"), slug("健康")}) == 4
    assert slug("Здоровье") == slug("ЗДОРОВЬЕ")


def test_a_sign_can_tell_two_networks_apart_and_case_and_stops_never_do() -> None:
    assert len({slug("Choice"), slug("Choice+"), slug("Choice++"), slug("Choice Plus")}) == 4
    long = "Alder Health Advantage Preferred Provider Organization of New England"
    assert slug(long) == slug(long.upper()) == slug(f"{long}.")
    assert slug("Gold PPO (HSA)") == slug("gold ppo hsa") == "gold-ppo-hsa"
