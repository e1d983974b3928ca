"""The staff pages in a browser, by keyboard alone: the monthly update from the upload to the rollback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.checks import ALL_BUT_COLORS, CHOSEN_LOOKS, DEVICE_LOOKS, LOCALES, PHONE, Look, faults, open_in_looks
from tests.browser.keyboard import fill, press, walk_to
from tests.browser.offices import ServedOffice, log_in, serve_office
from tests.web.staff import files
from tests.web.staff.office import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def served_office(app: Flask) -> Iterator[ServedOffice]:
    """An office of this test's own, at an address."""
    with serve_office(app) as opened:
        yield opened


def visitor(browser: Browser, opened: ServedOffice, **how: object) -> BrowserContext:
    """Return a new browser context on the office's site."""
    look = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US"} | how
    return browser.new_context(base_url=opened.address, **look)  # type: ignore[arg-type]


def test_a_monthly_update_by_keyboard_alone(browser: Browser, served_office: ServedOffice, tmp_path: Path) -> None:
    office = served_office.office
    editor, publisher = office.add_member("editor"), office.add_member("publisher")
    file = tmp_path / "visits-2026-11-19.csv"
    file.write_text(files.with_faults(), encoding="utf-8")

    at_the_editors = visitor(browser, served_office).new_page()
    log_in(at_the_editors, editor)
    press(at_the_editors, "Upload")
    walk_to(at_the_editors, "Files")
    at_the_editors.get_by_label("Files", exact=True).set_input_files(file)
    press(at_the_editors, "Read the files")
    expect(at_the_editors.locator("h1")).to_contain_text("Draft 2")
    for code, (row, column) in files.FAULTS.items():
        at_the_editors.goto(f"/staff/drafts/2/notices?code={code}")
        line = at_the_editors.locator("tbody tr").first
        expect(line.locator("th")).to_contain_text(str(row))
        expect(line.locator("td").first).to_have_text(column)
    with at_the_editors.expect_download() as download:
        walk_to(at_the_editors, "Download all (CSV)")
        at_the_editors.keyboard.press("Enter")
    assert "npi_invalid" in download.value.path().read_text(encoding="utf-8-sig")
    at_the_editors.goto("/staff/drafts/2")
    expect(at_the_editors.get_by_text("a publisher other than you must look at it")).to_be_visible()

    public = visitor(browser, served_office).new_page()
    public.goto("/therapists?near=02139&q=Example500")
    expect(public.locator("article.listing")).to_have_count(0)

    at_the_publishers = visitor(browser, served_office).new_page()
    log_in(at_the_publishers, publisher)
    press(at_the_publishers, "Draft 2")
    press(at_the_publishers, "Publish: the public sees this")
    expect(at_the_publishers.get_by_role("status")).to_contain_text("Release 2 is published.")
    expect(at_the_publishers.locator("tbody tr").first).to_contain_text("public")
    public.wait_for_timeout(2100)  # a server looks every two seconds
    public.reload()
    expect(public.locator("article.listing")).to_have_count(1)

    press(at_the_publishers, "Make release 1 public again")
    expect(at_the_publishers.get_by_role("status")).to_contain_text("Release 1 is public again.")
    press(at_the_publishers, "Log")
    expect(at_the_publishers.get_by_role("cell", name="rollback", exact=True)).to_be_visible()


def test_publishing_many_removals_asks_for_their_number(browser: Browser, served_office: ServedOffice) -> None:
    office = served_office.office
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    rows = [files.row(number) for number in range(40)]
    editor.upload(files.write(rows))
    publisher.send("/staff/drafts/2/publish")
    editor.upload(files.write(rows[:36]), replace="y")
    page = visitor(browser, served_office).new_page()
    log_in(page, office.add_member("publisher", 2))
    page.goto("/staff/drafts/3")
    press(page, "Publish: the public sees this")
    field = page.get_by_label("How many providers will be removed?")
    expect(field).to_be_focused()
    expect(page.locator("#confirm_removals-error")).to_contain_text("4")
    page.keyboard.type("4")
    press(page, "Publish: the public sees this")
    expect(page.get_by_role("status")).to_contain_text("is published")


def test_the_second_factor_is_set_up_with_a_picture(browser: Browser, served_office: ServedOffice) -> None:
    publisher = served_office.office.add_member("publisher", second_factor=False)
    context = visitor(browser, served_office)
    page = context.new_page()
    failed: list[str] = []
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    log_in(page, publisher)
    press(page, publisher.email)
    press(page, "Set it up")
    page.keyboard.type(PASSWORD) if page.evaluate("document.activeElement.name") == "current" else fill(
        page, "Your password now", PASSWORD
    )
    press(page, "Show the QR code")
    width = page.locator("img.qr").evaluate("image => image.naturalWidth")
    assert width > 100, "the browser may show the picture"
    publisher.secret = page.locator(".link-once").inner_text().replace(" ", "")
    fill(page, "Code", publisher.code())
    press(page, "Switch it on")
    expect(page.locator(".codes li")).to_have_count(10)
    assert failed == []


def test_two_editors_at_once(browser: Browser, served_office: ServedOffice) -> None:
    office = served_office.office
    npi = re.findall(r"/staff/records/([0-9]{10})", office.add_logged_in("viewer").get("/staff/queue").text)[0]
    pages = []
    for number in (1, 2):
        page = visitor(browser, served_office, java_script_enabled=False).new_page()
        page.goto("/staff/login")
        member = office.add_member("editor", number)
        page.get_by_label("E-mail address").fill(member.email)
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Log in").click()
        page.goto(f"/staff/records/{npi}")
        pages.append(page)
    for page, credentials in zip(pages, ("PT, ONE", "PT, TWO"), strict=True):
        page.get_by_label("Credentials").fill(credentials)
        page.get_by_label("How do you know?").fill("called")
        with page.expect_navigation():
            page.get_by_role("button", name="Keep the corrections").click()
    expect(pages[1].get_by_role("alert")).to_contain_text("editor@example.org")
    expect(pages[1].get_by_role("alert")).to_contain_text("PT, ONE")
    expect(pages[1].get_by_label("Credentials")).to_have_value("PT, TWO")
    pages[1].get_by_role("button", name="Keep the corrections").click()
    expect(pages[1].get_by_role("status")).to_contain_text("One correction is kept")


LARGE = Look(viewport=PHONE, locale="en-US", chosen="large", rules=(ALL_BUT_COLORS,))
STAFF_LOOKS = DEVICE_LOOKS | CHOSEN_LOOKS | {"large targets": LARGE}

STAFF_PAGES = (
    "/staff/", "/staff/upload", "/staff/drafts", "/staff/drafts/2", "/staff/drafts/2/notices",
    "/staff/drafts/2/rows", "/staff/rows/1", "/staff/releases", "/staff/collections", "/staff/records?q=kite",
    "/staff/records/NPI", "/staff/queue", "/staff/reports", "/staff/suppressions", "/staff/audit", "/staff/accounts",
    "/staff/accounts/1", "/staff/me", "/staff/me/second-factor",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_axe_finds_nothing_on_the_staff_pages(browser: Browser, served_office: ServedOffice, locale: str) -> None:
    office = served_office.office
    office.add_logged_in("editor").upload(files.with_faults())
    npi = re.findall(r"/staff/records/([0-9]{10})", office.add_logged_in("viewer").get("/staff/queue").text)[0]
    page = visitor(browser, served_office).new_page()
    found = {
        f"log in, {look}": faults(page, how) for look, how in open_in_looks(page, "/staff/login", locale, STAFF_LOOKS)
    }
    log_in(page, office.add_member("admin"))
    for address in STAFF_PAGES:
        spoken = f"{address.replace('NPI', npi)}{'&' if '?' in address else '?'}lang={locale[:2]}"
        for look, how in open_in_looks(page, spoken, locale, STAFF_LOOKS):
            found[f"{address}, {look}"] = faults(page, how)
        assert page.locator("html").get_attribute("lang") == locale[:2]
    assert {name: broken for name, broken in found.items() if broken} == {}
