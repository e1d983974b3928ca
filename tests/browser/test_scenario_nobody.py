"""No result near a rural ZIP code: the reason, the nearest listing, other ways to care, announced to screen readers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.keyboard import fill, press
from tests.browser.modes import MODES

pytestmark = pytest.mark.browser

NOTHING = {"en": re.compile("^0 listings"), "es": re.compile("^0 resultados")}

NEAREST = {
    "en": re.compile(r"^[0-9,.]+ miles from the center of 99723: the nearest"),
    "es": re.compile(r"^A [0-9,.]+ millas del centro de 99723: el resultado más cercano"),
}


@pytest.mark.parametrize("mode", MODES)
def test_no_result_explains_why_and_offers_other_searches_in_every_mode(browser: Browser, site: str, mode: str) -> None:
    reader = MODES[mode]
    context = reader.new_context(browser, site)
    page = context.new_page()
    page.goto("/")
    fill(page, reader.text("What do you need help with?"), "numb feet")
    fill(page, reader.text("Where do you want care?"), "99723")
    press(page, reader.text("Find therapists"))
    heading = page.locator("h1")
    expect(heading).to_have_text(NOTHING[reader.language])
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.evaluate("document.documentElement.scrollWidth") <= reader.viewport["width"]
    why = reader.text("What takes out most is the distance: we know of nobody at all so near, with any filter.")
    expect(heading).to_have_accessible_description(re.compile(f"^{why}"))
    status = page.get_by_role("status", name=reader.text("Nobody matches all of this"))
    expect(status.get_by_role("heading", name=NEAREST[reader.language])).to_be_visible()
    expect(status.locator("article.listing")).to_have_count(1)
    press(page, reader.text("Other ways to care"))
    expect(page.locator("h1")).not_to_have_text("")
    assert "/guide/other-ways" in page.url
    assert page.locator("html").get_attribute("lang") == reader.language
    context.close()


@pytest.mark.parametrize("mode", MODES)
def test_the_filter_that_removes_most_is_named_and_removed_by_keyboard(browser: Browser, site: str, mode: str) -> None:
    reader = MODES[mode]
    context = reader.new_context(browser, site)
    page = context.new_page()
    page.goto("/therapists?near=02139&miles=5&specialty=human_factors&insurance=va&insurance_status=yes")
    expect(page.locator("h1")).to_have_text(NOTHING[reader.language])
    kind = reader.text("the kind of therapist")
    named = reader.text("The filter that takes out most is %(filter)s.", filter=kind)
    expect(page.get_by_text(named)).to_be_visible()
    press(page, {"en": f"Leave out {kind}", "es": f"Quitar {kind}"}[reader.language])
    expect(page.locator("h1")).not_to_have_text(NOTHING[reader.language])
    context.close()
