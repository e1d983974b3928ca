"""Faults of a page: invalid HTML, a missing or second h1, references that lead nowhere."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSE_ERRORS
from werkzeug.test import TestResponse

from tests.web.reading import text_of


def page_faults(response: TestResponse, language: str) -> list[str]:
    """Return the faults of a page; an empty list if there are none."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(response.text)
    faults = [f"{PARSE_ERRORS[code] % data} at {place}" for place, code, data in parser.errors]
    faults += _heading_faults(document)
    faults += _reference_faults(document)
    faults += _external_urls(document)
    if document.get("lang") != language:
        faults.append(f"lang is {document.get('lang')}")
    if "Set-Cookie" in response.headers:
        faults.append("sets a cookie")
    if any(element.get("style") for element in document.iter()) or list(document.iter("style")):
        faults.append("has a style of its own")
    if any(script.get("src") is None for script in document.iter("script")):
        faults.append("has an inline script")
    if any(name.startswith("on") for element in document.iter() for name in element.attrib):
        faults.append("has an inline handler")
    return faults


def _heading_faults(document: Element) -> list[str]:
    headings = [text_of(heading) for heading in document.iter("h1")]
    title = document.find(".//title")
    if len(headings) != 1 or not headings[0]:
        return [f"has the h1s {headings}"]
    if title is None or not text_of(title).startswith(headings[0]):
        return ["has a title that does not start with its h1"]
    return []


def _reference_faults(document: Element) -> list[str]:
    """Return duplicate ids, and references to missing ids and labels."""
    ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
    faults = [f"has the id {name} {times} times" for name, times in ids.items() if times > 1]
    for element in document.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "form"):
            faults += [
                f"{element.tag} {attribute}={name}"
                for name in (element.get(attribute) or "").split()
                if name not in ids
            ]
        target = element.get("href") or ""
        if element.tag == "a" and target.startswith("#") and target[1:] not in ids:
            faults.append(f"links to {target}")
    labels = {label.get("for") for label in document.iter("label")}
    faults += [
        f"has no label for {element.get('name')}"
        for element in document.iter()
        if element.tag in {"input", "select", "textarea"}
        and element.get("type") not in {"hidden", "submit"}
        and element.get("id") not in labels
    ]
    return faults


def _external_urls(document: Element) -> list[str]:
    """Return the URLs of other sites, except links that are marked as external."""
    loads = [
        element.get(attribute) or ""
        for element in document.iter()
        for attribute in ("src", "href", "action", "srcset")
        if element.get(attribute) and "external" not in (element.get("rel") or "")
    ]
    return [f"names {address}" for address in loads if re.match(r"(https?:)?//", address)]
