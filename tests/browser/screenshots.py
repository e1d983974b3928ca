"""Screenshots of the documentation from the sample: ``make screenshots`` (``python -m tests.browser.screenshots``).

Each page is taken at the width of a desk and of a telephone. Everybody in the pictures is made up.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from finder.intake.publishing.bootstrap import ensure_ready
from finder.records.casework.reports import ReportKind, add_report
from finder.settings import Settings
from tests.browser.chromium import find
from tests.browser.conftest import ARGUMENTS
from tests.browser.offices import ServedOffice, log_in, serve_office
from tests.conftest import TODAY, make_app
from tests.web.staff import files
from tests.web.staff.office import publish_files

IMAGES = Path(__file__).parents[2] / "docs" / "images"

WIDTHS = {"desk": 1280, "phone": 360}

TALLEST = 1400
"""Pixels of the tallest picture: what comes below says nothing more."""

SEARCH = "/therapists?near=02139&miles=50&specialty=neurologic"


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the address, and what is done on the page before it is taken."""

    name: str
    address: str
    before: Callable[[Page], object] = lambda page: None


PUBLIC = (
    Shot("home", "/"),
    Shot("results", f"{SEARCH}&insurance=medicare"),
    Shot("therapist", SEARCH, lambda page: follow(page, "article.listing h3 a")),
    Shot("estimate", "/estimate?zip=43210&date=2026-10-05&visit=follow_up&setting=private_practice&deductible=met"),
    Shot("report", SEARCH, lambda page: open_report(page)),
)

EDITOR = (
    Shot("staff-overview", "/staff/"),
    Shot("staff-upload", "/staff/upload"),
    Shot("staff-draft", "/staff/drafts/2"),
    Shot("staff-notices", "/staff/drafts/2/notices"),
    Shot("staff-row", "/staff/drafts/2/rows", lambda page: follow(page, "tbody a.btn")),
    Shot("staff-calls", "/staff/queue"),
    Shot("staff-record", "/staff/queue", lambda page: follow(page, "tbody th a")),
    Shot("staff-reports", "/staff/reports"),
)

PUBLISHER = (
    Shot("staff-publish", "/staff/drafts/2"),
    Shot("staff-releases", "/staff/releases"),
    Shot("staff-log", "/staff/audit"),
)


def follow(page: Page, link: str) -> None:
    """Press the first link that a selector finds, and wait for where it leads."""
    press(page, page.locator(link).first)


def press(page: Page, link: Locator) -> None:
    """Press a link, and wait until the page that it leads to is there."""
    here = page.url
    link.click()
    page.wait_for_url(lambda address: address != here)


def open_report(page: Page) -> None:
    """Go to the page on which a listing is reported."""
    follow(page, "article.listing h3 a")
    press(page, page.get_by_role("link", name="Something is wrong here"))


def take(browser: Browser, opened: ServedOffice, shots: tuple[Shot, ...], role: str = "") -> None:
    """Take pictures as a visitor, at every width, or as somebody of the office, at a desk."""
    for size, width in WIDTHS.items() if not role else [("desk", WIDTHS["desk"])]:
        context = browser.new_context(base_url=opened.address, viewport={"width": width, "height": 800}, locale="en-US")
        page = context.new_page()
        if role:
            log_in(page, opened.office.people[role])
        for shot in shots:
            page.goto(shot.address)
            shot.before(page)
            height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
            clip = {"x": 0, "y": 0, "width": width, "height": height}
            page.screenshot(path=IMAGES / f"{shot.name}-{size}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
        context.close()


def prepare(opened: ServedOffice) -> None:
    """Fill the office: a file that waits, and a report."""
    office = opened.office
    office.add_member("publisher")
    office.add_logged_in("editor").upload(files.with_faults(), "visits-2026-11-19.csv")
    found = office.app.test_client().get(SEARCH).text
    npi = found.split('href="/therapists/')[1][:10]
    with office.installation.records.writing() as session:
        add_report(session, npi, ReportKind.WRONG_PHONE, form_token="screenshot")


COLLECTIONS = (Shot("staff-collections", "/staff/collections"),)


def publish_lists(opened: ServedOffice) -> None:
    """Publish the file that waits, and then the lists of two insurers."""
    office = opened.office
    editor, publisher = office.add_logged_in("editor", 2), office.add_logged_in("publisher", 2)
    assert publisher.send("/staff/drafts/2/publish").status_code == 303
    for issuer, numbers, day in (("11111", range(100, 400), "2026-11-01"), ("22222", range(300, 500), "2026-09-01")):
        publish_files(office, editor, publisher, {"providers.json": files.provider_list(issuer, numbers, day)})


def main() -> None:
    """Take every screenshot."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "instance"
        ensure_ready(Settings(home=home, today=TODAY))
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        with serve_office(make_app(home)) as opened:
            prepare(opened)
            for shots, role in ((PUBLIC, ""), (EDITOR, "editor"), (PUBLISHER, "publisher")):
                take(browser, opened, shots, role)
            publish_lists(opened)
            take(browser, opened, COLLECTIONS, "editor")
        browser.close()


if __name__ == "__main__":
    main()
