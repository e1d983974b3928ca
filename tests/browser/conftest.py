"""A real server on loopback over the published sample, and a real Chromium that visits it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import find
from tests.browser.serving import serving

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

expect.set_options(timeout=30_000)  # ms: a busy machine is slow, and no test fails on a clock


@pytest.fixture(scope="session")
def site(sample_app: Flask) -> Iterator[str]:
    """The address of the running application."""
    with serving(sample_app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of a worker."""
    path = find()
    assert path is not None, "no Chromium: `make test` installs one"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A fresh visitor, on a wide screen, with JavaScript."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="en-US")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A fresh tab of that visitor."""
    return context.new_page()
