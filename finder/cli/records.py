"""``records``: the database of accounts, edits, drafts and the audit log."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from finder.cli.refusals import refusing
from finder.intake.publishing.backup import restore_backup, write_backup
from finder.records.migrate import migrate
from finder.releases.installation import Installation
from finder.settings import Settings

records_group = AppGroup("records", help="The records database: migrate, back up, restore.")


@records_group.command("migrate")
@refusing
def migrate_command() -> None:
    """Bring the records database to the newest schema."""
    settings: Settings = current_app.config["FINDER_SETTINGS"]
    revision = migrate(settings.records_url(), secret_key=settings.signing_key())
    click.echo(f"The records are at revision {revision}.")


@records_group.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@refusing
def backup_command(file: Path) -> None:
    """Write the records, the kept releases and their layers to FILE, readable by its owner alone."""
    installation = Installation.open(current_app.config["FINDER_SETTINGS"])
    with closing(installation.records):
        write_backup(installation, file)
    click.echo(f"{file}: {file.stat().st_size} bytes")
    click.echo("Keep the secret key too, in another place: without it every second factor must be set up anew.")


@records_group.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@refusing
def restore_command(file: Path) -> None:
    """Put the backup in FILE into an installation that has no records yet, on either kind of database."""
    lost = restore_backup(current_app.config["FINDER_SETTINGS"], file)
    click.echo("The backup is restored.")
    if lost:
        click.echo("The secret key is not the one of the backup. These people set up their second factor anew, after")
        click.echo("logging in with a recovery code or a new link (staff link EMAIL --lost-second-factor):")
        click.echo("\n".join(lost))
