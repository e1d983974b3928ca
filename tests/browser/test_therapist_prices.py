"""Tables of prices on a therapist's page: readable on the smallest telephone, and by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.browser.checks import LOCALES, faults, open_in_looks
from tests.browser.serving import serving
from tests.web.small_directories import priced_directory, visitor_of

pytestmark = pytest.mark.browser


@pytest.fixture
def priced_site(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a site that knows the prices of a therapist."""
    visitor_of(priced_directory(), app, tmp_path, monkeypatch)
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("locale", LOCALES)
def test_prices_are_accessible_and_narrow_enough_in_every_look(browser: Browser, priced_site: str, locale: str) -> None:
    context = browser.new_context(base_url=priced_site, locale=locale)
    page = context.new_page()
    found = {}
    for look, how in open_in_looks(page, "/therapists/2000000001", locale):
        expect(page.locator("table.figures")).to_have_count(3)
        found[look] = faults(page, how)
    assert {look: broken for look, broken in found.items() if broken} == {}
    context.close()
