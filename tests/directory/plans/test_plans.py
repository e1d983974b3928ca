"""The plans of a release: their names, who speaks for them, and what an earlier key or a card leads to."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from finder.directory.plans.answers import answer_for, at_location
from finder.directory.plans.plans import Plan, Plans
from finder.directory.provider import Insurance, InsuranceStatus

TODAY = date(2026, 11, 30)


def insurance(
    plan: str, status: InsuranceStatus, location_key: str = "", first: date | None = None, last: date | None = None
) -> Insurance:
    return Insurance(
        plan=plan,
        status=status,
        location_key=location_key,
        valid_from=first,
        valid_until=last,
        source="plan_net:alder",
        as_of=date(2026, 11, 1),
    )


def _bare(key: str) -> Plan:
    return Plan(key=key)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("medicare", "Medicare"),
        ("va", "VA Community Care"),
        ("harborlight-ppo", "Harborlight PPO"),
        ("northwind-gold", "Northwind Gold"),
        ("hios:12345XX9876543", "Plan 12345XX9876543"),
        ("ma:H1234-001-0", "Plan H1234-001-0"),
    ],
)
def test_a_plan_that_nobody_describes_has_a_readable_name(key: str, name: str) -> None:
    assert Plans(answered=[key]).name(key) == name


def test_a_name_says_whose_it_is_and_two_equal_ones_have_their_numbers() -> None:
    plans = Plans(
        [
            Plan(key="network:alder.a", kind="network", name="A", issuer="issuer:alder", issuer_name="Alder Health"),
            Plan(key="ein:1.gold.bluestone", name="Gold PPO", issuer="issuer:bluestone", issuer_name="Bluestone"),
            Plan(key="ein:2.gold.zenith", name="Gold PPO", issuer="issuer:zenith", issuer_name="Zenith"),
            Plan(key="hios:1", name="Zenith Silver", issuer="issuer:zenith", issuer_name="Zenith"),
            Plan(key="hios:2", name="Zenith SILVER", issuer="issuer:zenith", issuer_name="Zenith"),
        ]
    )  # fmt: skip
    assert [plans.name(key) for key in plans.choices] == [
        "Alder Health A", "Bluestone Gold PPO", "Zenith Gold PPO", "Zenith Silver (1)", "Zenith SILVER (2)",
    ]  # fmt: skip
    assert plans.name("issuer:zenith") == "Zenith"


def test_plans_are_grouped_by_issuer_and_those_of_none_come_last() -> None:
    plans = Plans(
        [
            Plan(key="z", name="Z One", issuer="issuer:zenith", issuer_name="Zenith"),
            Plan(key="a", name="A One", issuer="issuer:alder", issuer_name="Alder"),
            Plan(key="a2", name="A Two", issuer="issuer:alder", issuer_name="Alder"),
        ],
        answered=["harborlight-ppo"],
    )
    grouped = [(issuer.name, [plan.key for plan in issuer.plans]) for issuer in plans.issuers(plans.choices)]
    assert grouped == [("Alder", ["a", "a2"]), ("Zenith", ["z"]), ("", ["harborlight-ppo"])]


def test_a_network_that_plans_use_is_no_choice_of_its_own() -> None:
    plans = Plans(answered=["wide", "narrow"], networks=[("gold", "wide"), ("silver", "wide")])
    assert plans.choices == ("narrow",)
    assert Plans([Plan(key="gold", name="Gold")], answered=["wide"], networks=[("gold", "wide")]).choices == ("gold",)


def test_a_network_of_one_plan_is_known_by_the_plan() -> None:
    plans = Plans(networks=[("gold", "gold/ppo"), ("gold", "wide"), ("silver", "wide")])
    assert [plans.representative(key) for key in ("gold/ppo", "wide", "gold")] == ["gold", "wide", "gold"]


def test_a_marketplace_plan_and_its_product_are_joined() -> None:
    plans = Plans(answered=["hios:11111MA0010001", "hios:11111MA001"], networks=[("hios:11111MA001", "ppo")])
    assert plans.covering("hios:11111MA0010001") == ("hios:11111MA0010001", "hios:11111MA001", "ppo")
    assert plans.covering("hios:11111MA001") == ("hios:11111MA001", "ppo", "hios:11111MA0010001")
    assert plans.choices == ("hios:11111MA0010001",)


def test_a_product_with_several_plans_is_not_taken_for_one_of_them() -> None:
    plans = Plans(answered=["hios:11111MA0010001", "hios:11111MA0010002", "hios:11111MA001"])
    assert plans.covering("hios:11111MA001") == ("hios:11111MA001",)


def test_an_issuer_stands_for_all_its_plans_and_networks() -> None:
    plans = Plans(
        [Plan(key="gold", issuer="issuer:alder"), Plan(key="net", kind="network", issuer="issuer:alder")],
        networks=[("gold", "net")],
    )
    assert plans.covering("issuer:alder") == ("gold", "net")
    assert plans.resolve("issuer:alder") == ("issuer:alder",)


def test_an_issuer_stands_for_plans_that_only_their_number_names() -> None:
    plans = Plans(
        [Plan(key="hios:11111MA0010001", name="Silver", issuer="issuer:11111")], answered=["hios:11111MA0020002"]
    )
    assert {"hios:11111MA0010001", "hios:11111MA0020002"} <= set(plans.covering("issuer:11111"))
    assert [issuer.name for issuer in plans.issuers(plans.choices)] == [""], "a number is no name"


def test_a_number_on_a_card_finds_the_plan_that_is_known_by_a_shorter_one() -> None:
    plans = Plans(answered=["hios:22222MA002", "ma:H2406-013"])
    assert plans.resolve("22222MA0020001-04") == ("hios:22222MA002",)
    assert plans.resolve("H2406-013-000") == ("ma:H2406-013",)


def test_an_earlier_key_of_two_plans_is_no_choice_though_staff_answered_for_it() -> None:
    plans = Plans(answered=["gold-ppo", "a", "b"], aliases=[("gold-ppo", "a"), ("gold-ppo", "b")])
    assert plans.choices == ("a", "b")


def test_an_earlier_key_leads_on_and_one_of_two_plans_offers_the_choice() -> None:
    plans = Plans(
        map(_bare, ("ma:H2406-013-0", "ma:H0028-074-1", "ma:H0028-074-2", "hios:11111MA0010001")),
        aliases=[("gold-ppo", "ein:1.gold"), ("gold-ppo", "ein:2.gold"), ("evry-health", "network:evry.ppo")],
    )  # fmt: skip
    assert plans.resolve("evry-health") == ("network:evry.ppo",)
    assert plans.resolve("gold-ppo") == ("ein:1.gold", "ein:2.gold")
    assert plans.resolve("h2406 013 000") == plans.resolve("H2406-013") == ("ma:H2406-013-0",)
    assert plans.resolve("H0028-074") == ("ma:H0028-074-1", "ma:H0028-074-2")
    assert plans.resolve("11111ma0010001-02") == ("hios:11111MA0010001",)
    assert plans.resolve("nothing") == ()
    assert plans.resolve(" medicare ") == ("medicare",)


@pytest.mark.parametrize(
    ("words", "found"),
    [("gold", True), ("alder gold", True), ("GOLD alder", True), ("silver", False), ("H2406 013", True), ("", True)],
)
def test_a_plan_is_found_by_words_of_its_name_issuer_or_number(words: str, found: bool) -> None:
    plans = Plans([Plan(key="ma:H2406-013-0", name="Gold Plus", issuer="issuer:a", issuer_name="Alder Health")])
    assert plans.search(["ma:H2406-013-0"], words) == (["ma:H2406-013-0"] if found else [])


@pytest.mark.parametrize("status", get_args(InsuranceStatus))
def test_the_answer_of_a_location_overrides_that_of_the_provider(status: InsuranceStatus) -> None:
    answers = [
        insurance("medicare", status, "here"),
        insurance("medicare", "yes"),
        insurance("medicare", "no", "there"),
    ]
    assert [answer.status for answer in at_location(answers, "here", TODAY)] == [status]
    assert [answer.status for answer in at_location(answers, "elsewhere", TODAY)] == ["yes"]


def test_an_answer_counts_from_its_first_day_until_its_last() -> None:
    answers = [
        insurance("ended", "yes", last=date(2026, 11, 29)),
        insurance("coming", "yes", first=date(2026, 12, 1)),
        insurance("today", "yes", first=TODAY, last=TODAY),
        insurance("ended", "no", "here", last=date(2026, 11, 29)),
    ]
    assert [answer.plan for answer in at_location(answers, "here", TODAY)] == ["today"]
    assert [answer.plan for answer in at_location(answers, "here", date(2026, 12, 1))] == ["coming"]


@pytest.mark.parametrize(
    ("answers_given", "status"),
    [
        ({}, None),
        ({"wide": "yes"}, "yes"),
        ({"wide": "no"}, None),
        ({"wide": "no", "narrow": "no"}, "no"),
        ({"wide": "yes", "narrow": "no"}, "yes"),
        ({"gold": "no", "wide": "yes"}, "no"),
        ({"gold": "yes", "wide": "no", "narrow": "no"}, "yes"),
        ({"gold": "unknown", "wide": "yes"}, "yes"),
        ({"gold": "unknown"}, "unknown"),
    ],
)
def test_a_plans_own_answer_comes_before_those_of_its_networks(
    answers_given: dict[str, InsuranceStatus], status: InsuranceStatus | None
) -> None:
    plans = Plans(networks=[("gold", "wide"), ("gold", "narrow")])
    found = answer_for("gold", [insurance(plan, one) for plan, one in answers_given.items()], plans)
    assert (found and found.status) == status
