"""Accounts with their second factors, one-time links, and attempts to log in."""

import sqlalchemy as sa
from alembic import op

from finder.records.tables.data import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("totp_secret", sa.String, nullable=False),
        sa.Column("totp_confirmed_at", UtcDateTime),
        sa.Column("totp_last_step", sa.Integer, nullable=False),
        sa.Column("session_version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("deactivated_at", UtcDateTime),
        sa.Column("last_login_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'publisher', 'admin')", name="ck_account_role"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_recovery_code_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.create_table(
        "one_time_link",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("issued_by", sa.String, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
        sa.PrimaryKeyConstraint("token_hash", name="pk_one_time_link"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_one_time_link_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_one_time_link_account_id", "one_time_link", ["account_id"])
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_subject_at", "attempt", ["subject", "at"])


def downgrade() -> None:
    for name in ("attempt", "one_time_link", "recovery_code", "account"):
        op.drop_table(name)
