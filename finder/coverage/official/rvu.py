"""The relative value file (PPRRVU).

Fixed width, CMS's csv with its header of several lines, or a csv saved again with one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from finder.coverage.figures.fee_schedule import RelativeValue
from finder.coverage.official.tables import WrongFile, decimal, find_columns, plain, rows_of

ENCODING = "latin-1"
"""One byte is one column in the fixed-width file, whatever the descriptions hold."""


class Span(NamedTuple):
    """Columns of a fixed-width line, from 0, end excluded."""

    start: int
    end: int


FIXED_WIDTH = {
    "code": Span(0, 5),
    "modifier": Span(5, 7),
    "status": Span(57, 58),
    "work_rvu": Span(59, 65),
    "pe_rvu": Span(65, 72),
    "facility_pe_rvu": Span(74, 81),
    "mp_rvu": Span(83, 89),
    "total": Span(89, 96),
    "multiple_procedure": Span(115, 116),
    "conversion_factor": Span(133, 140),
}
CSV_COLUMNS = {
    "code": "hcpcs( code)?",
    "modifier": "mod(ifier)?",
    "status": "status code",
    "work_rvu": "work rvu",
    "pe_rvu": "(non fac(ility)? )+pe rvu",
    "facility_pe_rvu": "(non fac )?facility pe rvu",
    "mp_rvu": "mp rvu",
    "total": "(non fac )?non facility total",
    "multiple_procedure": "mult proc",
    "conversion_factor": "conv(ersion)? factor",
}


@dataclass(frozen=True, slots=True)
class OfficialValue:
    """A row of the file.

    The relative values, and what only the official amounts need (modifier, facility practice expense).
    """

    value: RelativeValue
    modifier: str
    facility_pe_rvu: Decimal


@dataclass(frozen=True, slots=True)
class RelativeValueFile:
    """The whole file.

    Rows by code and modifier, the conversion factor that every row repeats, and the years it may be of.
    """

    rows: Mapping[tuple[str, str], OfficialValue]
    conversion_factor: Decimal
    years: frozenset[int]
    """The possible years by the file's text; empty if it has none."""


def parse_relative_values(text: str) -> RelativeValueFile:
    """Read a relative value file in any of its forms. Raises WrongFile if it is incomplete or inconsistent."""
    is_fixed_width = text.startswith("HDR") or not re.search(r"^\W*hcpcs\b", text, re.IGNORECASE | re.MULTILINE)
    cells = _fixed_width_rows(text) if is_fixed_width else _csv_rows(text)
    rows: dict[tuple[str, str], OfficialValue] = {}
    factors: Counter[str] = Counter()
    for where, row in cells:
        official = _official_value(where, row)
        key = official.value.code, official.modifier
        if key in rows:
            raise WrongFile(f"{where}: {' '.join(key).strip()} is there twice.")
        rows[key] = official
        factors[row["conversion_factor"]] += 1
    if not rows:
        raise WrongFile("It is not a relative value file: no row of it could be read.")
    if len(factors) > 1:
        raise WrongFile(f"The rows do not agree on one conversion factor: {', '.join(sorted(factors))}.")
    factor = decimal(next(iter(factors)), lambda: "conversion factor")
    return RelativeValueFile(rows, factor, _years(text, is_fixed_width))


def _fixed_width_rows(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of the fixed-width form. Raises WrongFile at a line that is cut short."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith(("HDR", "TRL")):
            continue
        if len(line) < FIXED_WIDTH["conversion_factor"].end or not re.match(r"[0-9A-Z]{5}", line):
            raise WrongFile(f"line {number} is cut short or is not a row of a relative value file.")
        yield f"line {number}", {name: line[span.start : span.end].strip() for name, span in FIXED_WIDTH.items()}


def _csv_rows(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a csv form, its columns found by name. Raises WrongFile at a row that is cut short."""
    rows = rows_of(text)
    head = next(index for index, row in enumerate(rows) if plain(row[0]) in {"hcpcs", "hcpcs code"})
    names = _stacked_names(rows[: head + 1])
    columns = find_columns(names, CSV_COLUMNS)
    if columns is None:
        raise WrongFile(f"Its header lacks a column that is needed; it has: {', '.join(filter(None, names))}.")
    for row in rows[head + 1 :]:
        where = f"row {row[0]}"
        if len(row) != len(names):
            raise WrongFile(f"{where} is cut short: it has {len(row)} cells, the header {len(names)}.")
        yield where, {name: row[index] for name, index in columns.items()}


def _stacked_names(rows: list[list[str]]) -> list[str]:
    """Join the lines of a header into one name for each column."""
    width = len(rows[-1])
    stacked = [[row[index] for row in rows if index < len(row) and row[index]] for index in range(width)]
    return [plain(" ".join(words)) for words in stacked]


def _official_value(where: str, row: Mapping[str, str]) -> OfficialValue:
    """Return a row's numbers; work, practice expense and malpractice must add up to the file's total."""

    def number(name: str) -> Decimal:
        return decimal(row[name], lambda: f"{where}, {name}")

    value = RelativeValue(
        row["code"], row["status"], number("work_rvu"), number("pe_rvu"), number("mp_rvu"), row["multiple_procedure"]
    )
    if value.work_rvu + value.pe_rvu + value.mp_rvu != number("total"):
        raise WrongFile(f"{where}: the relative values of {value.code} do not add up to the total in the file.")
    return OfficialValue(value, row["modifier"], number("facility_pe_rvu"))


def _years(text: str, is_fixed_width: bool) -> frozenset[int]:
    """Return the possible years of the file: by its title, else by its copyright line, which may be a year behind."""
    head = text[:3000]
    if title := re.search(r"(20\d\d) National Physician Fee Schedule", head):
        return frozenset({int(title[1])})
    if is_fixed_width and (notice := re.search(r"COPYRIGHT\s+(?:HDR )?(20\d\d) AMERICAN MEDICAL", head)):
        return frozenset({int(notice[1]), int(notice[1]) + 1})
    return frozenset()
