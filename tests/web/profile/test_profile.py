"""The profile of a therapist: facts with source and date, and what to ask on the telephone."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.directory.provider import Provider
from finder.directory.vocabulary.conditions import type_names
from tests.web.reading import parsed, some_npis, text_of


@pytest.fixture(scope="module")
def npis(sample_app: Flask) -> list[str]:
    """A few providers of the sample."""
    return some_npis(sample_app)


def test_a_profile_has_evidence_insurance_locations_and_questions_to_ask(client: FlaskClient, npis: list[str]) -> None:
    assert npis
    for npi in npis:
        response = client.get(f"/therapists/{npi}")
        document = parsed(response.text)
        text = text_of(document)
        assert response.status_code == 200
        assert {"What we know about their field", "Insurance", "What to say when you call"} <= {
            text_of(title) for title in document.iter("h2")
        }
        assert "Medicare" in text
        assert "VA Community Care" in text
        assert "Source: made-up sample data" in text
        assert [link for link in document.iter("a") if (link.get("href") or "").startswith("tel:+1")]
        assert [link for link in document.iter("a") if (link.get("href") or "").startswith("/estimate?zip=")]
        assert npi in text


def test_a_profile_shows_every_practice_location(client: FlaskClient, sample_app: Flask) -> None:
    directory = sample_app.extensions["finder"].directory()
    listed = [listing.provider for listing in directory.release.listings(range(200), directory.day)]
    many = next(provider for provider in listed if len(provider.locations) > 1)
    document = parsed(client.get(f"/therapists/{many.npi}").text)
    cards = [card for card in document.iter("article") if "listing" in (card.get("class") or "")]
    assert len(cards) == len(many.locations)
    for location in many.locations:
        assert location.street in text_of(document)


def test_every_kind_of_evidence_is_shown_as_known_or_not(client: FlaskClient, sample_app: Flask) -> None:
    directory = sample_app.extensions["finder"].directory()
    providers = [listing.provider for listing in directory.release.listings(range(400), directory.day)]
    certified = next(one for one in providers if ("neurologic", "board_certified") in evidence_kinds(one))
    plain = next(one for one in providers if {it.facet for it in one.evidence} == {"physical_therapy"})
    evidence_items = {}
    for provider in (certified, plain):
        document = parsed(client.get(f"/therapists/{provider.npi}").text)
        ladder = next(one for one in document.iter("ol") if one.get("class") == "ladder")
        evidence_items[provider.npi] = [text_of(one) for one in ladder if one.tag == "li"]
    assert "Board-certified in neurologic physical therapy (NCS)" in evidence_items[certified.npi][0]
    assert re.search(r"Source: .+, [A-Z][a-z]+ [0-9]+, 20[0-9]{2}", evidence_items[certified.npi][0])
    assert evidence_items[plain.npi] == [
        "Board-certified: not known",
        "Confirmed by the clinic: not known",
        "Says so in the national provider list: not known",
    ]


def test_types_of_neuropathy_are_listed_or_not_stated(client: FlaskClient, sample_app: Flask) -> None:
    directory = sample_app.extensions["finder"].directory()
    providers = [listing.provider for listing in directory.release.listings(range(400), directory.day)]
    named = next(one for one in providers if any(fact.field == "neuropathy_type" for fact in one.facts))
    silent = next(one for one in providers if not any(fact.field == "neuropathy_type" for fact in one.facts))
    kind = next(fact.value for fact in named.facts if fact.field == "neuropathy_type")
    lists = parsed(client.get(f"/therapists/{named.npi}").text).iter("ul")
    tags = next(one for one in lists if one.get("class") == "plain tags")
    assert f"{type_names('neuropathy_type')[kind]} Source: made-up sample data" in text_of(tags)
    assert "Types of neuropathy that they named: not stated" in text_of(
        parsed(client.get(f"/therapists/{silent.npi}").text)
    )


def test_the_script_names_the_plan_of_the_search(client: FlaskClient) -> None:
    listed = parsed(client.get("/therapists?near=02139&miles=50&insurance=va").text)
    card = next(one for one in listed.iter("article"))
    document = parsed(client.get(next(one.get("href") or "" for one in card.iter("a"))).text)
    assert "“Do you take VA Community Care?”" in text_of(document)
    sheets = [one.get("href") or "" for one in document.iter("a") if text_of(one) == "Sheet for the call"]
    assert "plan=va" in sheets[0]
    unknown = client.get(f"/therapists/{some_npi(card)}?insurance=<b>")
    assert "Do you take my plan?" in unknown.text


def test_the_page_leads_back_to_the_search_that_found_them(client: FlaskClient) -> None:
    search = "near=02139&miles=50&q=numb+feet&insurance=va&page=2"
    listed = parsed(client.get(f"/therapists?{search}").text)
    card = next(one for one in listed.iter("article"))
    document = parsed(client.get(next(one.get("href") or "" for one in card.iter("a"))).text)
    (back,) = [one.get("href") or "" for one in document.iter("a") if text_of(one) == "Back to the list"]
    assert sorted(back.partition("?")[2].split("&")) == sorted(search.split("&"))
    assert "miles" in text_of(next(one for one in document.iter("article")))
    (keep,) = [one.get("href") or "" for one in document.iter("a") if text_of(one).startswith("Add to my list")][:1]
    unchanged = parsed(client.get(keep).text)
    (listing,) = [one.get("href") or "" for one in unchanged.iter("a") if text_of(one).startswith("My list")]
    assert "near=02139" in listing
    alone = parsed(client.get(f"/therapists/{some_npi(card)}").text)
    assert [one.get("href") for one in alone.iter("a") if text_of(one) == "Search for therapists"] == ["/"]


def test_external_links_say_so_and_send_no_referrer(client: FlaskClient, npis: list[str]) -> None:
    document = parsed(client.get(f"/therapists/{npis[0]}").text)
    outside = [one for one in document.iter("a") if (one.get("href") or "").startswith("http")]
    assert len(outside) >= 2
    for link in outside:
        assert "another site" in text_of(link)
        assert set((link.get("rel") or "").split()) >= {"external", "noreferrer"}


def evidence_kinds(provider: Provider) -> set[tuple[str, str]]:
    """Return the evidence of a provider as (facet, kind)."""
    return {(one.facet, one.kind) for one in provider.evidence}


def some_npi(card: Element) -> str:
    """Return the NPI of a card."""
    found = re.search(r"/therapists/([0-9]{10})", next(one.get("href") or "" for one in card.iter("a")))
    assert found
    return found[1]


@pytest.mark.parametrize("page", ["", "/call-sheet", "/doctor-sheet"])
def test_a_provider_not_listed_any_more_has_a_page_that_links_others(client: FlaskClient, page: str) -> None:
    for search, name in {"": "Find others near you", "?near=02139&miles=50": "Find others with your search"}.items():
        response = client.get(f"/therapists/2999999990{page}{search}")
        assert response.status_code == 404
        document = parsed(response.text)
        assert [text_of(one) for one in document.iter("h1")] == ["This therapist is not on our list now"]
        (way,) = [one.get("href") or "" for one in document.iter("a") if text_of(one) == name]
        assert way.startswith("/therapists?near=02139&miles=50" if search else "/")
        assert "letter may be missing" not in response.text
    assert "letter may be missing" in client.get(f"/therapists/somebody{page}").text


def test_the_health_check_names_the_release(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert len(response.json["release"]) == 64  # type: ignore[index]
