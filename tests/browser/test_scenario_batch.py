"""A biller pastes 500 requests and gets 500 answers, without JavaScript."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from finder.coverage import presets
from finder.exchange.estimates.table import ANSWER_COLUMNS
from tests.browser.keyboard import press

pytestmark = pytest.mark.browser

ROWS = 500

COLUMNS = ("id", "date_of_service", "zip", "setting", "participation", "services", "deductible_remaining", "coverage")

SERVICES = ";".join(f"{service['code']}*{service.get('units', 1)}" for service in presets()["follow_up"])


def requests() -> str:
    """Return a table of requests, no two alike in what is left of the deductible."""
    rows = [
        f"{number},2026-10-05,{('10001', '02139')[number % 2]},,participating,{SERVICES},{number % 283}.00,"
        for number in range(ROWS)
    ]
    return "\n".join([",".join(COLUMNS), *rows])


@pytest.mark.slow
def test_five_hundred_requests_get_five_hundred_answers(browser: Browser, site: str, tmp_path: Path) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    page.goto("/estimate")
    page.get_by_role("link", name="Many estimates at once").first.click()
    page.get_by_label("Paste your table").fill(requests())
    press(page, "Show the answers")
    rows = page.locator(".batch-answers tbody tr")
    expect(rows).to_have_count(ROWS)
    expect(rows.last).to_contain_text(SERVICES.partition("*")[0])
    expect(page.locator(".batch-errors")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the answers (CSV)").first.click()
    download.value.save_as(tmp_path / "answers.csv")
    context.close()
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        answers = list(csv.DictReader(file))
    assert list(answers[0]) == [*COLUMNS, *ANSWER_COLUMNS]
    assert [answer["id"] for answer in answers] == [str(number) for number in range(ROWS)]
    assert all(answer["patient_pays"] and not answer["errors"] for answer in answers)
    lines = [line for answer in answers for line in json.loads(answer["lines"])]
    assert all(line["allowed_amount"] and "GP" in line["modifiers"] for line in lines)
    assert {answer["locality"] for answer in answers} == {"01"}
