"""The results page: the total counts all pages, filters can be removed, typed values stay."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.directory.builder import DirectoryBuilder
from tests.web.documents import cards, heading, links, page, value
from tests.web.reading import text_of


def pages_of(document: Element) -> int:
    """Return the number of pages of a list."""
    found = re.search(r"Page 1 of ([0-9]+)", text_of(document))
    return int(found[1]) if found else 1


def test_the_heading_says_how_many_and_where_and_has_the_focus(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=02139")
    assert re.fullmatch(
        r"[0-9]+ listings \([0-9]+ therapists?, [0-9]+ clinics?\) within 25 miles"
        r" of the center of 02139 \(Cambridge, MA\)",
        heading(document),
    )
    h1 = next(document.iter("h1"))
    assert h1.get("tabindex") == "-1"
    assert h1.get("autofocus") is not None


@pytest.mark.parametrize("query", ["near=02139&miles=50", "near=MA", "near=02139&miles=100&insurance=medicare"])
def test_the_number_is_that_of_the_cards_over_all_pages(client: FlaskClient, query: str) -> None:
    address: str | None = f"/therapists?{query}"
    total, seen = None, []
    while address:
        document = page(client, address)
        total = int(heading(document).split(" ")[0].replace(",", ""))
        seen += [next(card.iter("a")).get("href", "") + (card.get("aria-labelledby") or "") for card in cards(document)]
        address = next(iter(links(document, "Next page")), None)
    assert total == len(seen) == len(set(seen))
    assert total > 20


@pytest.mark.parametrize("near", ["02139", "02139-4307", "cambridge ma", "42.3647,-71.1042"])
def test_everything_typed_stays_in_the_form(client: FlaskClient, near: str) -> None:
    document = page(client, f"/therapists?near={near}&miles=50&sort=name&q=numb+a&name=b")
    assert value(document, "near") == near
    assert value(document, "miles") == "50"
    assert value(document, "sort") == "name"
    assert value(document, "q") == "numb a"
    assert value(document, "name") == "b"


def test_each_card_has_a_phone_link_evidence_insurance_and_a_cost(client: FlaskClient) -> None:
    for card in cards(page(client, "/therapists?near=02139&miles=50")):
        text = text_of(card)
        assert [link for link in card.iter("a") if (link.get("href") or "").startswith("tel:+1")]
        assert re.search(r"Call \([0-9]{3}\) 555-01[0-9]{2}", text)
        assert re.search(r"[0-9.]+ miles(:| from the center of) ", text)
        assert re.search(r"Source: .+, [A-Z][a-z]+ [0-9]+, 20[0-9]{2}", text)
        assert "Medicare" in text
        assert re.search(r"About \$[0-9]+\.[0-9]{2}", text) or (
            re.search("Does not take Medicare|Listed as not taking Medicare", text)
            and "We cannot show a cost with Medicare" in text
        )


def test_listings_that_take_the_insurance_come_before_unknown_ones(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=MA&insurance=medicare")
    titles = [text_of(title) for title in document.iter("h2")]
    assert "They take Medicare" in titles
    last = page(client, f"/therapists?near=MA&insurance=medicare&page={pages_of(document)}")
    assert "Ask whether they take it" in [text_of(title) for title in last.iter("h2")]
    clear = page(client, "/therapists?near=MA&insurance=medicare&insurance_status=yes")
    assert "Ask whether they take it" not in [text_of(title) for title in clear.iter("h2")]
    assert int(heading(clear).split(" ")[0]) < int(heading(document).split(" ")[0])


def test_an_active_filter_can_be_removed(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=02139&specialty=neurologic&specialty=hand&insurance=medicare&page=1")
    (off,) = links(document, "Hand")
    assert "specialty=hand" not in off
    assert "specialty=neurologic" in off
    assert "insurance=medicare" in off
    assert "near=02139" in off


def test_the_count_of_a_filter_is_the_number_found_with_it(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=02139&miles=100")
    label = next(one for one in document.iter("label") if one.get("for") == "specialty-neurologic")
    count = re.search(r"\(([0-9,]+)\)", text_of(label))
    assert count
    chosen = page(client, "/therapists?near=02139&miles=100&specialty=neurologic")
    assert heading(chosen).split(" ")[0] == count[1]


def test_an_offer_is_a_filter_with_a_count_and_can_be_removed(client: FlaskClient) -> None:
    unfiltered = page(client, "/therapists?near=02139&miles=100")
    assert "What they offer" in [text_of(one) for one in unfiltered.iter("legend")]
    offered = {one.get("value"): one for one in unfiltered.iter("input") if one.get("name") == "offers"}
    assert list(offered) == ["aquatic"], "the sample tells of nothing else"
    label = next(one for one in unfiltered.iter("label") if one.get("for") == "offers-aquatic")
    count = re.fullmatch(r"Therapy in water \(([0-9]+)\)", text_of(label))
    assert count
    chosen = page(client, "/therapists?near=02139&miles=100&offers=aquatic")
    assert heading(chosen).split(" ")[0] == count[1]
    (off,) = links(chosen, "Therapy in water")
    assert "offers" not in off
    assert heading(page(client, off)) == heading(unfiltered)


def test_a_card_shows_offers_only_if_the_search_has_them(client: FlaskClient) -> None:
    yes = r"Offers therapy in water(?:. Ask again.)?Source: made-up sample data, [A-Z][a-z]+ [0-9]+, 20[0-9]{2}"
    for path in ("/therapists", "/therapists/map"):
        cards_found = cards(page(client, f"{path}?near=02139&miles=100&offers=aquatic"))
        assert cards_found
        assert all(re.search(yes, text_of(card)) for card in cards_found)
        others = cards(page(client, f"{path}?near=02139&miles=100"))
        assert not [card for card in others if "water" in text_of(card)]


def test_no_listing_with_an_offer_has_a_message(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=02139&miles=100&offers=telehealth")
    assert "The filter that takes out most is what they offer." in text_of(document)
    (drop,) = links(document, "Leave out what they offer")
    assert heading(page(client, drop)) == heading(page(client, "/therapists?near=02139&miles=100"))
    ticked = [one for one in document.iter("input") if one.get("name") == "offers"]
    assert [(one.get("value"), one.get("checked") is not None) for one in ticked] == [
        ("telehealth", True),
        ("aquatic", False),
    ]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/therapists", "Type a place"),
        ("/therapists?near=", "Type a place"),
        ("/therapists?near=00001", "We do not know that ZIP code"),
        ("/therapists?near=zzzzzz", "We do not know that place"),
        ("/therapists?near=09001", "military"),
        ("/therapists?near=02139&miles=5000", "Choose a distance from 5 to 100 miles."),
        ("/therapists?near=02139&specialty=magic", "Choose a specialty from the list."),
        ("/therapists?near=02139&insurance=magic", "Choose an insurance from the list."),
        ("/therapists?near=02139&offers=magic", "Choose what they offer from the list."),
        ("/therapists?near=02139&page=0", "Choose a page"),
        ("/therapists?near=02139&sort=magic", "Choose an order"),
        ("/therapists?near=02139&entity=magic", "Choose therapists or clinics."),
    ],
)
def test_an_invalid_value_is_an_error_and_stays_typed(client: FlaskClient, address: str, says: str) -> None:
    document = page(client, address, 400)
    assert says in text_of(document)
    assert (value(document, "near") or "") in address


def test_a_misspelled_city_is_offered_as_a_link_that_keeps_the_rest(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=Cambrigde, MA&specialty=neurologic&miles=10", 400)
    (offer,) = [one for one in links(document, "Cambridge, MA") if one.startswith("/therapists?")]
    assert "specialty=neurologic" in offer
    assert "miles=10" in offer
    assert "within 10 miles" in heading(page(client, offer))


def test_a_name_in_many_states_is_a_choice_of_links(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=Springfield", 400)
    offers = links(document, "Springfield, ")
    assert len(offers) > 5
    assert page(client, offers[0]) is not None


def test_no_result_explains_why_and_offers_other_searches(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=02139&miles=5&q=Nobodyiscalledthis")
    text = text_of(document)
    assert heading(document).startswith("0 listings (0 therapists, 0 clinics)")
    assert "The filter that takes out most is the name." in text
    assert "Other ways to get care" in text
    (drop,) = links(document, "Leave out the name")
    assert "q=" not in drop
    assert int(heading(page(client, drop)).split(" ")[0]) > 0
    assert [one for one in document.iter("section") if one.get("role") == "status"]


def test_no_result_nearby_shows_the_nearest_with_its_miles(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=99723&miles=5&specialty=neurologic")
    assert "What takes out most is the distance" in text_of(document)
    assert heading(document).startswith("0 listings")
    (nearest,) = cards(document)
    assert re.search(r"[0-9,]+ miles from the center of 99723", text_of(nearest))


def test_filters_that_exclude_all_only_together_can_be_removed_together(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=02139&miles=5&specialty=ergonomics&name=Nobodyiscalledthis")
    assert "No single filter is in the way" in text_of(document)
    (drop,) = links(document, "Leave out all filters")
    assert int(heading(page(client, drop)).split(" ")[0]) > 0


def test_each_wider_radius_with_more_listings_is_offered(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=05401&miles=5&specialty=neurologic")
    ways = {link: label for label in LOOKS_WIDER for link in links(document, label)}
    assert ways
    for link, label in ways.items():
        (link_text,) = [text_of(one) for one in document.iter("a") if one.get("href") == link]
        assert heading(page(client, link)).split(" ")[0] == link_text.removeprefix(label).split(" ")[1]


def test_no_result_offers_video_visits_in_the_state(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = DirectoryBuilder()
    for number, (state, zip_code) in enumerate([("AK", "99501"), ("AK", "99501"), ("WA", "98101")]):
        npi = builder.provider(number, "Ana Lee")
        builder.location(npi, 61.2, -149.9, state=state, zip_code=zip_code)
        builder.fact(npi, "telehealth", "yes")
        builder.evidence(npi, "neurologic" if number else "hand")
    directory = builder.directory(tmp_path / "release.sqlite")
    monkeypatch.setattr(app.extensions["finder"].current, "get", lambda: directory)
    client = app.test_client()
    near = "/therapists?near=99723&miles=5"
    for address, count in {near: 2, f"{near}&specialty=hand": 1, f"{near}&q=hand+therapy+by+video": 1}.items():
        (way,) = links(page(client, address), f"Visits by video in Alaska: {count} listing")
        assert heading(page(client, way)).split(" ")[0] == str(count), address
    for address in (
        f"{near}&offers=aquatic",
        f"{near}&specialty=sports",
        "/therapists?near=59101",
        "/therapists?near=VT",
    ):
        assert not links(page(client, address), "Visits by video"), address


LOOKS_WIDER = [f"Look within {miles} miles:" for miles in (10, 25, 50, 75, 100)]


def test_a_need_that_excludes_all_is_removed_as_a_whole(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=05401&miles=100&q=safe+ways+to+work+carpal+tunnel&name=Zzz")
    (drop,) = links(document, "Leave out the name")
    assert "name=" not in drop
    assert "q=" in drop
    document = page(client, "/therapists?near=02139&miles=5&specialty=electrophysiology")
    (drop,) = links(document, "Leave out the kind of therapist")
    assert "specialty=" not in drop
    assert {text_of(one) for one in document.iter("a")} >= {"Other ways to care", "What Medicare pays"}


HOSTILE = ["<script>alert(1)</script>", "' OR 1=1 --", "{{ 7*7 }}", "%(x)s", "\x00", "日本" * 40, "a" * 5000, "../../x"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_text_is_text(client: FlaskClient, typed: str) -> None:
    for name in (
        "near",
        "q",
        "specialty",
        "insurance",
        "miles",
        "sort",
        "page",
        "entity",
        "insurance_status",
        "offers",
    ):
        arguments = {"near": "02139", name: typed}
        response = client.get("/therapists", query_string=arguments)
        assert response.status_code in {200, 400}
        assert "<script>alert" not in response.text


def test_a_page_past_the_last_is_empty_and_leads_back(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=02139&page=999")
    assert links(document, "Earlier page")
