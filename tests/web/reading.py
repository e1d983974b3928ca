"""All public pages of an application, and the text of a page, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask

from finder.web.guide.content import guide

NOT_FOR_READERS = (
    "/assets/",
    "/bootstrap/",
    "/static/",
    "/api",
    "/fees.json",
    "/staff",
    "/metrics",
    "/healthz",
    "/favicon.ico",
    "/styleguide",
)
"""Addresses that are not public pages to read; the staff pages have tests of their own."""

TYPICAL = (
    "/therapists?near=02139",
    "/therapists?near=02139&insurance=medicare",
    "/therapists?near=99723&miles=5",
    "/?near=zzzz",
)
"""Pages that say more when something was asked."""

INLINE = frozenset({
    "a", "abbr", "b", "bdi", "cite", "code", "dfn", "em", "i", "img", "kbd", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "svg", "time", "use", "var",
})  # fmt: skip
"""The elements that stand inside a sentence; every other one begins a block of its own."""


def public_pages(app: Flask) -> list[str]:
    """Return the URL of every public page: each GET route, once for each value of its parts."""
    found = list(TYPICAL)
    values = {"npi": some_npis(app), "slug": [topic.slug for topic in guide().topics]}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(NOT_FOR_READERS):
            found.extend(_addresses(rule.rule, rule.arguments, values))
    return sorted(set(found))


def _addresses(rule: str, arguments: set[str], values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if not arguments:
        yield rule
    elif len(arguments) == 1 and (name := next(iter(arguments))) in values:
        yield from (re.sub(r"<[^>]+>", value, rule) for value in values[name])


def some_npis(app: Flask) -> list[str]:
    """Return a few providers of the published sample, of different kinds."""
    page = app.test_client().get("/therapists?near=02139&miles=100")
    found = list(dict.fromkeys(re.findall(r"/therapists/([0-9]{10})", page.text)))
    assert page.status_code == 200
    assert found, "the sample has nobody near 02139"
    return found[:3]


def parsed(html: str) -> Element:
    """Parse a page as a browser does."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    assert isinstance(document, Element)
    return document


def text_of(element: Element) -> str:
    """Return the text inside an element, with normalized white space."""
    return " ".join("".join(element.itertext()).split())


def sentences(element: Element) -> list[str]:
    """Return the text of each block below an element; a heading or a line of a list ends as a sentence does."""
    blocks = [""]
    _read(element, blocks)
    lines = (" ".join(block.split()) for block in blocks)
    return [line if line.rstrip("”’)").endswith((".", "?", "!", ":")) else f"{line}." for line in lines if line]


def _read(element: Element, blocks: list[str]) -> None:
    """Add the text of an element to the last block, with a new block for each element that is one."""
    if element.tag in {"script", "style"}:
        return
    is_block = element.tag not in INLINE or "source" in (element.get("class") or "").split()
    if is_block:
        blocks.append("")
    blocks[-1] += element.text or ""
    for child in element:
        _read(child, blocks)
        blocks[-1] += child.tail or ""
    if is_block:
        blocks.append("")


def prose(html: str) -> list[str]:
    """Return the sentences of the main part of a page."""
    main = parsed(html).find(".//main")
    assert main is not None, "a page without a main part"
    return sentences(main)
