"""Every public page, in both languages: valid HTML, one h1, no inline code, no cookie, no third party."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.i18n import LANGUAGES
from tests.web.reading import public_pages, some_npis
from tests.web.validity import page_faults

MORE = (
    "/therapists?near=Springfield",
    "/therapists?near=02139&miles=7&specialty=neurologic&insurance=medicaid&entity=organization&sort=name&page=2",
    "/therapists?near=ME&specialty=neurologic:board_certified&insurance_status=yes&insurance=va",
    "/therapists?near=02139&q=nobody+is+called+so",
    "/therapists?near=02139&miles=9999&specialty=x&sort=y&page=z",
    "/estimate?zip=02139",
    "/estimate?date=2027-01-05&zip=02139&coverage=unknown",
    "/estimate/course?zip=02139&start=2026-12-21&visit=by_hand&services-0-code=97026&services-0-units=1",
    "/estimate?zip=0&date=x&visit=by_hand&deductible=part",
    "/fees?zip=43210&year=2026",
    "/fees?zip=1&year=x&code=y&qualifying_apm=1",
    "/fees/settings?zip=43210&date=2026-10-05&charge=100",
    "/fees/settings?zip=1&visit=x&deductible=part&charge=x",
    "/no-such-page",
    "/therapists/1234567890",
)
"""Pages that say something else, beside the plain ones."""


def pages_in(app: Flask, language: str) -> list[str]:
    """Return the address of every page in a language."""
    return [f"{page}{'&' if '?' in page else '?'}lang={language}" for page in [*public_pages(app), *MORE]]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_valid_and_loads_nothing_external(sample_app: Flask, client: FlaskClient, language: str) -> None:
    answers = {address: client.get(address) for address in pages_in(sample_app, language)}
    faults = {
        address: page_faults(answer, language) for address, answer in answers.items() if answer.mimetype == "text/html"
    }
    assert len(faults) > 20
    assert {address: found for address, found in faults.items() if found} == {}


def test_every_page_has_security_headers(sample_app: Flask, client: FlaskClient) -> None:
    for address in pages_in(sample_app, "en"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "geolocation=(self)" in headers["Permissions-Policy"]


def test_a_page_with_sample_data_says_so_and_how_to_load_real_data(client: FlaskClient) -> None:
    for address in ("/", "/therapists?near=02139", "/therapists?near=zzzz"):
        page = client.get(address).text
        assert "Sample data." in page
        assert "data stage" in page


START_PAGES = (
    "/",
    "/therapists?near=02139&miles=25",
    "/therapists?near=99723&miles=5&specialty=neurologic",
    "/therapists?q=numb+feet&near=02139&insurance=medicare&lang=es",
    "/estimate?zip=43210",
    "/estimate/course?zip=43210&weeks=3&start=2026-12-14&lang=es",
)
"""Where a crawl begins: the first page, and what its forms lead to."""

MOST_PAGES = 120
"""Pages of a crawl; the kinds of link have no end, as every look and language goes along in them."""


def kind_of(address: str) -> tuple[str, ...]:
    """Tell apart links that differ in more than a number, a listing or a place: by page, language and what is asked."""
    parts = urlsplit(address)
    args = {name: value for name, value in parse_qsl(parts.query) if name not in {"view", "then"}}
    return re.sub(r"[0-9]{6,}", "#", parts.path), args.get("lang", ""), *sorted(args)


@pytest.mark.slow
def test_a_crawl_of_every_kind_of_link_finds_no_error_no_dead_end_and_no_third_party(
    sample_app: Flask, client: FlaskClient
) -> None:
    listings = "&".join(f"npis={npi}" for npi in some_npis(sample_app)[:2])
    queue = deque([*START_PAGES, f"/shortlist?{listings}"])
    seen: set[tuple[str, ...]] = set()
    found: dict[str, list[str]] = {}
    while queue and len(seen) < MOST_PAGES:
        address = queue.popleft()
        if kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        response = client.get(address)
        assert response.status_code < 400, address
        if response.mimetype != "text/html":
            continue
        found[address] = page_faults(response, "es" if "lang=es" in address else "en")
        ours = [tag for tag in re.findall(r"<a [^>]*>", response.text) if "external" not in tag]
        ours = [unescape("".join(re.findall(r'href="([^"]*)"', tag))) for tag in ours]
        assert all(link.startswith(("/", "#", "tel:")) for link in ours), address
        assert "/" in {urlsplit(link).path for link in ours}, f"{address} is a dead end"
        queue.extend(link.partition("#")[0] for link in ours if link.startswith("/"))
    assert {address: faults for address, faults in found.items() if faults} == {}
    assert len(seen) == MOST_PAGES
    assert {"/compare", "/display", "/my-insurance", "/shortlist", "/therapists/map", "/therapists/#"} <= {
        path for path, *_ in seen
    }
