"""Searching in a browser: by keyboard alone, without JavaScript, and without requests to third parties."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.addresses import PAGES, all_pages

pytestmark = pytest.mark.browser

COUNT = re.compile(
    r"^[0-9,]+ listings? \([0-9,]+ therapists?, [0-9,]+ clinics?\) within 25 miles of the center of 02139"
)


def search_by_keyboard(page: Page) -> None:
    """Type a place, walk to the button and press it, without a mouse."""
    page.goto("/")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "near":
            break
    page.keyboard.type("02139")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/therapists?**")


def test_a_search_by_keyboard_alone_ends_on_the_heading(page: Page) -> None:
    search_by_keyboard(page)
    expect(page.locator("h1")).to_have_text(COUNT)
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"


def test_a_search_works_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Where do you want care?").fill("02139")
    page.get_by_role("button", name="Find therapists").click()
    expect(page.locator("h1")).to_have_text(COUNT)
    number = int(page.locator("h1").inner_text().split(" ")[0])
    seen = page.locator("article.listing").count()
    while page.get_by_role("link", name="Next page").count():
        with page.expect_navigation():
            page.get_by_role("link", name="Next page").click()
        seen += page.locator("article.listing").count()
    assert seen == number
    page.locator("article.listing h3 a").first.click()
    expect(page.get_by_role("heading", name="What to say when you call")).to_be_visible()
    context.close()


def test_only_the_place_must_be_given(page: Page) -> None:
    page.goto("/")
    assert page.locator("[required]").count() == 1
    page.get_by_role("button", name="Find therapists").click()
    assert urlsplit(page.url).path == "/"


def test_a_filter_is_added_and_removed(page: Page) -> None:
    page.goto("/therapists?near=02139&miles=50")
    unfiltered = page.locator("h1").inner_text()
    page.get_by_label(re.compile("^Neurologic")).check()
    page.get_by_role("button", name="Show these").click()
    expect(page.locator("h1")).not_to_have_text(unfiltered)
    page.get_by_role("link", name=re.compile("Remove the filter: Neurologic")).click()
    expect(page.locator("h1")).to_have_text(unfiltered)


def test_going_back_restores_the_results_page(page: Page) -> None:
    page.goto("/therapists?near=02139&miles=50&specialty=neurologic")
    heading = page.locator("h1").inner_text()
    page.locator("article.listing h3 a").first.click()
    page.go_back()
    expect(page.locator("h1")).to_have_text(heading)
    assert page.get_by_label("Where do you want care?").input_value() == "02139"


def test_an_unknown_place_is_an_error_at_its_field(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Where do you want care?").fill("Cambrigde, MA")
    page.get_by_role("button", name="Find therapists").click()
    field = page.get_by_label("Where do you want care?")
    expect(field).to_be_focused()
    expect(field).to_have_value("Cambrigde, MA")
    expect(field).to_have_attribute("aria-invalid", "true")
    page.get_by_role("link", name="Cambridge, MA").click()
    expect(page.locator("h1")).to_contain_text("Cambridge, MA")


def test_the_cost_on_a_card_equals_the_linked_estimate(page: Page) -> None:
    page.goto(PAGES["results"])
    card = page.locator("article.listing").first
    amount = card.locator(".amount b").inner_text().removeprefix("About ")
    card.get_by_role("link", name=re.compile("How we get this")).click()
    expect(page.locator(".amount-big b")).to_have_text(amount)


def test_no_third_party_is_requested_and_no_cookie_is_set(context: BrowserContext, site: str) -> None:
    hosts, failed = set(), []
    page = context.new_page()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: failed.append(str(error)))
    for name, address in all_pages(page).items():
        page.goto(address)
        if page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 200:
            assert failed == [], name
        failed.clear()
    assert hosts == {urlsplit(site).netloc}
    assert context.cookies() == []
