"""axe finds nothing on any page, however it is looked at; nothing scrolls sideways, down to 400% zoom."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.addresses import PAGES, all_pages

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}

DESK = {"width": 1280, "height": 900}

LOOKS: dict[str, dict[str, object]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "locale": "en-US"},
    "desk": {"viewport": DESK, "locale": "es-US"},
    "dark": {"viewport": DESK, "color_scheme": "dark", "locale": "en-US"},
    "zoomed to 400%": {"viewport": {"width": 320, "height": 256}, "locale": "es-US"},
    "high contrast": {"viewport": DESK, "forced_colors": "active", "locale": "en-US"},
    "more contrast": {"viewport": DESK, "contrast": "more", "locale": "es-US"},
}
"""The windows, devices and languages in which a page is looked at."""

VIEWS: dict[str, tuple[str, dict[str, object]]] = {
    "strong contrast in the dark": ("contrast", {"color_scheme": "dark", "locale": "en-US"}),
    "dark by choice": ("dark", {"color_scheme": "light", "locale": "es-US"}),
    "light by choice": ("light", {"color_scheme": "dark", "locale": "en-US"}),
}
"""What a reader can choose, and what their device prefers; large targets are in ``test_scenario_numb_hands``."""


def violations(page: Page) -> list[str]:
    """Give what axe finds on a page: the rule, and where."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]


def scrolls_sideways(page: Page) -> list[str]:
    """Say whether a page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return ["scrolls sideways"] if wide else []


def a_therapist(page: Page) -> str:
    """Give the address of a therapist of the sample."""
    return all_pages(page)["therapist"]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Browser, site: str, look: str) -> None:
    context = browser.new_context(base_url=site, **LOOKS[look])  # type: ignore[arg-type]
    page = context.new_page()
    found = {}
    for name, address in all_pages(page).items():
        page.goto(address)
        found[name] = violations(page) + scrolls_sideways(page)
    context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_in_any_look_that_can_be_chosen(browser: Browser, site: str, view: str) -> None:
    look, device = VIEWS[view]
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 800}, **device)  # type: ignore[arg-type]
    page = context.new_page()
    found = {}
    for name, address in all_pages(page).items():
        page.goto(f"{address}{'&' if '?' in address else '?'}view={look}")
        found[name] = violations(page) + scrolls_sideways(page)
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


def test_paper_shows_what_is_asked_as_long_as_nothing_is_answered(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto(PAGES["estimate"])
    assert page.locator("form.questions").is_visible()
    page.goto(PAGES["answer"])
    assert page.locator("form.questions").is_hidden()
    page.goto(PAGES["home"])
    ink = page.locator(".band .lead").evaluate("one => getComputedStyle(one).color")
    assert ink == "rgb(0, 0, 0)"
