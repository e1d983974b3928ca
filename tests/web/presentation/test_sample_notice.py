"""The notice of sample data: on every public page over the sample, and on no other."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.directory.release.release import DamagedRelease, Release
from finder.errors import FinderError
from finder.releases.installation import NothingPublished
from tests.web.reading import parsed, public_pages, some_npis

NOTICE = './/aside[@class="sample"]'

EMPTY = (
    "/",
    "/therapists?near=02139",
    "/therapists/1234567893",
    "/estimate",
    "/my-insurance",
    "/about",
    "/no-such-page",
)
"""Pages that answer one way or another where nothing is published."""


def pages_to_see(app: Flask) -> list[str]:
    """Return the URL of every public HTML page and of some error pages."""
    estimate = f"/estimate?npi={some_npis(app)[0]}"
    pages = [*public_pages(app), estimate, "/no-such-page", "/therapists/1234567893", "/therapists?near=zzzz"]
    return [page for page in pages if app.test_client().get(page).mimetype == "text/html"]


def with_notice(client: FlaskClient, pages: list[str]) -> set[str]:
    return {page for page in pages if parsed(client.get(page).text).find(NOTICE) is not None}


@pytest.mark.slow
def test_every_public_page_says_that_the_sample_is_made_up_and_none_says_so_of_real_data(
    sample_app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = pages_to_see(sample_app)
    assert len(pages) > 20
    assert set(pages) - with_notice(client, pages) == set()
    monkeypatch.setattr(Release, "is_sample", False)
    assert with_notice(client, pages) == set()


def test_staff_pages_have_no_notice(client: FlaskClient) -> None:
    assert client.get("/staff/login").status_code == 200
    assert with_notice(client, ["/staff/login"]) == set()


@pytest.mark.parametrize("error", [NothingPublished, DamagedRelease, FileNotFoundError])
def test_pages_answer_without_the_notice_where_no_release_can_be_read(
    error: type[FinderError], sample_app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(sample_app.extensions["finder"].current, "get", fail)
    monkeypatch.setattr(sample_app, "testing", False)
    for page in EMPTY:
        response = client.get(page)
        assert "<h1" in response.text, page
        assert 'class="sample"' not in response.text
