"""A caregiver's list of three: made without an account, shared by link, printed large."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.keyboard import press
from tests.browser.modes import MODES

pytestmark = pytest.mark.browser

SEARCH = "/therapists?near=02139&miles=50&specialty=neurologic"

EIGHTEEN_POINTS = 24.0
"""In CSS pixels: 18pt."""


SMALLEST_LETTERS = """() => Math.min(...[...document.querySelectorAll('main p, main li, main span, main h2, main h3')]
    .filter(element => element.offsetParent && element.innerText.trim())
    .map(element => parseFloat(getComputedStyle(element).fontSize)))"""


ROOM_AT_THE_PRICE = """() => Math.min(...[...document.querySelectorAll('.sheet-page > .amount')].flatMap(price => {
    const [before, own, after] = [price.previousElementSibling, price, price.nextElementSibling].map(
        element => element.getBoundingClientRect())
    return [own.top - before.bottom, after.top - own.bottom]
}))"""
"""The least distance of a price from what is above and below it, in CSS pixels."""


def add_listings(page: Page, count: int) -> str:
    """Add listings from the results page, open the list, and return its share link."""
    page.goto(SEARCH)
    for number in range(1, count + 1):
        page.get_by_role("link", name=re.compile("^Add to my list")).nth(number - 1).click()
        expect(page.get_by_role("link", name=f"My list ({number})")).to_be_visible()
    page.get_by_role("link", name=f"My list ({count})").click()
    expect(page.locator("h1")).to_have_text(f"Therapists to call: {count}")
    return page.locator("#share-link").inner_text()


def names(page: Page) -> list[str]:
    """Return the names on the cards."""
    return page.locator("article.listing h3 a").all_inner_texts()


@pytest.mark.parametrize("mode", MODES)
def test_a_list_of_three_is_made_by_keyboard_shared_and_printed_in_every_mode(
    browser: Browser, site: str, mode: str
) -> None:
    reader = MODES[mode]
    hosts = set()
    context = reader.new_context(browser, site)
    page = context.new_page()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(SEARCH)
    for _ in range(3):
        press(page, reader.text("Add to my list"))
        expect(page.get_by_role("link", name=re.compile(f"^{reader.text('Take off my list')}")).last).to_be_focused()
    press(page, reader.text("My list (%(count)s)", count=3), "Shift+Tab")
    expect(page.locator("h1")).to_have_text(reader.text("Therapists to call: %(count)s", count=3))
    listed = names(page)
    assert len(listed) == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= reader.viewport["width"]
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    link = page.locator("#share-link").inner_text()

    page.emulate_media(media="print")
    assert page.evaluate(ROOM_AT_THE_PRICE) >= EIGHTEEN_POINTS / 2
    expect(page.get_by_role("link", name=re.compile("^How we get this"))).to_have_count(0)
    assert page.evaluate(SMALLEST_LETTERS) >= EIGHTEEN_POINTS
    expect(page.get_by_role("heading", name=reader.text("Note for my doctor"))).to_be_visible()
    expect(page.get_by_role("heading", name=reader.text("Stay safe"))).to_be_visible()
    question = reader.text("“I have neuropathy. My nerves are hurt. Do you treat neuropathy?”")
    expect(page.get_by_text(question)).to_have_count(3)
    expect(page.locator("#share-link")).to_be_visible()
    expect(page.locator("article.listing").first).to_be_hidden()
    expect(page.locator(".site-header")).to_be_hidden()

    theirs = reader.new_context(browser, site)
    other = theirs.new_page()
    other.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    other.goto(link)
    assert names(other) == listed
    assert hosts - {""} == {urlsplit(site).netloc}

    page.emulate_media(media="screen")
    page.goto(SEARCH)
    press(page, reader.text("Add to my list"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile(f"^{reader.text('Take off my list')}"))).to_have_count(0)
    context.close()
    theirs.close()


def test_adding_to_the_list_keeps_the_link_focused_and_in_view(page: Page) -> None:
    page.goto(SEARCH)
    page.get_by_role("link", name=re.compile("^Add to my list")).nth(5).click()
    expect(page.get_by_role("link", name=re.compile("^Take off my list"))).to_be_focused()
    expect(page.get_by_role("link", name=re.compile("^Take off my list"))).to_be_in_viewport()


def test_the_link_is_copied_and_announced(context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = add_listings(page, 1)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status").get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_without_script_the_page_says_how_to_print(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    add_listings(page, 1)
    expect(page.get_by_text("To print this page")).to_be_visible()
    expect(page.get_by_role("button", name="Print the list")).to_be_hidden()
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()
    context.close()


def test_four_of_a_long_list_are_chosen_and_compared(page: Page) -> None:
    add_listings(page, 5)
    page.get_by_role("button", name="Compare these").click()
    expect(page.get_by_role("table", name="What we know of each of them").get_by_role("columnheader")).to_have_count(2)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_comparison_reads_as_a_table_on_every_screen(browser: Browser, site: str, width: int) -> None:
    context = browser.new_context(base_url=site, viewport={"width": width, "height": 800})
    page = context.new_page()
    add_listings(page, 3)
    page.get_by_role("link", name="Compare side by side").click()
    table = page.get_by_role("table", name="What we know of each of them")
    expect(table.get_by_role("columnheader")).to_have_count(3)
    expect(table.get_by_role("row", name=re.compile("^How far"))).to_be_visible()
    expect(table.get_by_role("rowheader", name="Insurance")).to_be_visible()
    expect(table.locator(".column-name").first).to_be_visible(visible=width < 1000)
    context.close()
