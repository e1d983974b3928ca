"""The upload with and without the script: the progress, and the same result page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from finder.cli.server import HttpServer
from finder.http.body_limits import LARGE_BODIES, LargeBody
from finder.web.staff.drafts.uploads import has_logged_in, upload
from tests.browser.offices import ServedOffice, log_in, serve_office
from tests.cli.raw_http import running
from tests.web.staff import files
from tests.web.staff.office import Office

pytestmark = pytest.mark.browser


@pytest.fixture
def served_office(app: Flask) -> Iterator[ServedOffice]:
    """An office of this test's own, at an address."""
    with serve_office(app) as opened:
        yield opened


def editor_page(browser: Browser, opened: ServedOffice) -> Page:
    """Return an editor's browser with the form of the upload open."""
    page = browser.new_context(base_url=opened.address, locale="en-US").new_page()
    log_in(page, opened.office.add_member("editor"))
    page.goto("/staff/upload")
    return page


def choose(page: Page, content: str, name: str = "visits-2026-11-19.csv") -> None:
    page.get_by_label("Files", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )


def test_progress_is_announced_while_files_are_read(browser: Browser, served_office: ServedOffice) -> None:
    page = editor_page(browser, served_office)
    held: list[Route] = []
    page.route("**/staff/upload", lambda route: held.append(route))
    failed: list[str] = []
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    choose(page, files.write([files.row(1)]))
    with page.expect_request("**/staff/upload"):
        page.get_by_role("button", name="Read the files").press("Enter")
    expect(page.locator("[data-upload] [role=status]")).to_have_text("The files are being sent.")
    expect(page.locator("progress")).to_be_visible()
    page.get_by_role("button", name="Read the files").press("Enter")
    assert len(held) == 1, "a second press sends nothing"
    held[0].continue_()
    expect(page.locator("h1")).to_have_text("Draft 2")
    expect(page.locator("h1")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Nothing public has changed yet")
    assert page.url.endswith("/staff/drafts/2")
    assert page.title().startswith("Draft 2")
    assert failed == []
    page.reload()
    expect(page.locator("h1")).to_have_text("Draft 2")


def test_a_refused_file_is_an_error_at_the_field_and_another_can_be_sent(
    browser: Browser, served_office: ServedOffice
) -> None:
    page = editor_page(browser, served_office)
    choose(page, "hello\n", "letter.txt")
    page.get_by_role("button", name="Read the files").press("Enter")
    expect(page.get_by_label("Files", exact=True)).to_be_focused()
    expect(page.locator("#files-error")).to_be_visible()
    choose(page, files.write([files.row(1)]))
    page.get_by_role("button", name="Read the files").press("Enter")
    expect(page.locator("h1")).to_have_text("Draft 2")


def test_a_broken_connection_and_too_large_files_are_errors(browser: Browser, served_office: ServedOffice) -> None:
    page = editor_page(browser, served_office)
    page.route("**/staff/upload", lambda route: route.abort())
    choose(page, files.write([files.row(1)]))
    page.get_by_role("button", name="Read the files").press("Enter")
    status = page.locator("[data-upload] [role=status]")
    expect(status).to_contain_text("The connection broke.")
    page.locator("[data-upload]").evaluate("part => part.dataset.most = 10")
    page.get_by_role("button", name="Read the files").press("Enter")
    expect(status).to_contain_text("larger than 64 MB")


@pytest.mark.slow
def test_without_the_script_files_that_are_too_large_are_refused_with_a_page(
    browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the server that is ours: it takes the files to their end, as before that no browser listens."""
    monkeypatch.setitem(LARGE_BODIES, upload, LargeBody(2**20, has_logged_in))
    with running(partial(HttpServer.of, app)) as port:
        send_too_large_files(editor_page(browser, ServedOffice(Office(app), f"http://127.0.0.1:{port}")))


def send_too_large_files(page: Page) -> None:
    page.route("**/upload.js", lambda route: route.abort())
    page.reload()
    choose(page, "x" * (20 * 2**20))
    page.get_by_role("button", name="Read the files").press("Enter")
    expect(page.locator("h1")).to_have_text("That was too large to send")
    page.get_by_role("link", name="Back to the staff pages").press("Enter")
    expect(page.locator("h1")).to_have_text("Overview")


def test_without_the_script_the_form_works(browser: Browser, served_office: ServedOffice) -> None:
    page = editor_page(browser, served_office)
    page.route("**/upload.js", lambda route: route.abort())
    page.reload()
    choose(page, files.write([files.row(1)]))
    page.get_by_role("button", name="Read the files").press("Enter")
    expect(page.locator("h1")).to_have_text("Draft 2")
