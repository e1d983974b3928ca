"""The language of a page: from the URL, else from the browser, and carried in every link."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient


def language_of(page: str) -> str:
    """Return the language that a page says it is in."""
    found = re.search(r'<html lang="([a-z]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("address", "accepts", "language"),
    [
        ("/", "", "en"),
        ("/", "es-MX,es;q=0.9,en;q=0.5", "es"),
        ("/", "fr-CA,fr;q=0.9", "en"),
        ("/?lang=es", "en-US", "es"),
        ("/?lang=en", "es", "en"),
        ("/?lang=xx", "es", "es"),
        ("/?lang=es&lang=en", "en", "es"),
    ],
)
def test_the_language_of_the_url_overrides_that_of_the_browser(
    client: FlaskClient, address: str, accepts: str, language: str
) -> None:
    response = client.get(address, headers={"Accept-Language": accepts})
    assert language_of(response.text) == language
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


def test_a_chosen_language_is_kept_by_links_and_forms(client: FlaskClient) -> None:
    page = client.get("/therapists?near=02139&lang=es").text
    links = [link for link in re.findall(r'<a [^>]*href="(/[^"#]*)"', page) if "lang=en" not in link]
    assert links
    assert all("lang=es" in link for link in links)
    assert '<input type="hidden" name="lang" value="es">' in page


def test_a_language_that_the_browser_chose_is_not_written_into_links(client: FlaskClient) -> None:
    page = client.get("/therapists?near=02139", headers={"Accept-Language": "es"}).text
    assert "lang=es" not in page
    assert "lang=en" in page


def test_the_link_to_the_other_language_keeps_the_search(client: FlaskClient) -> None:
    page = client.get("/therapists?near=02139&specialty=neurologic&specialty=hand&page=1").text
    other = re.search(r'<a href="([^"]+)" lang="es"', page)
    assert other
    assert other[1].replace("&amp;", "&").startswith("/therapists?near=02139&specialty=neurologic&specialty=hand")


@pytest.mark.parametrize("query", ["_external=1&_scheme=javascript", "_anchor=x", "endpoint=x", "npi=1", "values=2"])
def test_arguments_named_like_url_for_options_are_only_text(client: FlaskClient, query: str) -> None:
    page = client.get(f"/?{query}").text
    other = re.search(r'<a href="([^"]+)" lang="es"', page)
    assert other
    assert other[1].startswith("/?")


def test_the_same_numbers_are_found_in_both_languages(client: FlaskClient) -> None:
    pages = [client.get(f"/therapists?near=02139&lang={code}").text for code in ("en", "es")]
    numbers = [re.findall(r"[0-9]+", re.findall(r"<h1[^>]*>([^<]*)", page)[0]) for page in pages]
    assert numbers[0] == numbers[1]
    assert len(numbers[0]) == 5
