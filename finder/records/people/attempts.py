"""Attempts to log in and to report: their limits, counted over all processes and machines and deleted after an hour.

An attempt is counted before it is checked, in a transaction of its own, so that parallel attempts cannot outrun the
count; an attempt that is refused is rolled back and never counted. Who attempts is stored as a hash.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from finder.records.audit import record_event
from finder.records.database import lock_by_name
from finder.records.encryption import Seal
from finder.records.tables.accounts import Attempt


@dataclass(frozen=True, slots=True)
class Limit:
    """How many attempts of a kind by one subject are allowed within a time."""

    kind: str
    most: int
    within: timedelta


LOG_INS_BY_ACCOUNT = Limit("account", 5, timedelta(minutes=15))
CODES_BY_ACCOUNT = Limit("code", 5, timedelta(minutes=15))
FAILURES_BY_NETWORK = Limit("address", 30, timedelta(minutes=15))
"""An office shares one address; a botnet does not share one account."""

REPORTS_BY_NETWORK = Limit("report", 20, timedelta(hours=1))
"""A family, or a clinic behind one router, stays far below."""

NETWORK_LIMITS = (FAILURES_BY_NETWORK, REPORTS_BY_NETWORK)

ATTEMPT_LIFE = timedelta(hours=1)
"""The longest time of a limit."""


@dataclass(frozen=True, slots=True)
class CountedAttempt:
    """An attempt that was added, and how many there are with it within the time of its limit."""

    id: int
    limit: Limit
    count: int

    @property
    def is_too_many(self) -> bool:
        """Whether the attempt must be refused."""
        return self.count > self.limit.most

    @property
    def is_last(self) -> bool:
        """Whether the next attempt would be refused."""
        return self.count == self.limit.most


def add_attempt(session: Session, limit: Limit, subject: str, *, at: datetime) -> CountedAttempt:
    """Add an attempt and delete old ones. Attempts of one subject are serialized."""
    key = f"{limit.kind}:{subject}"
    lock_by_name(session, key)
    forget_old_attempts(session, at=at)
    added = Attempt(subject=key, at=at)
    session.add(added)
    session.flush()
    return CountedAttempt(added.id, limit, count_attempts(session, limit, subject, at=at))


def count_attempts(session: Session, limit: Limit, subject: str, *, at: datetime) -> int:
    """Count the attempts of a subject within the time of a limit."""
    is_counted = (Attempt.subject == f"{limit.kind}:{subject}", Attempt.at > at - limit.within)
    return session.scalar(select(func.count()).where(*is_counted)) or 0


def forget_attempt(session: Session, attempt: CountedAttempt) -> None:
    """Delete one attempt, which was no failure."""
    session.execute(delete(Attempt).where(Attempt.id == attempt.id))


def forget_attempts(session: Session, limit: Limit, subject: str) -> None:
    """Delete the attempts of a subject."""
    session.execute(delete(Attempt).where(Attempt.subject == f"{limit.kind}:{subject}"))


def forget_old_attempts(session: Session, *, at: datetime) -> None:
    """Delete attempts that no limit counts any more."""
    session.execute(delete(Attempt).where(Attempt.at < at - ATTEMPT_LIFE))


def count_locked_networks(session: Session, *, at: datetime) -> int:
    """Count the networks from which the next log-in or report would be refused."""
    return sum(_count_locked(session, limit, at) for limit in NETWORK_LIMITS)


def unlock_networks(session: Session, *, by: str) -> None:
    """Delete the attempts of all networks, so that none is locked."""
    for limit in NETWORK_LIMITS:
        session.execute(delete(Attempt).where(Attempt.subject.startswith(f"{limit.kind}:")))
    record_event(session, by, "unlock", subject="login", subject_id="networks")


def network_mark(seal: Seal, address: str) -> str:
    """Return the keyed hash under which the attempts of an address's network are counted."""
    return seal.mark(network_of(address))


def network_of(address: str) -> str:
    """Return the network that a limit counts: an IPv4 address, or the /64 of an IPv6 address.

    A home or an office has a /64, in which each device has many addresses. An IPv4 address is the same however it is
    written (``::ffff:192.0.2.1``), and a port behind an address, as some proxies add it, does not count.
    """
    bare = address.strip().partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        ip = ipaddress.ip_address(bare)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.IPv6Network((ip, 64), strict=False))


def _count_locked(session: Session, limit: Limit, at: datetime) -> int:
    locked = (
        select(Attempt.subject)
        .where(Attempt.subject.startswith(f"{limit.kind}:"), Attempt.at > at - limit.within)
        .group_by(Attempt.subject)
        .having(func.count() >= limit.most)
    )
    return session.scalar(select(func.count()).select_from(locked.subquery())) or 0
