"""Fetched and parsed pages, and look-ups in them: cards, links, fields."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient

from tests.web.reading import parsed, text_of

SEARCH = "/therapists?near=02139&miles=100&specialty=neurologic"


def page(client: FlaskClient, address: str, status: int = 200) -> Element:
    """Fetch a page and parse it."""
    response = client.get(address)
    assert response.status_code == status, response.text
    assert "Set-Cookie" not in response.headers
    return parsed(response.text)


def cards(document: Element) -> list[Element]:
    """Return the cards of a page."""
    return [one for one in document.iter("article") if "listing" in (one.get("class") or "").split()]


def links(document: Element, words: str) -> list[str]:
    """Return the URLs of the links whose text has these words."""
    return [link.get("href") or "" for link in document.iter("a") if words in text_of(link)]


def argument(address: str, name: str) -> list[str]:
    """Return the values of a query argument of a URL."""
    return parse_qs(urlsplit(address).query).get(name, [])


def npis(client: FlaskClient, count: int) -> list[str]:
    """Return NPIs of different providers of the sample who work at one place."""
    found: list[str] = []
    for number in range(1, 6):
        choices = links(page(client, f"{SEARCH}&page={number}"), "Add to my list")
        found += [one for choice in choices for one in argument(choice, "keep") if "@" not in one]
    return list(dict.fromkeys(found))[:count]


def heading(document: Element) -> str:
    """Return the h1 of a page."""
    return text_of(next(document.iter("h1")))


def value(document: Element, name: str) -> str | None:
    """Return the value of a form field: its text, or its selected option."""
    for control in document.iter():
        if control.get("name") == name and control.tag == "input":
            return control.get("value")
        if control.get("name") == name and control.tag == "select":
            return next((o.get("value") for o in control.iter("option") if o.get("selected") is not None), None)
    return None
