"""``records``: the database of accounts, edits, drafts and the audit log."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from finder.cli.refusals import refusing
from finder.intake.backup import restore_backup, write_backup
from finder.intake.desk import Desk
from finder.records.migrate import migrate

records_group = AppGroup("records", help="The records database: migrate, back up, restore.")


@records_group.command("migrate")
@refusing
def migrate_command() -> None:
    """Bring the records database to the newest schema."""
    click.echo(f"The records are at revision {migrate(current_app.config['FINDER_SETTINGS'].records_url())}.")


@records_group.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@refusing
def backup_command(file: Path) -> None:
    """Write the records, the kept releases and their layers to FILE, readable by its owner alone."""
    desk = Desk.open(current_app.config["FINDER_SETTINGS"])
    with closing(desk.records):
        write_backup(desk, file)
    click.echo(f"{file}: {file.stat().st_size} bytes")


@records_group.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@refusing
def restore_command(file: Path) -> None:
    """Put the backup in FILE into an installation that has no records yet, on either kind of database."""
    restore_backup(current_app.config["FINDER_SETTINGS"], file)
    click.echo("The backup is restored.")
