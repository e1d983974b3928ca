"""Compression: pages with a secret are not compressed (BREACH), all others are."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.web.reading import public_pages, some_npis
from tests.web.staff.office import Office
from tests.web.staff.routes import ANYONE, ROLE_OF_ENDPOINT, routes

ANY = {"Accept-Encoding": "zstd, br, gzip, deflate"}

TOKEN = re.compile(rb'name="(form_token|csrf_token|proof)"')


def is_compressed(client: FlaskClient, address: str) -> bool:
    return "Content-Encoding" in client.get(address, headers=ANY).headers


def test_public_pages_are_compressed_where_they_hold_no_token(sample_app: Flask) -> None:
    client = sample_app.test_client()
    with_token = {page for page in public_pages(sample_app) if TOKEN.search(client.get(page).data)}
    reports = {f"/therapists/{npi}/report" for npi in some_npis(sample_app)}
    assert with_token == {"/listing-request", "/estimate/batch", "/bill", *reports}
    assert not any(is_compressed(client, page) for page in with_token)
    assert not is_compressed(client, "/listing-request?contact=guess&npi=guess")
    for page in ("/", "/therapists?near=02139", "/estimate?zip=43210", "/no-such-page", "/about"):
        assert is_compressed(client, page)


def test_a_form_that_comes_back_with_a_mistake_is_not_compressed(sample_app: Flask) -> None:
    answer = sample_app.test_client().post("/listing-request", data={"npi": "guess"}, headers=ANY)
    assert answer.status_code == 422
    assert TOKEN.search(answer.data)
    assert "Content-Encoding" not in answer.headers


def test_no_staff_page_is_compressed_and_files_are(app: Flask) -> None:
    office = Office(app)
    admin = office.add_logged_in("admin")
    pages = 0
    for endpoint, method, address in routes(office.app):
        if method == "GET" and ROLE_OF_ENDPOINT[endpoint] != ANYONE:
            answer = admin.client.get(address, headers=ANY)
            if answer.mimetype == "text/html":
                assert "Content-Encoding" not in answer.headers, address
                pages += 1
    assert pages > 15
    assert not is_compressed(admin.client, "/staff/login")
    assert is_compressed(admin.client, "/staff/export.json")
