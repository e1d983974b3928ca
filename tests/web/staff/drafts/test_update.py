"""A monthly update: upload, review, publication by a second person, rollback; and what is refused."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask

from finder.http.body_limits import LARGE_BODIES, LargeBody
from finder.intake.sources.registry import sources
from finder.records.audit import list_events
from finder.web.staff.audit import detail
from finder.web.staff.drafts.uploads import has_logged_in, source_title, upload
from finder.web.staff.drafts.views import kind_words
from tests.conftest import make_app
from tests.web.reading import parsed, text_of
from tests.web.staff import files
from tests.web.staff.office import Office

DRAFT = "/staff/drafts/2"
"""The first draft after that of the sample."""


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Read a downloaded CSV."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_viewer_cannot_upload(office: Office) -> None:
    viewer = office.add_logged_in("viewer")
    assert viewer.get("/staff/upload").status_code == 403
    assert viewer.upload(files.write([files.row(1)])).status_code == 403
    assert viewer.get(DRAFT).status_code == 404


def test_each_fault_of_a_file_has_row_column_and_remedy(office: Office) -> None:
    editor = office.add_logged_in("editor")
    answer = editor.upload(files.with_faults())
    assert (answer.status_code, answer.location) == (303, DRAFT)
    found = {one["code"]: one for one in rows_of(editor.get(f"{DRAFT}/notices.csv").data)}
    for code, (number, column) in files.FAULTS.items():
        assert (found[code]["row"], found[code]["column"]) == (str(number), column), code
        assert found[code]["line"] == str(number + 1), "a spreadsheet counts the header too"
        assert found[code]["message"]
        assert found[code]["remedy"]
        page = unescape(editor.get(f"{DRAFT}/notices?code={code}").text)
        assert found[code]["remedy"] in page
        assert found[code]["value"] in page
        assert f"line {number + 1} in a spreadsheet" in page
    report = unescape(editor.get(DRAFT).text)
    assert "1,000" in report
    assert "998" in report, "the others can be staged all the same"


def test_the_draft_says_that_it_removes_the_sample_only_if_it_does(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    editor.upload(files.write([files.row(number) for number in range(3)]))
    assert "made-up therapists of the sample" in editor.get("/staff/drafts/2").text
    publisher.send("/staff/drafts/2/publish")
    editor.upload(files.write([files.row(1)]), replace="y")
    assert "made-up therapists of the sample" not in editor.get("/staff/drafts/3").text


@pytest.mark.slow
def test_nothing_is_public_before_a_second_person_publishes(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    before = publisher.get("/staff/export.csv").data
    editor.upload(files.with_faults())
    assert publisher.get("/staff/export.csv").data == before
    answer = publisher.send(f"{DRAFT}/publish")
    assert (answer.status_code, answer.location) == (303, "/staff/releases")
    after = rows_of(publisher.get("/staff/export.csv").data)
    assert len(after) == 998
    assert {one["npi"] for one in after} >= {files.npi(40), files.npi(50)}
    assert publisher.send("/staff/releases/roll-back").status_code == 303
    assert publisher.get("/staff/export.csv").data == before, "taking back gives the same bytes"
    with office.installation.records.reading() as session:
        events = [(event.actor, event.action) for event in list_events(session)]
    for event in (
        ("editor@example.org", "stage"),
        ("publisher@example.org", "publish"),
        ("publisher@example.org", "rollback"),
    ):
        assert event in events
    log = publisher.get("/staff/audit?actor=publisher@example.org&action=rollback").text
    assert "1 event<" in log


def test_the_person_who_staged_cannot_publish(office: Office) -> None:
    publisher = office.add_logged_in("publisher")
    publisher.upload(files.write([files.row(1)]))
    assert "Publish: the public sees this" not in publisher.get(DRAFT).text
    answer = publisher.send(f"{DRAFT}/publish")
    assert answer.status_code == 409
    assert "somebody else must publish it" in answer.text
    assert office.add_logged_in("publisher", 2).send(f"{DRAFT}/publish").status_code == 303


def test_a_one_person_office_can_switch_the_second_person_off(app: Flask) -> None:
    settings = app.config["FINDER_SETTINGS"]
    alone = make_app(settings.home)
    services = alone.extensions["finder"]
    alone.extensions["finder"] = replace(services, settings=replace(settings, two_person_rule=False))
    publisher = Office(alone).add_logged_in("publisher")
    publisher.upload(files.write([files.row(1)]))
    assert publisher.send(f"{DRAFT}/publish").status_code == 303


def test_without_a_second_factor_nobody_publishes(office: Office) -> None:
    office.add_logged_in("editor").upload(files.write([files.row(1)]))
    publisher = office.add_member("publisher", second_factor=False)
    publisher.log_in()
    answer = publisher.send(f"{DRAFT}/publish")
    assert (answer.status_code, answer.location) == (302, f"/staff/me/second-factor?next={DRAFT}")
    assert "waits" in publisher.get(DRAFT).text


def test_publishing_many_removals_needs_their_number(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    rows = [files.row(number) for number in range(100)]
    editor.upload(files.write(rows))
    publisher.send(f"{DRAFT}/publish")
    editor.upload(files.write(rows[:90]), replace="y")
    page = publisher.get("/staff/drafts/3").text
    assert "more than 5%" in page
    for typed in ("", "9", "10.0", "ten", "١٠", "1" * 12, "1" * 5000):
        answer = publisher.send("/staff/drafts/3/publish", {"confirm_removals": typed})
        assert answer.status_code == 409, typed
        assert f'value="{typed}"' in answer.text
    assert len(rows_of(publisher.get("/staff/export.csv").data)) == 100
    assert publisher.send("/staff/drafts/3/publish", {"confirm_removals": "10"}).status_code == 303
    assert len(rows_of(publisher.get("/staff/export.csv").data)) == 90


def test_the_changes_can_be_filtered_and_paged(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    rows = [files.row(number) for number in range(120)]
    editor.upload(files.write(rows))
    publisher.send(f"{DRAFT}/publish")
    rows[5]["phone"] = "617-555-0199"
    editor.upload(files.write([*rows[:110], files.row(900)]), replace="y")
    third = "/staff/drafts/3"
    assert "12 changes<" in editor.get(third).text
    assert "1 change<" in editor.get(f"{third}?change=changed").text
    phone = editor.get(f"{third}?field=phone").text
    assert "6175550123" in phone
    assert "6175550199" in phone
    assert "1 change<" in editor.get(f"{third}?q=Example900").text
    assert "1 change<" in editor.get(f"{third}?q={files.npi(900)}").text
    assert "0 changes<" in editor.get(f"{third}?change=nonsense").text
    assert "Page 3 of 3" in editor.get(f"{DRAFT}?change=added&page=99").text
    assert "Page 1 of 3" in editor.get(f"{DRAFT}?change=added&page=x").text
    downloaded = rows_of(editor.get(f"{third}/changes.csv").data)
    assert sorted(one["change"] for one in downloaded) == ["added", "changed", *["removed"] * 10]


def one_row_csv(row: files.Row) -> str:
    """Write a table of one row with columns of its own."""
    return ",".join(row) + "\n" + ",".join(row.values()) + "\n"


def test_changes_are_shown_in_words(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    editor.upload(files.write([files.row(1)]))
    publisher.send(f"{DRAFT}/publish")
    cells = {"treats_neuropathy_on": "2026-11-10", "insurance_yes": "", "insurance_no": "tricare", "aquatic": "yes"}
    editor.upload(one_row_csv(files.row(1, phone="617-555-0199", **cells)))
    page = parsed(editor.get("/staff/drafts/3").text)
    lines = [tuple(text_of(cell) for cell in line) for line in page.iter("tr")]
    changes = {line[2].partition("02139")[0]: line[3:] for line in lines if line[1] == "changed"}
    assert changes == {
        "Phone": ("6175550123", "6175550199"),
        "Insurance: Medicare": ("yes", ""),
        "Insurance: TRICARE": ("", "no"),
        "Specialty: Treats neuropathy": ("", "Confirmed by the clinic"),
        "Therapy in water": ("", "yes"),
    }


def test_a_draft_is_discarded_once(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    editor.upload(files.write([files.row(1)]))
    assert editor.send(f"{DRAFT}/discard").status_code == 303
    assert publisher.send(f"{DRAFT}/publish").status_code == 409
    assert "Publish: the public sees this" not in publisher.get(DRAFT).text


def test_a_draft_on_an_older_release_is_refused(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    editor.upload(files.write([files.row(1)]))
    editor.upload(files.write([files.row(2)]))
    assert publisher.send("/staff/drafts/3/publish").status_code == 303
    answer = publisher.send(f"{DRAFT}/publish")
    assert answer.status_code == 409
    assert "Another release was published" in answer.text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"\x00\x01\x02" * 100, "binary.csv"),
        (b"a,b,c\n1,2,3\n", "other.csv"),
        (b"npi," + b"x," * 100_000, "wide.csv"),
        (b"PK\x03\x04broken", "broken.zip"),
        (b"\xff\xfe", "../../etc/passwd"),
        (b"npi,verified_on\n" + b"x" * 3_000_000, "long.csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_reason(office: Office, content: bytes, name: str) -> None:
    editor = office.add_logged_in("editor")
    answer = editor.upload(content, name)
    if answer.status_code == 303:
        assert "left out" in editor.get(answer.location).text
        return
    assert answer.status_code == 422
    assert "Traceback" not in answer.text
    assert 'id="files-error"' in answer.text
    assert editor.get(DRAFT).status_code == 404


def test_a_missing_file_is_an_error_at_the_field(office: Office) -> None:
    answer = office.add_logged_in("editor").send("/staff/upload", {"source": "staff"})
    assert answer.status_code == 422
    assert "Choose at least one file" in answer.text


def test_what_is_typed_stays_when_a_file_is_refused(office: Office) -> None:
    answer = office.add_logged_in("editor").upload(b"a,b\n", "a.csv", as_of="2026-11-01", replace="y")
    assert 'value="2026-11-01"' in answer.text
    assert "checked" in answer.text


def test_the_template_can_be_filled_in_and_uploaded(office: Office) -> None:
    editor = office.add_logged_in("editor")
    header = editor.get("/staff/template.csv").text
    names = header.strip().split(",")
    filled = files.row(7)
    line = ",".join(filled.get(name, "") for name in names)
    answer = editor.upload(f"{header}{line}\r\n", "filled.csv")
    assert answer.status_code == 303
    assert rows_of(editor.get(f"{DRAFT}/changes.csv").data)


def test_no_download_holds_a_formula(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    editor.upload(files.write([files.row(1, last_name="=HYPERLINK(1)", street="@sum 1", insurance_yes="+evil")]))
    publisher.send(f"{DRAFT}/publish")
    for address in (f"{DRAFT}/notices.csv", f"{DRAFT}/changes.csv", "/staff/audit.csv", "/staff/export.csv"):
        content = editor.get(address).data.decode("utf-8-sig")
        cells = [cell for line in csv.reader(io.StringIO(content)) for cell in line]
        text = [cell for cell in cells if not re.fullmatch(r"-?[0-9.]+", cell)]
        assert not [cell for cell in text if cell.startswith(("=", "+", "-", "@", "\t", "\r"))], address
    assert "'@" in editor.get("/staff/export.csv").text


def test_content_of_a_file_is_shown_as_text(office: Office) -> None:
    editor = office.add_logged_in("editor")
    editor.upload(files.write([files.row(1, last_name="<script>alert(1)</script>", insurance_yes="<b>x</b>")]))
    for address in (DRAFT, f"{DRAFT}/notices"):
        page = editor.get(address).text
        assert "<script>" not in page
        assert "<b>x" not in page


def test_a_file_that_is_too_large_is_refused_before_it_is_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = office.add_logged_in("editor")
    token = editor.token
    monkeypatch.setitem(LARGE_BODIES, upload, LargeBody(10_000, has_logged_in))
    assert token
    answer = editor.upload(b"npi,verified_on\n" + b"x" * 20_000)
    assert answer.status_code == 413
    assert "a smaller file" in answer.text
    assert editor.get(DRAFT).status_code == 404


def test_a_file_without_a_date_is_asked_for_it_at_the_field_of_the_page(office: Office) -> None:
    answer = office.add_logged_in("editor").upload(b"NPI,NPPES Deactivation Date\r\n2000000002,5/4/26\r\n", "gone.csv")
    assert answer.status_code == 422
    assert "--as-of" not in answer.text
    _, _, beside = unescape(answer.text).partition('id="as_of-error"')
    assert beside.partition("</p>")[0].endswith(
        "gone.csv: Nothing in this file says which date it is of. Give the date of the file.</span>"
    )


def test_no_two_sources_have_one_name(office: Office) -> None:
    page = unescape(office.add_logged_in("editor").get("/staff/upload").text)
    names = re.findall(r"<option[^>]*>([^<]+)</option>", page)
    assert len(names) == len(sources()), "all but the sample, and the usual choice"
    assert len(set(names)) == len(names)
    with office.app.test_request_context():
        assert source_title("edits") != source_title("staff")


def test_a_grouped_notice_has_no_unfilled_placeholder(office: Office) -> None:
    with office.app.test_request_context():
        counted = kind_words("other_specialty", 53)
        assert ("53" in counted, "…" in counted) == (True, False)
        assert kind_words("count_dropped", 1).startswith("There would be far fewer of these than now.")
        assert "…" not in kind_words("count_dropped")


def test_the_log_writes_details_in_words() -> None:
    assert detail({"added": 998, "to_confirm": 0}) == "added: 998, to confirm: 0"
    assert detail(["a.csv", "b.csv"]) == "a.csv, b.csv"
    assert detail(7) == "7"
