"""The tables of the records about data: releases and the pointer, drafts, layers, the audit log.

Edits, reports and suppressions are in ``casework``, accounts in ``accounts``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Index, MetaData, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A date and time with its time zone, stored in UTC; SQLite stores no zones, so UTC is added on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC. Raises ValueError without a time zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the date and time in UTC."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Base(DeclarativeBase):
    """The base class of all tables; the migrations are tested against its metadata."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[dict[str, Any]]: JSON,
        dict[str, int]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
    }


class LayerRecord(Base):
    """A stored layer: the data of a source as of a date, named by the SHA-256 of its file."""

    __tablename__ = "layer"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    as_of: Mapped[date]
    rows: Mapped[int]
    providers: Mapped[int]
    stored_at: Mapped[datetime]


class ReleaseRecord(Base):
    """One publication of a release; ``base_id`` is the publication that it replaced, its rollback target."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    manifest: Mapped[dict[str, Any]]
    base_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    superseded_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    """When it was rolled back."""


class PointerRecord(Base):
    """The single row that names the current release."""

    __tablename__ = "pointer"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))


class DraftRecord(Base):
    """A candidate release that waits for a decision: built on ``base_id``, and stale once that is not current."""

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint("state IN ('staged', 'published', 'discarded', 'stale')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    staged_at: Mapped[datetime]
    staged_by: Mapped[str]
    base_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    """The SHA-256 of the candidate release."""
    manifest: Mapped[dict[str, Any]]
    files: Mapped[list[str]]
    """The names of the files that were staged."""
    rows: Mapped[int]
    providers: Mapped[int]
    """The number of providers in the staged files."""
    notice_counts: Mapped[dict[str, int]]
    """The number of notices by code."""
    notices_file: Mapped[str]
    difference: Mapped[dict[str, int]]
    """Numbers of providers added, changed, removed and unchanged; ``to_confirm`` is the number for the 5% rule."""
    changes_file: Mapped[str]
    conflicts: Mapped[dict[str, str]]
    """The edits (id) that the staged files contradict, with the files' value."""
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    """The release that the draft was published as."""


class FaultyRowRecord(Base):
    """A faulty row of a staged file, to be corrected or dropped."""

    __tablename__ = "waiting_row"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'corrected', 'dropped')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    file: Mapped[str]
    row: Mapped[int]
    """Counted from 1, as in the notices."""
    cells: Mapped[dict[str, str]]
    """The cells of the row, by column."""
    findings: Mapped[list[dict[str, Any]]]
    """The notices: ``code``, ``line``, ``column``, ``value``; those of an older file have no line."""
    state: Mapped[str] = mapped_column(String(10))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str]


class AuditEvent(Base):
    """One action of a person or the program. Database triggers refuse any change of a row."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    subject_id: Mapped[str]
    detail: Mapped[dict[str, Any]]
