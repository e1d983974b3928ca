"""The tables of what people say and decide about single records: edits, reports, suppressions, calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from finder.records.tables.data import Base

_IN_FORCE = text("ended_at IS NULL")


class ProviderVersion(Base):
    """Counts the edits of a provider, so that of two people who edit one at a time the second is told."""

    __tablename__ = "provider_version"

    npi: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int]


class Edit(Base):
    """One field that staff changed: in force until it is ended, by another edit or by going back to the source."""

    __tablename__ = "edit"
    __table_args__ = (
        Index(
            "uq_edit_in_force",
            "npi",
            "location_key",
            "field",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(String(10), index=True)
    location_key: Mapped[str]
    """Empty for a field of the provider."""
    field: Mapped[str]
    value: Mapped[str]
    before: Mapped[str]
    """What the editor saw."""
    source_value: Mapped[str]
    """What the sources said under the edit; when they say something else there is a conflict."""
    note: Mapped[str]
    edited_at: Mapped[datetime]
    edited_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str]
    conflict_value: Mapped[str | None]
    """What the sources say now, where that is neither the edit nor what they said before; else None."""


class Report(Base):
    """What a visitor or a provider told us about a listing."""

    __tablename__ = "report"
    __table_args__ = (CheckConstraint("state IN ('open', 'resolved', 'rejected')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    npi: Mapped[str] = mapped_column(String(10), index=True)
    location_key: Mapped[str]
    kind: Mapped[str] = mapped_column(String(40))
    message: Mapped[str]
    contact: Mapped[str]
    """How to reach an owner who asks for a correction or removal; emptied some time after the report is closed."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the form that was sent, so that sending it twice is one report."""
    reported_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    outcome: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str]


class Suppression(Base):
    """A listing that must not be shown, or one place of it, on its owner's word; in force until it is ended."""

    __tablename__ = "suppression"
    __table_args__ = (
        Index(
            "uq_suppression_in_force",
            "npi",
            "location_key",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(String(10), index=True)
    location_key: Mapped[str]
    """Empty: the provider is not listed at all."""
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str]


class Call(Base):
    """What came of calling a provider to verify a listing."""

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(String(10), index=True)
    location_key: Mapped[str]
    outcome: Mapped[str] = mapped_column(String(20))
    note: Mapped[str]
    called_at: Mapped[datetime] = mapped_column(index=True)
    called_by: Mapped[str]
