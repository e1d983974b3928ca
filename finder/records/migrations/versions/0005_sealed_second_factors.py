"""Encrypts the secrets of second factors with the secret key of the site."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import context, op

from finder.records.encryption import Seal

revision = "0005"
down_revision = "0004"

account = sa.table("account", sa.column("id", sa.Integer), sa.column("totp_secret", sa.String))


def upgrade() -> None:
    rewrite(Seal.close)


def downgrade() -> None:
    rewrite(Seal.open)


def rewrite(how: Callable[[Seal, str, str], str]) -> None:
    stored = sa.select(account.c.id, account.c.totp_secret).where(account.c.totp_secret != "")
    rows = op.get_bind().execute(stored).all()
    secret_key = str(context.config.attributes.get("secret_key") or "")
    if rows and not secret_key:
        raise RuntimeError("the records hold second factors: their secret key is needed")
    for row in rows:
        secret = how(Seal(secret_key), row.totp_secret, f"second factor of account {row.id}")
        op.execute(account.update().where(account.c.id == row.id).values(totp_secret=secret))
