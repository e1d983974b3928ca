"""axe finds nothing on any page, however it is looked at; nothing scrolls sideways, down to 400% zoom."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.addresses import PAGES, all_pages
from tests.browser.checks import CHOSEN_LOOKS, DEVICE_LOOKS, LOCALES, faults, open_in_looks

pytestmark = pytest.mark.browser


def a_therapist(page: Page) -> str:
    """Give the address of a therapist of the sample."""
    return all_pages(page)["therapist"]


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways_in_any_look(browser: Browser, site: str, locale: str) -> None:
    """The looks of devices and those that are chosen on the page of looks; large ones: ``test_scenario_numb_hands``."""
    context = browser.new_context(base_url=site, locale=locale)
    page = context.new_page()
    found = {}
    for name, address in all_pages(page).items():
        for look, how in open_in_looks(page, address, locale, DEVICE_LOOKS | CHOSEN_LOOKS):
            found[f"{name}, {look}"] = faults(page, how)
    context.close()
    assert {name: faulty for name, faulty in found.items() if faulty} == {}


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
