"""Estimate scenarios in a browser: the amounts shown after the questions are answered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def days(count: int) -> str:
    """Return the days of some visits in 2026, one per line, as people write them."""
    first = date(2026, 1, 5)
    return "\n".join(f"{first + timedelta(days=3 * number):%m/%d/%Y}" for number in range(count))


@pytest.fixture
def course(page: Page) -> Page:
    """The form of a course of care: $120 are approved a visit, the therapist participates, the deductible is paid."""
    page.goto("/estimate/course")
    page.get_by_label("On days that I know").check()
    page.get_by_label("I know what Medicare approves for the visit").check()
    page.get_by_label("Medicare-approved amount for one visit").fill("120")
    page.get_by_label("Yes, always (they take part in Medicare)").check()
    page.get_by_label("I have paid all of it").check()
    return page


def ask(page: Page, visits: int | None = None) -> None:
    """Press the button, for so many visits."""
    if visits:
        page.get_by_label("The days of the visits").fill(days(visits))
    with page.expect_navigation():
        page.get_by_role("button", name="Show what I pay").click()


def assert_pays(page: Page, amount: str) -> None:
    """Assert the large amount of the answer."""
    expect(page.locator(".amount-big b")).to_have_text(amount)


def test_an_unmet_deductible(course: Page) -> None:
    course.get_by_label("I have paid none of it").check()
    ask(course, 3)
    assert_pays(course, "$298.40")
    expect(course.locator("table.visits .you-pay")).to_have_text(["$120.00", "$120.00", "$58.40", "$298.40"])
    expect(course.locator("table.visits tfoot td[data-label='Medicare pays']")).to_have_text("$61.60")
    assert "20% deductible" not in course.content()


def test_ten_visits_with_the_deductible_met(course: Page) -> None:
    ask(course, 10)
    assert_pays(course, "$240.00")
    course.get_by_label("Original Medicare and a Medigap policy").check()
    for plan, amount in (("G", "$0.00"), ("K", "$120.00"), ("N", "$0.00")):
        course.get_by_label("Which Medigap plan?").select_option(plan)
        ask(course)
        assert_pays(course, amount)
    expect(course.get_by_text("Your Medigap plan may leave you a copay of up to $20.00")).to_be_visible()
    course.get_by_label("Medicare, and Medicaid or help from my state").check()
    course.get_by_label("QMB: the state pays my share").check()
    ask(course)
    assert_pays(course, "$0.00")
    expect(course.get_by_text("you may not be billed for this")).to_be_visible()


def test_medicare_advantage_asks_for_its_copay(course: Page) -> None:
    course.get_by_label("A Medicare Advantage plan").check()
    ask(course, 10)
    expect(course.locator("#answer")).to_have_text("We cannot say yet what you pay")
    expect(course.get_by_text("Ask your plan for its copay")).to_be_visible()
    assert "20%" not in course.inner_text("main")
    course.get_by_label("A set amount for each visit (copay)").check()
    course.get_by_label("Your copay for a therapy visit").fill("$35")
    ask(course)
    assert_pays(course, "$350.00")


def test_a_therapist_who_charges_more(course: Page) -> None:
    course.get_by_label("No, they charge more").check()
    ask(course, 10)
    assert_pays(course, "$399.00")
    first = course.locator("table.visits tbody tr").first
    expect(first.locator("td[data-label='Coinsurance']")).to_have_text("$22.80")
    expect(first.locator("td[data-label='Above that']")).to_have_text("$17.10")
    expect(first.locator(".you-pay")).to_have_text("$39.90")


def test_what_cannot_be_calculated_is_refused_with_the_reason(page: Page) -> None:
    page.goto("/estimate")
    page.get_by_label("A critical access hospital (a small country hospital)").check()
    page.get_by_label("I have paid all of it").check()
    ask(page)
    expect(page.locator("#answer")).to_have_text("We cannot say yet what you pay")
    expect(page.locator(".amount-big")).to_have_count(0)
    page.get_by_label("What does the hospital charge for the visit?").fill("300")
    ask(page)
    assert_pays(page, "$60.00")
    page.get_by_label("Day of the visit").fill("2027-01-05")
    ask(page)
    expect(page.locator(".answer .reasons")).to_contain_text("We do not have the 2027 amounts yet.")
    expect(page.locator(".amount-big")).to_have_count(0)
    expect(page.locator(".stand-in")).to_contain_text("$60.00")
    expect(page.get_by_label("What does the hospital charge for the visit?")).to_have_value("300")


@pytest.mark.parametrize("typed", ["", "-5"])
def test_a_blank_or_negative_value_is_an_error_at_its_field_and_stays_typed(page: Page, typed: str) -> None:
    page.goto("/estimate")
    page.get_by_label("I have paid part of it").check()
    page.get_by_label("How much of it is left to pay?").fill(typed)
    ask(page)
    left = page.get_by_label("How much of it is left to pay?")
    expect(left).to_have_value(typed)
    expect(left).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#deductible_left-error")).to_be_visible()
    expect(page.locator("#zip-error")).to_have_text("This is needed.")
    expect(page.get_by_label("I have paid part of it")).to_be_checked()


def test_thresholds_are_notes_and_no_limit(course: Page) -> None:
    ask(course, 26)
    assert_pays(course, "$624.00")
    rows = course.locator("table.visits tbody tr")
    noted = course.locator("table.visits tbody tr").filter(has=course.locator(".visit-note"))
    expect(noted).to_have_count(2)
    for number, says in ((21, "your therapist states on the claim that you need the care"), (26, "may review")):
        expect(rows.nth(number - 1).locator(".visit-note")).to_contain_text("This is not a limit")
        expect(rows.nth(number - 1).locator(".visit-note")).to_contain_text(says)
        expect(rows.nth(number - 1).locator(".visit-note")).to_contain_text("physical and speech therapy together")
