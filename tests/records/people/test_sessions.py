"""Sessions of staff, on both databases: what ends one, what ends all, and what a row holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from finder.records.audit import list_events
from finder.records.database import Records
from finder.records.people.accounts import (
    Role,
    add_account,
    change_role,
    deactivate_account,
    get_account,
    reactivate_account,
)
from finder.records.people.passwords import set_password
from finder.records.people.second_factor import begin_second_factor, confirm_second_factor, remove_second_factor
from finder.records.people.sessions import (
    SESSION_IDLE,
    SESSION_LIFE,
    begin_session,
    count_sessions,
    end_sessions,
    find_session,
    log_out,
    touch_session,
)
from finder.records.tables.accounts import Account, StaffSession

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EMAIL = "eva@example.org"


@pytest.fixture
def token(records: Records) -> str:
    """The token of a session that has just begun."""
    with records.writing() as session:
        add_account(session, "boss@example.org", Role.ADMIN, by="test")
        return begin_session(session, add_account(session, EMAIL, Role.EDITOR, by="test"), second_factor=False, at=NOW)


def is_open(records: Records, token: str, at: datetime = NOW) -> bool:
    with records.reading() as session:
        return find_session(session, token, at=at) is not None


def test_logging_out_ends_one_session_and_is_in_the_log(records: Records, token: str) -> None:
    with records.writing() as session:
        other = begin_session(session, get_account(session, EMAIL), second_factor=True, at=NOW)
        assert count_sessions(session, get_account(session, EMAIL), at=NOW) == 2
        log_out(session, token, by=EMAIL)
    assert [is_open(records, token), is_open(records, other)] == [False, True]
    with records.writing() as session:
        log_out(session, token, by=EMAIL)
        assert [event.action for event in list_events(session)].count("log out") == 1


def test_a_session_ends_by_age_and_by_idleness(records: Records, token: str) -> None:
    second = timedelta(seconds=1)
    assert is_open(records, token, NOW + SESSION_IDLE - second)
    assert not is_open(records, token, NOW + SESSION_IDLE)
    with records.writing() as session:
        touch_session(session, token, at=NOW + SESSION_LIFE - second)
    assert is_open(records, token, NOW + SESSION_LIFE - second)
    assert not is_open(records, token, NOW + SESSION_LIFE)


def give_new_second_factor(records: Records, account: Account) -> None:
    with records.writing() as session:
        account = get_account(session, account.email)
        totp = pyotp.TOTP(begin_second_factor(session, account, records.seal))
        confirm_second_factor(session, account, totp.at(NOW), records.seal, at=NOW)


CHANGES = {
    "all are ended": lambda session, account: end_sessions(session, account, by="test"),
    "password": lambda session, account: set_password(session, account, "four words that wander", by="test"),
    "role": lambda session, account: change_role(session, account, Role.VIEWER, by="test"),
    "deactivated": lambda session, account: deactivate_account(session, account, by="test"),
    "second factor removed": lambda session, account: remove_second_factor(session, account, by="test"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_account_ends_all_its_sessions(records: Records, token: str, change: str) -> None:
    with records.writing() as session:
        before = get_account(session, EMAIL)
        session.expunge(before)
        CHANGES[change](session, get_account(session, EMAIL))
        late = begin_session(session, before, second_factor=False, at=NOW)  # the log-in was checked before the change
    assert [is_open(records, token), is_open(records, late)] == [False, False]
    with records.writing() as session:
        reactivate_account(session, get_account(session, EMAIL), by="test")
    assert not is_open(records, token)


def test_a_new_second_factor_ends_the_sessions_that_had_shown_the_old_one(records: Records, token: str) -> None:
    with records.reading() as session:
        account = get_account(session, EMAIL)
    give_new_second_factor(records, account)
    assert not is_open(records, token)


def test_a_row_has_the_hash_of_the_token_alone_and_goes_when_it_is_old(records: Records, token: str) -> None:
    with records.writing() as session:
        assert token not in str(session.execute(select(StaffSession.__table__)).all())
        begin_session(session, get_account(session, EMAIL), second_factor=False, at=NOW + SESSION_LIFE)
        assert len(session.scalars(select(StaffSession)).all()) == 1
    assert not is_open(records, "")
