"""Edits, reports, suppressions and calls; conflicts of drafts with edits."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from finder.records.tables.data import UtcDateTime

revision = "0003"
down_revision = "0002"

_HOLDS = sa.text("ended_at IS NULL")
IN_FORCE: dict[str, Any] = {"sqlite_where": _HOLDS, "postgresql_where": _HOLDS}


def text_columns(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def place_columns() -> list[sa.Column[Any]]:
    return [sa.Column("npi", sa.String(10), nullable=False), sa.Column("location_key", sa.String, nullable=False)]


def upgrade() -> None:
    op.create_table(
        "provider_version",
        sa.Column("npi", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("npi", name="pk_provider_version"),
    )
    op.create_table(
        "edit",
        sa.Column("id", sa.Integer, nullable=False),
        *place_columns(),
        *text_columns("field", "value", "before", "source_value", "note"),
        sa.Column("edited_at", UtcDateTime, nullable=False),
        *text_columns("edited_by"),
        sa.Column("ended_at", UtcDateTime),
        *text_columns("ended_by"),
        sa.Column("conflict_value", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_edit"),
    )
    op.create_index("ix_edit_npi", "edit", ["npi"])
    op.create_index("uq_edit_in_force", "edit", ["npi", "location_key", "field"], unique=True, **IN_FORCE)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        *place_columns(),
        sa.Column("kind", sa.String(40), nullable=False),
        *text_columns("message", "contact"),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("reported_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        *text_columns("outcome"),
        sa.Column("closed_at", UtcDateTime),
        *text_columns("closed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("reference", name="uq_report_reference"),
        sa.UniqueConstraint("token_hash", name="uq_report_token_hash"),
        sa.CheckConstraint("state IN ('open', 'resolved', 'rejected')", name="ck_report_state"),
    )
    for column in ("npi", "reported_at", "state"):
        op.create_index(f"ix_report_{column}", "report", [column])
    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer, nullable=False),
        *place_columns(),
        *text_columns("reason"),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        *text_columns("decided_by"),
        sa.Column("ended_at", UtcDateTime),
        *text_columns("ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_suppression"),
    )
    op.create_index("ix_suppression_npi", "suppression", ["npi"])
    op.create_index("uq_suppression_in_force", "suppression", ["npi", "location_key"], unique=True, **IN_FORCE)
    op.create_table(
        "call",
        sa.Column("id", sa.Integer, nullable=False),
        *place_columns(),
        sa.Column("outcome", sa.String(20), nullable=False),
        *text_columns("note"),
        sa.Column("called_at", UtcDateTime, nullable=False),
        *text_columns("called_by"),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
    )
    for column in ("npi", "called_at"):
        op.create_index(f"ix_call_{column}", "call", [column])
    with op.batch_alter_table("draft") as draft:
        draft.add_column(sa.Column("conflicts", sa.JSON, nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("draft") as draft:
        draft.drop_column("conflicts")
    for name in ("call", "suppression", "report", "edit", "provider_version"):
        op.drop_table(name)
