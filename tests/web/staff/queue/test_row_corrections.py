"""Faulty rows are corrected on their page, by the person who staged them."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from tests.web.staff import files
from tests.web.staff.office import Office, StaffMember


@pytest.fixture
def editor(office: Office) -> StaffMember:
    """The editor who staged a file with five faults; three of its rows are set aside."""
    editor = office.add_logged_in("editor")
    editor.upload(files.with_faults(60))
    return editor


def row_urls(editor: StaffMember, draft: int = 2) -> list[str]:
    """Return the URLs of the faulty rows of a draft."""
    return re.findall(r'href="(/staff/rows/[0-9]+)"', editor.get(f"/staff/drafts/{draft}/rows").text)


def form_of(editor: StaffMember, address: str) -> dict[str, str]:
    """Return the form of a row as a browser would send it unchanged."""
    found = re.findall(r'name="(cell-[a-z_]+)" value="([^"]*)"', editor.get(address).text)
    return {name: unescape(value) for name, value in found}


def test_a_corrected_row_joins_the_draft_on_the_page(office: Office, editor: StaffMember) -> None:
    publisher = office.add_logged_in("publisher")
    rows = row_urls(editor)
    assert len(rows) == 3
    form = form_of(editor, rows[0])
    assert form["cell-last_name"] == "Example9"
    assert "is-invalid" in editor.get(rows[0]).text
    answer = editor.send(rows[0], form | {"cell-npi": files.npi(9)})
    assert (answer.status_code, answer.location) == (303, "/staff/drafts/3/rows")
    assert len(row_urls(editor, 3)) == 2
    assert "put away" in editor.get("/staff/drafts/2").text
    assert publisher.send("/staff/drafts/3/publish").status_code == 303
    listed = list(csv.DictReader(io.StringIO(publisher.get("/staff/export.csv").text)))
    assert files.npi(9) in {one["npi"] for one in listed}
    assert len(listed) == 59


def test_a_row_that_is_still_faulty_shows_where_and_what_was_typed(editor: StaffMember) -> None:
    row = row_urls(editor)[0]
    answer = editor.send(row, form_of(editor, row) | {"cell-city": "Somerville"})
    assert answer.status_code == 422
    assert 'value="Somerville"' in answer.text
    assert "This NPI is not valid" in answer.text
    assert len(row_urls(editor)) == 3


def test_a_row_can_be_left_as_it_is(editor: StaffMember) -> None:
    row = row_urls(editor)[1]
    assert editor.send(f"{row}/drop").location == "/staff/drafts/2/rows"
    assert row not in row_urls(editor)
    assert editor.get(row).status_code == 404
    assert editor.send(row, {}).status_code == 404


def test_nobody_else_corrects_a_draft_and_then_publishes_it(office: Office, editor: StaffMember) -> None:
    row = row_urls(editor)[0]
    publisher = office.add_logged_in("publisher")
    page = publisher.get("/staff/drafts/2/rows").text
    assert "Only the person who staged this draft" in page
    assert row not in page
    answer = publisher.send(row, form_of(editor, row) | {"cell-npi": files.npi(9)})
    assert answer.status_code == 409
    assert publisher.send(f"{row}/drop").status_code == 403
    assert len(row_urls(editor)) == 3
