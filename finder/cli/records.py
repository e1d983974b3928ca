"""``records``: the database of accounts, edits, drafts and the audit log."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from finder.cli.refusals import refusing
from finder.records.migrate import migrate

records_group = AppGroup("records", help="The records database: migrate, back up, restore.")


@records_group.command("migrate")
@refusing
def migrate_command() -> None:
    """Bring the records database to the newest schema."""
    click.echo(f"The records are at revision {migrate(current_app.config['FINDER_SETTINGS'].records_url())}.")
