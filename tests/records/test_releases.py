"""The release pointer, the drafts and the audit log, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from finder.records.audit import AuditFilter, count_events, list_events, record_event
from finder.records.database import Records, RecordsUnavailable, WrongDatabase
from finder.records.drafts import (
    BaseChanged,
    DraftClosed,
    NewDraft,
    Pin,
    UnknownDraft,
    add_draft,
    claim_draft,
    close_draft,
    discard_draft,
    get_draft,
)
from finder.records.releases import (
    NothingToRollBack,
    current_release,
    current_sha256,
    move_pointer,
    move_pointer_back,
    needed_releases,
    release_before_current,
)

PIN = Pin(sha256="b" * 64, source="nppes", as_of=date(2026, 11, 1), rows=3, providers=2)


def new_draft(base_id: int | None, sha256: str = "a" * 64) -> NewDraft:
    return NewDraft(
        base_id=base_id,
        sha256=sha256,
        manifest={"layers": []},
        layers=[PIN],
        files=["november.csv"],
        rows=3,
        providers=2,
        notice_counts={"npi_invalid": 1},
        notices_file="",
        difference={"added": 2, "changed": 0, "removed": 0, "unchanged": 0},
        changes_file="",
        conflicts={},
    )


def publish(records: Records, sha256: str) -> int:
    with records.writing() as session:
        return move_pointer(session, sha256, {"layers": []}, by="ana").id


def roll_back(records: Records) -> int:
    with records.writing() as session:
        before = release_before_current(session)
        return move_pointer_back(session, before.id, before.sha256, before.manifest, by="ben").id


def test_nothing_is_published_at_first(records: Records) -> None:
    with records.reading() as session:
        assert current_release(session) is None
        assert current_sha256(session) is None


def test_publishing_supersedes_and_rolling_back_restores(records: Records) -> None:
    first, second = publish(records, "1" * 64), publish(records, "2" * 64)
    with records.reading() as session:
        release = current_release(session)
        assert release is not None
        assert (release.id, release.base_id) == (second, first)
    assert roll_back(records) == first
    with records.reading() as session:
        release = current_release(session)
        assert release is not None
        assert (release.sha256, release.superseded_at) == ("1" * 64, None)
        assert [event.action for event in list_events(session)] == ["rollback", "publish", "publish"]


def test_there_is_nothing_before_the_first_release(records: Records) -> None:
    publish(records, "1" * 64)
    with pytest.raises(NothingToRollBack):
        roll_back(records)


def test_after_a_rollback_and_a_publication_rolling_back_skips_the_withdrawn_release(records: Records) -> None:
    first = publish(records, "1" * 64)
    publish(records, "2" * 64)
    roll_back(records)
    third = publish(records, "3" * 64)
    with records.reading() as session:
        assert [release.id for release in needed_releases(session, keep=9)] == [third, first]


def test_of_two_who_roll_back_at_once_the_second_is_refused(records: Records) -> None:
    publish(records, "1" * 64)
    publish(records, "2" * 64)
    publish(records, "3" * 64)
    with records.reading() as session:
        seen = release_before_current(session)
    roll_back(records)
    with pytest.raises(NothingToRollBack), records.writing() as session:
        move_pointer_back(session, seen.id, seen.sha256, seen.manifest, by="eva")
    with records.reading() as session:
        assert current_sha256(session) == "2" * 64


def test_a_failure_undoes_the_pointer_and_the_audit_event_together(records: Records) -> None:
    publish(records, "1" * 64)

    def fail_half_way() -> None:
        with records.writing() as session:
            move_pointer(session, "2" * 64, {}, by="ana")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with records.reading() as session:
        assert current_sha256(session) == "1" * 64
        assert count_events(session) == 1


def test_a_draft_is_published_once(records: Records) -> None:
    with records.writing() as session:
        draft_id = add_draft(session, new_draft(None), by="eva").id
    with records.writing() as session:
        draft = claim_draft(session, draft_id)
        close_draft(session, draft, release_id=move_pointer(session, draft.sha256, draft.manifest, by="ana").id)
    with pytest.raises(DraftClosed), records.writing() as session:
        claim_draft(session, draft_id)


def test_a_draft_whose_base_has_changed_is_refused(records: Records) -> None:
    with records.writing() as session:
        draft_id = add_draft(session, new_draft(None), by="eva").id
    publish(records, "1" * 64)
    with pytest.raises(BaseChanged), records.writing() as session:
        claim_draft(session, draft_id)


def test_publishing_one_of_two_drafts_makes_the_other_stale(records: Records) -> None:
    with records.writing() as session:
        chosen, other = (add_draft(session, new_draft(None), by="eva").id for _ in range(2))
    with records.writing() as session:
        draft = claim_draft(session, chosen)
        close_draft(session, draft, release_id=move_pointer(session, draft.sha256, draft.manifest, by="ana").id)
    with records.reading() as session:
        assert get_draft(session, other).state == "stale"
    with pytest.raises(BaseChanged), records.writing() as session:
        claim_draft(session, other)


def test_a_draft_that_took_so_long_that_its_base_was_replaced_is_stale_at_once(records: Records) -> None:
    publish(records, "1" * 64)
    with records.writing() as session:
        assert add_draft(session, new_draft(None), by="eva").state == "stale"


def test_discarded_and_unknown_drafts_are_refused(records: Records) -> None:
    with records.writing() as session:
        draft_id = add_draft(session, new_draft(None), by="eva").id
        discard_draft(session, draft_id, by="eva")
    with pytest.raises(DraftClosed), records.writing() as session:
        claim_draft(session, draft_id)
    with pytest.raises(UnknownDraft), records.writing() as session:
        claim_draft(session, draft_id + 1)


def test_of_many_who_publish_the_same_draft_at_once_one_succeeds(records: Records) -> None:
    with records.writing() as session:
        draft_id = add_draft(session, new_draft(None), by="eva").id
    done: list[str] = []

    def try_to_publish(name: str) -> None:
        try:
            with records.writing() as session:
                draft = claim_draft(session, draft_id)
                release = move_pointer(session, draft.sha256, draft.manifest, by=name)
                close_draft(session, draft, release_id=release.id)
        except (DraftClosed, BaseChanged):
            return
        done.append(name)

    threads = [threading.Thread(target=try_to_publish, args=(f"person {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    with records.reading() as session:
        assert count_events(session, AuditFilter(action="publish")) == 1


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET actor = 'nobody'", "DELETE FROM audit_event"])
def test_the_audit_log_cannot_be_rewritten(records: Records, statement: str) -> None:
    publish(records, "1" * 64)
    with pytest.raises(DBAPIError, match="append-only"), records.engine.begin() as connection:
        connection.execute(text(statement))
    with records.reading() as session:
        assert [event.actor for event in list_events(session)] == ["ana"]


def test_the_audit_log_is_filtered_and_paged(records: Records) -> None:
    with records.writing() as session:
        for day in range(1, 8):
            at = datetime(2026, 11, day, tzinfo=UTC)
            record_event(session, "ana" if day % 2 else "ben", "edit", subject="provider", subject_id=day, at=at)
    with records.reading() as session:
        mine = AuditFilter(
            actor="ana", since=datetime(2026, 11, 3, tzinfo=UTC), until=datetime(2026, 11, 7, tzinfo=UTC)
        )
        assert [event.subject_id for event in list_events(session, mine)] == ["5", "3"]
        assert [event.subject_id for event in list_events(session, limit=2, offset=1)] == ["6", "5"]
        assert count_events(session, AuditFilter(subject="provider", subject_id="4")) == 1


def test_an_unreachable_database_is_an_error_with_a_remedy() -> None:
    records = Records("postgresql://finder@127.0.0.1:9/finder?connect_timeout=1")
    with pytest.raises(RecordsUnavailable), records.reading() as session:
        current_release(session)


@pytest.mark.parametrize("url", ["mysql://somewhere/finder", "not an address", "oracle:///x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(WrongDatabase):
        Records(url)
