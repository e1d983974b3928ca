"""The changes of a new fee schedule, in sentences for the person who imports it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from finder.coverage.figures.fee_schedule import FeeSchedule, Gpci, RelativeValue, price
from finder.coverage.figures.figures import Figures
from finder.coverage.official.publication import Publication

EXAMPLE_CODES = ("97112", "97110", "97530", "97162")
"""Common services of neurologic therapy, priced before and after."""


def describe(figures: Figures, publication: Publication, first_day: date) -> Iterator[str]:
    """Yield the changes of factors, codes, relative values, indices and some fees; and what the year still lacks."""
    yield from publication.remarks
    before = next((it for it in reversed(figures.schedules) if it.first_day < first_day), None)
    factor = publication.conversion_factor
    if before is None:
        size = f"{len(publication.relative_values)} codes, {len(publication.gpcis)} payment areas"
        yield f"First fee schedule: conversion factor {factor}, {size}."
    else:
        yield f"Conversion factor: {before.conversion_factor.amount} → {factor}."
        yield from _code_changes(before.relative_values, publication.relative_values)
        yield from _area_changes(before.gpcis, publication.gpcis)
        yield from _fee_changes(before, publication)
    missing = [name for name in figures.missing(first_day.year) if name != "fee_schedule"]
    if missing:
        yield f"Still missing for {first_day.year}, to be added to the files of these names: {', '.join(missing)}."


def _code_changes(before: Mapping[str, RelativeValue], after: Mapping[str, RelativeValue]) -> Iterator[str]:
    """Yield added, removed and changed codes."""
    if came := sorted(set(after) - set(before)):
        yield f"New codes: {', '.join(came)}."
    if went := sorted(set(before) - set(after)):
        yield f"Codes no longer there: {', '.join(went)}."
    both = [code for code in after if code in before]
    changed = [code for code in both if before[code] != after[code]]
    yield f"Relative values changed for {len(changed)} of {len(both)} codes."
    for code in both:
        if before[code].status_code != after[code].status_code:
            yield f"{code}: status {before[code].status_code} → {after[code].status_code}."
        indicators = before[code].multiple_procedure, after[code].multiple_procedure
        if indicators[0] != indicators[1]:
            yield f"{code}: multiple-procedure indicator {' → '.join(indicators)}."


def _area_changes(before: Mapping[tuple[str, str], Gpci], after: Mapping[tuple[str, str], Gpci]) -> Iterator[str]:
    """Yield added, removed and changed payment areas."""
    if came := sorted(set(after) - set(before)):
        yield f"New payment areas: {', '.join(after[key].name for key in came)}."
    if went := sorted(set(before) - set(after)):
        yield f"Payment areas no longer there: {', '.join(before[key].name for key in went)}."
    moved = {
        after[key].name: (before[key].work_gpci, after[key].work_gpci)
        for key in after
        if key in before and before[key].work_gpci != after[key].work_gpci
    }
    yield f"Work index changed in {len(moved)} of {len(after)} payment areas."


def _fee_changes(before: FeeSchedule, after: Publication) -> Iterator[str]:
    """Yield the national fee (all indices 1) of some common services, before and after."""
    nation = Gpci("", "", "", Decimal(1), Decimal(1), Decimal(1))
    for code in EXAMPLE_CODES:
        if code in before.relative_values and code in after.relative_values:
            old = price(before.relative_values[code], nation, before.conversion_factor.amount)
            new = price(after.relative_values[code], nation, after.conversion_factor)
            yield f"National fee of {code}: ${old} → ${new} ({(new - old) / old * 100:+.1f}%)."
