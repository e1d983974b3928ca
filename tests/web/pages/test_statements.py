"""The statements on privacy and the like, checked against what the software does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder import create_app
from tests.web.reading import parsed, prose, public_pages, text_of

STATEMENTS = ("/about", "/privacy", "/accessibility")


@pytest.mark.parametrize("path", STATEMENTS)
def test_a_statement_has_one_heading_that_starts_its_title_and_says_when_it_was_true(
    client: FlaskClient, path: str
) -> None:
    page = client.get(path)
    headings = [text_of(heading) for heading in parsed(page.text).iter("h1")]
    title = parsed(page.text).find(".//title")
    assert page.status_code == 200
    assert len(headings) == 1
    assert title is not None
    assert text_of(title).startswith(headings[0])
    assert "Last held against the software on November 20, 2026." in prose(page.text)


@pytest.mark.parametrize("path", STATEMENTS)
def test_the_operators_address_is_shown_where_one_is_set(sample_app: Flask, path: str) -> None:
    settings = replace(sample_app.config["FINDER_SETTINGS"], contact="help@finder.example <script>")
    app = create_app(settings)
    app.testing = True
    page = app.test_client().get(path).text
    assert "help@finder.example &lt;script&gt;" in page
    assert "have not yet given an address" not in page


def test_without_an_address_nothing_is_promised(client: FlaskClient) -> None:
    assert "have not yet given an address" in client.get("/about").text


def test_no_public_page_sets_a_cookie(sample_app: Flask) -> None:
    client = sample_app.test_client()
    for path in public_pages(sample_app):
        assert "Set-Cookie" not in client.get(path).headers, path


def test_no_public_page_loads_anything_from_another_site(sample_app: Flask) -> None:
    client = sample_app.test_client()
    for path in public_pages(sample_app):
        page = client.get(path)
        if page.mimetype != "text/html":
            continue
        for element in parsed(page.text).iter():
            loaded = element.get("href") if element.tag == "link" else element.get("src") or element.get("action")
            assert not str(loaded or "").startswith(("http:", "https:", "//")), (path, loaded)


def test_the_log_holds_routes_and_never_what_was_typed_or_who_asked(
    sample_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    visitor = create_app(sample_app.config["FINDER_SETTINGS"]).test_client()
    capsys.readouterr()
    for page in (
        "/", "/therapists", "/therapists.csv", "/therapists/map", "/shortlist", "/compare", "/my-insurance", "/display",
        "/estimate", "/estimate.csv", "/estimate/course", "/nowhere/Quillfeather",
    ):  # fmt: skip
        visitor.get(
            f"{page}?near=Zanzibarville&q=Quillfeather&zip=Zanzibarville&npis=Quillfeather&then=Quillfeather&lang=xx",
            environ_base={"REMOTE_ADDR": "203.0.113.77"},
        )
    logged = "".join(capsys.readouterr())
    assert '"route": "/therapists"' in logged
    for secret in ("Zanzibarville", "Quillfeather", "203.0.113.77"):
        assert secret not in logged


def test_statements_send_no_referrer(client: FlaskClient) -> None:
    assert client.get("/privacy").headers["Referrer-Policy"] == "no-referrer"


def test_a_therapist_can_ask_to_be_removed(client: FlaskClient) -> None:
    about = parsed(client.get("/about").text)
    assert any(text_of(heading) == "Remove or correct my listing" for heading in about.iter("h2"))
    links = {text_of(link): str(link.get("href")) for link in parsed(client.get("/privacy").text).iter("a")}
    assert client.get(links["Remove or correct my listing"]).status_code == 200
