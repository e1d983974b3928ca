"""Our own table on the staff pages: exported, changed, uploaded again; and the description of its columns."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from finder.i18n import word
from finder.intake.sources.staff.staff_csv import columns
from tests.web.staff import files
from tests.web.staff.office import Office


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Read a downloaded CSV."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.slow
def test_our_own_table_is_exported_changed_and_uploaded_again(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    assert "/staff/our-table.csv" not in editor.get("/staff/upload").text, "there is none of ours beside the sample"
    editor.upload(files.write([files.row(1), files.row(2)]))
    publisher.send("/staff/drafts/2/publish")
    assert 'href="/staff/our-table.csv"' in editor.get("/staff/upload").text
    rows = rows_of(editor.get("/staff/our-table.csv").data)
    assert [(one["npi"], one["telehealth"], one["verified_on"]) for one in rows] == [
        (files.npi(1), "", "2026-11-10"), (files.npi(2), "", "2026-11-10"),
    ]  # fmt: skip
    rows[0]["telehealth"], rows[1]["accepting_patients"] = "yes", "if asked"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    editor.upload(out.getvalue(), "our-table.csv")
    (change,) = rows_of(editor.get("/staff/drafts/3/changes.csv").data)
    assert (change["npi"], change["before"], change["after"]) == (files.npi(1), "", "yes")
    found = {one["code"]: one for one in rows_of(editor.get("/staff/drafts/3/notices.csv").data)}["answer_unknown"]
    assert (found["row"], found["column"], found["value"]) == ("2", "accepting_patients", "if asked")
    assert found["remedy"].startswith("Write yes or no")


def test_the_upload_page_and_the_row_to_correct_say_what_goes_into_each_column(office: Office) -> None:
    editor = office.add_logged_in("editor")
    page = unescape(editor.get("/staff/upload").text)
    for column, words in columns().items():
        assert f"<dt><code>{column}</code></dt><dd>{word(words)}</dd>" in page
    editor.upload("npi,telehealth,more,verified_on\r\n" + f"{files.npi(1)},sometimes,x,2026-11-10\r\n")
    row = re.search(r'href="(/staff/rows/[0-9]+)"', editor.get("/staff/drafts/2/rows").text)
    assert row
    page = unescape(editor.get(row[1]).text)
    assert word(columns()["telehealth"]) in page
    assert re.search(r'name="cell-telehealth" [^>]*aria-describedby="hint-2 wrong-2"', page)
    assert re.search(r'name="cell-npi" [^>]*aria-describedby="hint-1"', page)
    assert not re.search(r'name="cell-more" [^>]*aria-describedby', page)
