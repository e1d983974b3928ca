"""A patient with numb feet: by keyboard, on a small phone and at 400%, with and without script, in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.keyboard import fill, press, walk_to
from tests.browser.modes import MODES

pytestmark = pytest.mark.browser

HEADING = {
    "en": re.compile(
        r"^([0-9,]+) listings? \([0-9,]+ therapists?, [0-9,]+ clinics?\)"
        r" within 25 miles of the center of 02139 \(Cambridge, MA\)$"
    ),
    "es": re.compile(
        r"^([0-9,]+) resultados? \([0-9,]+ terapeutas?, [0-9,]+ clínicas?\)"
        r" a 25 millas o menos del centro de 02139 \(Cambridge, MA\)$"
    ),
}

CARDS = """() => [...document.querySelectorAll("article.listing")].map(card => ({
    phone: card.querySelector("a[href^='tel:+1']")?.innerText.trim() ?? "",
    facts: card.querySelectorAll(".fact").length,
    text: card.innerText,
}))"""


def cards_of_all_pages(page: Page, next_page: str) -> int:
    """Count the cards, going from page to page by keyboard; each must say all that a card says."""
    seen = 0
    while True:
        for card in page.evaluate(CARDS):
            assert card["phone"], card
            assert card["facts"] >= 2, card
            assert re.search(r"20[0-9]{2}", card["text"]), card
            assert "Medicare" in card["text"]
            seen += 1
        if not page.locator("a[rel=next]").count():
            return seen
        press(page, next_page)


@pytest.mark.parametrize("mode", MODES)
def test_numb_feet_by_keyboard_in_every_mode(browser: Browser, site: str, mode: str) -> None:
    reader = MODES[mode]
    context = reader.new_context(browser, site)
    page = context.new_page()
    page.goto("/")
    assert page.locator("[required]").count() == 1
    fill(
        page,
        reader.text("What do you need help with?"),
        "numb feet" if reader.language == "en" else "pies dormidos",
    )
    fill(page, reader.text("Where do you want care?"), "02139")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    heading = HEADING[reader.language].match(page.locator("h1").inner_text())
    assert heading
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.evaluate("document.documentElement.scrollWidth") <= reader.viewport["width"]
    understood = page.get_by_role("region", name=reader.text("How we read your words"))
    kinds = reader.text(" or ").join([reader.text("neurologic physical therapy"), reader.text("treats neuropathy")])
    expect(understood.get_by_text(kinds)).to_be_visible()
    number = int(heading[1])
    first = page.url
    assert number > 20
    assert cards_of_all_pages(page, reader.text("Next page")) == number

    page.goto(first)
    other = "es" if reader.language == "en" else "en"
    walk_to(page, "Español" if other == "es" else "English", "Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("lang") == other
    assert page.locator("h1").inner_text().startswith(f"{number} ")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert context.cookies() == []
    context.close()


def test_the_location_is_requested_only_by_a_button_and_rounded(browser: Browser, site: str) -> None:
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


def test_a_denied_location_shows_what_to_do(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, permissions=[], locale="en-US")
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_role("status").get_by_text("Type a ZIP code or a city instead.")).to_be_visible()
    context.close()


def test_without_javascript_there_is_no_location_button(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("button", name="Use my location")).to_have_count(0)
    context.close()
