"""Releases and the pointer, drafts, layers, and the append-only audit log."""

import sqlalchemy as sa
from alembic import op

from finder.records.tables.data import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "layer",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("providers", sa.Integer, nullable=False),
        sa.Column("stored_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_layer"),
    )
    op.create_index("ix_layer_source", "layer", ["source"])
    op.create_table(
        "release",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("manifest", sa.JSON, nullable=False),
        sa.Column("base_id", sa.Integer),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("published_by", sa.String, nullable=False),
        sa.Column("superseded_at", UtcDateTime),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.ForeignKeyConstraint(["base_id"], ["release.id"], name="fk_release_base_id"),
    )
    op.create_index("ix_release_sha256", "release", ["sha256"])
    pointer = op.create_table(
        "pointer",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("release_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_pointer"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_pointer_release_id"),
        sa.CheckConstraint("id = 1", name="ck_pointer_one_row"),
    )
    op.bulk_insert(pointer, [{"id": 1, "release_id": None}])
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("staged_at", UtcDateTime, nullable=False),
        sa.Column("staged_by", sa.String, nullable=False),
        sa.Column("base_id", sa.Integer),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("manifest", sa.JSON, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("providers", sa.Integer, nullable=False),
        sa.Column("notice_counts", sa.JSON, nullable=False),
        sa.Column("notices_file", sa.String, nullable=False),
        sa.Column("difference", sa.JSON, nullable=False),
        sa.Column("changes_file", sa.String, nullable=False),
        sa.Column("release_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.ForeignKeyConstraint(["base_id"], ["release.id"], name="fk_draft_base_id"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_draft_release_id"),
        sa.CheckConstraint("state IN ('staged', 'published', 'discarded', 'stale')", name="ck_draft_state"),
    )
    op.create_index("ix_draft_state", "draft", ["state"])
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("subject_id", sa.String, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    for column in ("at", "actor", "action"):
        op.create_index(f"ix_audit_event_{column}", "audit_event", [column])
    op.create_index("ix_audit_event_subject", "audit_event", ["subject", "subject_id"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for name in ("audit_event", "draft", "pointer", "release", "layer"):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_event_refuse()")


APPEND_ONLY = {
    "sqlite": [
        f"""CREATE TRIGGER audit_event_no_{action} BEFORE {action} ON audit_event
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"""
        for action in ("update", "delete")
    ],
    "postgresql": [
        """CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql
           AS $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
        """CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
           FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()""",
    ],
}
"""SQLite's REPLACE deletes without firing the trigger, but only on a key that is taken: ids are never chosen by us."""
