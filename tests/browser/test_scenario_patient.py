"""A patient with numb feet: keyboard alone, 400% zoom, no script, in both languages; and the press for the place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = pytest.mark.browser

HEADING = re.compile(
    r"^([0-9,]+) listings? \([0-9,]+ therapists?, [0-9,]+ clinics?\)"
    r" within 25 miles of the center of 02139 \(Cambridge, MA\)$"
)

ZOOMED: ViewportSize = {"width": 320, "height": 256}
"""What a window of 1280 by 1024 has left at 400%."""


def tab_to(page: Page, what: str) -> None:
    """Walk with the tab key until an expression of the focused element is true."""
    for _ in range(250):
        page.keyboard.press("Tab")
        if page.evaluate(f"(e => {what})(document.activeElement)"):
            return
    raise AssertionError(f"the keyboard does not come to {what}")


def by_keyboard(page: Page) -> None:
    """Type the need and the place on the first page, and send them, without a mouse."""
    page.goto("/")
    tab_to(page, "e.name === 'q'")
    page.keyboard.type("numb feet")
    tab_to(page, "e.name === 'near'")
    page.keyboard.type("02139")
    page.keyboard.press("Enter")
    page.wait_for_url("**/therapists?**")


def cards_of_all_pages(page: Page) -> int:
    """Count the cards, going from page to page by keyboard; each must say all that a card says."""
    seen = 0
    while True:
        for card in page.locator("article.listing").all():
            text = card.inner_text()
            assert card.locator("a[href^='tel:+1']").inner_text().strip(), text
            assert card.locator(".fact").count() >= 2, text
            assert re.search(r"20[0-9]{2}", text), text
            assert "Medicare" in text
            seen += 1
        if not page.locator("a[rel=next]").count():
            return seen
        tab_to(page, "e.rel === 'next'")
        with page.expect_navigation():
            page.keyboard.press("Enter")


def test_numb_feet_by_keyboard_at_400_percent_without_script_in_both_languages(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, viewport=ZOOMED, locale="en-US")
    page = context.new_page()
    by_keyboard(page)
    heading = HEADING.match(page.locator("h1").inner_text())
    assert heading
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
    expect(page.get_by_text("neurologic physical therapy, treats neuropathy")).to_be_visible()
    number = int(heading[1])
    first = page.url
    assert number > 20
    assert cards_of_all_pages(page) == number

    page.goto(first)
    tab_to(page, "e.hreflang === 'es'")
    page.keyboard.press("Enter")
    page.wait_for_url("**lang=es**")
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator("h1").inner_text().startswith(f"{number} ")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert cards_of_all_pages(page) == number
    assert context.cookies() == []
    context.close()


def test_the_location_is_asked_on_a_press_alone_and_rounded(browser: Browser, site: str) -> None:
    context = browser.new_context(
        base_url=site,
        geolocation={"latitude": 42.364712, "longitude": -71.104256},
        permissions=["geolocation"],
        locale="en-US",
    )
    page = context.new_page()
    page.goto("/")
    near = page.get_by_label("Where do you want care?")
    expect(near).to_have_value("")
    page.get_by_role("button", name="Use my location").press("Enter")
    expect(near).to_have_value("42.36,-71.10")
    expect(page.get_by_role("status").get_by_text("rounded")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("42.36, -71.1")
    context.close()


def test_a_refused_location_says_what_to_do(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, permissions=[], locale="en-US")
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_role("status").get_by_text("Type a ZIP code or a city instead.")).to_be_visible()
    context.close()


def test_without_script_there_is_no_button_for_the_location(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("button", name="Use my location")).to_have_count(0)
    context.close()
