"""Modes of a scenario: with and without script, on a small telephone and at 400%, in both languages.

Four of the eight ways are taken, so chosen that every two of the three stand together in one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, ViewportSize

from finder import i18n
from tests.browser.checks import PHONE

ZOOMED: ViewportSize = {"width": 320, "height": 256}
"""What a window of 1280 by 1024 has left at 400%."""


@dataclass(frozen=True)
class Mode:
    """A browser window, a language, and whether scripts run."""

    language: str
    script: bool
    viewport: ViewportSize

    def new_context(self, browser: Browser, site: str) -> BrowserContext:
        """Return a new browser context in the language of the mode."""
        return browser.new_context(
            base_url=site,
            java_script_enabled=self.script,
            viewport=self.viewport,
            locale=f"{self.language}-US",
        )

    def text(self, sentence: str, **values: object) -> str:
        """Return a sentence of the pages in the language of the mode."""
        words = i18n.word(sentence, self.language)
        return words % values if values else words


MODES = {
    "English, no script, phone": Mode("en", script=False, viewport=PHONE),
    "Spanish, script, phone": Mode("es", script=True, viewport=PHONE),
    "English, script, 400%": Mode("en", script=True, viewport=ZOOMED),
    "Spanish, no script, 400%": Mode("es", script=False, viewport=ZOOMED),
}
