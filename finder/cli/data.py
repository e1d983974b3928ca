"""``data``: stage files, look at the difference, publish, roll back, export."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from finder.cli.fetch import fetch_command
from finder.cli.options import who
from finder.cli.refusals import refusing
from finder.i18n import word
from finder.intake.publishing.collections import published_collections, withdraw
from finder.intake.publishing.draft_reports import read_changes, read_draft_notices
from finder.intake.publishing.export import export_csv, export_json
from finder.intake.publishing.publish import publish, published_tables, roll_back
from finder.intake.publishing.rebuild import rebuild_current
from finder.intake.publishing.stage import StageRequest, stage
from finder.intake.publishing.status import describe_status
from finder.intake.sources.errors import AsOfNeeded, CollectionNeeded, PartsMissing
from finder.intake.sources.registry import sources
from finder.intake.unpacking.budget import command_budget
from finder.intake.unpacking.errors import UnreadableFile
from finder.notices.notices import Notice
from finder.records.drafts import get_draft
from finder.records.tables.data import DraftRecord
from finder.releases.installation import Installation
from finder.settings import Settings

SHELL = "shell"
"""The actor if no name is given: the shell is a trusted operator."""

OPTIONS: dict[type[UnreadableFile], str] = {
    AsOfNeeded: "--as-of, like --as-of 2026-11-01",
    CollectionNeeded: "--collection NAME",
    PartsMissing: "--part",
}
"""The option that says what files leave open."""

MOST_SHOWN = 20
"""How many notices or changes are shown to a person; ``--json`` gives all."""

data_group = AppGroup("data", help="The provider data: stage, compare, publish, roll back, export.")
data_group.add_command(fetch_command)


as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@data_group.command("stage")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--source",
    type=click.Choice(sources()),
    metavar="NAME",
    help="Which source the files are of, where their header does not tell.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The date of the files, where nothing in them tells.")
@click.option("--replace", is_flag=True, help="The files are the whole of the source: what is absent goes.")
@click.option("--collection", default="", metavar="NAME", help="What an insurer's files speak of, if they do not say.")
@click.option("--part", is_flag=True, help="The files are a part of what their collection has: they add to it.")
@click.option("--geocode", is_flag=True, help="Ask the map service of FINDER_GEOCODER_URL where the addresses are.")
@click.option("--by", default=SHELL, show_default=True, callback=who, help="Who stages.")
@as_json
@refusing
def stage_command(
    files: tuple[Path, ...], source: str | None, as_of: datetime | None, replace: bool, collection: str, part: bool,
    geocode: bool, by: str, as_json: bool,
) -> None:  # fmt: skip
    """Read FILES and keep what they would change as a draft. Nothing public changes."""
    day = as_of.date() if as_of else None
    with _installation() as installation:
        budget = command_budget(installation.settings.unpack_limit_gb)
        request = StageRequest(
            paths=files, by=by, source=source, as_of=day, replace=replace, collection=collection, part=part,
            geocode=geocode, budget=budget,
        )  # fmt: skip
        with _progress() as progress:
            try:
                draft = stage(installation, request, progress=progress)
            except tuple(OPTIONS) as error:
                raise click.ClickException(f"{error} Use {OPTIONS[type(error)]}.") from error
        if as_json:
            _echo_json(_report(installation, draft))
        else:
            _tell_staged(installation, draft)


@data_group.command("diff")
@click.argument("draft", type=int)
@as_json
@refusing
def diff_command(draft: int, as_json: bool) -> None:
    """Show what DRAFT would change, by provider and field."""
    with _installation() as installation:
        with installation.records.reading() as session:
            found = get_draft(session, draft)
        counts = {name: found.difference[name] for name in ("added", "changed", "removed", "unchanged")}
        changes = read_changes(installation, found)
        if as_json:
            head = json.dumps(counts)[:-1]
            click.echo(f'{head}, "changes": [', nl=False)
            for number, change in enumerate(changes):
                click.echo((",\n" if number else "\n") + json.dumps(change, ensure_ascii=False), nl=False)
            click.echo("\n]}")
        else:
            click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
            _tell_some(_change_line(change) for change in changes)


@data_group.command("publish")
@click.argument("draft", type=int)
@click.option("--by", required=True, callback=who, help="Who publishes; kept in the audit log.")
@click.option("--confirm-removals", type=click.IntRange(0), metavar="N", help="The number of providers that may go.")
@click.option("--confirm-losses", type=click.IntRange(0), metavar="N", help="The number of answers that may go.")
@refusing
def publish_command(draft: int, by: str, confirm_removals: int | None, confirm_losses: int | None) -> None:
    """Make DRAFT what the public sees."""
    with _installation() as installation:
        release = publish(installation, draft, by=by, confirm_removals=confirm_removals, confirm_losses=confirm_losses)
        click.echo(f"Release {release.id} is published: {release.manifest['providers']} providers.")


@data_group.command("rollback")
@click.option("--by", required=True, callback=who, help="Who takes the release back; kept in the audit log.")
@refusing
def rollback_command(by: str) -> None:
    """Go back to the release before the current one."""
    with _installation() as installation:
        release = roll_back(installation, by=by)
        click.echo(f"Release {release.id} is current again: {release.manifest['providers']} providers.")


@data_group.command("status")
@as_json
@refusing
def status_command(as_json: bool) -> None:
    """Show what is published and which drafts wait."""
    with _installation() as installation:
        status = describe_status(installation)
    if as_json:
        _echo_json(status)
        return
    release = status["release"]
    if release is None:
        click.echo("Nothing is published yet.")
    else:
        click.echo(
            f"Release {release['id']}, published {release['published_at']} by {release['published_by']}: "
            f"{release['providers']} providers, {release['listings']} listings."
        )
        for layer in release["layers"]:
            click.echo(f"  {layer['source']}, {layer['as_of']}: {layer.get('listed', layer['providers'])} providers")
    for draft in status["drafts"]:
        click.echo(
            f"Draft {draft['id']}, staged {draft['staged_at']} by {draft['staged_by']}: {', '.join(draft['files'])}"
        )


@data_group.command("collections")
@as_json
@refusing
def collections_command(as_json: bool) -> None:
    """Show every collection that is published: its date, rows, memberships, and when it was last staged."""
    with _installation() as installation:
        found = published_collections(installation)
    if as_json:
        _echo_json([one.as_json() for one in found])
        return
    for one in found:
        click.echo(
            f"{one.collection}, {one.as_of} ({one.title}): {one.rows} rows, {one.memberships} memberships; "
            f"last staged {one.last_success:%Y-%m-%d %H:%M}"
        )


@data_group.command("withdraw")
@click.argument("collection")
@click.option("--by", default=SHELL, show_default=True, callback=who, help="Who stages the withdrawal.")
@as_json
@refusing
def withdraw_command(collection: str, by: str, as_json: bool) -> None:
    """Keep as a draft what is left without COLLECTION. Nothing public changes."""
    with _installation() as installation:
        draft = withdraw(installation, collection, by=by)
        if as_json:
            _echo_json(_report(installation, draft))
        else:
            _tell_staged(installation, draft)


@data_group.command("export")
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@refusing
def export_command(kind: str) -> None:
    """Write the published providers to standard output."""
    with _installation() as installation:
        tables = published_tables(installation)
    for piece in export_csv(tables) if kind == "csv" else export_json(tables):
        sys.stdout.buffer.write(piece.encode())
    sys.stdout.flush()


@contextmanager
def _installation() -> Iterator[Installation]:
    settings: Settings = current_app.config["FINDER_SETTINGS"]
    installation = Installation.open(settings)
    with closing(installation.records):
        rebuild_current(installation, by=SHELL)
        yield installation


def _report(installation: Installation, draft: DraftRecord) -> dict[str, Any]:
    return {
        "draft": draft.id,
        "rows": draft.rows,
        "providers": draft.providers,
        "notices": [_notice(found) for found in read_draft_notices(installation, draft)],
        "counts": draft.notice_counts,
    }


def _notice(found: Notice) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "file": found.file,
        "row": found.row,
        "line": found.line,
        "column": found.column,
        "value": found.value,
        "message": word(found.message),
        "remedy": word(found.remedy),
    }


def _tell_staged(installation: Installation, draft: DraftRecord) -> None:
    """Print what was read and the next step."""
    click.echo(f"Draft {draft.id}: {draft.rows} rows read, {draft.providers} providers.")
    for code, count in draft.notice_counts.items():
        click.echo(f"  {code}: {count}")
    _tell_some(
        f"  {found.severity.value}: {found.file} {_row(found)} {found.column} {found.value!r}: {word(found.message)} "
        f"{word(found.remedy)}"
        for found in read_draft_notices(installation, draft)
    )
    click.echo(f"Next: data diff {draft.id}, then data publish {draft.id} --by NAME")


def _row(found: Notice) -> str:
    """Return the row and its line in a spreadsheet: ``row 11 (line 12)``."""
    return f"row {found.row} (line {found.line})" if found.line else f"row {found.row}"


def _tell_some(lines: Iterator[str]) -> None:
    for number, line in enumerate(lines):
        if number == MOST_SHOWN:
            click.echo("… and more: --json gives all of them.")
            return
        click.echo(line)


def _change_line(change: dict[str, str]) -> str:
    line = f"{change['change']} {change['npi']} {change['name']}"
    return f"{line}: {change['field']}: {change['before']!r} → {change['after']!r}" if change["field"] else line


def _echo_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Show the progress of reading on standard error, only at a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("reading"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
