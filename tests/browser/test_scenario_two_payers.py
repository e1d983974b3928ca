"""Two payers, one after the other: a therapist of both, and the next list of one of them without her."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.offices import ServedOffice, log_in, serve_office
from tests.web.staff import files

pytestmark = pytest.mark.browser

BLUE, GREEN = "11111", "22222"
"""The numbers of two issuers."""

HER = 3
"""The therapist of both lists."""


@pytest.fixture
def served_office(app: Flask) -> Iterator[ServedOffice]:
    """An office of this test's own, at an address."""
    with serve_office(app) as opened:
        yield opened


def upload(page: Page, *contents: str) -> str:
    """Upload the list of an insurer, perhaps with its plans; return the address of the draft."""
    page.goto("/staff/upload")
    files: list[FilePayload] = [
        {"name": f"{name}.json", "mimeType": "application/json", "buffer": content.encode()}
        for name, content in zip(("providers", "plans"), contents, strict=False)
    ]
    page.get_by_label("Files", exact=True).set_input_files(files)
    page.get_by_role("button", name="Read the files").press("Enter")
    expect(page.locator("h1")).to_contain_text("Draft")
    return page.url


def publish(page: Page, draft: str) -> None:
    """Publish a draft that needs no number."""
    page.goto(draft)
    page.get_by_role("button", name="Publish: the public sees this").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is published")


def expect_plans(page: Page, opened: ServedOffice, *names: str) -> None:
    """Expect the public page of the therapist to name these of the two plans and no other."""
    opened.office.app.extensions["finder"].current._next_check = 0  # it looks for a new release every two seconds
    page.goto(f"/therapists/{files.npi(HER)}")
    for name in ("Bluestone Gold", "Greenfield Silver"):
        expect(page.locator("main").get_by_text(name)).to_have_count(names.count(name))


def test_a_payers_next_list_takes_away_only_its_own_answers(browser: Browser, served_office: ServedOffice) -> None:
    office = served_office.office
    editors, publishers = (
        browser.new_context(base_url=served_office.address, locale="en-US").new_page() for _ in range(2)
    )
    log_in(editors, office.add_member("editor"))
    log_in(publishers, office.add_member("publisher"))
    expect(publishers.locator("h1")).to_have_text("Overview")

    first = upload(editors, files.provider_list(BLUE, (1, 2, HER, 4)), files.plan_list(BLUE, "Bluestone Gold"))
    publish(publishers, first)
    expect_plans(publishers, served_office, "Bluestone Gold")
    publish(
        publishers, upload(editors, files.provider_list(GREEN, (HER,)), files.plan_list(GREEN, "Greenfield Silver"))
    )
    expect_plans(publishers, served_office, "Bluestone Gold", "Greenfield Silver")

    without_her = upload(editors, files.provider_list(BLUE, (1, 2, 4), last_updated_on="2026-11-15"))
    publishers.goto(without_her)
    publishers.get_by_role("link", name="Answers that would be lost").press("Enter")
    lost = publishers.get_by_role("region", name="1 change").locator("tbody tr")
    expect(lost).to_contain_text([f"Ida Example{HER}"])
    expect(lost).to_contain_text(["Insurance: Bluestone Gold"])
    publishers.get_by_role("button", name="Publish: the public sees this").press("Enter")
    field = publishers.get_by_label("How many answers will be lost?")
    expect(field).to_be_focused()
    expect(publishers.locator("#confirm_losses-error")).to_contain_text("1")
    field.fill("1")
    field.press("Enter")
    expect(publishers.get_by_role("status")).to_contain_text("is published")
    expect_plans(publishers, served_office, "Greenfield Silver")
