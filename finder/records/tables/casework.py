"""The tables of casework: edits, reports, suppressions, calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from finder.records.tables.data import Base

_IN_FORCE = text("ended_at IS NULL")


class ProviderVersion(Base):
    """The number of edits of a provider, to detect concurrent edits."""

    __tablename__ = "provider_version"

    npi: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int]


class Edit(Base):
    """One field that staff changed: in force until another edit, or a return to the source, ends it."""

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
    """The value that the editor saw."""
    source_value: Mapped[str]
    """The sources' value at the time of the edit; if it changes there is a conflict."""
    note: Mapped[str]
    edited_at: Mapped[datetime]
    edited_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str]
    conflict_value: Mapped[str | None]
    """The sources' value now if it is neither the edit's nor the earlier one; else None."""


class Report(Base):
    """A report of a visitor or a provider about a listing."""

    __tablename__ = "report"
    __table_args__ = (CheckConstraint("state IN ('open', 'resolved', 'rejected')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    npi: Mapped[str] = mapped_column(String(10), index=True)
    location_key: Mapped[str]
    kind: Mapped[str] = mapped_column(String(40))
    message: Mapped[str]
    contact: Mapped[str]
    """Contact of an owner who asks for a correction or removal; erased some time after the report is closed."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Hash of the form's token, so that sending the form twice is one report."""
    reported_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    outcome: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str]


class Suppression(Base):
    """A listing, or one place of it, that must not be shown at its owner's request; in force until it is ended."""

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
    """A call to a provider to verify a listing."""

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(String(10), index=True)
    location_key: Mapped[str]
    outcome: Mapped[str] = mapped_column(String(20))
    note: Mapped[str]
    called_at: Mapped[datetime] = mapped_column(index=True)
    called_by: Mapped[str]
