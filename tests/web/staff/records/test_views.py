"""The page of a record: corrections with their history, concurrent editors, calls."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from finder.directory.query import Query
from finder.records.casework.edits import edits_in_force
from finder.records.drafts import list_drafts
from finder.web.staff.records.record_form import changes, record_form, withdrawn
from finder.web.staff.records.record_view import Record
from tests.web.reading import parsed, text_of
from tests.web.staff import files
from tests.web.staff.office import Office, publish_corrections
from tests.web.staff.records.record_page import NPI, RECORD, form_of


def test_an_unchanged_form_saves_nothing(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    answer = editor.send(RECORD, form_of(editor))
    assert answer.status_code == 303
    assert "Nothing was changed." in editor.get(RECORD).text
    with published_office.installation.records.reading() as session:
        assert edits_in_force(session) == []


@pytest.mark.slow
def test_no_record_of_the_sample_looks_changed_when_nothing_was(sample_app: Flask) -> None:
    with sample_app.test_request_context("/staff/"):
        directory = sample_app.extensions["finder"].directory()
        seen = 0
        for query in (Query(page=number, per_page=500) for number in range(1, 6)):
            for listing in directory.search(query).listings:
                record = Record(provider=directory.provider(listing.provider.npi), edits=(), version=0)
                form = record_form(record)
                assert changes(record, form) == []
                assert withdrawn(record, form) == []
                seen += 1
    assert seen > 2000


def test_a_correction_has_a_history_and_is_public_after_the_next_release(published_office: Office) -> None:
    editor, publisher = published_office.add_logged_in("editor"), published_office.add_logged_in("publisher")
    form = form_of(editor) | {
        "name": "Ida B. Example",
        "places-0-phone": "(617) 555-0188 ext. 4",
        "places-0-street": "5 Oak Avenue",
        "places-0-plan_tricare": "yes",
        "treats_neuropathy": "y",
    }
    assert editor.send(RECORD, form).status_code == 303
    page = unescape(editor.get(RECORD).text)
    assert "5 corrections are kept" in page
    for words in (
        "(617) 555-0188, extension 4",
        "5 Oak Avenue, Cambridge, MA 02139",
        "called, spoke to the front desk",
        "editor@example.org",
    ):
        assert words in page
    assert form_of(editor)["places-0-plan_tricare"] == "yes", "the form shows what is in force"
    assert "0188" not in editor.get(f"/therapists/{NPI}").text, "not public yet"
    (row,) = [one for one in publish_corrections(published_office, editor, publisher) if one["npi"] == NPI]
    assert (row["name"], row["phone"], row["phone_extension"]) == ("Ida B. Example", "6175550188", "4")
    assert row["street"] == "5 Oak Avenue"
    assert "tricare: yes" in row["insurance"]
    assert "treats_neuropathy: confirmed" in row["specialties"]


def test_what_a_source_says_of_every_place_stands_in_the_form_of_each(published_office: Office) -> None:
    editor, publisher = published_office.add_logged_in("editor"), published_office.add_logged_in("publisher")
    at_no_place = dict.fromkeys(("street", "city", "state", "zip", "phone"), "")
    rows = [files.row(1), files.row(1, insurance_yes="tricare", **at_no_place)]
    with published_office.installation.records.reading() as session:
        number = len(list_drafts(session)) + 1
    editor.upload(files.write(rows), "calls-2026-11-12.csv")
    assert publisher.send(f"/staff/drafts/{number}/publish").status_code == 303
    published_office.app.extensions["finder"].current._next_check = 0
    assert form_of(editor)["places-0-plan_tricare"] == "yes"
    assert editor.send(RECORD, form_of(editor)).status_code == 303
    assert "Nothing was changed." in editor.get(RECORD).text


@pytest.mark.parametrize(
    ("name", "label"), [("accepting_patients", "Taking new patients"), ("telehealth", "Visits by video")]
)
def test_an_answer_of_staff_is_seen_by_the_public_under_the_name_that_the_sources_use(
    published_office: Office, name: str, label: str
) -> None:
    editor, publisher = published_office.add_logged_in("editor"), published_office.add_logged_in("publisher")
    assert editor.send(RECORD, form_of(editor) | {f"places-0-{name}": "no"}).status_code == 303
    publish_corrections(published_office, editor, publisher)
    public = text_of(parsed(publisher.get(f"/therapists/{NPI}").text))
    assert re.search(rf"{label} ?No Source: our staff", public), public


def test_the_history_of_a_record_is_in_words(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    form = {
        "places-0-city": "Boston", "places-0-plan_tricare": "no", "neuropathy_type": ["toxic", "small_fiber"],
        "places-0-location_name": "", "places-0-closed": "y", "credentials": "",
    }  # fmt: skip
    assert editor.send(RECORD, form_of(editor) | form).status_code == 303
    (history,) = (
        one for one in parsed(editor.get(RECORD).text).iter("table") if text_of(one).startswith("Corrections")
    )
    text = text_of(history)
    for words in (
        "Address", "2 Elm Street, Boston, MA 02139", "TRICARE", "Place", "closed", "(nothing)",
        "Types of neuropathy that they named", "small fiber neuropathy, neuropathy from a poison",
    ):  # fmt: skip
        assert words in text, text
    assert not re.search(r"[{}]|plan:|fact:|small_fiber", text), text


def test_without_corrections_no_draft_of_them_is_offered(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    assert editor.send("/staff/drafts/corrections").location == "/staff/records"
    assert "there is nothing to publish" in editor.get("/staff/records").text
    with published_office.installation.records.reading() as session:
        assert list_drafts(session, "staged") == []


def test_a_draft_of_calls_alone_says_that_only_days_change(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    assert editor.send(f"{RECORD}/call", {"outcome": "confirmed"}).status_code == 303
    draft = editor.send("/staff/drafts/corrections").location
    assert "No value changes, only the days" in editor.get(draft).text


def test_the_second_editor_sees_what_the_first_one_changed(published_office: Office) -> None:
    first, second = published_office.add_logged_in("editor"), published_office.add_logged_in("editor", 2)
    mine, theirs = form_of(first), form_of(second)
    assert first.send(RECORD, mine | {"places-0-phone": "617-555-0111"}).status_code == 303
    answer = second.send(RECORD, theirs | {"places-0-phone": "617-555-0122", "note": "my note"})
    assert answer.status_code == 409
    page = unescape(answer.text)
    assert "Somebody else changed this record" in page
    assert "editor@example.org" in page
    assert "(617) 555-0111" in page
    assert 'value="617-555-0122"' in page, "what the second one typed is still there"
    assert 'value="my note"' in page
    with published_office.installation.records.reading() as session:
        assert [edit.value for edit in edits_in_force(session, NPI)] == ["6175550111"]
    found = re.search(r'name="version"[^>]*value="([0-9]+)"', page)
    assert found
    again = theirs | {"places-0-phone": "617-555-0122", "note": "my note", "version": found[1]}
    assert second.send(RECORD, again).status_code == 303
    with published_office.installation.records.reading() as session:
        assert [edit.value for edit in edits_in_force(session, NPI)] == ["6175550122"]


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("name", "", "Type the name."),
        ("note", "", "Say how you know"),
        ("places-0-phone", "12", "Use ten digits"),
        ("places-0-zip", "x", "Use the five digits"),
        ("places-0-zip", "00000", "ZIP code"),
        ("places-0-state", "Atlantis", "two letters"),
        ("places-0-street", "", "Type the street."),
        ("places-0-plan_medicare", "maybe", "Not a valid choice"),
        ("neuropathy_type", "nonsense", "not a valid choice"),
    ],
)
def test_an_invalid_value_is_an_error_at_its_field_and_nothing_is_saved(
    published_office: Office, field: str, value: str, text: str
) -> None:
    editor = published_office.add_logged_in("editor")
    answer = editor.send(RECORD, form_of(editor) | {"credentials": "PT, NCS", field: value})
    assert answer.status_code == 422
    assert text in unescape(answer.text)
    assert 'value="PT, NCS"' in answer.text
    with published_office.installation.records.reading() as session:
        assert edits_in_force(session) == []


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_form_without_its_version_is_treated_as_old(published_office: Office, version: str) -> None:
    editor = published_office.add_logged_in("editor")
    answer = editor.send(RECORD, form_of(editor) | {"credentials": "PT, NCS", "version": version})
    assert answer.status_code == 409


def test_ending_an_edit_restores_the_value_of_the_source(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    editor.send(RECORD, form_of(editor) | {"credentials": "PT, NCS", "treats_neuropathy": "y"})
    with published_office.installation.records.reading() as session:
        numbers = {edit.field: edit.id for edit in edits_in_force(session, NPI)}
    other = f"/staff/records/{files.npi(2)}/edits/{numbers['credentials']}/end"
    assert editor.send(other).status_code == 404, "not an edit of that record"
    assert editor.send(f"{RECORD}/edits/{numbers['credentials']}/end").status_code == 303
    assert form_of(editor)["credentials"] == "PT"
    unconfirmed = form_of(editor)
    del unconfirmed["treats_neuropathy"]
    assert editor.send(RECORD, unconfirmed).status_code == 303
    with published_office.installation.records.reading() as session:
        assert edits_in_force(session, NPI) == []
    assert "ended by editor@example.org" in editor.get(RECORD).text


def test_a_telephone_number_can_be_corrected_without_a_street(office: Office) -> None:
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    editor.upload(files.write([files.row(1, street="")]))
    assert publisher.send("/staff/drafts/2/publish").status_code == 303
    office.app.extensions["finder"].current._next_check = 0
    form = form_of(editor)
    phone, street, city = (
        next(name for name in form if name.endswith(part)) for part in ("-phone", "-street", "-city")
    )
    assert form[street] == ""
    assert "Type the city." in editor.send(RECORD, form | {city: ""}).text
    assert editor.send(RECORD, form | {phone: "617-555-0199"}).status_code == 303
    (row,) = publish_corrections(office, editor, publisher)
    assert (row["phone"], row["street"]) == ("6175550199", "")
    again = form_of(editor) | {street: "12 Elm Street"}
    assert editor.send(RECORD, again).status_code == 303
    office.app.extensions["finder"].current._next_check = 0
    assert "Type the street." in editor.send(RECORD, form_of(editor) | {street: ""}).text


def test_a_conflict_between_source_and_correction_is_resolved_by_staff(published_office: Office) -> None:
    editor, publisher = published_office.add_logged_in("editor"), published_office.add_logged_in("publisher")
    editor.send(RECORD, form_of(editor) | {"places-0-phone": "617-555-0111"})
    editor.upload(files.write([files.row(1, phone="617-555-0177")]))
    assert publisher.send("/staff/drafts/3/publish").status_code == 303
    listed = editor.get("/staff/records").text
    assert "(617) 555-0111" in listed
    assert "(617) 555-0177" in listed
    with published_office.installation.records.reading() as session:
        (edit,) = edits_in_force(session, NPI)
    assert editor.send(f"{RECORD}/edits/{edit.id}/keep").status_code == 303
    assert "(617) 555-0177" not in editor.get("/staff/records").text
    with published_office.installation.records.reading() as session:
        assert [one.value for one in edits_in_force(session, NPI)] == ["6175550111"]


def test_records_are_found_by_name_and_by_number(published_office: Office) -> None:
    viewer = published_office.add_logged_in("viewer")
    assert viewer.get(f"/staff/records?q={NPI}").location == RECORD
    assert RECORD in viewer.get("/staff/records?q=example1").text
    assert "Nobody on the public list" in viewer.get("/staff/records?q=zzzz").text
    for term in ("%00", "x" * 500, "<script>", "%"):
        answer = viewer.client.get("/staff/records", query_string={"q": term})
        assert answer.status_code == 200
        assert "<script>" not in answer.text
    assert "Keep the corrections" not in viewer.get(RECORD).text
    assert viewer.get("/staff/records/1").status_code == 404


def test_a_call_is_recorded(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    answer = editor.send(f"{RECORD}/call", {"outcome": "no_answer", "call_note": "<b>rang for long</b>"})
    assert answer.status_code == 303
    page = editor.get(RECORD).text
    assert "Nobody answered" in page
    assert "&lt;b&gt;rang for long" in page
    assert editor.send(f"{RECORD}/call", {"outcome": "nonsense"}).status_code == 400
    assert editor.send(f"{RECORD}/call", {"outcome": "no_answer", "place": "elsewhere"}).status_code == 400


def test_facts_confirmed_in_a_call_get_its_day(published_office: Office) -> None:
    editor, publisher = published_office.add_logged_in("editor"), published_office.add_logged_in("publisher")
    for _ in range(2):
        assert editor.send(f"{RECORD}/call", {"outcome": "confirmed"}).status_code == 303
        with published_office.installation.records.reading() as session:
            edits = {edit.field: edit for edit in edits_in_force(session, NPI)}
        assert set(edits) == {"address", "phone"}
        assert edits["phone"].value == edits["phone"].source_value == "6175550123"
        (row,) = [one for one in publish_corrections(published_office, editor, publisher) if one["npi"] == NPI]
        assert row["phone"] == "6175550123"
        assert row["phone_as_of"] == row["address_as_of"] == edits["phone"].edited_at.date().isoformat()
    assert "To settle" not in editor.get("/staff/records").text
