"""The guide, the statements and the sheets in a browser: accessible, narrow enough, printed in large letters."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from finder.web.guide.content import guide
from tests.browser.checks import DEVICE_LOOKS, Look, violations

pytestmark = pytest.mark.browser

PAGES = [
    "/guide",
    "/guide/all",
    *(f"/guide/{topic.slug}" for topic in guide().topics),
    "/about",
    "/privacy",
    "/accessibility",
]

EIGHTEEN_POINTS = 24.0
"""In CSS pixels: 18pt."""


@pytest.fixture
def therapist(page: Page) -> str:
    """The address of a therapist of the sample."""
    page.goto("/therapists?near=02139&miles=100")
    address = page.locator("article.listing h3 a").first.get_attribute("href")
    assert address
    return address.split("?", 1)[0]


@pytest.mark.parametrize("look", [DEVICE_LOOKS["phone"], DEVICE_LOOKS["desk"]])
def test_axe_finds_nothing_in_any_topic(browser: Browser, site: str, look: Look) -> None:
    """The other pages, and every look, are in ``test_accessibility``."""
    context = browser.new_context(base_url=site, **look.device())
    page = context.new_page()
    found = {}
    for topic in guide().topics:
        page.goto(f"/guide/{topic.slug}")
        found[topic.slug] = violations(page, look)
    context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", ["en-US", "es-US"])
def test_nothing_is_wider_than_a_small_telephone(browser: Browser, site: str, therapist: str, language: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 320, "height": 640}, locale=language)
    page = context.new_page()
    for path in [*PAGES, f"{therapist}/call-sheet", f"{therapist}/doctor-sheet"]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()


def test_pages_are_complete_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/guide")
    page.get_by_role("link", name="What Medicare pays").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What Medicare pays")
    page.get_by_role("link", name="How insurance lists work").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How insurance lists work")
    context.close()


@pytest.mark.parametrize("sheet", ["call-sheet", "doctor-sheet"])
def test_a_sheet_is_printed_in_18_points_without_screen_controls(page: Page, therapist: str, sheet: str) -> None:
    page.goto(f"{therapist}/{sheet}")
    page.emulate_media(media="print")
    smallest = page.evaluate(
        """Math.min(...[...document.querySelectorAll('.sheet p, .sheet li, .sheet span')]
            .filter(element => element.offsetParent && element.innerText.trim())
            .map(element => parseFloat(getComputedStyle(element).fontSize)))"""
    )
    assert smallest >= EIGHTEEN_POINTS
    assert not page.locator(".site-header").is_visible()
    assert not page.get_by_text("To print this page").is_visible()


def test_the_plan_is_entered_into_the_script_by_keyboard(context: BrowserContext, page: Page, therapist: str) -> None:
    page.goto(f"{therapist}/call-sheet")
    page.get_by_label("Your insurance").focus()
    page.keyboard.type("TRICARE")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**plan=tricare**")
    assert page.get_by_text("“Do you take TRICARE?”").is_visible()
    assert context.cookies() == []
