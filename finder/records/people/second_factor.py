"""The second factor: codes of an authenticator (TOTP, RFC 6238) and recovery codes to print.

The secret of an authenticator must be read to check codes, so it is stored encrypted; recovery codes only as hashes.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.encryption import Seal, SealBroken
from finder.records.people.passwords import hash_secret
from finder.records.tables.accounts import Account, RecoveryCode

STEP_SECONDS = 30
ISSUER = "Physical therapist finder"
RECOVERY_CODES = 10

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No letters or digits that look alike on paper."""


class WrongFirstCode(FinderError):
    """This code does not fit. Check that the clock of your telephone is right, then type the code that it shows now."""


class SecondFactorLost(FinderError):
    """This site has a new secret key, so it cannot check your phone’s codes any more. Use a recovery code, or ask an
    administrator to take your second factor off. Then set it up anew."""


def has_second_factor(account: Account) -> bool:
    """Return whether a second factor is set up."""
    return account.totp_confirmed_at is not None


def begin_second_factor(session: Session, account: Account, seal: Seal) -> str:
    """Store and return a new secret, which is active once a first code has confirmed it."""
    secret = pyotp.random_base32()
    account.totp_secret = seal.close(secret, sealed_about(account.id))
    account.totp_confirmed_at = None
    account.totp_last_step = 0
    session.flush()
    return secret


def unconfirmed_secret(account: Account, seal: Seal) -> str:
    """Return the secret that has no first code yet; empty if there is none or it cannot be decrypted."""
    if has_second_factor(account) or not account.totp_secret:
        return ""
    try:
        return _secret(account, seal)
    except SecondFactorLost:
        return ""


def second_factor_address(account: Account, secret: str) -> str:
    """Return the ``otpauth://`` URL for an authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def confirm_second_factor(
    session: Session, account: Account, code: str, seal: Seal, *, at: datetime | None = None
) -> list[str]:
    """Activate the second factor and return ten recovery codes, of which only hashes are stored; end open sessions.

    Raises WrongFirstCode, SecondFactorLost.
    """
    at = at or datetime.now(UTC)
    if not account.totp_secret or not _use_totp(session, account, code, seal, at):
        raise WrongFirstCode
    account.totp_confirmed_at = at
    account.session_version += 1
    record_event(session, account.email, "set second factor", subject="account", subject_id=account.id, at=at)
    return make_recovery_codes(session, account)


def make_recovery_codes(session: Session, account: Account) -> list[str]:
    """Replace the recovery codes by ten new ones and return them; only their hashes are stored."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hash_secret(_bare(code))) for code in codes)
    return codes


def count_recovery_codes(session: Session, account: Account) -> int:
    """Count the unused recovery codes."""
    query = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def remove_second_factor(session: Session, account: Account, *, by: str) -> None:
    """Remove a lost second factor; the person can publish again after setting a new one."""
    account.totp_secret, account.totp_confirmed_at = "", None
    account.session_version += 1
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    record_event(session, by, "remove second factor", subject="account", subject_id=account.id)


def use_second_factor(session: Session, account: Account, code: str, seal: Seal, *, at: datetime) -> bool:
    """Use a recovery code or a code of the authenticator; return False if it is neither. No code works twice.

    Raises SecondFactorLost if the secret cannot be decrypted; recovery codes still work then.
    """
    if not has_second_factor(account):
        return False
    return _use_recovery_code(session, account, code, at) or _use_totp(session, account, code, seal, at)


def lost_second_factors(session: Session, seal: Seal) -> list[str]:
    """Return the sorted e-mail addresses of accounts whose second factor this seal cannot decrypt."""
    lost = []
    for account in session.scalars(select(Account).where(Account.totp_secret != "").order_by(Account.email)):
        try:
            _secret(account, seal)
        except SecondFactorLost:
            lost.append(account.email)
    return lost


def sealed_about(account_id: int) -> str:
    """Return the associated data of an account's secret, which binds it to the account."""
    return f"second factor of account {account_id}"


def _secret(account: Account, seal: Seal) -> str:
    try:
        return seal.open(account.totp_secret, sealed_about(account.id))
    except SealBroken as error:
        raise SecondFactorLost from error


def _use_totp(session: Session, account: Account, code: str, seal: Seal, at: datetime) -> bool:
    """Accept the code of the current, previous or next step if it is later than the last one used."""
    bare = _bare(code)
    totp = pyotp.TOTP(_secret(account, seal))
    now = int(at.timestamp()) // STEP_SECONDS
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), bare.encode()):
            moved = session.execute(
                update(Account)
                .where(Account.id == account.id, Account.totp_last_step < step)
                .values(totp_last_step=step)
                .returning(Account.id)
            ).all()
            return bool(moved)
    return False


def _use_recovery_code(session: Session, account: Account, code: str, at: datetime) -> bool:
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == hash_secret(_bare(code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
    ).all()
    if used:
        record_event(session, account.email, "use recovery code", subject="account", subject_id=account.id, at=at)
    return bool(used)


def _bare(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()
