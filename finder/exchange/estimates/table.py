"""Requests for estimates as a table (CSV): one request a row, answered by the same row with the response behind it.

``COLUMNS`` are what a request may have, ``ANSWER_FIELDS`` what an answer adds. Other columns, such as an ``id``, are
repeated as they are.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any

from finder.errors import FieldError, FinderError, InvalidRequest
from finder.exchange.estimates.json_requests import WorkOut, answer, invalid, read_json
from finder.exchange.estimates.services_cell import read_services
from finder.i18n import N_, Message
from finder.spreadsheet import BYTE_ORDER_MARK, plain_cell

DELIMITERS = ",;\t"
"""What may stand between cells: that which makes most of the known columns of the first line."""


class NotATable(FinderError):
    """This is not a table of requests. Its first line must name the columns."""


class NotUtf8(FinderError):
    """This file is not text in UTF-8. Save it as “CSV UTF-8”."""


def _text(cell: str, _column: str) -> object:
    return cell


def _flag(cell: str, column: str) -> object:
    flags = {"true": True, "false": False}
    if cell.lower() not in flags:
        raise invalid(column, N_("This must be true or false."))
    return flags[cell.lower()]


def _services(cell: str, _column: str) -> object:
    return read_services(cell)


def _json(cell: str, column: str) -> object:
    return read_json(cell.encode("utf-8", "replace"), column)


@dataclass(frozen=True, slots=True)
class RequestColumn:
    """A column of a request: its field, and how its cells are read. An empty cell leaves the field out."""

    words: str
    """What stands in it, for people."""
    field: str
    read: Callable[[str, str], object] = _text
    needed: bool = False


COLUMNS: Mapping[str, RequestColumn] = {
    "date_of_service": RequestColumn(N_("The day of the visit, like 2026-10-05."), "date_of_service", needed=True),
    "zip": RequestColumn(
        N_("Where the visit is: five digits. A zero that your spreadsheet took off the front is put back."), "zip"
    ),
    "setting": RequestColumn(
        N_("The kind of place, such as private_practice or hospital_outpatient. Empty: private_practice."), "setting"
    ),
    "participation": RequestColumn(
        N_(
            "participating, nonparticipating_assigned or nonparticipating_unassigned. "
            "Empty: not known, so each is tried."
        ),
        "participation",
    ),
    "qualifying_apm": RequestColumn(
        N_("true for a therapist with the higher rate for advanced payment models."), "qualifying_apm", _flag
    ),
    "services": RequestColumn(
        N_(
            "Code*units, with semicolons between: 97112*2;97530*1. Minutes: 97112:24m. "
            "A charge for the line: 97112*2@60.00. A modifier (GP, GO, GN, CQ, CO): 97112-CQ*2."
        ),
        "services",
        _services,
        needed=True,
    ),
    "deductible_remaining": RequestColumn(
        N_("What is left of the yearly deductible, like 283.00. Empty: not known, so none and all of it are tried."),
        "deductible_remaining",
    ),
    "therapy_used_to_date": RequestColumn(
        N_("What Medicare has approved for physical and speech therapy this year. Empty: nothing."),
        "therapy_used_to_date",
    ),
    "occupational_therapy_used_to_date": RequestColumn(
        N_("The same for occupational therapy."), "occupational_therapy_used_to_date"
    ),
    "coverage": RequestColumn(
        N_("Other coverage as JSON, as in the example: one, or a list in the order in which they pay. Empty: none."),
        "other_coverage",
        _json,
    ),
}
"""The columns from which a request is read, in any order."""

ANSWER_FIELDS = (
    "allowed_amount", "deductible_applied", "coinsurance", "medicare_pays", "excess_charge", "not_covered",
    "assistant_reduction", "other_coverage_pays", "patient_pays", "patient_pays_range", "due_at_visit",
    "returned_by_check", "deductible_remaining",
    "year_to_date_allowed", "kx_threshold_passed", "kx_threshold_remaining", "review_threshold_passed",
    "review_threshold_remaining", "occupational_therapy_year_to_date_allowed",
    "occupational_therapy_kx_threshold_passed", "occupational_therapy_kx_threshold_remaining",
    "occupational_therapy_review_threshold_passed", "occupational_therapy_review_threshold_remaining",
    "carrier", "locality", "visits_without_figures", "stand_in", "lines", "steps", "notes", "scenarios", "errors",
)  # fmt: skip
"""The fields of a response, in the order of their columns; lists and objects are JSON.

``date_of_service`` is among the columns of the request already.
"""

RENAMED = {"deductible_remaining": "deductible_remaining_after"}
"""The columns that a response names otherwise than its field, which is also a column of the request."""

ANSWER_COLUMNS = tuple(RENAMED.get(field, field) for field in ANSWER_FIELDS)

LISTS_OF_A_SCENARIO = frozenset({"lines", "steps", "notes"})
"""What the column ``scenarios`` leaves out of each: a cell of a spreadsheet holds 32,767 characters. NDJSON has it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of requests."""

    number: int
    """As a spreadsheet counts: the names of the columns are row 1."""
    cells: tuple[str, ...]
    """Those that the answer repeats, as they are but for the zeros that the ZIP code lost."""
    values: Mapping[str, str]
    """All by the names of their columns, without spaces around them."""
    problem: Message | None = None
    """Why the cells cannot be told apart."""

    def request(self) -> Mapping[str, object]:
        """Read the request. Raises InvalidRequest with an error for every cell that cannot be read."""
        if self.problem:
            raise InvalidRequest([FieldError("request", self.problem)])
        fields: dict[str, object] = {}
        errors: list[FieldError] = []
        for name, column in COLUMNS.items():
            if cell := self.values.get(name):
                try:
                    fields[column.field] = column.read(cell, name)
                except InvalidRequest as error:
                    errors.extend(error.errors)
        if errors:
            raise InvalidRequest(errors)
        return fields


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A row with its response as JSON types, ``{"errors": [...]}`` where it is wrong."""

    row: Row
    response: Mapping[str, Any]

    @property
    def cells(self) -> list[str]:
        """The cells of the row, then those of the response in the order of ``ANSWER_COLUMNS``."""
        return [*self.row.cells, *map(_cell, self._values())]

    def _values(self) -> Iterator[object]:
        for field in ANSWER_FIELDS:
            value = self.response.get(field)
            yield {name: _without_lists(it) for name, it in value.items()} if field == "scenarios" and value else value


@dataclass(frozen=True, slots=True)
class RequestTable:
    """A table of requests: the columns that are repeated, and the rows, each read when it is asked for."""

    columns: tuple[str, ...]
    rows: Iterator[Row]

    def answered(self, work_out: WorkOut, language: str = "en") -> Iterator[AnsweredRow]:
        """Answer the rows in order. Raises NotATable where the rest of the file cannot be read as CSV."""
        for row in self.rows:
            yield AnsweredRow(row, answer(row.request, work_out, language))


def read_table(lines: Iterable[str]) -> RequestTable:
    """Read a table from the lines of its file, the first of which names the columns. Blank rows are passed over.

    Columns that an earlier answer added are left out: they are made anew. Raises NotATable.
    """
    numbered = dropwhile(lambda line: not line[1].strip(f"{DELIMITERS} \r\n{BYTE_ORDER_MARK}"), enumerate(lines, 1))
    number, first = next(numbered, (1, ""))
    delimiter, names = _header(first.removeprefix(BYTE_ORDER_MARK))
    known = [_column_name(name) for name in names]
    if missing := [name for name, column in COLUMNS.items() if column.needed and name not in known]:
        raise NotATable(
            Message(N_("The first line must name the columns. It does not name: {columns}."), {"columns": missing})
        )
    if twice := [name for name in COLUMNS if known.count(name) > 1]:
        raise NotATable(Message(N_("These columns are there twice: {columns}."), {"columns": twice}))
    repeated = [index for index, name in enumerate(known) if name not in ANSWER_COLUMNS]
    rows = _rows((line for _, line in numbered), delimiter, number, _Layout(known, repeated))
    return RequestTable(tuple(names[index] for index in repeated), rows)


def _header(line: str) -> tuple[str, list[str]]:
    """Return the delimiter of a file and the names of its columns, from its first line."""
    readings = {delimiter: _cells(line, delimiter) for delimiter in DELIMITERS}
    best = max(readings, key=lambda delimiter: sum(_column_name(name) in COLUMNS for name in readings[delimiter]))
    return best, readings[best]


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [plain_cell(cell.strip()) for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _column_name(name: str) -> str:
    """Return the name of a column as ``COLUMNS`` spells it: "Date of service" is ``date_of_service``."""
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _rows(lines: Iterator[str], delimiter: str, number: int, layout: _Layout) -> Iterator[Row]:
    """Read the rows below the first line, which is row ``number``.

    A line with wrong quotes is a row with a problem; where they join several lines, nobody knows which rows these are.
    A cell that is too long for any table ends the reading.
    """
    taken: list[str] = []
    reader = csv.reader(_noted(lines, taken), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        number += 1
        problem = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            arguments = {"number": str(number), "problem": str(error)}
            if len(taken) > 1 or len(taken[0]) > csv.field_size_limit():
                raise NotATable(Message(N_("Row {number} cannot be read as CSV: {problem}."), arguments)) from None
            cells = next(csv.reader(taken, delimiter=delimiter))
            problem = Message(
                N_("The quotes of this row are wrong. Put a cell with commas in quotes, and double the quotes in it.")
            )
        if any(cell.strip() for cell in cells):
            yield layout.row(number, cells, problem)


def _noted(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """Pass lines on, and note each in ``taken``."""
    for line in lines:
        taken.append(line)
        yield line


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which columns the table has, by the names of ``COLUMNS``, and the places of those that the answer repeats."""

    names: Sequence[str]
    repeated: Sequence[int]

    def row(self, number: int, cells: Sequence[str], problem: Message | None) -> Row:
        """Return a row of the file."""
        excess = len(cells) - len(self.names)
        if excess > 0 and problem is None:
            text = N_(
                "This row has {count:number} cells more than there are columns. Put a cell with commas in quotes."
            )
            problem = Message(text, {"count": excess})
        cells = [*map(plain_cell, cells), *[""] * -excess]
        values = {name: cell.strip() for name, cell in zip(self.names, cells, strict=False)}
        if "zip" in values:
            cells[self.names.index("zip")] = values["zip"] = _with_lost_zeros(values["zip"])
        return Row(number, tuple(cells[index] for index in self.repeated), values, problem)


def _with_lost_zeros(zip_code: str) -> str:
    """Return a ZIP code with the zeros before it that a spreadsheet takes off: 2139 is 02139."""
    return zip_code.zfill(5) if re.fullmatch(r"[0-9]{3,4}", zip_code, re.ASCII) else zip_code


def _without_lists(scenario: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in scenario.items() if field not in LISTS_OF_A_SCENARIO}


def _cell(value: object) -> str:
    """Write a value of a response: nothing where it is not known, JSON where it is a list or an object."""
    match value:
        case None:
            return ""
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
