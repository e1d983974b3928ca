"""The questions about a second coverage: only what exists is shown, with JavaScript and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["javascript", "plain"])
def page(request: pytest.FixtureRequest, browser: Browser, site: str) -> Page:
    return browser.new_context(base_url=site, java_script_enabled=request.param).new_page()


def test_only_the_coverages_that_can_follow_are_offered(page: Page) -> None:
    page.goto("/estimate")
    second = page.get_by_role("group", name="And what pays after that?")
    expect(second).to_be_hidden()
    page.get_by_label("A Medicare Advantage plan", exact=True).check()
    expect(second.get_by_label("My state, by SLMB")).to_be_visible()
    expect(second.get_by_label("A Medigap policy")).to_be_hidden()
    page.get_by_label("Medicare, and a plan from a job or a union").check()
    page.get_by_label("The plan pays first, then Medicare").check()
    expect(second.get_by_label("My state, by SLMB")).to_be_hidden()
    expect(page.get_by_label("Which Medigap plan pays after it?")).to_be_hidden()
    second.get_by_label("A Medigap policy").check()
    expect(page.get_by_label("Which Medigap plan pays after it?")).to_be_visible()
    page.get_by_label("My situation is not here").check()
    expect(second).to_be_hidden()
    expect(page.get_by_label("ZIP code of the therapist")).to_be_hidden()
    page.get_by_label("Railroad Medicare").check()
    expect(page.get_by_label("ZIP code of the therapist")).to_be_visible()
