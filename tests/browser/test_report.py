"""Reporting a wrong number in a browser: two taps, and a warning on the card until staff close the report."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import LOCALES, faults, look_in, looks_of, open_in_looks
from tests.browser.keyboard import fill, press, walk_to
from tests.browser.offices import ServedOffice, log_in, serve_office

pytestmark = pytest.mark.browser

SEARCH = "/therapists?near=02139&miles=50"


@pytest.fixture
def served_office(app: Flask) -> Iterator[ServedOffice]:
    """An office of this test's own, at an address."""
    with serve_office(app) as opened:
        yield opened


def test_a_report_by_two_taps_warns_on_the_card_until_staff_close_it(
    browser: Browser, served_office: ServedOffice
) -> None:
    context = browser.new_context(base_url=served_office.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(SEARCH)
    card = page.locator("article.listing").first
    name = card.locator("h3 a").inner_text()
    card.locator("h3 a").click()
    page.get_by_role("link", name="Something is wrong here").click()
    page.get_by_role("button", name="The phone number is wrong").click()
    expect(page.locator("h1")).to_contain_text("Report ")
    reference = page.locator("h1").inner_text().removeprefix("Report ")
    assert context.cookies() == []
    page.goto(SEARCH)
    card = page.locator("article.listing").filter(has_text=name).first
    expect(card).to_contain_text("Problem reported: call first")

    staff = browser.new_context(base_url=served_office.address).new_page()
    log_in(staff, served_office.office.add_member("editor"))
    press(staff, "Reports")
    press(staff, reference)
    fill(staff, "What you found out", "called, the number is right")
    press(staff, "The listing is put right")
    expect(staff.get_by_role("status")).to_contain_text("The report is closed.")

    page.goto(SEARCH)
    expect(card).not_to_contain_text("Problem reported")
    page.goto(f"/reports/{reference}")
    expect(page.locator(".lead")).to_contain_text("put the listing right")


def test_a_browser_sends_its_origin_with_the_form(browser: Browser, served_office: ServedOffice) -> None:
    """The policy of all pages is to name no origin; without one a form of ours could not be told from another's."""
    page = browser.new_context(base_url=served_office.address).new_page()
    page.goto(SEARCH)
    page.locator("article.listing h3 a").first.click()
    page.get_by_role("link", name="Something is wrong here").click()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Something else is wrong").click()
    assert sent.value.all_headers()["origin"] == served_office.address


def test_a_form_of_another_site_cannot_send_a_report(browser: Browser, served_office: ServedOffice) -> None:
    page = browser.new_context(base_url=served_office.address).new_page()
    page.goto(SEARCH)
    address = urljoin(served_office.address, a_therapist(page))
    token = _token(page, address)
    page.goto("about:blank")
    page.set_content(
        f'<form method="post" action="{address}/report"><input name="form_token" value="{token}">'
        '<button name="kind" value="other">x</button></form>'
    )
    page.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("Nothing was sent")
    expect(page.locator("main")).to_contain_text("did not come from our own page")


def a_therapist(page: Page) -> str:
    """Return the path of the first therapist on a page of results."""
    path = page.locator("article.listing h3 a").first.get_attribute("href")
    assert path
    return path.partition("?")[0]


def _token(page: Page, address: str) -> str:
    page.goto(f"{address}/report")
    return page.locator("[name=form_token]").get_attribute("value") or ""


def test_a_therapist_requests_removal_by_keyboard(browser: Browser, served_office: ServedOffice) -> None:
    page = browser.new_context(base_url=served_office.address).new_page()
    page.goto(SEARCH)
    npi = a_therapist(page).removeprefix("/therapists/")
    page.goto("/about")
    press(page, "Remove or correct my listing")
    fill(page, "Your NPI", npi)
    walk_to(page, "Correct my listing")
    page.keyboard.press("ArrowDown")
    fill(page, "Your office e-mail address", "desk@clinic.example")
    press(page, "Send")
    expect(page.locator("h1")).to_contain_text("Report ")


@pytest.mark.slow
def test_axe_finds_nothing_on_a_receipt_and_on_a_refused_request_however_they_are_looked_at(
    browser: Browser, served_office: ServedOffice
) -> None:
    page = browser.new_context(base_url=served_office.address).new_page()
    page.goto(SEARCH)
    page.locator("article.listing h3 a").first.click()
    page.get_by_role("link", name="Something is wrong here").click()
    page.get_by_role("button", name="Something else is wrong").click()
    expect(page.locator("h1")).to_contain_text("Report ")
    receipt = page.url
    found = {}
    for locale in LOCALES:
        page = browser.new_context(base_url=served_office.address, locale=locale).new_page()
        for look, how in open_in_looks(page, receipt, locale):
            found[f"receipt, {look}"] = faults(page, how)
        page.goto("/listing-request")
        page.locator("main form button").press("Enter")
        expect(page.locator("[aria-invalid=true]").first).to_be_visible()
        for look, how in look_in(page, looks_of(locale)):
            found[f"refused request, {look}"] = faults(page, how)
        page.context.close()
    assert {name: broken for name, broken in found.items() if broken} == {}
