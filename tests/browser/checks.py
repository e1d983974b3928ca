"""What every page in the browser is held to, and the ways of looking at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

LOCALES = ("en-US", "es-US")

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_COLORS = ["color-contrast", "link-in-text-block"]
"""The rules of axe whose outcome depends on colors. They take more than half of its time."""

EVERY_RULE: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
COLORS: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": RULES_OF_COLORS}}
ALL_BUT_COLORS: dict[str, Any] = {**EVERY_RULE, "rules": {rule: {"enabled": False} for rule in RULES_OF_COLORS}}
"""Options of ``axe.run``: where only the colors are others, only the rules of colors can fail; and the reverse.

``tests/http/test_assets.py`` holds the styles to that.
"""

Rules = tuple[dict[str, Any], ...]
"""Options of ``axe.run``, one run after the other. Those of colors need one element of each combination of colors."""

COMBINATIONS = """() => {
  const names = ['color', 'backgroundColor', 'backgroundImage', 'opacity', 'textShadow', 'textDecorationLine',
    'borderBottomWidth', 'borderBottomColor', 'filter', 'mixBlendMode'];
  const large = ({fontSize, fontWeight}) => parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24);
  const chains = new Map();
  const chain = one => {
    if (!one) return '';
    if (!chains.has(one)) {
      const style = getComputedStyle(one);
      const own = [one.localName, large(style), ...names.map(name => style[name])];
      chains.set(one, `${chain(one.parentElement)}/${own}`);
    }
    return chains.get(one);
  };
  const writes = one => one.matches('input, select, textarea')
    || [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  window.combinations = new Map();
  for (const one of document.body.querySelectorAll('*'))
    if (writes(one) && one.checkVisibility() && !combinations.has(chain(one))) combinations.set(chain(one), one);
  return [...combinations.keys()];
}"""
"""The combinations of colors, and of large and small letters, in which a page writes: of elements and those around."""

ONE_OF_EACH = """([options, chosen]) => axe.run({include: chosen.map(one => combinations.get(one))}, options)
  .then(found => found.violations)"""


@dataclass(frozen=True, kw_only=True)
class Look:
    """A way of looking at a page: the window, the language, what the device prefers, what the reader has chosen."""

    viewport: ViewportSize
    locale: str
    color_scheme: Literal["dark", "light"] = "light"
    contrast: Literal["more", "no-preference"] = "no-preference"
    forced_colors: Literal["active", "none"] = "none"
    chosen: str = ""
    """What the page of looks (``/display``) writes into ``data-look``."""
    rules: Rules = (EVERY_RULE,)
    """What axe is asked."""

    def device(self) -> dict[str, Any]:
        """Return the arguments of a browser context for this look, what the reader has chosen aside."""
        names = ("viewport", "locale", "color_scheme", "contrast", "forced_colors")
        return {name: getattr(self, name) for name in names}


DEVICE_LOOKS: dict[str, Look] = {
    "phone": Look(viewport=PHONE, locale="en-US"),
    "desk": Look(viewport=DESKTOP, locale="es-US"),
    "dark": Look(viewport=DESKTOP, locale="en-US", color_scheme="dark", rules=(COLORS,)),
    "zoomed to 400%": Look(viewport={"width": 320, "height": 256}, locale="es-US", rules=(ALL_BUT_COLORS, COLORS)),
    "high contrast": Look(viewport=DESKTOP, locale="en-US", forced_colors="active", rules=(COLORS,)),
    "more contrast": Look(viewport=DESKTOP, locale="es-US", contrast="more", rules=(COLORS,)),
}
"""The windows, devices and languages in which a page is looked at."""

CHOSEN_LOOKS: dict[str, Look] = {
    "strong contrast in the dark": Look(
        viewport=DESKTOP, locale="en-US", color_scheme="dark", chosen="contrast", rules=(COLORS,)
    ),
    "strong contrast": Look(viewport=DESKTOP, locale="es-US", chosen="contrast", rules=(COLORS,)),
    "dark by choice": Look(viewport=DESKTOP, locale="es-US", chosen="dark", rules=(COLORS,)),
    "light by choice": Look(viewport=DESKTOP, locale="en-US", color_scheme="dark", chosen="light", rules=(COLORS,)),
}
"""What a reader can choose beside, on devices that prefer something else."""

FINISH = "document.getAnimations().forEach(one => { try { one.finish() } catch { one.cancel() } })"
"""A color that is still on its way to another one has no contrast that counts."""


def looks_of(locale: str, choices: dict[str, Look] = DEVICE_LOOKS) -> dict[str, Look]:
    """Return the looks of a language: a page is loaded once for all of them."""
    return {name: look for name, look in choices.items() if look.locale == locale}


def open_in_looks(
    page: Page, address: str, locale: str, choices: dict[str, Look] = DEVICE_LOOKS
) -> Iterator[tuple[str, Look]]:
    """Load a page once, and look at it in every look of a language, one after the other; yield each with its name."""
    same_language = looks_of(locale, choices)
    look_at(page, next(iter(same_language.values())))
    page.goto(address)
    yield from look_in(page, same_language)


def look_in(page: Page, choices: dict[str, Look]) -> Iterator[tuple[str, Look]]:
    """Look at a page that is loaded in some looks, one after the other; yield each with its name."""
    for name, look in choices.items():
        look_at(page, look)
        yield name, look


def look_at(page: Page, look: Look) -> None:
    """Look at a page that is loaded in another window, with another device and choice; its language stays."""
    page.set_viewport_size(look.viewport)
    page.emulate_media(color_scheme=look.color_scheme, forced_colors=look.forced_colors, contrast=look.contrast)
    page.evaluate("chosen => { document.documentElement.dataset.look = chosen }", look.chosen)
    page.evaluate(FINISH)


@cache
def _axe() -> str:
    return str(Axe().axe_script)


def faults(page: Page, look: Look) -> list[str]:
    """Return what axe finds on a page in a look, and whether it scrolls sideways."""
    return violations(page, look) + scrolls_sideways(page)


def violations(page: Page, look: Look) -> list[str]:
    """Return what axe finds on a page in a look: the rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found = [one for options in look.rules for one in _run(page, options)]
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]


_HELD: set[str] = set()
"""The combinations of colors that were held to the rules of colors already, on whatever page and in whatever look."""


def _run(page: Page, options: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what axe finds. Where only colors are asked for, look at one element of each combination that is new."""
    combinations = [] if options is ALL_BUT_COLORS else [one for one in page.evaluate(COMBINATIONS) if one not in _HELD]
    _HELD.update(combinations)
    if options is COLORS:
        return list(page.evaluate(ONE_OF_EACH, [options, combinations])) if combinations else []
    return list(page.evaluate("options => axe.run(options).then(found => found.violations)", options))


def scrolls_sideways(page: Page) -> list[str]:
    """Return a complaint where a page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return ["scrolls sideways"] if wide else []
