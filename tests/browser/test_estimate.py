"""The estimate form in a browser: it asks only what matters, keeps what was typed, and shows every step."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from finder.web.estimates.questions.table import GROUPS

pytestmark = pytest.mark.browser

ANSWER = (
    "/estimate?zip=43210&date=2026-10-05&visit=follow_up&setting=private_practice&participation=participating"
    "&deductible=met"
)


def test_an_estimate_by_keyboard_shows_the_range_and_its_reasons(page: Page) -> None:
    page.goto("/estimate")
    page.get_by_label("ZIP code of the therapist").focus()
    page.keyboard.type("43210")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator("#answer")).to_have_text("You pay from")
    expect(page.locator(".amount-big b")).to_have_text("$19.64 to $112.91")
    expect(page.locator(".reasons li")).to_have_count(2)
    assert "zip=43210" in page.url
    assert "medigap" not in page.url, "what does not matter is left out of the address"


def test_radio_buttons_answer_by_keyboard_alone(page: Page) -> None:
    page.goto("/estimate")
    page.get_by_label("ZIP code of the therapist").fill("43210")
    page.get_by_label("ZIP code of the therapist").focus()
    for name, presses in (("setting", 0), ("participation", 1), ("visit", 0), ("deductible", 1)):
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == name:
                break
        for _ in range(presses):
            page.keyboard.press("ArrowDown")  # from the last answer, not known, to the first
    page.keyboard.press("Enter")
    expect(page.locator(".amount-big b")).to_have_text("$20.67")


def test_each_kind_of_insurance_is_asked_its_own_questions(page: Page) -> None:
    page.goto("/estimate")
    own = {
        "Original Medicare and a Medigap policy": "Which Medigap plan?",
        "A Medicare Advantage plan": "What does the plan ask of you for a therapy visit?",
        "Medicare, and Medicaid or help from my state": "Which help do you get?",
        "Medicare, and a plan from a job or a union": "Which one pays first?",
        "Other insurance, and no Medicare": "What is left of the plan’s deductible this year?",
        "I pay all of it myself": "What do they charge you for the visit?",
    }
    for kind, question in own.items():
        page.get_by_label(kind).check()
        expect(page.get_by_text(question)).to_be_visible()
        hidden = {other for other in own.values() if other != question}
        if kind == "Other insurance, and no Medicare":
            hidden.remove(own["A Medicare Advantage plan"])
        for other in hidden:
            expect(page.get_by_text(other)).to_be_hidden()


def test_a_plan_with_its_own_price_is_asked_nothing_about_medicare(page: Page) -> None:
    page.goto("/estimate")
    medicare = ["ZIP code of the therapist", "What kind of place?", "Your Part B deductible this year"]
    for words in medicare:
        expect(page.get_by_text(words)).to_be_visible()
    page.get_by_label("A Medicare Advantage plan").check()
    for words in medicare:
        expect(page.get_by_text(words)).to_be_hidden()


def test_the_style_sheet_knows_every_group_of_questions(page: Page) -> None:
    """Each group is hidden and shown by the answers that the server goes by."""
    page.goto("/estimate/course")
    style = page.evaluate("[...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).map(rule => rule.cssText)")
    rules = " ".join(rule for rule in style if ":has" in rule)
    page.goto("/estimate")
    classes = set(page.content().split('"')) | set(page.content().replace('"', " ").split())
    page.goto("/estimate/course")
    classes |= set(page.content().replace('"', " ").split())
    for name, group in GROUPS.items():
        assert f".if-{name}" in rules, name
        assert f"if-{name}" in classes, name
        for answer in (answer for way in group.ways for one in way for answer in one.answers):
            assert f'"{answer}"' in rules, (name, answer)


def test_errors_are_listed_with_links_to_their_questions(page: Page) -> None:
    page.goto(ANSWER.replace("43210", "1"))
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("ZIP code of the therapist")).to_be_focused()
    expect(page.get_by_label("ZIP code of the therapist")).to_have_value("1")


def test_without_javascript_the_whole_form_works(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/estimate")
    page.get_by_label("Original Medicare and a Medigap policy").check()
    page.get_by_label("Which Medigap plan?").select_option("G")
    page.get_by_label("ZIP code of the therapist").fill("43210")
    page.get_by_label("Yes, always (they take part in Medicare)").check()
    page.get_by_label("I have paid all of it").check()
    page.get_by_role("button", name="Show what I pay").click()
    expect(page.locator(".amount-big b")).to_have_text("$0.00")
    page.get_by_role("link", name="See all my visits together").click()
    expect(page.get_by_label("Which Medigap plan?")).to_have_value("G")
    expect(page.get_by_label("ZIP code of the therapist")).to_have_value("43210")
    context.close()


def test_a_printed_estimate_has_its_day_and_its_questions(page: Page) -> None:
    page.goto(ANSWER)
    page.emulate_media(media="print")
    expect(page.locator("main form")).to_be_hidden()
    expect(page.get_by_text("Shown on November 20, 2026.")).to_be_visible()
    expect(page.get_by_role("heading", name="What you told us")).to_be_visible()
    expect(page.locator(".given-answers")).to_contain_text("43210")


COURSE = (
    "/estimate/course?zip=43210&participation=nonparticipating_unassigned&deductible=full&start=2026-11-30&plan=visits"
    "&visits=16&per_week=2"
)
"""16 visits, of which 6 are in 2027, of which there are no amounts."""

LETTER_WIDTH, LETTER_HEIGHT = 740, 980
"""What a printer leaves of US Letter, in CSS pixels: margins of 1 cm."""


@pytest.mark.parametrize("question", [COURSE, ANSWER])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_first_printed_page_is_a_summary(page: Page, question: str, language: str) -> None:
    page.set_viewport_size({"width": LETTER_WIDTH, "height": LETTER_HEIGHT})
    page.goto(f"{question}&lang={language}")
    page.emulate_media(media="print")
    summary = page.locator(".panel.answer, .given-answers, .facts, .on-paper")
    for part in summary.all():
        box = part.bounding_box()
        assert box, "what the summary says is on the paper"
        assert box["y"] + box["height"] <= LETTER_HEIGHT
    expect(page.locator(".on-next-pages")).to_have_css("break-before", "page")
    assert page.locator("main").evaluate("one => one.scrollWidth") <= LETTER_WIDTH
    breaks = "all => [...new Set(all.map(one => getComputedStyle(one).breakAfter))]"
    assert page.locator("main :is(h1, h2, h3, caption):visible").evaluate_all(breaks) == ["avoid"]
    heads = "all => [...new Set(all.map(one => getComputedStyle(one).display))]"
    assert page.locator("main thead:visible").evaluate_all(heads) == ["table-header-group"]


def test_a_printed_course_says_what_is_left_out_and_says_it_once(page: Page) -> None:
    page.goto(COURSE)
    page.emulate_media(media="print")
    text = page.inner_text("main")
    for once in ("for 10 of your 16 visits", "6 of your 16 visits are in 2027.", "Shown on November 20, 2026."):
        assert text.count(once) == 1, once
    assert text.count("We do not have the 2027 amounts yet.") == 1
    assert "At the desk you may have to pay the whole bills: $1,171.59 in all." in text


def test_a_course_is_planned_in_one_go(page: Page) -> None:
    page.goto("/estimate/course")
    page.get_by_label("ZIP code of the therapist").fill("43210")
    expect(page.get_by_label("For how many weeks?")).to_be_hidden()
    page.get_by_label("Visits each week").check()
    page.get_by_label("For how many weeks?").fill("5")
    page.get_by_label("Two visits a week").check()
    page.get_by_label("Day of the first visit").fill("2026-10-05")
    expect(page.get_by_label("How many visits?")).to_be_hidden()
    page.get_by_role("button", name="Show what I pay").click()
    expect(page.locator(".amount-big")).to_contain_text("for 10 visits")
    page.get_by_label("A number of visits").check()
    page.get_by_label("How many visits?").fill("11")
    page.get_by_role("button", name="Show what I pay").click()
    expect(page.locator(".amount-big")).to_contain_text("for 11 visits")
    expect(page.locator("table.visits tbody tr")).to_have_count(11)


def test_every_visit_is_in_the_chart_and_in_the_table(page: Page) -> None:
    page.goto(
        "/estimate/course?zip=43210&start=2026-10-05&weeks=3&per_week=2&deductible=full&participation=participating"
    )
    image = page.locator("picture.chart img")
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    assert page.evaluate("document.querySelector('.chart img').naturalWidth") > 0
    assert "from $20.67 to $142.24" in (image.get_attribute("alt") or "")
    expect(page.locator("table.visits tbody tr")).to_have_count(6)


def test_an_estimate_can_be_downloaded_as_a_table(page: Page) -> None:
    page.goto(ANSWER)
    with page.expect_download() as download:
        page.get_by_role("link", name="Take it as a table (CSV)").click()
    assert download.value.suggested_filename == "visit.csv"


QUESTIONS = (
    "/estimate?zip=43210&coverage=medigap&medigap_plan=N&participation=nonparticipating_unassigned&deductible=met",
    "/estimate?zip=43210&setting=unknown&visit=by_hand&services-0-code=97112&services-0-units=2&services-1-code=97010",
    "/estimate/course?zip=43210&start=2025-12-01&weeks=8&later=new_year&deductible=full&participation=participating",
    "/estimate/course?zip=43210&start=2025-12-01&weeks=8&later=weeks&later_weeks=3",
)


@pytest.mark.parametrize("chosen", ["lang=en", "lang=es", "lang=es&view=large,contrast"])
def test_no_answer_is_wider_than_a_small_telephone(browser: Browser, site: str, chosen: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 320, "height": 640})
    page = context.new_page()
    for question in QUESTIONS:
        page.goto(f"{question}&{chosen}")
        for details in page.locator("main details").all():
            details.evaluate("one => { one.open = true }")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, question
    context.close()
