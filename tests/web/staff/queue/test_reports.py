"""The pages of reports, suppressions and the call queue."""

from __future__ import annotations

import csv
import io
import re

from finder.records.casework.reports import ReportKind, add_report, list_reports
from finder.records.casework.suppressions import suppressions_in_force
from tests.web.staff import files
from tests.web.staff.office import Office, publish_corrections

NPI = files.npi(1)


def report(office: Office, kind: ReportKind, message: str = "") -> int:
    """Add a report as a visitor does."""
    with office.installation.records.writing() as session:
        return add_report(session, NPI, kind, form_token=f"{kind}{message}", message=message, contact="x@y.example").id


def test_a_report_is_closed_once(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    number = report(published_office, ReportKind.WRONG_PHONE)
    assert "The phone number is wrong" in editor.get("/staff/reports").text
    page = editor.get(f"/staff/reports/{number}").text
    assert "Ida Example1" in page
    assert editor.send(f"/staff/reports/{number}/close", {"ending": "nonsense"}).status_code == 400
    closing = {"ending": "resolved", "note": "called them"}
    assert editor.send(f"/staff/reports/{number}/close", closing).location == "/staff/reports"
    assert editor.send(f"/staff/reports/{number}/close", closing).location == f"/staff/reports/{number}"
    assert "was closed already" in editor.get("/staff/reports?state=resolved").text
    assert "called them" in editor.get(f"/staff/reports/{number}").text
    assert editor.get("/staff/reports/999").status_code == 404


def test_a_suppressed_provider_stays_out_of_later_files(published_office: Office) -> None:
    editor, publisher = published_office.add_logged_in("editor"), published_office.add_logged_in("publisher")
    number = report(published_office, ReportKind.REMOVE_MY_LISTING, "It is my home.")
    assert "It is my home." in editor.get(f"/staff/reports/{number}").text
    answer = editor.send(f"/staff/reports/{number}/close", {"ending": "suppress", "note": "she called from the clinic"})
    assert answer.location == "/staff/suppressions"
    with published_office.installation.records.reading() as session:
        (suppression,) = suppressions_in_force(session)
        assert "she called from the clinic" in suppression.reason
        assert list_reports(session, state="open") == []
    assert NPI not in {one["npi"] for one in publish_corrections(published_office, editor, publisher)}
    editor.upload(files.write([files.row(number) for number in range(10)]))
    draft = editor.get("/staff/drafts").text
    newest = re.search(r"/staff/drafts/([0-9]+)\"", draft)
    assert newest
    publisher.send(f"/staff/drafts/{newest[1]}/publish")
    listed = list(csv.DictReader(io.StringIO(publisher.get("/staff/export.csv").text)))
    assert NPI not in {one["npi"] for one in listed}
    assert len(listed) == 9
    assert editor.send(f"/staff/suppressions/{suppression.id}/end").status_code == 303
    assert NPI in {one["npi"] for one in publish_corrections(published_office, editor, publisher)}


def test_a_provider_can_be_suppressed_before_being_listed(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    for npi, reason in (("123", "x"), (files.npi(50), ""), ("", "x")):
        assert editor.send("/staff/suppressions", {"npi": npi, "reason": reason}).status_code == 422
    given = {"npi": files.npi(50), "reason": "a letter of Nov 2"}
    assert editor.send("/staff/suppressions", given).status_code == 303
    assert "a letter of Nov 2" in editor.get("/staff/suppressions").text


def test_reports_that_say_the_same_stand_together_and_are_closed_together(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    first, second = (
        report(published_office, ReportKind.WRONG_PHONE),
        report(published_office, ReportKind.WRONG_PHONE, "no answer"),
    )
    other = report(published_office, ReportKind.WRONG_ADDRESS)
    listed = editor.get("/staff/reports").text
    assert re.findall(r'href="/staff/reports/([0-9]+)"', listed) == [str(first), str(other)]
    assert "and 1 more that say the same" in listed
    page = editor.get(f"/staff/reports/{first}").text
    assert "no answer" in page
    ids = re.findall(r'name="alike" value="([0-9]+)"', page)
    assert ids == [str(second)]
    late = report(published_office, ReportKind.WRONG_PHONE, "still no answer")
    closing = {"note": "called them", "ending": "resolved", "alike": [*ids, str(other)]}
    assert editor.send(f"/staff/reports/{first}/close", closing).location == "/staff/reports"
    with published_office.installation.records.reading() as session:
        assert [one.id for one in list_reports(session, state="open")] == [other, late], "unread, or of another kind"
        assert {one.outcome for one in list_reports(session, state="resolved")} == {"called them"}


def test_the_queue_lists_reported_first_and_leaves_out_recently_called(office: Office) -> None:
    editor = office.add_logged_in("editor")
    first_page = editor.get("/staff/queue").text
    npis = re.findall(r"/staff/records/([0-9]{10})#call", first_page)
    assert npis
    last = npis[-1]
    with office.installation.records.writing() as session:
        add_report(session, last, ReportKind.WRONG_PHONE, form_token="x")
    assert re.findall(r"/staff/records/([0-9]{10})#call", editor.get("/staff/queue").text)[0] == last
    assert 'href="/staff/reports">open reports</a></dt>\n  <dd>1' in editor.get("/staff/").text
    before = queue_length(editor.get("/staff/queue").text)
    assert str(before) in editor.get("/staff/").text.replace(",", "")
    editor.send(f"/staff/records/{last}/call", {"outcome": "no_answer"})
    assert queue_length(editor.get("/staff/queue").text) < before
    assert last not in re.findall(r"/staff/records/([0-9]{10})#call", editor.get("/staff/queue").text)
    assert queue_length(editor.get("/staff/queue?state=MA").text) < before
    assert editor.get("/staff/queue?state=nonsense&page=99999").status_code == 200


def queue_length(page: str) -> int:
    """Return the number of listings in the queue."""
    found = re.search(r"([0-9,]+) listings? wait", page)
    assert found
    return int(found[1].replace(",", ""))
