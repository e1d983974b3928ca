"""``flask fees``: bring a year's official figures in, check them, write the pages about the rules and the sentences."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import click

from finder.cli.refusals import reading, refusing
from finder.coverage.figures.checks import problems
from finder.coverage.figures.figures import NEWER, Figures
from finder.coverage.figures.parameters import Parameters
from finder.coverage.official import answers, gpci, rvu, zips
from finder.coverage.official.changes import describe
from finder.coverage.official.document import document
from finder.coverage.official.publication import Inputs, OfficialFile, Publication, prepare
from finder.coverage.official.tables import WrongFile
from finder.digits import decimal_number
from finder.disk import UNFINISHED, remove_unfinished, written_whole
from finder.errors import Refused
from finder.resources import MEDICARE, ROOT, writable

PAGE = ROOT / "docs" / "coverage.md"
"""The page about the rules."""

ANSWERS_PAGE = ROOT / "docs" / "answers.md"
"""The page with every sentence of an estimate."""

LARGEST_FILE = 200_000_000
"""Bytes; the official files have 3 million at most."""

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


def _factor(text: str) -> Decimal:
    """Read a conversion factor: dollars above zero."""
    factor = decimal_number(text, 3, 6)
    if not factor:
        raise Refused(f"{text!r} is not an amount of dollars.")
    return factor


@click.group("fees")
def fees_group() -> None:
    """Medicare's figures: import a year, check them, document the rules and the sentences."""


@fees_group.command("import")
@click.option("--from", "first_day", type=_DAY, required=True, help="First day of the fee schedule.")
@click.option("--to", "last_day", type=_DAY, help="Last day; without it, the end of the year.")
@click.option("--rvu", "rvu_path", type=_FILE, required=True, help="CMS's relative value file (PPRRVU).")
@click.option("--gpci", "gpci_path", type=_FILE, required=True, help="CMS's price-index file (GPCI).")
@click.option("--zip-locality", "zip_path", type=_FILE, help="CMS's ZIP file (ZIP5); without it, the map in use stays.")
@click.option(
    "--qualifying-apm-conversion-factor", "apm", callback=reading(_factor),
    help="The second conversion factor, from 2026.",
)  # fmt: skip
@click.option("--qualifying-apm-source", "apm_source", help="Where the second conversion factor is from.")
@click.option("--drop", "dropped", multiple=True, metavar="CODE", help="A therapy code that Medicare no longer has.")
@click.option("--into", "folder", type=_FOLDER, help="The folder of figures; without it, the project's own.")
@refusing
def import_command(
    first_day: datetime,
    last_day: datetime | None,
    rvu_path: Path,
    gpci_path: Path,
    zip_path: Path | None,
    apm: Decimal | None,
    apm_source: str | None,
    dropped: tuple[str, ...],
    folder: Path | None,
) -> None:
    """Read a year's official files into the folder of figures, and say what changes.

    Files that do not add up are refused.
    """
    folder = folder or writable(MEDICARE)
    figures = Figures(folder)
    first = first_day.date()
    last = last_day.date() if last_day else date(first.year, 12, 31)
    _check_options(figures, first, last, dropped)
    inputs = Inputs(
        first_day=first,
        last_day=last,
        rvu=_official(rvu_path, rvu.ENCODING),
        gpci=_official(gpci_path, gpci.ENCODING),
        zips=_official(zip_path, zips.ENCODING) if zip_path else None,
        qualifying_apm_conversion_factor=apm,
        dropped_codes=frozenset(dropped),
    )
    if apm_source:
        inputs = replace(inputs, qualifying_apm_source=apm_source)
    publication = prepare(figures, inputs)
    report = list(describe(figures, publication, inputs.first_day))
    write(publication, folder, inputs.first_day)
    for line in report:
        click.echo(line)
    click.echo(f"Imported the fee schedule from {inputs.first_day} to {inputs.last_day}.")


@fees_group.command("check")
@click.option("--in", "folder", type=_FOLDER, default=MEDICARE, help="The folder of figures.")
@refusing
def check_command(folder: Path) -> None:
    """Check that every figure is used, cited and dated, without gap or overlap."""
    found = list(problems(Figures(folder)))
    for problem in found:
        click.echo(problem, err=True)
    if found:
        sys.exit(1)
    click.echo(
        f"{len(Parameters.names())} figures and {len(Figures(folder).schedules)} fee schedules: nothing is wrong."
    )


@fees_group.command("document")
@click.option("--to", "path", type=_NEW_FILE, help="The file to write; without it, docs/coverage.md.")
@refusing
def document_command(path: Path | None) -> None:
    """Write the page about the rules from the rules and the figures."""
    _write_page(path or writable(PAGE), document(Figures.load()))


@fees_group.command("answers")
@click.option("--to", "path", type=_NEW_FILE, help="The file to write; without it, docs/answers.md.")
@refusing
def answers_command(path: Path | None) -> None:
    """Write the page with every sentence of an estimate, each with an example."""
    _write_page(path or writable(ANSWERS_PAGE), answers.page(Figures.load()))


def _write_page(path: Path, text: str) -> None:
    """Write a page of the documentation."""
    with written_whole(path) as file:
        file.write(text.encode())
    click.echo(f"Wrote {path}.")


def _check_options(figures: Figures, first: date, last: date, dropped: tuple[str, ...]) -> None:
    """Refuse as wrong usage a last day that is not in the year after the first, and a code to drop that is none."""
    if not first <= last <= date(first.year, 12, 31):
        raise click.BadParameter(
            f"A fee schedule lies within one year: not from {first} to {last}.", param_hint="'--to'"
        )
    if unknown := sorted(set(dropped) - figures.code_table.codes):
        raise click.BadParameter(f"No therapy code: {', '.join(unknown)}.", param_hint="'--drop'")


def write(publication: Publication, folder: Path, first_day: date) -> None:
    """Write a schedule so that at every moment either the old or the new one is read, wherever the import is killed.

    All files are written aside; one rename makes them the schedule (``<first day>.new`` is read before ``<first
    day>``); then the old one goes and the new one takes its name.
    """
    if publication.zip_localities:
        name, text = publication.zip_localities
        _replace_file(folder / "zip_localities" / name, text)
    target = folder / "fee_schedule" / first_day.isoformat()
    newer = target.with_name(f"{target.name}{NEWER}")
    target.parent.mkdir(parents=True, exist_ok=True)
    for written in (target.parent, folder / "zip_localities"):
        remove_unfinished(written)
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as temporary:
        aside = Path(temporary)
        for name, text in publication.schedule.items():
            _replace_file(aside / "new" / name, text)
        if newer.exists():  # an import was killed here before
            newer.rename(aside / "killed")
        (aside / "new").rename(newer)
        if target.exists():
            target.rename(aside / "old")
        newer.rename(target)


def _replace_file(path: Path, text: str) -> None:
    """Put a file in place of another in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as file:
        file.write(text.encode())


def _official(path: Path, encoding: str) -> OfficialFile:
    """Read an official file. Raises WrongFile where it is too large or is no text."""
    if path.stat().st_size > LARGEST_FILE:
        raise WrongFile(f"{path.name} is larger than any official file.")
    content = path.read_bytes()
    try:
        return OfficialFile(path.name, content.decode(encoding), hashlib.sha256(content).hexdigest())
    except UnicodeDecodeError:
        raise WrongFile(f"{path.name} is not text.") from None
