"""The page of one therapist: what is known, who says so and when, and what to say on the telephone."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.reading import parsed, some_npis, text_of


@pytest.fixture(scope="module")
def npis(sample_app: Flask) -> list[str]:
    """A few providers of the sample."""
    return some_npis(sample_app)


def test_a_page_tells_evidence_insurance_places_and_what_to_ask(client: FlaskClient, npis: list[str]) -> None:
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


def test_a_page_shows_every_place_of_its_therapist(client: FlaskClient, sample_app: Flask) -> None:
    directory = sample_app.extensions["finder"].directory()
    listed = [listing.provider for listing in directory.release.listings(range(200))]
    many = next(provider for provider in listed if len(provider.locations) > 1)
    document = parsed(client.get(f"/therapists/{many.npi}").text)
    shown = [card for card in document.iter("article") if "listing" in (card.get("class") or "")]
    assert len(shown) == len(many.locations)
    for location in many.locations:
        assert location.street in text_of(document)


def test_health_tells_the_release(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert len(response.json["release"]) == 64  # type: ignore[index]
