"""The page with every sentence that an answer can hold, in both languages, with an example from a real answer.

The sentences are found in the source of the package; the examples come from the answers to the small requests of
``data/examples/requests.toml``. The names of services are no sentences: they stand on the page about the rules.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import finder.coverage
from finder.coverage.billing.bill_check import BillCheck, check_bill
from finder.coverage.billing.fee_table import fee_table
from finder.coverage.billing.side_by_side import side_by_side
from finder.coverage.estimate.notes import of_stand_in
from finder.coverage.estimate.request import read_request
from finder.coverage.estimate.results import Answer, PlanOfCareEstimate
from finder.coverage.estimate.scenarios import answer
from finder.coverage.figures import code_names
from finder.coverage.figures.fee_schedule import FeeSchedule
from finder.coverage.figures.figures import Figures
from finder.errors import InvalidRequest
from finder.i18n import Message, word
from finder.resources import EXAMPLE_REQUESTS

PACKAGE = Path(finder.coverage.__file__).parent

OPENING = """\
# Every sentence of an estimate

What an answer of `flask estimate`, of the API and of the pages can say, in English and Spanish, each with an example.
A name in braces stands for a value: `{amount:money}`. Notes and what is found on a bill stand under their codes, which
are stable: scripts may rely on them. The names of the services are in [coverage.md](coverage.md#services).

This page is written by `flask --app wsgi fees answers` from the sentences in `finder/coverage` and the requests in
`data/examples/requests.toml`; change those, never this page.
"""

TITLES = {
    "step": "Steps: how the amounts come about",
    "formula": "Formulas of steps",
    "note": "Notes",
    "finding": "What is found on a bill",
    "reason": "The same visit in every kind of place",
    "error": "Errors of a request",
    "part": "Parts of other sentences",
}

CODED = ("note", "finding")
"""The kinds of sentences with codes that scripts may rely on."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A sentence with its values, as an answer holds it: as what, and with which code."""

    kind: str
    code: str
    message: Message


class FiguresBetweenYears(Figures):
    """The figures as they are when a new year's fees have come, and its single figures and second factor have not."""

    @cached_property
    def schedules(self) -> tuple[FeeSchedule, ...]:
        """The fee schedules, the last in force for a year more."""
        *earlier, last = super().schedules
        longer = copy(last).until(date(last.last_day.year + 1, 12, 31))
        longer.qualifying_apm_conversion_factor = None
        return (*earlier, longer)


def sentences() -> dict[str, None]:
    """Return every sentence of the package, in the order of its modules and lines: what is marked with ``N_``."""
    found: dict[str, None] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != Path(code_names.__file__).name:
            found |= dict.fromkeys(_marked(path))
    return found


def _marked(path: Path) -> Iterator[str]:
    """Return the texts that a module marks with ``N_``."""
    calls = [it for it in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(it, ast.Call)]
    for call in sorted(calls, key=lambda it: it.lineno):
        if isinstance(call.func, ast.Name) and call.func.id == "N_" and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def example_answers(figures: Figures) -> Iterator[tuple[str, tuple[Occurrence, ...]]]:
    """Answer every example: what it describes, and all sentences of its answer, or of the errors of its request."""
    content = tomllib.loads(EXAMPLE_REQUESTS.read_text(encoding="utf-8"))
    between_years = FiguresBetweenYears(figures.folder)
    for example in content["example"]:
        request = {key: it for key, it in content["usual"].items() if key not in example.get("absent", ())}
        known = between_years if example.get("between_years") else figures
        yield example["describes"], tuple(_answered(example, request | example.get("changes", {}), known))


def _answered(example: Mapping[str, Any], request: Mapping[str, object], figures: Figures) -> Iterator[Occurrence]:
    """Return the sentences of the answer to an example, or of the errors of its request."""
    try:
        if "requested" in example:
            yield from _of_bill(check_bill(request, example["requested"], figures))
        elif "hospital_charge" in example:
            rows = side_by_side(request, example["hospital_charge"] or None, figures)
            yield from (Occurrence("reason", "", Message(row.why)) for row in rows)
        elif "fees" in example:
            fee_table(**example["fees"], figures=figures)
        else:
            yield from of_answer(answer(read_request(request, figures), figures))
    except InvalidRequest as wrong:
        for error in wrong.errors:
            message = Message(error.message) if isinstance(error.message, str) else error.message
            yield Occurrence("error", error.field, message)


def _of_bill(check: BillCheck) -> Iterator[Occurrence]:
    """Return what is found on a bill, in every case."""
    for case in check.cases:
        yield from (Occurrence("finding", it.code, it.text) for it in case.all_findings)


def of_answer(given: Answer) -> Iterator[Occurrence]:
    """Return all sentences of an answer, of its visits and of its scenarios."""
    for step in given.steps:
        yield Occurrence("step", step.parameter or "", step.text)
        if step.formula:
            yield Occurrence("formula", step.parameter or "", step.formula)
    yield from (Occurrence("note", note.code, note.text) for note in given.notes)
    if given.stand_in:
        yield from (Occurrence("note", note.code, note.text) for note in of_stand_in(given.stand_in))
    visits: Sequence[Answer] = given.visits if isinstance(given, PlanOfCareEstimate) else ()
    for inner in (*visits, *given.scenarios.values()):
        yield from of_answer(inner)


def with_parts(occurrence: Occurrence) -> Iterator[Occurrence]:
    """Return a sentence and those that are values in it."""
    yield occurrence
    for value in occurrence.message.arguments.values():
        parts = value if isinstance(value, list | tuple) else (value,)
        for part in parts:
            if isinstance(part, Message):
                yield from with_parts(Occurrence("part", "", part))


def first_occurrences(figures: Figures) -> dict[str, Occurrence]:
    """Return the first example of every sentence, by its text."""
    found: dict[str, Occurrence] = {}
    for _, occurrences in example_answers(figures):
        for occurrence in occurrences:
            for one in with_parts(occurrence):
                found.setdefault(one.message.text, one)
    return found


def page(figures: Figures) -> str:
    """Write the page, in Markdown."""
    found = first_occurrences(figures)
    listed = [found[text] for text in sentences() if text in found]
    parts = [OPENING]
    for kind, title in TITLES.items():
        parts += [f"## {title}", *_blocks([it for it in listed if it.kind == kind])]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _blocks(occurrences: Sequence[Occurrence]) -> Iterator[str]:
    """Write sentences under their codes, those of a code together, in the order of their first."""
    by_code: dict[str, list[Occurrence]] = {}
    for it in occurrences:
        by_code.setdefault(it.code if it.kind in CODED else "", []).append(it)
    for code, same in by_code.items():
        if code:
            yield f"### `{code}`"
        yield from map(_block, same)


def _block(occurrence: Occurrence) -> str:
    """Write a sentence in both languages, then both with the values of an example if it has any."""
    message = occurrence.message
    lines = [f"- {message.text}", f"- *es:* {word(message.text, 'es')}"]
    if message.arguments and "{" in message.text:
        lines += [f"  - example: {word(message)}", f"  - *es:* {word(message, 'es')}"]
    return "\n".join(lines)
