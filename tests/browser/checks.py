"""What every page in the browser is held to, and the ways of looking at it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}

DESK = {"width": 1280, "height": 900}

LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "locale": "en-US"},
    "desk": {"viewport": DESK, "locale": "es-US"},
    "dark": {"viewport": DESK, "color_scheme": "dark", "locale": "en-US"},
    "zoomed to 400%": {"viewport": {"width": 320, "height": 256}, "locale": "es-US"},
    "high contrast": {"viewport": DESK, "forced_colors": "active", "locale": "en-US"},
    "more contrast": {"viewport": DESK, "contrast": "more", "locale": "es-US"},
}
"""The windows, devices and languages in which a page is looked at."""

LOCALES = ("en-US", "es-US")

RUN = "options => axe.run(options).then(found => found.violations)"

FINISH = "document.getAnimations().forEach(one => { try { one.finish() } catch { one.cancel() } })"
"""A color that is still on its way to another one has no contrast that counts."""


def looks_of(locale: str) -> list[str]:
    """Return the looks of a language, by name: a page is loaded once for all of them."""
    return [name for name, look in LOOKS.items() if look["locale"] == locale]


def look_at(page: Page, look: str) -> None:
    """Look at a page that is loaded in another window, with another device; its language stays."""
    how = LOOKS[look]
    page.set_viewport_size(how["viewport"])
    page.emulate_media(
        color_scheme=how.get("color_scheme", "light"),
        forced_colors=how.get("forced_colors", "none"),
        contrast=how.get("contrast", "no-preference"),
    )
    page.evaluate(FINISH)


def open_in_every_look(page: Page, address: str, locale: str) -> Iterator[str]:
    """Load a page once, and look at it in every look of its language, one after the other; yield their names."""
    looks = looks_of(locale)
    look_at(page, looks[0])
    page.goto(address)
    for look in looks:
        look_at(page, look)
        yield look


@cache
def _axe() -> str:
    return str(Axe().axe_script)


def violations(page: Page) -> list[str]:
    """Return what axe finds on a page: the rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found = page.evaluate(RUN, OPTIONS)
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]


def scrolls_sideways(page: Page) -> list[str]:
    """Return a complaint where a page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return ["scrolls sideways"] if wide else []
