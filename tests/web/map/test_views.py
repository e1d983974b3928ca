"""The map page: the listings of the search, a named mark for each, without script too, streets only if set."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder import create_app
from finder.settings import Settings
from finder.web.map.views import streets_of
from tests.conftest import TODAY
from tests.web.documents import argument, cards, links, page
from tests.web.reading import parsed, text_of

MAP = "/therapists/map?near=02139&miles=50&specialty=neurologic"
LIST = "/therapists?near=02139&miles=50&specialty=neurologic"
TILES = "https://{s}.tiles.example/{z}/{x}/{y}.png"


def kind(element: Element) -> str:
    """Return the tag of an element, of a page or of a drawing."""
    return element.tag.rsplit("}", 1)[-1]


def marks(document: Element) -> list[Element]:
    """Return the marks on the map of a page."""
    return [one for one in document.iter() if "map-spot" in (one.get("class") or "").split()]


def listed_at(mark: Element) -> list[int]:
    """Return the numbers of the listings at a mark."""
    return [int(number) for number in (mark.get("data-listed") or "").split()]


def test_the_list_leads_to_its_map_and_back(client: FlaskClient) -> None:
    (there,) = links(page(client, f"{LIST}&page=2"), "Map")
    assert urlsplit(there).path == "/therapists/map"
    assert urlsplit(there).fragment == "map"
    document = page(client, there.split("#")[0])
    (back, *_) = links(document, "Back to the list")
    assert urlsplit(back).path == "/therapists"
    assert argument(back, "page") == ["2"]
    assert argument(back, "specialty") == ["neurologic"]


def test_the_map_has_the_listings_of_the_page_in_their_order(client: FlaskClient) -> None:
    for number in (1, 2):
        on_the_list = [text_of(next(card.iter("h3"))) for card in cards(page(client, f"{LIST}&page={number}"))]
        document = page(client, f"{MAP}&page={number}")
        on_the_map = [text_of(next(card.iter("h3"))) for card in cards(document)]
        first = (number - 1) * 20 + 1
        assert on_the_map == [f"{place}. {name}" for place, name in enumerate(on_the_list, first)]
        numbers = sorted(one for mark in marks(document) for one in listed_at(mark))
        assert numbers == list(range(first, first + len(on_the_list)))


def test_every_mark_is_a_link_with_a_name_that_leads_to_its_card(client: FlaskClient) -> None:
    document = page(client, MAP)
    ids = {one.get("id") for one in document.iter()}
    for mark in marks(document):
        assert kind(mark) == "a"
        assert (mark.get("href") or "").removeprefix("#") in ids
        for number in listed_at(mark):
            heading = next(one for one in document.iter("h3") if one.get("id") == f"name-{number}")
            name = text_of(next(heading.iter("a")))
            assert re.search(rf"\b{number}\. {re.escape(name)}, [0-9]+\.[0-9] miles", mark.get("aria-label") or "")


def test_listings_at_one_place_are_one_mark_that_says_how_many(client: FlaskClient) -> None:
    several = [mark for mark in marks(page(client, MAP)) if len(listed_at(mark)) > 1]
    assert several
    for mark in several:
        assert (mark.get("aria-label") or "").startswith(f"{len(listed_at(mark))} listings at ")
    places = [(mark.get("data-latitude"), mark.get("data-longitude")) for mark in marks(page(client, MAP))]
    assert len(set(places)) == len(places)


def test_each_card_leads_to_its_mark(client: FlaskClient) -> None:
    document = page(client, MAP)
    of = {number: mark.get("id") for mark in marks(document) for number in listed_at(mark)}
    for card in cards(document):
        number = int((card.get("id") or "").removeprefix("listing-"))
        assert links(card, "On the map") == [f"#{of[number]}"]


def test_the_list_stands_before_the_map(client: FlaskClient) -> None:
    order = [one.get("id") for one in page(client, MAP).iter() if one.get("id") in {"listing-1", "map"}]
    assert order == ["listing-1", "map"]


def test_rings_and_towns_are_drawn_with_nothing_from_outside(client: FlaskClient) -> None:
    document = page(client, MAP)
    assert [one for one in document.iter() if kind(one) == "circle" and one.get("data-miles")]
    assert "Brookline" in [
        text_of(one) for one in document.iter() if kind(one) == "text" and one.get("data-town") == ""
    ]
    assert "Each mark stands at the center" in text_of(document) or "Some marks stand at the center" in text_of(
        document
    )


def test_a_search_without_a_point_is_a_map_without_rings(client: FlaskClient) -> None:
    document = page(client, "/therapists/map?near=MA")
    assert [one for one in document.iter() if kind(one) == "circle" and one.get("data-miles")] == []
    assert sum(len(listed_at(mark)) for mark in marks(document)) == 20


def test_a_map_without_results_has_a_message(client: FlaskClient) -> None:
    document = page(client, "/therapists/map?near=99723&miles=5")
    assert marks(document) == []
    assert "Nobody is on this page of the list." in text_of(document)


def test_paging_stays_on_the_map(client: FlaskClient) -> None:
    (following,) = links(page(client, MAP), "Next page")
    assert urlsplit(following).path == "/therapists/map"
    assert argument(following, "page") == ["2"]


def test_an_invalid_search_shows_the_form_with_errors(client: FlaskClient) -> None:
    assert "We do not know that place" in text_of(page(client, "/therapists/map?near=zzzz", 400))


def test_by_default_no_streets_are_offered_and_the_policy_is_that_of_every_page(client: FlaskClient) -> None:
    response = client.get(MAP)
    assert "Show streets" not in response.text
    assert response.headers["Content-Security-Policy"] == client.get("/").headers["Content-Security-Policy"]


@pytest.fixture
def with_streets(sample_home: Path) -> Flask:
    """The application with a street map in its settings."""
    app = create_app(Settings(home=sample_home, today=TODAY, secret_key="a key for the tests alone", tiles_url=TILES))
    app.testing = True
    return app


def test_streets_are_offered_with_the_name_of_who_will_see_the_area(with_streets: Flask) -> None:
    client = with_streets.test_client()
    response = client.get(MAP)
    assert "Show streets from tiles.example" in response.text
    assert "tiles.example sees the area on the map" in response.text
    policy = response.headers["Content-Security-Policy"]
    assert "img-src 'self' https://*.tiles.example data:" in policy
    assert "unsafe" not in policy
    for other in ("/", LIST, "/therapists/map?near=zzzz", "/shortlist"):
        assert "tiles.example" not in client.get(other).headers["Content-Security-Policy"]
    images = [image.get("src") or "" for image in parsed(response.text).iter("img")]
    assert all(source.startswith("/assets/") for source in images)


@pytest.mark.parametrize(
    ("url", "host", "source"),
    [
        ("https://tile.example.org/{z}/{x}/{y}.png", "tile.example.org", "https://tile.example.org"),
        (TILES, "tiles.example", "https://*.tiles.example"),
        ("http://127.0.0.1:8080/{z}/{x}/{y}.png", "127.0.0.1", "http://127.0.0.1:8080"),
    ],
)
def test_the_host_is_read_from_the_address_of_the_tiles(url: str, host: str, source: str) -> None:
    streets = streets_of(url)
    assert streets
    assert (streets.host, streets.source) == (host, source)


@pytest.mark.parametrize(
    "url", ["", "tiles", "javascript:alert(1)", "https://a b/{z}", "https://x; script-src *", "//x/"]
)
def test_an_invalid_tiles_url_offers_no_streets(url: str) -> None:
    assert streets_of(url) is None


def test_leaflet_comes_from_this_site_under_a_name_that_changes_with_its_bytes(client: FlaskClient) -> None:
    document = page(client, MAP)
    sources = [script.get("src") or "" for script in document.iter("script")]
    assert [source.rsplit("/", 1)[-1] for source in sources] == ["leaflet.js", "map.js"]
    for source in sources:
        response = client.get(source)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
    assert client.get(LIST).text.count("leaflet") == 0
