"""Nobody near a rural ZIP code: why, the nearest match with its miles, other ways to care; said to a screen reader."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_nobody_near_is_told_and_leads_on(browser: Browser, site: str, *, script: bool) -> None:
    context = browser.new_context(
        base_url=site, java_script_enabled=script, viewport={"width": 360, "height": 740}, locale="en-US"
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("What do you need help with?").fill("numb feet")
    page.get_by_label("Where do you want care?").fill("99723")
    page.get_by_role("button", name="Find therapists").press("Enter")
    heading = page.locator("h1")
    expect(heading).to_have_text(re.compile("^0 listings"))
    assert page.evaluate("document.activeElement.tagName") == "H1"
    expect(heading).to_have_accessible_description(re.compile("^What takes out most is "))
    status = page.get_by_role("status", name="Nobody matches all of this")
    nearest = status.get_by_role("heading", name=re.compile(r"^[0-9,.]+ miles from the center of 99723: the nearest"))
    expect(nearest).to_be_visible()
    expect(status.locator("article.listing")).to_have_count(1)
    status.get_by_role("link", name="Other ways to care").press("Enter")
    expect(page.locator("h1")).not_to_have_text("")
    assert "/guide/other-ways" in page.url
    context.close()


def test_the_filter_that_takes_out_most_is_named_and_left_out_by_keyboard(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto("/therapists?near=02139&miles=5&specialty=human_factors&insurance=va&insurance_status=yes")
    expect(page.locator("h1")).to_have_text(re.compile("^0 listings"))
    expect(page.get_by_text("The filter that takes out most is the kind of therapist.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Leave out the kind of therapist")).press("Enter")
    expect(page.locator("h1")).not_to_have_text(re.compile("^0 listings"))
    context.close()
