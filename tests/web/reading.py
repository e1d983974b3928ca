"""What a reader meets: every public page of an application, and the words of a page, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask

from finder.web.guide_content import guide

NOT_FOR_READERS = (
    "/assets/",
    "/bootstrap/",
    "/static/",
    "/api",
    "/staff",
    "/metrics",
    "/healthz",
    "/favicon.ico",
    "/styleguide",
)
"""Addresses that are not public pages to read; the staff pages are in a room of their own."""

TYPICAL = (
    "/therapists?near=02139",
    "/therapists?near=02139&insurance=medicare",
    "/therapists?near=99723&miles=5",
    "/?near=zzzz",
)
"""Pages that say more when something was asked."""

BLOCKS = {
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "dt",
    "dd",
    "td",
    "th",
    "caption",
    "label",
    "legend",
    "summary",
    "option",
    "title",
}


def public_pages(app: Flask) -> list[str]:
    """Give an address of every public page: each route that can be read, once for each value of its parts."""
    found = list(TYPICAL)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(NOT_FOR_READERS):
            found.extend(_addresses(app, rule.rule, rule.arguments))
    return sorted(set(found))


def _addresses(app: Flask, rule: str, arguments: set[str]) -> Iterator[str]:
    values = {"npi": some_npis(app), "slug": [topic.slug for topic in guide().topics]}
    if not arguments:
        yield rule
    elif len(arguments) == 1 and (name := next(iter(arguments))) in values:
        yield from (re.sub(r"<[^>]+>", value, rule) for value in values[name])


def some_npis(app: Flask) -> list[str]:
    """Give a few providers of the published sample, of different kinds."""
    with app.test_request_context():
        page = app.test_client().get("/therapists?near=02139&miles=100").text
    return list(dict.fromkeys(re.findall(r"/therapists/([0-9]{10})", page)))[:3]


def parsed(html: str) -> Element:
    """Parse a page as a browser does."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    assert isinstance(document, Element)
    return document


def text_of(element: Element) -> str:
    """Give the text inside an element, with its white space put right."""
    return " ".join("".join(element.itertext()).split())


def sentences(element: Element) -> Iterator[str]:
    """Give the text of each block below an element; a heading or a line of a list ends as a sentence does."""
    if element.tag in {"script", "style"}:
        return
    if element.tag in BLOCKS and not any(
        child.tag in BLOCKS or child.tag == "ul" for child in element.iter() if child is not element
    ):
        if text := text_of(element):
            yield text if text.rstrip("”’)").endswith((".", "?", "!", ":")) else f"{text}."
        return
    for child in element:
        yield from sentences(child)


def prose(html: str) -> list[str]:
    """Give the sentences of the main part of a page."""
    main = parsed(html).find(".//main")
    assert main is not None, "a page without a main part"
    return list(sentences(main))
