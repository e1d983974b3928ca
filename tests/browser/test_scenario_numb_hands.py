"""Numb hands: with large targets everything to press is 72 pixels or more, and a card is pressed anywhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.addresses import PAGES

pytestmark = pytest.mark.browser

SMALLEST = 72
"""Pixels of each side of a target."""

TARGETS = """() => {
  const wide = one => one.getBoundingClientRect().width > 2;
  const shown = one => one.checkVisibility() && wide(one) && !one.closest('.visually-hidden');
  const inSentence = one => one.matches('p a, li a, dd a, label a, summary a') && !one.matches('.btn, .chip')
    && [...one.parentElement.childNodes].some(node => node.nodeType === 3 && node.textContent.trim().length > 12);
  const target = one => one.matches('input[type=checkbox], input[type=radio]') ? one.closest('.choice') : one;
  return [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary, textarea')]
    .filter(one => shown(one) && !inSentence(one)).map(target)
    .map(one => [one.innerText || one.name || one.className, ...['width', 'height']
      .map(side => Math.ceil(one.getBoundingClientRect()[side]))])
    .filter(([, width, height]) => width < SMALLEST || height < SMALLEST);
}""".replace("SMALLEST", str(SMALLEST))

NAMES = """() => [...document.querySelectorAll('a, button')]
  .filter(one => one.checkVisibility() && one.innerText.trim())
  .map(one => [one.innerText.trim(), one.getAttribute('aria-label')])
  .filter(([seen, said]) => said && !said.includes(seen))"""


@pytest.mark.parametrize("width", [360, 1280])
def test_every_target_is_large(browser: Browser, site: str, width: int) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=True, viewport={"width": width, "height": 800})
    page = context.new_page()
    small: dict[str, Any] = {}
    page.goto(PAGES["results"])
    therapist = page.locator("article.listing h3 a").first.get_attribute("href") or ""
    alone = therapist.partition("?")[0]
    npis = f"npis={alone.rpartition('/')[2]}"
    more = {
        "therapist": therapist,
        "call sheet": f"{alone}/call-sheet?plan=medicare",
        "doctor sheet": f"{alone}/doctor-sheet",
        "report": f"{alone}/report",
        "map": "/therapists/map?near=02139&miles=25",
        "list": f"/shortlist?{npis}",
        "comparison": f"/compare?{npis}",
        **{path: path for path in ("/guide", "/guide/exercise", "/about", "/privacy", "/listing-request")},
    }
    for name, address in {**PAGES, **more}.items():
        page.goto(f"{address}{'&' if '?' in address else '?'}view=large")
        small[name] = page.evaluate(TARGETS)
    context.close()
    assert {name: found for name, found in small.items() if found} == {}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_press_anywhere_on_a_card_opens_it_and_its_buttons_stay_buttons(
    browser: Browser, site: str, language: str
) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{PAGES['results']}&view=large&lang={language}")
    card = page.locator("article.listing").first
    name = card.locator("h3 a").inner_text()
    keep = card.locator("a.keep")
    keep.click()
    expect(page.locator(".keep-on")).to_have_count(1)
    card.locator(".where").click(force=True)
    expect(page.locator("h1")).to_have_text(name)
    assert page.locator("html").get_attribute("data-look") == "large"
    assert page.locator("html").get_attribute("lang") == language
    context.close()


def test_the_look_is_found_and_chosen_by_keyboard_and_stays(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(PAGES["results"])
    heading = page.locator("h1").inner_text()
    page.get_by_role("link", name="Display").press("Enter")
    page.get_by_role("link", name=re.compile("^Large buttons: off")).press("Enter")
    expect(page.get_by_role("link", name=re.compile("^Large buttons: on"))).to_be_visible()
    page.get_by_role("link", name="Done").press("Enter")
    expect(page.locator("h1")).to_have_text(heading)
    assert page.locator("html").get_attribute("data-look") == "large"
    assert context.cookies() == []
    context.close()


def test_nothing_is_dragged_hovered_or_timed_and_what_is_seen_can_be_said(page: Page) -> None:
    for address in PAGES.values():
        page.goto(f"{address}{'&' if '?' in address else '?'}view=large")
        assert page.locator("[draggable=true], meta[http-equiv=refresh], [onmouseover], [title]").count() == 0, address
        assert page.evaluate(NAMES) == [], address
