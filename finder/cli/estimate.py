"""``flask estimate``: an estimate from a request in JSON; many from lines of JSON or from a table."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

import click

from finder.cli.refusals import refusing
from finder.coverage import estimate
from finder.exchange.estimates.json_requests import LARGEST_REQUEST, answer, answer_lines, as_line, read_request
from finder.exchange.estimates.table import ANSWER_COLUMNS, NotUtf8, read_table
from finder.i18n import LANGUAGES
from finder.spreadsheet import csv_lines, safe_cell

Answers = Iterator[tuple[str, bool]]
"""The lines of the output, each with whether it is an answer; if not, it says what is wrong."""


@click.command("estimate")
@click.argument("requests", metavar="FILE", type=click.File("rb"))
@click.option("--ndjson", "shape", flag_value="ndjson", help="FILE has one request a line; so has the output answers.")
@click.option("--csv", "shape", flag_value="csv", help="FILE is a table, one request a row; the answer repeats it.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of the sentences.")
@refusing
def estimate_command(requests: BinaryIO, shape: str | None, language: str) -> None:
    """Estimate what a visit or a course of care costs, from a request in JSON. "-" reads standard input.

    Exit status 1 if any request is wrong: its errors stand where its answer would. Blank lines are passed over.
    """
    all_answered = True
    for line, is_answer in SHAPES[shape](requests, language):
        click.echo(line, nl=False)
        all_answered &= is_answer
    if not all_answered:
        sys.exit(1)


def _one(requests: BinaryIO, language: str) -> Answers:
    content = requests.read(LARGEST_REQUEST + 1)
    response = answer(partial(read_request, content), estimate, language)
    yield json.dumps(response, ensure_ascii=False, indent=2) + "\n", "errors" not in response


def _ndjson(requests: BinaryIO, language: str) -> Answers:
    for response in answer_lines(requests, estimate, language):
        yield as_line(response) + "\n", "errors" not in response


def _csv(requests: BinaryIO, language: str) -> Answers:
    try:
        table = read_table(io.TextIOWrapper(requests, "utf-8-sig", newline=""))
        yield csv_lines([[*map(safe_cell, table.columns), *ANSWER_COLUMNS]]), True
        for one in table.answered(estimate, language):
            yield csv_lines([[safe_cell(cell) for cell in one.cells]]), "errors" not in one.response
    except UnicodeDecodeError:
        raise NotUtf8 from None


SHAPES: dict[str | None, Callable[[BinaryIO, str], Answers]] = {None: _one, "ndjson": _ndjson, "csv": _csv}
"""How requests and answers are written, by the option."""
