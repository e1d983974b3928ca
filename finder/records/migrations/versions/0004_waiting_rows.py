"""Faulty rows of staged files, which wait to be corrected."""

import sqlalchemy as sa
from alembic import op

from finder.records.tables.data import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "waiting_row",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("draft_id", sa.Integer, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("cells", sa.JSON, nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("closed_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_row"),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_waiting_row_draft_id"),
        sa.CheckConstraint("state IN ('waiting', 'corrected', 'dropped')", name="ck_waiting_row_state"),
    )
    op.create_index("ix_waiting_row_draft_id", "waiting_row", ["draft_id"])


def downgrade() -> None:
    op.drop_table("waiting_row")
