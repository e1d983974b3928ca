"""``places``: the tables of places that are built from public files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from finder.cli.refusals import refusing
from finder.places.corrections import correct, read_census, read_cms, write
from finder.places.zips import CORRECTIONS, Zips
from finder.resources import writable

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("places")
def places_group() -> None:
    """The tables of places that are built from public files."""


@places_group.command("corrections")
@click.option(
    "--census", type=FILE, required=True, help="Gaz_zcta_national.txt, the Census Bureau's gazetteer of ZCTAs."
)
@click.option("--cms", type=FILE, required=True, help="ZIP5_*.csv, the CMS file of ZIP codes and localities.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; without it, the table in use.",
)
@refusing
def corrections_command(census: Path, cms: Path, output: Path | None) -> None:
    """Find the faults of the ZIP code package and write the table that mends them."""
    output = output or writable(CORRECTIONS)
    click.echo("Comparing the package with the two files …", err=True)
    rows = correct(Zips(corrections=None), read_census(census), read_cms(cms))
    write(rows, output)
    for (reason, located), count in sorted(Counter((row.reason, bool(row.latitude)) for row in rows).items()):
        click.echo(f"{count:6,}  {reason}{'' if located else ', and no point is known'}")
    click.echo(f"{len(rows):6,}  rows in {output}")
