"""Asking what a visit costs: the form asks only what matters, keeps what was typed, and shows every step."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_an_estimate_by_keyboard_shows_the_answer_and_its_steps(page: Page) -> None:
    page.goto("/estimate")
    page.get_by_label("ZIP code of the therapist").focus()
    page.keyboard.type("43210")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator(".amount-big b")).to_have_text("$20.67")
    expect(page.locator("table.figures tbody tr").first).to_be_visible()
    assert "zip=43210" in page.url


def test_a_question_is_asked_only_where_it_matters(page: Page) -> None:
    page.goto("/estimate")
    left = page.get_by_label("How much of it is left to pay?")
    by_hand = page.get_by_label("Service", exact=True).first
    expect(left).to_be_hidden()
    expect(by_hand).to_be_hidden()
    page.get_by_label("I have paid part of it").check()
    page.get_by_label("Choose the services myself").check()
    expect(left).to_be_visible()
    expect(by_hand).to_be_visible()


def test_what_is_wrong_is_listed_and_leads_to_its_question(page: Page) -> None:
    page.goto("/estimate?zip=1&date=2026-10-05&visit=follow_up&setting=private_practice&deductible=met")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("ZIP code of the therapist")).to_be_focused()
    expect(page.get_by_label("ZIP code of the therapist")).to_have_value("1")


def test_an_answer_can_be_printed_without_the_form(page: Page) -> None:
    page.goto("/estimate?zip=43210&date=2026-10-05&visit=follow_up&setting=private_practice&deductible=met")
    page.emulate_media(media="print")
    expect(page.locator("main form")).to_be_hidden()
    expect(page.get_by_text("Estimate made on November 20, 2026.")).to_be_visible()
