"""Accounts, one-time links, log-in and its lock, the second factor, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import text

from finder.records.audit import list_events
from finder.records.database import Records
from finder.records.encryption import is_sealed
from finder.records.people import passwords
from finder.records.people.accounts import (
    AccountExists,
    LastAdmin,
    Role,
    WrongEmail,
    add_account,
    change_role,
    deactivate_account,
    find_account,
    get_account,
    list_accounts,
)
from finder.records.people.attempts import (
    CODES_BY_ACCOUNT,
    FAILURES_BY_NETWORK,
    LOG_INS_BY_ACCOUNT,
    count_locked_networks,
    network_of,
    unlock_networks,
)
from finder.records.people.login import (
    LockedOut,
    WrongCode,
    WrongLogin,
    is_locked,
    log_in,
    prove_second_factor,
    unlock,
)
from finder.records.people.passwords import LINK_LIFE, LinkSpent, WeakPassword, issue_link, redeem_link, set_password
from finder.records.people.second_factor import (
    RECOVERY_CODES,
    STEP_SECONDS,
    SecondFactorLost,
    WrongFirstCode,
    begin_second_factor,
    confirm_second_factor,
    count_recovery_codes,
    has_second_factor,
    lost_second_factors,
    second_factor_address,
    unconfirmed_secret,
)
from finder.records.tables.accounts import Account

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EMAIL, PASSWORD, HOME = "ana@example.org", "correct horse battery", "192.0.2.1"


@pytest.fixture
def ana(records: Records) -> Account:
    with records.writing() as session:
        account = add_account(session, EMAIL, Role.ADMIN, by="test", at=NOW)
        set_password(session, account, PASSWORD, by="test")
    return account


@pytest.fixture
def totp(records: Records, ana: Account) -> pyotp.TOTP:
    with records.writing() as session:
        account = get_account(session, EMAIL)
        before = NOW - timedelta(minutes=5)
        totp = pyotp.TOTP(begin_second_factor(session, account, records.seal))
        confirm_second_factor(session, account, totp.at(before), records.seal, at=before)
    return totp


def fail(records: Records, times: int, *, email: str = EMAIL, address: str = HOME, at: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(WrongLogin):
            log_in(records, email, "wrong", address=address, at=at)


@pytest.mark.parametrize(
    ("role", "needed", "enough"),
    [
        (Role.VIEWER, Role.EDITOR, False),
        (Role.EDITOR, Role.EDITOR, True),
        (Role.EDITOR, Role.PUBLISHER, False),
        (Role.PUBLISHER, Role.EDITOR, True),
        (Role.ADMIN, Role.PUBLISHER, True),
        (Role.PUBLISHER, Role.ADMIN, False),
    ],
)
def test_each_role_may_do_what_those_before_it_may(role: Role, needed: Role, enough: bool) -> None:
    assert role.may(needed) is enough


def test_an_email_address_is_one_account_in_any_case(records: Records, ana: Account) -> None:
    with records.writing() as session, pytest.raises(AccountExists):
        add_account(session, " Ana@Example.ORG ", Role.VIEWER, by="test")
    with records.reading() as session:
        assert [account.email for account in list_accounts(session)] == [EMAIL]


@pytest.mark.parametrize(
    "email", ["", "ana", "ana@", "@example.org", "a b@example.org", "ana@localhost", "x" * 300 + "@e.org"]
)
def test_an_invalid_email_address_is_refused(records: Records, email: str) -> None:
    with records.writing() as session, pytest.raises(WrongEmail):
        add_account(session, email, Role.VIEWER, by="test")


def test_the_last_admin_cannot_be_removed(records: Records, ana: Account) -> None:
    with records.writing() as session:
        account = get_account(session, EMAIL)
        with pytest.raises(LastAdmin):
            change_role(session, account, Role.VIEWER, by="test")
        with pytest.raises(LastAdmin):
            deactivate_account(session, account, by="test")
        add_account(session, "ben@example.org", Role.ADMIN, by="test")
        change_role(session, account, Role.VIEWER, by="ben@example.org")


def test_passwords_are_stored_as_argon2id_and_never_logged(records: Records, ana: Account) -> None:
    assert ana.password_hash.startswith("$argon2id$")
    with records.reading() as session:
        assert PASSWORD not in str([event.detail for event in list_events(session)])


def test_a_password_costs_as_much_as_rfc_9106_asks_of_little_memory(
    records: Records, ana: Account, true_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", true_hasher)
    with records.writing() as session:
        set_password(session, get_account(session, EMAIL), PASSWORD, by="test")
    with records.reading() as session:
        stored = get_account(session, EMAIL).password_hash
    assert extract_parameters(stored) == RFC_9106_LOW_MEMORY
    assert passwords.verify_password(stored, PASSWORD)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "password1234!", "i am ana@example.org", "x" * 300])
def test_weak_passwords_are_refused(records: Records, password: str) -> None:
    with records.writing() as session:
        account = add_account(session, "anastasia@example.org", Role.VIEWER, by="test")
        with pytest.raises(WeakPassword):
            set_password(session, account, password.replace("ana@", "anastasia@"), by="test")


def test_a_link_sets_a_password_once(records: Records) -> None:
    with records.writing() as session:
        token = issue_link(session, add_account(session, EMAIL, Role.EDITOR, by="test"), by="test", at=NOW)
    with records.writing() as session, pytest.raises(WeakPassword):
        redeem_link(session, token, "short", at=NOW)
    with records.writing() as session:
        redeem_link(session, token, PASSWORD, at=NOW)
    with records.writing() as session, pytest.raises(LinkSpent):
        redeem_link(session, token, "another long password", at=NOW)
    assert log_in(records, EMAIL, PASSWORD, address=HOME, at=NOW).email == EMAIL


def test_an_expired_or_invented_link_does_not_work(records: Records, ana: Account) -> None:
    with records.writing() as session:
        token = issue_link(session, get_account(session, EMAIL), by="test", at=NOW)
    for secret, at in ((token, NOW + LINK_LIFE), ("invented", NOW), ("", NOW)):
        with records.writing() as session, pytest.raises(LinkSpent):
            redeem_link(session, secret, "another long password", at=at)


def test_setting_a_password_invalidates_open_links(records: Records, ana: Account) -> None:
    with records.writing() as session:
        one, other = (issue_link(session, get_account(session, EMAIL), by="test", at=NOW) for _ in range(2))
    with records.writing() as session:
        redeem_link(session, one, "another long password", at=NOW)
    with records.writing() as session, pytest.raises(LinkSpent):
        redeem_link(session, other, "yet another password", at=NOW)


def test_logging_in_ignores_the_case_of_the_email_and_records_the_time(records: Records, ana: Account) -> None:
    assert log_in(records, " ANA@example.org", PASSWORD, address=HOME, at=NOW).last_login_at == NOW


def test_an_unknown_deactivated_or_passwordless_account_cannot_log_in(records: Records, ana: Account) -> None:
    with records.writing() as session:
        add_account(session, "new@example.org", Role.VIEWER, by="test")
        gone = add_account(session, "gone@example.org", Role.VIEWER, by="test")
        set_password(session, gone, PASSWORD, by="test")
        deactivate_account(session, gone, by="test")
    for email in ("nobody@example.org", "new@example.org", "gone@example.org", ""):
        for password in (PASSWORD, ""):
            with pytest.raises(WrongLogin):
                log_in(records, email, password, address=HOME, at=NOW)


def test_failed_log_ins_lock_the_account_even_for_the_right_password(records: Records, ana: Account) -> None:
    fail(records, LOG_INS_BY_ACCOUNT.most)
    with pytest.raises(LockedOut):
        log_in(records, EMAIL, PASSWORD, address="198.51.100.7", at=NOW)
    log_in(records, EMAIL, PASSWORD, address=HOME, at=NOW + LOG_INS_BY_ACCOUNT.within + timedelta(seconds=1))
    with records.reading() as session:
        assert "lock out" in [event.action for event in list_events(session)]


def test_a_log_in_resets_the_failures_and_an_admin_can_unlock(records: Records, ana: Account) -> None:
    fail(records, LOG_INS_BY_ACCOUNT.most - 1)
    log_in(records, EMAIL, PASSWORD, address=HOME, at=NOW)
    fail(records, LOG_INS_BY_ACCOUNT.most)
    with records.writing() as session:
        unlock(session, get_account(session, EMAIL), by="ben")
    log_in(records, EMAIL, PASSWORD, address=HOME, at=NOW)


def test_failures_over_many_accounts_lock_the_network_until_they_are_old_or_an_administrator_unlocks_it(
    records: Records, ana: Account
) -> None:
    for number in range(FAILURES_BY_NETWORK.most):
        fail(records, 1, email=f"person{number}@example.org", address=f"2001:db8:1:2::{number:x}")
    neighbor, elsewhere = "2001:db8:1:2:ffff::1", "2001:db8:1:3::1"
    with pytest.raises(LockedOut):
        log_in(records, EMAIL, PASSWORD, address=neighbor, at=NOW)
    log_in(records, EMAIL, PASSWORD, address=elsewhere, at=NOW)
    with records.writing() as session:
        assert count_locked_networks(session, at=NOW) == 1
        assert count_locked_networks(session, at=NOW + FAILURES_BY_NETWORK.within) == 0
        unlock_networks(session, by="ben")
        assert [event.subject_id for event in list_events(session) if event.action == "lock out"] == ["address"]
    log_in(records, EMAIL, PASSWORD, address=neighbor, at=NOW)


def test_what_succeeds_and_what_is_refused_does_not_lock_an_office(records: Records, ana: Account) -> None:
    for _ in range(FAILURES_BY_NETWORK.most):
        log_in(records, EMAIL, PASSWORD, address=HOME, at=NOW)
    fail(records, LOG_INS_BY_ACCOUNT.most)
    for _ in range(FAILURES_BY_NETWORK.most):
        with pytest.raises(LockedOut):
            log_in(records, EMAIL, PASSWORD, address=HOME, at=NOW)
    with pytest.raises(WrongLogin):
        log_in(records, "ben@example.org", PASSWORD, address=HOME, at=NOW)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("::ffff:203.0.113.1", "203.0.113.1"),
        ("203.0.113.1:50000", "203.0.113.1"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:3::1]:443", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_limit_counts_an_ipv4_address_and_the_64_of_an_ipv6_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_concurrent_failed_log_ins_are_locked_too(records: Records, ana: Account) -> None:
    outcomes: list[str] = []

    def guess_password() -> None:
        try:
            log_in(records, EMAIL, "wrong", address=HOME, at=NOW)
        except (WrongLogin, LockedOut) as refusal:
            outcomes.append(type(refusal).__name__)

    threads = [threading.Thread(target=guess_password) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("WrongLogin") <= LOG_INS_BY_ACCOUNT.most
    assert len(outcomes) == 12


def test_a_code_of_the_second_factor_works_once(records: Records, ana: Account, totp: pyotp.TOTP) -> None:
    prove_second_factor(records, ana.id, totp.at(NOW), address=HOME, at=NOW)
    with pytest.raises(WrongCode):
        prove_second_factor(records, ana.id, totp.at(NOW), address=HOME, at=NOW)
    later = NOW + timedelta(seconds=STEP_SECONDS)
    prove_second_factor(records, ana.id, f" {totp.at(later)[:3]} {totp.at(later)[3:]} ", address=HOME, at=later)


@pytest.mark.parametrize("minutes", [-3, 3, 60])
def test_old_and_early_codes_are_refused(records: Records, ana: Account, totp: pyotp.TOTP, minutes: int) -> None:
    with pytest.raises(WrongCode):
        prove_second_factor(records, ana.id, totp.at(NOW + timedelta(minutes=minutes)), address=HOME, at=NOW)


def test_failed_codes_lock_the_second_factor(records: Records, ana: Account, totp: pyotp.TOTP) -> None:
    for code in ("000000", "", "123456", "abcdef", "٣٤٥٦٧٨"):
        with pytest.raises(WrongCode):
            prove_second_factor(records, ana.id, code, address=HOME, at=NOW)
    with pytest.raises(LockedOut):
        prove_second_factor(records, ana.id, totp.at(NOW), address=HOME, at=NOW)
    with records.reading() as session:
        assert is_locked(session, get_account(session, EMAIL), at=NOW)
        assert not is_locked(session, get_account(session, EMAIL), at=NOW + CODES_BY_ACCOUNT.within)


def test_a_first_code_must_fit_before_the_second_factor_counts(records: Records, ana: Account) -> None:
    with records.writing() as session:
        account = get_account(session, EMAIL)
        secret = begin_second_factor(session, account, records.seal)
        assert f"secret={secret}" in second_factor_address(account, unconfirmed_secret(account, records.seal))
        with pytest.raises(WrongFirstCode):
            confirm_second_factor(session, account, "000000", records.seal, at=NOW)
        assert not has_second_factor(account)
    with pytest.raises(WrongCode):
        prove_second_factor(records, ana.id, "000000", address=HOME, at=NOW)


def test_recovery_codes_work_once_each(records: Records, ana: Account) -> None:
    with records.writing() as session:
        account = get_account(session, EMAIL)
        totp = pyotp.TOTP(begin_second_factor(session, account, records.seal))
        codes = confirm_second_factor(session, account, totp.at(NOW), records.seal, at=NOW)
    assert len(set(codes)) == RECOVERY_CODES
    prove_second_factor(records, ana.id, codes[0].upper().replace("-", " "), address=HOME, at=NOW)
    with pytest.raises(WrongCode):
        prove_second_factor(records, ana.id, codes[0], address=HOME, at=NOW)
    with records.reading() as session:
        assert count_recovery_codes(session, get_account(session, EMAIL)) == RECOVERY_CODES - 1


def test_the_secret_of_a_second_factor_is_stored_encrypted(records: Records, ana: Account, totp: pyotp.TOTP) -> None:
    with records.engine.connect() as connection:
        (stored,) = connection.execute(text("SELECT totp_secret FROM account")).scalars()
    assert is_sealed(stored)
    assert totp.secret not in stored


@pytest.mark.usefixtures("totp")
def test_an_encrypted_secret_is_bound_to_its_account(records: Records, ana: Account) -> None:
    with records.writing() as session:
        other = add_account(session, "ben@example.org", Role.ADMIN, by="test", at=NOW)
        mine = pyotp.TOTP(begin_second_factor(session, other, records.seal))
        confirm_second_factor(session, other, mine.at(NOW), records.seal, at=NOW)
        get_account(session, EMAIL).totp_secret = other.totp_secret
    with pytest.raises(SecondFactorLost):
        prove_second_factor(records, ana.id, mine.at(NOW + timedelta(seconds=30)), address=HOME, at=NOW)


def test_after_a_new_secret_key_a_recovery_code_allows_a_new_second_factor(
    records: Records, migrated_url: str, ana: Account
) -> None:
    with records.writing() as session:
        account = get_account(session, EMAIL)
        totp = pyotp.TOTP(begin_second_factor(session, account, records.seal))
        codes = confirm_second_factor(session, account, totp.at(NOW), records.seal, at=NOW)
    rotated = Records(migrated_url, "another key")
    later = NOW + timedelta(seconds=STEP_SECONDS)
    with pytest.raises(SecondFactorLost):
        prove_second_factor(rotated, ana.id, totp.at(later), address=HOME, at=later)
    with rotated.reading() as session:
        assert lost_second_factors(session, rotated.seal) == [EMAIL]
        assert lost_second_factors(session, records.seal) == []
    prove_second_factor(rotated, ana.id, codes[0], address=HOME, at=later)
    with rotated.writing() as session:
        account = get_account(session, EMAIL)
        anew = pyotp.TOTP(begin_second_factor(session, account, rotated.seal))
        confirm_second_factor(session, account, anew.at(later), rotated.seal, at=later)
        assert lost_second_factors(session, rotated.seal) == []
    rotated.close()


def test_an_email_with_wildcards_finds_no_account(records: Records, ana: Account) -> None:
    with records.reading() as session:
        assert find_account(session, "%") is None
