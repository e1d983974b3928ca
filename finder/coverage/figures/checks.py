"""Checks of the figures: each is used, cited and dated without gap or overlap, and the tables match one another."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from finder.coverage.figures.code_names import CODE_NAMES, GROUP_NAMES, PRESET_NAMES
from finder.coverage.figures.coverage_decisions import SENTENCES
from finder.coverage.figures.fee_schedule import FeeSchedule
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.parameters import Certainty, Parameters

TABLES = ("claim_edits", "excess_charge_states", "medigap_plans", "therapy_codes", "visit_presets")
"""Files that are not single figures."""

ONE_DAY = timedelta(days=1)


def problems(figures: Figures) -> Iterator[str]:
    """Return every fault of the figures of a folder, with its file; empty if there is none."""
    files = {path.stem: path for path in sorted(figures.folder.glob("*.toml"))}
    names = set(Parameters.names())
    unread = set(files) - names - set(TABLES)
    yield from (f"{name}.toml: no rule reads it" for name in sorted(unread))
    yield from (f"{name}.toml: it is missing" for name in sorted((names | set(TABLES)) - set(files)))
    if not figures.schedules:
        yield "fee_schedule: there is none"
    if not (figures.schedules and set(TABLES) <= set(files)):
        return  # the rest is checked against these
    contents = {name: tomllib.loads(path.read_text(encoding="utf-8")) for name, path in files.items()}
    yield from (f"{name}.toml: no rule uses it" for name in sorted(names - _used_names(contents["medigap_plans"])))
    span = figures.schedules[0].first_day, figures.schedules[-1].last_day
    for name in sorted(names & set(files)):
        yield from (f"{name}.toml: {problem}" for problem in _of_figure(contents[name], *span))
    for name in sorted(set(TABLES) & set(files)):
        yield from (f"{name}.toml: {problem}" for problem in _of_citation(contents[name]))
    yield from _of_schedules(figures)
    yield from _of_codes(figures)
    yield from _of_decisions(figures)


def _used_names(medigap_plans: Mapping[str, Any]) -> set[str]:
    """Return the names of figures that the rules use.

    Attributes in the sources of this package, and figures that Medigap plans name.
    """
    forms = (*medigap_plans["plan"].values(), *medigap_plans["rider"].values())
    used = {text for form in forms for text in form.values() if isinstance(text, str)}
    for path in Path(__file__).parents[1].rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used.update(node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return used


def _of_figure(content: Mapping[str, Any], first_needed: date, last_needed: date) -> Iterator[str]:
    """Check a single figure: its description, its values, and that they cover every day with fees."""
    yield from (f"{key} is missing" for key in ("description", "unit") if not content.get(key))
    values = content.get("value", [])
    if not values:
        yield "it has no value"
        return
    for value in values:
        yield from _of_citation(value, described=False)
        yield from _of_amount(value)
    yield from _of_dates(values)
    begins = content.get("begins", first_needed)
    if values[0]["from"] > begins:
        yield f"it begins on {values[0]['from']}, and {begins} is needed; if that is right, say so with `begins`"
    last_day = values[-1].get("to")
    if last_day and last_day < last_needed and not content.get("ends_by_law"):
        yield f"it ends on {last_day}, and there are fees until {last_needed}"


def _of_citation(content: Mapping[str, Any], *, described: bool = True) -> Iterator[str]:
    """Check that a value or a table has its source and certainty."""
    if described and not content.get("description"):
        yield "description is missing"
    if not str(content.get("source", "")).strip():
        yield f"no source is given for {content.get('amount', 'it')}"
    if content.get("certainty") not in get_args(Certainty):
        yield f"certainty must be one of {', '.join(get_args(Certainty))}"


def _of_amount(value: Mapping[str, Any]) -> Iterator[str]:
    """Check that an amount is an exact number, written as text."""
    try:
        is_number = isinstance(value["amount"], str) and Decimal(value["amount"]).is_finite()
    except (KeyError, InvalidOperation):
        is_number = False
    if not is_number:
        yield f"amount {value.get('amount')!r} is not a number written as text"


def _of_dates(values: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Check that values follow one another without gap or overlap; only the last may be open."""
    for value in values:
        if "to" in value and value["to"] < value["from"]:
            yield f"the value from {value['from']} ends before it begins"
    for before, after in pairwise(values):
        yield from _of_neighbours(before.get("to"), after["from"])


def _of_neighbours(last_day: date | None, next_day: date) -> Iterator[str]:
    if last_day is None or last_day >= next_day:
        yield f"two values overlap on {next_day}"
    elif last_day + ONE_DAY != next_day:
        yield f"there is a gap between {last_day} and {next_day}"


def _of_decisions(figures: Figures) -> Iterator[str]:
    """Check the coverage decisions: citation, dates, a sentence for each, and that they name therapy codes."""
    for it in figures.coverage_decisions:
        where = f"coverage/{it.name}.toml"
        citation = {"source": it.citation.source, "certainty": it.citation.certainty}
        yield from (f"{where}: {problem}" for problem in _of_citation(citation, described=False))
        if it.name not in SENTENCES:
            yield f"{where}: it has no sentence"
        if it.last_day is not None and it.last_day < it.first_day:
            yield f"{where}: it ends before it begins"
        yield from (f"{where}: {code} is no therapy code" for code in sorted(it.codes - figures.code_table.codes))


def _of_schedules(figures: Figures) -> Iterator[str]:
    """Check the fee schedules: dates, citations, and that every payment area of a ZIP code has its indices."""
    schedules = figures.schedules
    for before, after in pairwise(schedules):
        yield from (f"fee_schedule: {problem}" for problem in _of_neighbours(before.last_day, after.first_day))
    for schedule in schedules:
        where = f"fee_schedule/{schedule.folder.name}"
        if schedule.folder.name != schedule.first_day.isoformat():
            yield f"{where}: its folder is not named after its first day, {schedule.first_day}"
        yield from (f"{where}: {problem}" for problem in _of_schedule(figures, schedule))


def _of_schedule(figures: Figures, schedule: FeeSchedule) -> Iterator[str]:
    """Check one fee schedule."""
    parts = (
        schedule.relative_values_citation,
        schedule.gpci_citation,
        schedule.zip_citation,
        schedule.conversion_factor,
    )
    for part in parts:
        yield from _of_citation({"source": part.source, "certainty": part.certainty}, described=False)
    tables = (schedule.relative_values_citation, schedule.gpci_citation, schedule.zip_citation)
    yield from (f"{one.source}: no SHA-256" for one in tables if not re.fullmatch("[0-9a-f]{64}", one.sha256))
    areas = {locality.key for _, locality in figures.zip_map(schedule.zip_localities)}
    yield from (f"no price indices for {' '.join(key)}" for key in sorted(areas - set(schedule.gpcis)))
    unknown = sorted(set(schedule.relative_values) - figures.code_table.codes)
    yield from (f"{code} is no therapy code" for code in unknown)


def _of_codes(figures: Figures) -> Iterator[str]:
    """Check that lists of codes name therapy codes alone, and that codes and presets have names."""
    table = figures.code_table
    lists: Mapping[str, Iterable[str]] = {
        "therapy_codes.toml, timed": table.timed,
        "therapy_codes.toml, add_on": (*table.add_on, *table.add_on.values()),
        "therapy_codes.toml, unit_minutes": table.unit_minutes,
        "therapy_codes.toml, discipline": table.disciplines,
        "claim_edits.toml": figures.claim_edits.codes,
        "visit_presets.toml": [service["code"] for preset in figures.presets.values() for service in preset],
        "code_names": CODE_NAMES,
    }
    for where, codes in lists.items():
        yield from (f"{where}: {code} is no therapy code" for code in sorted(set(codes) - table.codes))
    grouped = Counter(code for group in table.groups for code in group.codes)
    odd = sorted(code for code in table.codes | set(grouped) if code not in table.codes or grouped[code] != 1)
    yield from (f"therapy_codes.toml, group: {code} must be a therapy code that stands in one group" for code in odd)
    yield from (f"code_names: group {it.name} has no name" for it in table.groups if it.name not in GROUP_NAMES)
    yield from (f"code_names: preset {name} has no name" for name in sorted(set(figures.presets) - set(PRESET_NAMES)))
