"""axe finds nothing on any page, however it is looked at; nothing scrolls sideways, down to 400% zoom."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.addresses import PAGES

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}

LOOKS: dict[str, dict[str, object]] = {
    "phone": {"viewport": {"width": 360, "height": 740}},
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "zoomed to 400%": {"viewport": {"width": 320, "height": 256}},
    "high contrast": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
    "more contrast": {"viewport": {"width": 1280, "height": 900}, "contrast": "more"},
}

VIEWS = {
    "large targets on a phone": ("large", 360, "light"),
    "large targets, strong contrast": ("large,contrast", 1280, "light"),
    "strong contrast in the dark": ("contrast", 1280, "dark"),
    "dark by choice": ("dark", 1280, "light"),
    "light by choice": ("light", 1280, "dark"),
}
"""What a reader can choose on the page of looks, the width, and what their device prefers."""


def violations(page: Page) -> list[str]:
    """Give what axe finds on a page: the rule, and where."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]


def a_therapist(page: Page) -> str:
    """Give the address of a therapist of the sample."""
    page.goto(PAGES["results"])
    address = page.locator("article.listing h3 a").first.get_attribute("href")
    assert address
    return address


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Browser, site: str, look: str) -> None:
    context = browser.new_context(base_url=site, **LOOKS[look])  # type: ignore[arg-type]
    page = context.new_page()
    found = {}
    for name, address in {**PAGES, "therapist": a_therapist(page)}.items():
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[name] = violations(page) + (["scrolls sideways"] if wide else [])
    context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_in_any_look_that_can_be_chosen(browser: Browser, site: str, view: str) -> None:
    look, width, scheme = VIEWS[view]
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    found = {}
    for name, address in {**PAGES, "therapist": a_therapist(page)}.items():
        page.goto(f"{address}{'&' if '?' in address else '?'}view={look}")
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[name] = violations(page) + (["scrolls sideways"] if wide else [])
    context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_everything_to_press_is_large_enough(page: Page) -> None:
    """Buttons, choices and fields are at least 48 pixels high."""
    for address in (PAGES["home"], PAGES["insured"], PAGES["estimate"], a_therapist(page)):
        page.goto(address)
        heights = page.evaluate(
            """() => [...document.querySelectorAll(".btn, .form-control, .form-select, .choice")]
                .filter(one => one.offsetParent)
                .map(one => [one.textContent.trim() || one.id, one.getBoundingClientRect().height])"""
        )
        assert heights
        assert [one for one in heights if one[1] < 48] == []


def test_the_focus_can_be_seen(page: Page) -> None:
    page.goto(PAGES["home"])
    page.keyboard.press("Tab")
    outline = page.evaluate(
        "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
    )
    assert outline == ["solid", "3px"]


def test_print_leaves_out_what_paper_cannot_do(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(PAGES["insured"])
    page.emulate_media(media="print")
    assert page.locator(".site-nav").is_hidden()
    assert page.locator(".filters").is_hidden()
    assert page.locator("article.listing").first.is_visible()
    assert page.locator("h1").is_visible()
