"""Error pages: in the design of all pages, with a remedy, and without internals."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import default_exceptions

from finder.errors import Refused
from finder.web.presentation.error_pages import PAGES, page
from tests.conftest import make_app


class Broken(RuntimeError):
    """An unexpected error."""


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A visitor of an application with pages that fail in every way."""
    app.testing = False

    def fail(status: int) -> ResponseReturnValue:
        return abort(status) if status in default_exceptions else page(status)

    app.add_url_rule("/fail/<int:status>", "fail", fail)

    def broken() -> str:
        raise Broken("the password is swordfish")

    def refused() -> str:
        raise Refused("release-0af3.sqlite: no such table")

    app.add_url_rule("/broken", "broken", broken)
    app.add_url_rule("/refused", "refused", refused)
    return app.test_client()


@pytest.mark.parametrize("status", sorted(PAGES))
def test_every_status_has_a_page_that_says_what_to_do(visitor: FlaskClient, status: int) -> None:
    response = visitor.get(f"/fail/{status}")
    assert response.status_code == status
    assert PAGES[status].heading in response.text.replace("&#39;", "'")
    assert 'href="/"' in response.text
    assert "Content-Security-Policy" in response.headers


def test_an_unexpected_error_reveals_no_details(visitor: FlaskClient) -> None:
    response = visitor.get("/broken?near=secret")
    assert response.status_code == 500
    assert "swordfish" not in response.text
    assert "Traceback" not in response.text


def test_an_error_of_the_program_is_shown_in_its_own_words(visitor: FlaskClient) -> None:
    response = visitor.get("/refused")
    assert response.status_code == 500
    assert Refused.message() in response.text
    assert "sqlite" not in response.text


def test_an_error_is_json_if_json_was_requested(visitor: FlaskClient) -> None:
    response = visitor.get("/fail/404", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert set(response.json or {}) == {"error", "message"}


def test_an_unknown_therapist_leads_back_to_the_search(client: FlaskClient) -> None:
    for npi in ("9999999999", "x", "1" * 300, "%00", "' OR 1=1"):
        response = client.get(f"/therapists/{npi}")
        assert response.status_code == 404
        assert 'href="/"' in response.text


def test_a_release_that_is_not_in_the_store_is_no_fault_of_the_page(home: Path) -> None:
    (home / "releases").rename(home / "elsewhere")
    visitor = make_app(home).test_client()
    response = visitor.get("/therapists?near=02139")
    assert response.status_code == 503
    assert "A file that belongs to a release is not in the release store." in response.text
    (home / "elsewhere").rename(home / "releases")
    assert visitor.get("/therapists?near=02139").status_code == 200
