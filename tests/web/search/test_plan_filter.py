"""The filter by insurance: plans under their insurers, a search where there are many, and what an old link may mean."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.intake.layers.layer import Layer, plan_tables
from finder.intake.publishing.publish import publish
from finder.releases.installation import Installation
from tests.conftest import make_app
from tests.fixtures.installation import Stage
from tests.intake.rows import NPIS, answer, make_layer, place, provider

SOURCE, DAY = "in_network_rates:alder", "2026-11-01"

WIDE, NARROW = "network:alder.wide", "network:alder.narrow"


def insurers(many: int = 0) -> Layer:
    """Two plans of one name, of which Alder's uses two networks; a plan of no known insurer; and ``many`` others."""
    rows = [
        answer(NPIS[0], WIDE, valid_until="2027-12-31"),
        answer(NPIS[1], WIDE, accepting_patients="no"),
        answer(NPIS[1], NARROW),
        answer(NPIS[2], "hios:22222MA0010001", valid_from="2027-01-01"),
        answer(NPIS[2], "plan:gold.zenith"),
        *(answer(NPIS[3], f"plan:{number:02}.birch") for number in range(many)),
    ]
    plans = [
        ("plan:gold.alder", "", "employer", "Gold PPO", "issuer:alder", "Alder Health"),
        ("plan:gold.zenith", "", "employer", "Gold PPO", "issuer:zenith", "Zenith"),
        (WIDE, "", "network", "Wide", "issuer:alder", "Alder Health"),
        (NARROW, "", "network", "Narrow", "issuer:alder", "Alder Health"),
    ]
    plans += [(f"plan:{one:02}.birch", "", "", f"Silver {one:02}", "issuer:birch", "Birch") for one in range(many)]
    related: dict[str, list[tuple[str, ...]]] = {
        "plan": [(*plan, SOURCE, DAY) for plan in plans],
        "plan_network": [("plan:gold.alder", WIDE, SOURCE, DAY), ("plan:gold.alder", NARROW, SOURCE, DAY)],
        "plan_alias": [("gold-ppo", f"plan:gold.{issuer}", SOURCE, DAY) for issuer in ("alder", "zenith")],
    }
    return replace(make_layer(SOURCE, DAY, complete=True, insurance=rows), plans=plan_tables(related))


PEOPLE = make_layer("nppes", DAY, provider=list(map(provider, NPIS[:4])), location=list(map(place, NPIS[:4])))


@pytest.fixture
def app(installation: Installation, stage: Stage) -> Flask:
    publish(installation, stage(PEOPLE, insurers()).id, by="ana")
    return make_app(installation.settings.home)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def filter_of(page: str) -> str:
    """The text of the filter by insurance."""
    inside = page.partition("<legend>Insurance</legend>")[2].partition("<legend>Therapists")[0]
    assert inside
    return " ".join(re.sub(r"<[^>]*>", " ", inside).split())


def test_plans_stand_under_their_insurers_and_who_is_in_two_networks_counts_once(client: FlaskClient) -> None:
    words = filter_of(client.get("/therapists?near=02139").text)
    assert "Alder Health Alder Health Gold PPO (2 yes, 2 ask)" in words
    assert "Zenith Zenith Gold PPO (1 yes, 3 ask)" in words
    assert "Wide" not in words, "a network that a plan uses is reached by the plan"
    assert "22222MA0010001" not in words, "a plan that begins next year is no answer yet"
    assert "Find your plan by name" not in words


def test_a_search_by_plan_finds_who_is_in_any_of_its_networks(client: FlaskClient) -> None:
    page = client.get("/therapists?near=02139&insurance=plan:gold.alder&insurance_status=yes").text
    assert page.count('class="listing"') == 2
    assert "Takes Alder Health Gold PPO" in page
    assert "In its network Wide." in page
    assert "The list says so until December 31, 2027." in page
    by_issuer = client.get("/therapists?near=02139&insurance=issuer:alder&insurance_status=yes").text
    assert by_issuer.count('class="listing"') == 2


def test_a_list_without_room_for_new_patients_says_so(client: FlaskClient) -> None:
    page = client.get(f"/therapists?near=02139&insurance={WIDE}&insurance_status=yes").text
    assert page.count("The list says: no new patients now.") == 1


def test_what_begins_later_is_asked_about_with_its_day(client: FlaskClient) -> None:
    page = client.get(f"/therapists/{NPIS[2]}").text
    assert "Listed as taking Plan 22222MA0010001 from January 1, 2027 on. Ask again." in page
    assert "Takes Plan 22222MA0010001" not in page


def test_an_old_link_to_two_plans_offers_the_choice(client: FlaskClient) -> None:
    answered = client.get("/therapists?near=02139&insurance=gold-ppo")
    assert answered.status_code == 400
    assert "Several plans have this name or number. Choose yours." in answered.text
    meant = answered.text.partition("Did you mean one of these?")[2].partition("</ul>")[0]
    offered = re.findall(r'<a class="chip" href="([^"]*)">([^<]*)</a>', meant)
    assert [label for _, label in offered] == ["Alder Health Gold PPO", "Zenith Gold PPO"]
    assert all(client.get(address.replace("&amp;", "&")).status_code == 200 for address, _ in offered)


def test_of_many_plans_some_are_listed_and_the_others_found_by_their_names(
    installation: Installation, stage: Stage
) -> None:
    publish(installation, stage(PEOPLE, insurers(many=40)).id, by="ana")
    client = make_app(installation.settings.home).test_client()
    words = filter_of(client.get("/therapists?near=02139").text)
    assert words.count("(1 yes, 3 ask)") == 29
    assert "12 more plans: type a part of the name on your card." in words
    assert "Find your plan by name" in words
    words = filter_of(client.get("/therapists?near=02139&plan_search=birch+39").text)
    assert "Birch Silver 39 (1 yes, 3 ask)" in words
    assert words.count("Silver") == 1
    words = filter_of(client.get("/therapists?near=02139&plan_search=nothing").text)
    assert "No plan near here has these words in its name." in words
    chosen = filter_of(client.get("/therapists?near=02139&plan_search=nothing&insurance=plan:39.birch").text)
    assert "Birch Silver 39" in chosen, "what is chosen stays in sight"


def test_a_plan_that_the_list_names_by_its_product_says_so(installation: Installation, stage: Stage) -> None:
    rates = make_layer(SOURCE, DAY, complete=True, insurance=[answer(NPIS[0], "hios:33333MA001/ppo")])
    used = {"plan_network": [("hios:33333MA001", "hios:33333MA001/ppo", SOURCE, DAY)]}
    market = make_layer("marketplace:33333", DAY, complete=True, insurance=[answer(NPIS[1], "hios:33333MA0010001")])
    publish(installation, stage(PEOPLE, replace(rates, plans=plan_tables(used)), market).id, by="ana")
    client = make_app(installation.settings.home).test_client()
    page = client.get("/therapists?near=02139&insurance=33333MA0010001-01&insurance_status=yes").text
    assert page.count('class="listing"') == 2
    assert page.count("The list names it by a shorter number: 33333MA001.") == 1
