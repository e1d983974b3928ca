"""Searching by a typed need: words lead to specialties and offers, and the page explains how."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.directory.vocabulary.need import understand
from finder.web.search.forms import GOALS
from tests.web.documents import cards, heading, links, page, value
from tests.web.reading import parsed, text_of

PLACE = "near=02139&miles=50"


def understood_text(client: FlaskClient, address: str) -> str:
    """Return the text that explains how the words were understood."""
    (found,) = [one for one in page(client, address).iter("section") if one.get("aria-labelledby") == "understood"]
    return text_of(found)


def total(client: FlaskClient, address: str) -> int:
    """Return the number of results in the heading."""
    return int(heading(page(client, address)).split(" ")[0].replace(",", ""))


def test_words_lead_to_specialties_and_the_page_explains_how(client: FlaskClient) -> None:
    words = understood_text(client, f"/therapists?q=numb+feet&{PLACE}")
    assert "numb feet → leads to: neurologic physical therapy or treats neuropathy (Numbness or tingling)" in words
    found = total(client, f"/therapists?q=numb+feet&{PLACE}")
    assert found == total(client, f"/therapists?specialty=neurologic&specialty=treats_neuropathy&{PLACE}")
    assert 0 < found < total(client, f"/therapists?{PLACE}")


def test_words_lead_to_offers_and_the_page_explains_how(client: FlaskClient) -> None:
    assert "pool → leads to: therapy in water (Exercise in a pool)" in understood_text(
        client, f"/therapists?q=pool&{PLACE}"
    )
    found = total(client, f"/therapists?q=pool&{PLACE}")
    assert 0 < found == total(client, f"/therapists?offers=aquatic&{PLACE}") < total(client, f"/therapists?{PLACE}")
    assert found == total(client, f"/therapists?q=piscina&{PLACE}&lang=es")
    document = page(client, f"/therapists?q=pool&{PLACE}")
    assert "Your words already ask for: therapy in water." in text_of(document)
    assert not links(document, "Remove the filter: Therapy in water")
    assert all("Offers therapy in water" in text_of(card) for card in cards(document))
    (by_hand,) = links(document, "Choose the kinds myself")
    assert "offers=aquatic" in by_hand
    assert total(client, by_hand) == found


def test_words_for_an_offer_without_listings_do_not_filter(client: FlaskClient) -> None:
    address = f"/therapists?q=dizzy+by+video&{PLACE}"
    assert "Ask when you call: visits by video." in understood_text(client, address)
    assert total(client, address) == total(client, f"/therapists?q=dizzy&{PLACE}") > 0
    (by_hand,) = links(page(client, address), "Choose the kinds myself")
    assert total(client, by_hand) == total(client, address)
    assert "Ask when you call" not in understood_text(client, f"/therapists?q=dizzy+pool&{PLACE}")


@pytest.mark.parametrize(("near", "leave_out", "stays"), [("83702", "pool", "balance"), ("02903", "balance", "pool")])
def test_only_the_words_that_exclude_most_can_be_dropped(
    client: FlaskClient, near: str, leave_out: str, stays: str
) -> None:
    document = page(client, f"/therapists?near={near}&q=balance+pool")
    assert f"What takes out most is in your words: “{leave_out}”." in text_of(document)
    (drop,) = links(document, f"Leave out your words “{leave_out}”")
    assert f"q={stays}&" in f"{drop}&"
    (label,) = [text_of(one) for one in document.iter("a") if one.get("href") == drop]
    assert label.split(": ")[1].split(" ")[0] == str(total(client, drop)) != "0"


def test_a_corrected_typo_is_shown(client: FlaskClient) -> None:
    assert "neropathy (we read: neuropathy)" in understood_text(client, f"/therapists?q=neropathy&{PLACE}")


@pytest.mark.slow
def test_the_number_is_the_same_in_both_languages(client: FlaskClient) -> None:
    for need in ("numb feet", "pies dormidos", "after chemo", "neropathy", "parkinson's walking", "weak hands"):
        query = {"q": need, "near": "02139", "miles": "50"}
        pages = [client.get("/therapists", query_string={**query, "lang": code}) for code in ("en", "es")]
        numbers = [heading(parsed(response.text)).split(" ")[0] for response in pages]
        assert numbers[0] == numbers[1], need
        assert parsed(pages[1].text).get("lang") == "es"


@pytest.mark.parametrize(
    ("label", "has", "lacks"),
    [
        ("Search for this as a name", "name=numb+feet", "q="),
        ("Choose the kinds myself", "specialty=neurologic&specialty=treats_neuropathy", "q="),
        ("Leave these words out", "near=02139", "q="),
    ],
)
def test_each_way_to_undo_it_leads_to_a_page(client: FlaskClient, label: str, has: str, lacks: str) -> None:
    (link,) = links(page(client, f"/therapists?q=numb+feet&{PLACE}"), label)
    assert has in link
    assert lacks not in link
    page(client, link)


def test_ticking_the_boxes_finds_the_same_as_the_words(client: FlaskClient) -> None:
    address = f"/therapists?q=dizzy&{PLACE}"
    (link,) = links(page(client, address), "Choose the kinds myself")
    assert total(client, link) == total(client, address)


def test_choosing_by_hand_never_adds_to_what_is_ticked(client: FlaskClient) -> None:
    document = page(client, f"/therapists?q=numb+feet+pool&specialty=geriatric&name=e&{PLACE}")
    (by_hand,) = links(document, "Choose the kinds myself")
    assert "specialty=geriatric&near=02139&miles=50&name=e&offers=aquatic#" in by_hand
    assert not links(page(client, f"/therapists?q=dizzy&specialty=hand&{PLACE}"), "Choose the kinds myself")


def test_what_is_ticked_narrows_what_the_words_find(client: FlaskClient) -> None:
    address = f"/therapists?q=numb+feet&{PLACE}"
    found = page(client, f"{address}&specialty=neurologic:board_certified")
    assert 0 < len(cards(found)) == int(heading(found).split(" ")[0]) < total(client, address)
    assert all("Board-certified in neurologic physical therapy" in text_of(card) for card in cards(found))
    assert links(found, "Board-certified") == [address]
    rows = client.get(f"/therapists.csv?q=numb+feet&{PLACE}&specialty=neurologic:board_certified").text
    assert len(rows.strip().split("\r\n")) - 1 == len(cards(found))
    on_map = page(client, f"/therapists/map?q=numb+feet&{PLACE}&specialty=neurologic:board_certified")
    assert f": {len(cards(found))} listings" in heading(on_map)


@pytest.mark.parametrize("words", ["numb+feet", "pool", "balance+pool", "weak+hands"])
@pytest.mark.parametrize("ticked", ["", "&specialty=geriatric", "&specialty=hand&offers=aquatic&entity=individual"])
def test_the_count_of_a_box_is_the_number_found_by_ticking_it_alone(
    client: FlaskClient, words: str, ticked: str
) -> None:
    document = page(client, f"/therapists?q={words}&{PLACE}{ticked}")
    for facet in ("specialty", "offers", "entity"):
        others = "".join(f"&{one}" for one in ticked.split("&") if one and not one.startswith(f"{facet}="))
        for choice, number in boxes(document, facet).items():
            assert total(client, f"/therapists?q={words}&{PLACE}{others}&{facet}={choice}") == number, choice


def boxes(document: Element, facet: str) -> dict[str, int]:
    """Return the number beside each box of a filter."""
    values = {box.get("id"): box.get("value") or "" for box in document.iter("input") if box.get("name") == facet}
    labels = [label for label in document.iter("label") if label.get("for") in values]
    return {values[label.get("for")]: int(text_of(label).rpartition("(")[2].rstrip(")")) for label in labels}


def test_what_the_words_mean_is_shown_above_enabled_boxes(client: FlaskClient) -> None:
    document = page(client, f"/therapists?q=numb+feet&specialty=hand&{PLACE}")
    ticks = [box for box in document.iter("input") if box.get("name") == "specialty"]
    assert [box.get("value") for box in ticks if box.get("checked") is not None] == ["hand"]
    assert not [box for box in ticks if box.get("disabled") is not None]
    assert links(document, "Remove the filter: Hand")
    assert not links(document, "Remove the filter: Neurologic")
    notes = {one.get("id"): text_of(one) for one in document.iter("p")}
    described = [one.get("aria-describedby") for one in document.iter("fieldset")]
    assert [notes[note] for note in described if note] == [
        "Your words already ask for: neurologic physical therapy or treats neuropathy. What you tick narrows the list"
        " further."
    ]
    spanish = text_of(page(client, f"/therapists?q=numb+feet&{PLACE}&lang=es"))
    assert "Sus palabras ya piden: terapia física neurológica o trata la neuropatía." in spanish
    assert "Your words already ask for" not in text_of(page(client, f"/therapists?specialty=hand&{PLACE}"))


def test_the_nearest_match_passes_the_words_and_what_is_ticked(client: FlaskClient) -> None:
    address = "/therapists?near=69361&q=numb+feet&insurance=medicare&specialty=neurologic:board_certified"
    document = page(client, address)
    (nearest,) = cards(document)
    assert "Board-certified in neurologic physical therapy" in text_of(nearest)


def test_words_can_be_dropped_while_ticked_boxes_stay(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=83702&q=pool&specialty=orthopedic")
    (drop,) = links(document, "Leave out your words “pool”")
    assert "specialty=orthopedic" in drop
    assert "q=" not in drop
    assert total(client, drop) > 0


def test_a_name_is_searched_as_a_name(client: FlaskClient) -> None:
    provider_name = text_of(next(cards(page(client, f"/therapists?{PLACE}"))[0].iter("a")))
    document = page(client, f"/therapists?q={provider_name.replace(' ', '+')}&{PLACE}")
    assert {text_of(next(card.iter("a"))) for card in cards(document)} == {provider_name}
    assert f"{provider_name} → leads to: a name" in understood_text(
        client, f"/therapists?q={provider_name.replace(' ', '+')}&{PLACE}"
    )


def test_an_emergency_notice_comes_before_the_list(client: FlaskClient) -> None:
    document = page(client, f"/therapists?q=sudden+weakness+one+side&{PLACE}")
    text = text_of(document)
    assert text.index("Call 911 now if you have") < text.index("How we read your words")
    calm = text_of(page(client, f"/therapists?q=numb+feet&{PLACE}"))
    assert calm.index("How we read your words") < calm.index("Call 911 now if you have")


def test_a_type_of_neuropathy_becomes_a_question_for_the_call(client: FlaskClient) -> None:
    assert "ask if they treat this: neuropathy after chemotherapy" in understood_text(
        client, f"/therapists?q=after+chemo&{PLACE}"
    )


def test_without_a_need_neurologic_specialists_are_one_link_away(client: FlaskClient) -> None:
    (link,) = links(page(client, f"/therapists?{PLACE}"), "in neurologic physical therapy")
    assert total(client, link) == total(client, f"/therapists?specialty=neurologic&{PLACE}")


def test_map_and_table_use_the_search_of_the_list(client: FlaskClient) -> None:
    number = heading(page(client, f"/therapists?q=dizzy&{PLACE}")).split(" ")[0]
    assert f": {number} listings" in heading(page(client, f"/therapists/map?q=dizzy&{PLACE}"))
    rows = client.get(f"/therapists.csv?q=dizzy&{PLACE}").text.strip().split("\r\n")
    assert len(rows) - 1 == int(number)


def test_a_need_stays_typed_if_the_place_is_unknown(client: FlaskClient) -> None:
    document = page(client, "/therapists?q=numb+feet&near=Cambrigde, MA", 400)
    assert value(document, "q") == "numb feet"
    assert all("q=numb+feet" in link for link in links(document, "Cambridge, MA") if link.startswith("/therapists?"))


def test_every_goal_that_the_box_offers_is_understood() -> None:
    for goal in GOALS:
        assert understand(goal).specialties, goal


def test_a_goal_link_replaces_the_typed_need_and_keeps_the_rest(client: FlaskClient) -> None:
    (balance,) = links(page(client, "/?near=02139&insurance=va"), "balance")
    document = page(client, balance)
    assert value(document, "q") == "balance"
    assert value(document, "near") == "02139"
    assert "insurance=va" in balance


def test_only_the_place_must_be_given(sample_app: Flask) -> None:
    document = parsed(sample_app.test_client().get("/").text)
    required = [box.get("name") for box in document.iter("input") if box.get("required") is not None]
    assert required == ["near"]


def test_asking_for_the_location_is_hidden_without_script(client: FlaskClient) -> None:
    (part,) = [one for one in page(client, "/").iter("p") if one.get("data-here") is not None]
    assert part.get("hidden") is not None
