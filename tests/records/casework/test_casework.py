"""Edits, reports, suppressions and calls, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from finder.records.audit import AuditFilter, list_events
from finder.records.casework.calls import CALL_INTERVALS, CallOutcome, calls_of, recently_called, record_call
from finder.records.casework.edits import (
    Change,
    EditedMeanwhile,
    UnknownEdit,
    UnknownField,
    conflicts,
    edits_in_force,
    end_edit,
    history_of,
    mark_conflicts,
    resolve_conflict,
    save_edits,
    version_of,
)
from finder.records.casework.reports import (
    CONTACT_RETENTION,
    MOST_OPEN,
    ReportClosed,
    ReportKind,
    ReportOutcome,
    TooManyReports,
    UnknownReport,
    add_report,
    close_report,
    count_reports,
    find_report,
    forget_contacts,
    list_reports,
    reported_places,
)
from finder.records.casework.suppressions import UnknownSuppression, end_suppression, suppress, suppressions_in_force
from finder.records.database import Records
from finder.records.tables.casework import Edit

NPI, OTHER = "2000000001", "2000000002"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PHONE = Change(field="phone", value="6175550111", before="6175550100", location_key="02139 99 ELM ST")


def save(records: Records, *changes: Change, version: int = 0, by: str = "eva") -> int:
    with records.writing() as session:
        return save_edits(session, NPI, changes, version=version, by=by, at=NOW)


def edits_now(records: Records) -> list[Edit]:
    with records.reading() as session:
        return list(edits_in_force(session))


def test_a_saved_edit_is_in_force_and_in_the_audit_log(records: Records) -> None:
    assert save(records, PHONE) == 1
    (edit,) = edits_now(records)
    assert (edit.field, edit.value, edit.source_value, edit.edited_by) == ("phone", "6175550111", "6175550100", "eva")
    with records.reading() as session:
        (event,) = list_events(session, AuditFilter(action="edit", subject_id=NPI))
    assert (event.detail["before"], event.detail["after"]) == ("6175550100", "6175550111")


def test_of_two_editors_the_second_sees_the_change_of_the_first(records: Records) -> None:
    save(records, PHONE)
    name = Change(field="name", value="Ida Example", before="IDA EXAMPLE")
    with pytest.raises(EditedMeanwhile) as refused:
        save(records, name, by="ben")
    assert [(edit.field, edit.edited_by) for edit in refused.value.edits] == [("phone", "eva")]
    assert save(records, name, version=refused.value.version, by="ben") == 2
    assert len(edits_now(records)) == 2


def test_of_many_editors_at_once_one_succeeds(records: Records) -> None:
    saved: list[int] = []

    def edit(number: int) -> None:
        try:
            saved.append(save(records, Change(field="name", value=f"Name {number}", before="")))
        except EditedMeanwhile:
            return

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert saved == [1]
    assert len(edits_now(records)) == 1


def test_a_second_edit_of_a_field_ends_the_first_and_remembers_the_source(records: Records) -> None:
    save(records, PHONE)
    again = Change(field="phone", value="6175550122", before="6175550111", location_key=PHONE.location_key)
    save(records, again, version=1)
    (edit,) = edits_now(records)
    assert (edit.value, edit.before, edit.source_value) == ("6175550122", "6175550111", "6175550100")
    with records.reading() as session:
        assert [(past.value, past.ended_by) for past in history_of(session, NPI)] == [
            ("6175550122", ""),
            ("6175550111", "eva"),
        ]


def test_saving_the_same_value_again_makes_no_edit(records: Records) -> None:
    save(records, PHONE)
    save(records, PHONE, version=1)
    with records.reading() as session:
        assert len(history_of(session, NPI)) == 1


def test_a_form_with_an_unknown_field_saves_nothing(records: Records) -> None:
    with pytest.raises(UnknownField):
        save(records, PHONE, Change(field="npi", value="1", before=""))
    assert edits_now(records) == []


def test_ending_an_edit_restores_the_value_of_the_source(records: Records) -> None:
    save(records, PHONE)
    (edit,) = edits_now(records)
    with records.writing() as session:
        end_edit(session, edit.id, by="ben")
    assert edits_now(records) == []
    with records.reading() as session:
        assert version_of(session, NPI) == 2
    with pytest.raises(UnknownEdit), records.writing() as session:
        end_edit(session, edit.id, by="ben")


@pytest.mark.parametrize("keep", [True, False])
def test_a_conflict_is_resolved_for_the_edit_or_the_source(records: Records, keep: bool) -> None:
    save(records, PHONE)
    (edit,) = edits_now(records)
    with records.writing() as session:
        mark_conflicts(session, {edit.id: "6175550133"})
    with records.writing() as session:
        assert [found.id for found in conflicts(session)] == [edit.id]
        resolve_conflict(session, edit.id, keep=keep, by="ben")
    with records.reading() as session:
        assert conflicts(session) == []
    assert [edit.source_value for edit in edits_now(records)] == (["6175550133"] if keep else [])


def test_a_conflict_that_no_longer_exists_is_unmarked(records: Records) -> None:
    save(records, PHONE)
    (edit,) = edits_now(records)
    for found in ({edit.id: "6175550133"}, {}):
        with records.writing() as session:
            mark_conflicts(session, found)
    with records.reading() as session:
        assert conflicts(session) == []


def test_a_repeated_suppression_is_one_suppression(records: Records) -> None:
    for _ in range(2):
        with records.writing() as session:
            suppress(session, NPI, reason="home address", by="eva")
    with records.writing() as session:
        (found,) = suppressions_in_force(session)
        end_suppression(session, found.id, by="ben")
    with records.writing() as session, pytest.raises(UnknownSuppression):
        end_suppression(session, found.id, by="ben")
    with records.reading() as session:
        assert suppressions_in_force(session) == []


def report(
    records: Records, token: str = "form 1", npi: str = NPI, kind: ReportKind = ReportKind.WRONG_PHONE, **more: str
) -> str:
    with records.writing() as session:
        return add_report(session, npi, kind, form_token=token, at=NOW, **more).reference


def test_a_report_is_found_by_its_reference_number_in_any_spelling(records: Records) -> None:
    reference = report(records)
    with records.reading() as session:
        assert find_report(session, f" {reference.lower().replace('-', ' ')} ").npi == NPI
        with pytest.raises(UnknownReport):
            find_report(session, "ZZZZ-ZZZZ")


def test_the_same_form_sent_twice_is_one_report(records: Records) -> None:
    assert report(records) == report(records)
    with records.reading() as session:
        assert count_reports(session) == 1


def test_a_listing_is_marked_until_its_reports_are_closed(records: Records) -> None:
    report(records, location_key="02139 99 ELM ST")
    report(records, "form 2", OTHER)
    with records.writing() as session:
        assert reported_places(session) == {(NPI, "02139 99 ELM ST"), (OTHER, "")}
        first = list_reports(session, state="open", npi=NPI)[0]
        close_report(session, first.id, ReportOutcome.RESOLVED, by="eva", note="corrected", at=NOW)
        assert reported_places(session) == {(OTHER, "")}
    with records.writing() as session, pytest.raises(ReportClosed):
        close_report(session, first.id, ReportOutcome.REJECTED, by="ben")
    with records.writing() as session, pytest.raises(UnknownReport):
        close_report(session, 999, ReportOutcome.REJECTED, by="ben")


def test_open_reports_of_a_listing_are_limited(records: Records) -> None:
    for number in range(MOST_OPEN):
        report(records, f"form {number}")
    with pytest.raises(TooManyReports):
        report(records, "one more")
    report(records, "elsewhere", OTHER)


def test_contacts_of_closed_reports_are_deleted_after_a_while(records: Records) -> None:
    report(records, kind=ReportKind.REMOVE_MY_LISTING, contact="owner@example.org", message="my home")
    with records.writing() as session:
        (found,) = list_reports(session)
        close_report(session, found.id, ReportOutcome.RESOLVED, by="eva", at=NOW)
        assert forget_contacts(session, at=NOW + CONTACT_RETENTION) == 0
        assert forget_contacts(session, at=NOW + CONTACT_RETENTION + timedelta(seconds=1)) == 1
    with records.reading() as session:
        (found,) = list_reports(session)
        assert (found.contact, found.message) == ("", "")


def test_hostile_text_is_stored_as_text(records: Records) -> None:
    text = "'; DROP TABLE report; -- <script>alert(1)</script> \u202e" + "x" * 600
    report(records, message=text)
    with records.reading() as session:
        assert list_reports(session)[0].message == text[:500]


def test_the_outcome_of_a_call_sets_when_the_listing_is_due_again(records: Records) -> None:
    with records.writing() as session:
        record_call(session, NPI, CallOutcome.NO_ANSWER, by="eva", location_key="a", at=NOW)
        record_call(session, NPI, CallOutcome.CONFIRMED, by="eva", location_key="b", at=NOW)
        record_call(session, OTHER, CallOutcome.CONFIRMED, by="eva", at=NOW - timedelta(days=80))
        record_call(session, OTHER, CallOutcome.NO_ANSWER, by="eva", at=NOW - timedelta(days=10))
    with records.reading() as session:
        assert len(calls_of(session, OTHER)) == 2
        assert recently_called(session, at=NOW) == {(NPI, "a"), (NPI, "b")}
        assert recently_called(session, at=NOW + CALL_INTERVALS[CallOutcome.NO_ANSWER]) == {(NPI, "b")}
