"""The second factor: codes of an authenticator (TOTP, RFC 6238) and recovery codes to print."""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from finder.errors import FinderError
from finder.records.audit import record_event
from finder.records.passwords import hash_secret
from finder.records.people import Account, RecoveryCode

STEP_SECONDS = 30
ISSUER = "Physical therapist finder"
RECOVERY_CODES = 10

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No letters or digits that look alike on paper."""


class WrongFirstCode(FinderError):
    """This code does not fit. Check that the clock of your telephone is right, then type the code that it shows now."""


def has_second_factor(account: Account) -> bool:
    """Whether a second factor is set up."""
    return account.totp_confirmed_at is not None


def begin_second_factor(session: Session, account: Account) -> str:
    """Make a new secret and give the address for the QR code; it counts once a first code has confirmed it."""
    account.totp_secret = pyotp.random_base32()
    account.totp_confirmed_at = None
    account.totp_last_step = 0
    session.flush()
    return second_factor_address(account)


def second_factor_address(account: Account) -> str:
    """Give the ``otpauth://`` address that an authenticator reads."""
    return pyotp.TOTP(account.totp_secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def confirm_second_factor(session: Session, account: Account, code: str, *, at: datetime | None = None) -> list[str]:
    """Switch the second factor on and give ten recovery codes, which are not kept. Raises WrongFirstCode."""
    at = at or datetime.now(UTC)
    if not account.totp_secret or not _use_totp(session, account, code, at):
        raise WrongFirstCode
    account.totp_confirmed_at = at
    record_event(session, account.email, "set second factor", subject="account", subject_id=account.id, at=at)
    return make_recovery_codes(session, account)


def make_recovery_codes(session: Session, account: Account) -> list[str]:
    """Make ten new recovery codes in place of the old ones, and give them; only their hashes are kept."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hash_secret(_bare(code))) for code in codes)
    return codes


def count_recovery_codes(session: Session, account: Account) -> int:
    """Count the recovery codes that are left."""
    query = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def remove_second_factor(session: Session, account: Account, *, by: str) -> None:
    """Take the second factor off, for a person who has lost it; they can publish once they have set a new one."""
    account.totp_secret, account.totp_confirmed_at = "", None
    account.session_version += 1
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    record_event(session, by, "remove second factor", subject="account", subject_id=account.id)


def use_second_factor(session: Session, account: Account, code: str, *, at: datetime) -> bool:
    """Use up a code of the authenticator or a recovery code; False where it is neither. No code works twice."""
    if not has_second_factor(account):
        return False
    return _use_totp(session, account, code, at) or _use_recovery_code(session, account, code, at)


def _use_totp(session: Session, account: Account, code: str, at: datetime) -> bool:
    """Accept the code of this step or of the two beside it, later than the last one used."""
    bare = _bare(code)
    totp = pyotp.TOTP(account.totp_secret)
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
