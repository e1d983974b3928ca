"""Addresses on pages: without stray commas, and with a remark if the street is unknown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.web.presentation.addresses import directions, place_name, postal
from tests.directory.builder import DirectoryBuilder
from tests.web.listings import location
from tests.web.reading import parsed, text_of
from tests.web.small_directories import visitor_of

STREET = "2 Oak St"
TOWN = "Cambridge, MA 02139 (street not known)"


@pytest.mark.parametrize(
    ("known", "line", "name"),
    [
        ({}, "1 Elm St, Cambridge, MA 02139", "1 Elm St"),
        ({"street": ""}, TOWN, "Cambridge, MA"),
        ({"street": "", "city": ""}, "MA 02139 (street not known)", "MA"),
        ({"city": "", "zip": ""}, "1 Elm St, MA", "1 Elm St"),
    ],
)
def test_an_address_is_the_parts_of_it_that_are_known(
    sample_app: Flask, known: dict[str, str], line: str, name: str
) -> None:
    place = replace(location(), **known)  # type: ignore[arg-type]
    with sample_app.test_request_context("/"):
        assert postal(place) == line
        assert place_name(place) == name
        assert bool(directions(place)) == bool(place.street)


def test_an_unknown_street_is_named_in_spanish_too(sample_app: Flask) -> None:
    with sample_app.test_request_context("/?lang=es"):
        assert postal(replace(location(), street="")) == "Cambridge, MA 02139 (no se conoce la calle)"


@pytest.fixture
def visitor(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The pages of a therapist at a street, and in a town of which only that is known."""
    builder = DirectoryBuilder()
    npi = builder.provider(1, "Ana Lee")
    builder.location(npi, 42.36, -71.1)
    builder.location(npi, 42.36, -71.1)
    builder.rows["location"][0]["street"] = ""
    builder.rows["location"][1]["street"] = STREET
    builder.rows["location"][0]["phone"] = ""
    builder.evidence(npi, "neurologic")
    return visitor_of(builder, app, tmp_path, monkeypatch)


PAGES = [
    "/therapists?near=02139",
    "/therapists/map?near=02139",
    "/therapists/2000000001",
    "/therapists/2000000001/call-sheet",
    "/therapists/2000000001/doctor-sheet",
    "/therapists/2000000001/report",
    "/shortlist?npis=2000000001",
    "/compare?npis=2000000001",
]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_begins_an_address_with_a_comma_or_ends_the_name_of_a_link_in_nothing(
    visitor: FlaskClient, address: str
) -> None:
    document = parsed(visitor.get(address).text)
    text = text_of(document)
    assert TOWN in text
    assert " , Cambridge" not in text
    names = [text_of(link) for link in document.iter("a")]
    assert not [name for name in names if name.endswith((":", ","))]


def test_an_address_without_a_street_has_no_directions(visitor: FlaskClient) -> None:
    text = text_of(parsed(visitor.get("/therapists/2000000001").text))
    assert text.count("Ask for the street before you go.") == 1
    assert text.count("Find the way") == 1
    assert f"Find the way (openstreetmap.org, another site): {STREET}" in text


@pytest.mark.parametrize("address", [page for page in PAGES if not page.endswith("/report")])
def test_without_a_telephone_number_the_registry_is_linked(visitor: FlaskClient, address: str) -> None:
    document = parsed(visitor.get(address).text)
    assert "No telephone number is known." in text_of(document)
    found = [link for link in document.iter("a") if "npiregistry.cms.hhs.gov" in (link.get("href") or "")]
    assert found
    for link in found:
        assert link.get("href") == "https://npiregistry.cms.hhs.gov/provider-view/2000000001"
        assert link.get("rel") == "external noreferrer"
        assert "another site" in text_of(link)


@pytest.mark.parametrize("address", [PAGES[2], PAGES[3], PAGES[4], PAGES[6]])
def test_without_a_telephone_number_other_sources_are_named(visitor: FlaskClient, address: str) -> None:
    text = text_of(parsed(visitor.get(address).text))
    assert "call your insurer: the number is on the back of your card" in text
    assert "1-800-MEDICARE (1-800-633-4227). Or look up the NPI 2000000001 at npiregistry.cms.hhs.gov." in text
