"""``data fetch``: get public files over the network, and stage them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from finder.cli.options import NumberRange, who
from finder.cli.refusals import refusing
from finder.intake.fetch.bulk import BULK_FILES, fetch_bulk
from finder.intake.fetch.client import RequestPolicy
from finder.intake.fetch.near import fetch_near
from finder.intake.fetch.progress import ProgressCallback, no_progress
from finder.intake.fetch.registry_api import API_URL
from finder.intake.unpacking.budget import command_budget
from finder.settings import Settings

MAX_MILES = 250
"""Miles. Larger areas are better fetched with ``--nppes``."""


@click.command("fetch")
@click.option("--near", metavar="ZIP", help="Therapists and clinics near a ZIP code, from the NPI Registry.")
@click.option("--miles", type=NumberRange(1, MAX_MILES), default=25, show_default=True, help="How near.")
@click.option("--nppes", "kind", flag_value="nppes", help="NPPES: the month, the weeks since, the deactivations. 1 GB.")
@click.option("--clinicians", "kind", flag_value="clinicians", help="Doctors & Clinicians of Medicare. 0.7 GB.")
@click.option("--utilization", "kind", flag_value="utilization", help="What Medicare paid for, by provider. 3 GB.")
@click.option("--only-download", is_flag=True, help="Keep the files and print where; stage them later.")
@click.option("--geocode", is_flag=True, help="Ask the map service of FINDER_GEOCODER_URL where the addresses are.")
@click.option("--by", default="shell", show_default=True, callback=who, help="Who stages.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.option("--address", "url", default="", hidden=True, help="Another server than the publisher's.")
@click.option("--pace", type=NumberRange(0), default=RequestPolicy.delay, hidden=True, help="Seconds between requests.")
@click.pass_context
@with_appcontext
@refusing
def fetch_command(
    context: click.Context, near: str | None, miles: float, kind: str | None, only_download: bool, geocode: bool,
    by: str, as_json: bool, url: str, pace: float,
) -> None:  # fmt: skip
    """Get public files and stage them as a draft. Stopped at any moment, the same command goes on where it was."""
    if (near is None) == (kind is None):
        raise click.UsageError(f"Say one of --near, {', '.join(f'--{name}' for name in BULK_FILES)}.")
    settings: Settings = current_app.config["FINDER_SETTINGS"]
    root, today, policy = settings.home / "fetch", settings.current_date(), RequestPolicy(delay=pace)
    with _progress(in_bytes=near is None) as progress:
        if near is not None:
            files = fetch_near(
                root, near, miles, today, url=url or API_URL, policy=policy, progress=progress
            )  # fmt: skip
        else:
            budget = command_budget(settings.unpack_limit_gb)
            files = fetch_bulk(root, str(kind), today, url=url, policy=policy, budget=budget, progress=progress)
    if only_download or not files:
        _print_paths(files, as_json)
    else:
        _stage(context, files, replace=near is None, geocode=geocode, by=by, as_json=as_json)


def _stage(context: click.Context, files: tuple[Path, ...], **options: bool | str) -> None:
    """Run ``data stage`` with these files and options."""
    group = context.parent.command if context.parent else None
    command = group.get_command(context, "stage") if isinstance(group, click.Group) else None
    if command is None:
        raise click.UsageError("There is no command to stage with.")
    context.invoke(command, files=files, **options)


def _print_paths(files: tuple[Path, ...], as_json: bool) -> None:
    """Print the paths of the files, one per line."""
    if as_json:
        click.echo(json.dumps({"files": [str(path) for path in files]}))
    else:
        for path in files:
            click.echo(path)
    if not files:
        click.echo("Nobody practices there. Try more miles.", err=True)


@contextmanager
def _progress(*, in_bytes: bool) -> Iterator[ProgressCallback]:
    """Show the progress of a fetch on standard error, only at a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    counts = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), counts, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda label, done, total: bar.update(task, description=label, completed=done, total=total)
