"""Numb hands: with the large display setting every target has 72 pixels or more, and a whole card can be pressed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.addresses import PAGES, all_pages
from tests.browser.checks import ALL_BUT_COLORS, DESKTOP, PHONE, Look, faults
from tests.browser.keyboard import press
from tests.browser.modes import MODES, ZOOMED

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


FORBIDDEN = "[draggable=true], meta[http-equiv=refresh], [onmouseover], [title]"
"""What would ask to drag, to be quick, or to hover."""

VIEWS = {
    "on a phone": Look(viewport=PHONE, locale="en-US", chosen="large", rules=(ALL_BUT_COLORS,)),
    "at 400%": Look(viewport=ZOOMED, locale="es-US", chosen="large", rules=(ALL_BUT_COLORS,)),
    "with strong contrast": Look(viewport=DESKTOP, locale="en-US", chosen="large,contrast", rules=(ALL_BUT_COLORS,)),
}
"""Large targets change no color."""


def numb_hands_faults(page: Page, look: Look) -> list[str]:
    """Return the faults of a page: small targets, dragging, hovering, time limits, names unlike the visible text."""
    problems = [f"too small: {target}" for target in page.evaluate(TARGETS)]
    problems += [f"named unlike its text: {name}" for name in page.evaluate(NAMES)]
    if page.locator(FORBIDDEN).count():
        problems.append("drag, hover or hurry")
    return problems + faults(page, look)


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_easy_for_numb_hands(browser: Browser, site: str, view: str) -> None:
    look = VIEWS[view]
    context = browser.new_context(base_url=site, **look.device())
    page = context.new_page()
    found = {}
    for name, address in all_pages(page).items():
        page.goto(f"{address}{'&' if '?' in address else '?'}view={look.chosen}")
        found[name] = numb_hands_faults(page, look)
    context.close()
    assert {name: broken for name, broken in found.items() if broken} == {}


@pytest.mark.parametrize("mode", MODES)
def test_a_press_anywhere_on_a_card_opens_it_and_its_buttons_stay_buttons(
    browser: Browser, site: str, mode: str
) -> None:
    reader = MODES[mode]
    context = reader.new_context(browser, site)
    page = context.new_page()
    page.goto(f"{PAGES['results']}&view=large")
    card = page.locator("article.listing").first
    name = card.locator("h3 a").inner_text()
    keep = card.locator("a.keep")
    keep.click()
    expect(page.locator(".keep-on")).to_have_count(1)
    card.locator(".where").click(force=True)
    expect(page.locator("h1")).to_have_text(name)
    assert page.locator("html").get_attribute("data-look") == "large"
    assert page.locator("html").get_attribute("lang") == reader.language
    context.close()


@pytest.mark.parametrize("mode", MODES)
def test_display_settings_are_chosen_by_keyboard_and_stay(browser: Browser, site: str, mode: str) -> None:
    reader = MODES[mode]
    context = reader.new_context(browser, site)
    page = context.new_page()
    page.goto(PAGES["results"])
    heading = page.locator("h1").inner_text()
    press(page, reader.text("Display"), "Shift+Tab")
    press(page, f"{reader.text('Large buttons')}: {reader.text('off')}")
    chosen = re.compile(f"^{reader.text('Large buttons')}: {reader.text('on')}")
    expect(page.get_by_role("link", name=chosen)).to_be_visible()
    press(page, reader.text("Done"))
    expect(page.locator("h1")).to_have_text(heading)
    assert page.locator("html").get_attribute("data-look") == "large"
    assert page.evaluate("document.documentElement.scrollWidth") <= reader.viewport["width"]
    assert context.cookies() == []
    context.close()
