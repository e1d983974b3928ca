"""``sample``: write the bundled file of fictional providers."""

from __future__ import annotations

from pathlib import Path

import click

from finder.cli.refusals import refusing
from finder.disk import written_whole
from finder.intake.sample.generate import SEED, csv_text, generate
from finder.resources import SAMPLE_PROVIDERS, writable


@click.command("sample")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another seed makes other providers.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; without it, the bundled one.",
)
@refusing
def sample_command(seed: int, output: Path | None) -> None:
    """Make the fictional providers that the product shows until real data is published."""
    output = output or writable(SAMPLE_PROVIDERS)
    rows = generate(seed)
    with written_whole(output) as file:
        file.write(csv_text(rows).encode())
    click.echo(f"{len({row['npi'] for row in rows}):,} providers, {len(rows):,} listings in {output}")
