"""Every form, public and of staff, refuses what another site sends and what cannot be read, and takes its own."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.reading import some_npis
from tests.web.staff.office import Office
from tests.web.staff.routes import address_of

FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://["},
    {"Origin": "http://localhost:x"},
    {"Origin": "http://localhost:99999"},
    {"Origin": "http://localhost/"},
    {"Origin": "http://localhost, http://localhost"},
    {"Origin": "http://localhost http://evil.example"},
    {"Origin": "http://localhost\\@evil.example"},
    {"Origin": "http://localhost@evil.example"},
    {"Origin": "http://evil.example@localhost"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"},
    {"Origin": "localhost"},
    {"Origin": "http://localhost", "Referer": "https://evil.example/"},
    {"Referer": "http://["},
    {"Referer": "http://localhost:x/"},
    {"Referer": "null"},
    {"Referer": "https://evil.example/?http://localhost/"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
)

OURS: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://localhost"},
    {"Origin": "HTTP://LOCALHOST"},
    {"Origin": "http://localhost:80"},
    {"Referer": "http://localhost/staff/"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost", "Referer": "http://localhost:80/x"},
)


AS_JSON = {"Accept": "application/json"}


def forms(app: Flask) -> list[str]:
    """Return an address of every route that takes a form."""
    npi = some_npis(app)[0]
    routes = (rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()))
    return sorted(address_of(route, npi=npi) for route in routes)


@pytest.mark.slow
def test_every_form_refuses_another_site_and_what_cannot_be_read(app: Flask) -> None:
    admin = Office(app).add_logged_in("admin")
    addresses = forms(app)
    pages = {"staff", "therapists", "listing-request", "estimate", "bill"}
    assert {address.split("/")[1] for address in addresses} == pages
    for address in addresses:
        for headers in FOREIGN:
            answer = admin.client.post(address, data={"csrf_token": admin.token}, headers=headers | AS_JSON)
            assert answer.status_code == 403, (address, headers)
            assert "did not come from our own page" in answer.text
    assert admin.get("/staff/").status_code == 200, "nobody was logged out"


@pytest.mark.parametrize("headers", OURS)
def test_every_form_takes_its_own_page_in_whichever_spelling(app: Flask, headers: dict[str, str]) -> None:
    visitor = app.test_client()
    for address in forms(app):
        assert visitor.post(address, headers=headers).status_code != 403, address


def test_behind_a_proxy_that_speaks_tls_the_ports_are_those_of_https(app: Flask) -> None:
    visitor = app.test_client()
    for origin, status in (
        ("https://localhost", 422),
        ("https://localhost:443", 422),
        ("http://localhost", 403),
        ("https://localhost:80", 403),
    ):
        answer = visitor.post("/listing-request", base_url="https://localhost", headers={"Origin": origin})
        assert answer.status_code == status, origin


def test_pages_are_read_wherever_the_link_to_them_stands(sample_app: Flask) -> None:
    for headers in FOREIGN:
        assert sample_app.test_client().get("/about", headers=headers).status_code == 200
