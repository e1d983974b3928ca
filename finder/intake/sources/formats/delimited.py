"""Tables of delimited text (comma, tab, semicolon, bar), read by the names of their columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from zlib import crc32

from finder.digits import is_digits
from finder.intake.sources.errors import NotText, TooManyBlankRows, TooManyColumns
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.lines import LONGEST_LINE, UTF8_MARK, Lines, decode, excerpt, records
from finder.notices.notices import Findings

MOST_COLUMNS = 2_000

MOST_BLANK_ROWS = 1_048_576
"""As many as a spreadsheet has rows: it may write them all."""

DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, kw_only=True)
class Header:
    """The columns of a table in the file's order: as written, and by normalized name (see ``column_name``)."""

    written: tuple[str, ...]
    names: tuple[str, ...]
    delimiter: str
    line: bytes = b""
    """The header itself, without the end of its line."""
    lines_before: int = 0
    """The lines above it: blank ones, a title, and the line of Excel that names the delimiter."""

    def __contains__(self, column: str) -> bool:
        return column_name(column) in self.names

    def has(self, *columns: str) -> bool:
        """Return whether the header has all these columns."""
        return all(column in self for column in columns)

    def as_written(self, column: str) -> str:
        """Return a column as the file spells it."""
        name = column_name(column)
        return self.written[self.names.index(name)] if name in self.names else column


def column_name(text: str) -> str:
    """Normalize the name of a column: lower case, single spaces, none around hyphens and underscores.

    ``' Ind_PAC_ID'`` → ``ind_pac_id``; ``'Address-  Address Line 2'`` → ``address-address line 2``.
    """
    if is_digits(text):
        return text
    return re.sub(r"\s*([-_])\s*", r"\1", " ".join(text.replace("\ufeff", "").split())).lower()


BLANK = b' \t\r\n,;|"'
"""The bytes that a line without values may hold."""

HEADER_WITHIN = 30
"""The header is within this many lines: spreadsheets have titles and blank lines above it."""

NPI_COLUMNS = frozenset({
    "npi", "npi number", "npi no", "npi no.", "npi #", "npi#", "npinumber", "npi-number", "npi_number", "npi id",
    "provider npi", "rndrng_npi", "national provider identifier", "national provider identifier (npi)",
})  # fmt: skip
"""What the column of NPIs is called, which every table of providers has: it tells a header from a title above it."""

_SEPARATOR = re.compile(rb'"?sep=(.)"?\s*', re.IGNORECASE)
"""The line above the header by which Excel is told the delimiter."""

_MOST_HEADER_LINES = 60
"""Lines of one header: its names may be written over several lines each."""


@dataclass(frozen=True, slots=True)
class _HeaderLine:
    """Where the header stands in the beginning of a file, in bytes, and the delimiter that the file names."""

    start: int
    end: int
    delimiter: str


def _find_header(start: bytes) -> _HeaderLine:
    """Find the header: the first line with a column of NPIs, else the first that is neither blank nor Excel's own."""
    first: _HeaderLine | None = None
    position, delimiter = 0, ""
    for _ in range(HEADER_WITHIN):
        if position >= len(start) or (first and start[first.start : first.start + 1] in (b"{", b"[", b"<")):
            break
        end = start.find(b"\n", position) + 1 or len(start)
        line = start[position:end].removeprefix(UTF8_MARK)
        if separator := _SEPARATOR.fullmatch(line):
            delimiter = separator[1].decode("latin-1")
        elif line.strip(BLANK):
            record_end = _record_end(start, position, end)
            if _names_npis(start[position:record_end].removeprefix(UTF8_MARK), delimiter):
                return _HeaderLine(position, record_end, delimiter)
            first = first or _HeaderLine(position, end, delimiter)
        position = end
    return first or _HeaderLine(position, position, delimiter)


def _record_end(start: bytes, position: int, line_end: int) -> int:
    """Return the offset behind a line, or behind the last line of a quoted name that goes over several."""
    end = line_end
    for _ in range(_MOST_HEADER_LINES):
        if start.count(b'"', position, end) % 2 == 0:
            return end
        end = start.find(b"\n", end) + 1 or len(start)
    return line_end


def _names_npis(line: bytes, delimiter: str) -> bool:
    """Return whether a line has a column of NPIs."""
    lowered = line.lower()
    if b"npi" not in lowered and b"national provider" not in lowered:
        return False
    text = line.decode("utf-8", errors="replace").rstrip("\r\n")
    return any(column_name(name) in NPI_COLUMNS for name in split(text, delimiter or _delimiter_of(text)) or ())


def _delimiter_of(text: str) -> str:
    return max(DELIMITERS, key=text.count)


def rows_begin(file: SourceFile) -> int:
    """Return the offset of the first row in ``file.start``: after the header."""
    return _find_header(file.start).end


def header_of(file: SourceFile) -> Header | None:
    """Read the header of a file; None if the file is no table. Raises TooManyColumns.

    It is the first line that is not blank, or the line with a column of NPIs below a title.
    """
    found = _find_header(file.start)
    line = file.start[found.start : found.end].removeprefix(UTF8_MARK)
    if b"\0" in line or line.lstrip()[:1] in {b"{", b"["}:
        return None
    if not line.endswith(b"\n") and len(file.start) < file.size and line.count(b",") > MOST_COLUMNS:
        raise TooManyColumns(file.name)
    text = line.decode("utf-8", errors="replace").rstrip("\r\n")
    delimiter = found.delimiter if found.delimiter and found.delimiter in text else _delimiter_of(text)
    written = tuple(collapse_lines(name) for name in split(text, delimiter) or [])
    if len(written) > MOST_COLUMNS:
        raise TooManyColumns(file.name)
    names = tuple(column_name(name) for name in written)
    lines_before = file.start.count(b"\n", 0, found.start)
    return Header(written=written, names=names, delimiter=delimiter, line=line.rstrip(), lines_before=lines_before)


def header_of_line(line: bytes) -> Header:
    """Read any line as if it were a header."""
    text = line.removeprefix(UTF8_MARK).decode("utf-8", errors="replace").rstrip("\r\n")
    delimiter = _delimiter_of(text)
    written = tuple(name.strip() for name in split(text, delimiter) or ())[:MOST_COLUMNS]
    return Header(written=written, names=tuple(map(column_name, written)), delimiter=delimiter)


def collapse_lines(name: str) -> str:
    """Return the name of a column in one line."""
    return " ".join(name.splitlines()).strip()


def split(text: str, delimiter: str) -> list[str] | None:
    """Split a record into its values; None if its quotation marks are broken."""
    if text[:1] == '"' and text[-3:] == '"\r\n':
        values = text[1:-3].split(f'"{delimiter}"')
        if text.count('"') == 2 * len(values):  # every value is quoted and none has a mark inside: twice as fast
            return values
    if delimiter == "\t" and '"=' not in text and '="' not in text:
        return [value.strip('"') for value in text.rstrip("\r\n").split("\t")]
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except (csv.Error, StopIteration):
        return None


@dataclass(slots=True)
class Row:
    """One row: its number, its values by ``column_name``, and the findings of its file."""

    number: int
    values: Mapping[str, str]
    header: Header
    findings: Findings
    checksum: int = 0
    """The same for rows that are exactly the same."""

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def report(self, code: str, column: str = "", value: str = "", **arguments: object) -> None:
        """Add a notice about this row."""
        self.findings.add(code, self.number, self.header.as_written(column) if column else "", value, **arguments)


class Table:
    """The rows of one delimited file, streamed. ``rows`` counts those read so far, including faulty and blank ones."""

    def __init__(
        self,
        file: SourceFile,
        findings: Findings,
        columns: Sequence[str] = (),
        rename: Callable[[Header], Header] | None = None,
    ) -> None:
        """Read the header. ``columns`` names the columns to keep where a file has far more than are needed.

        ``rename`` gives columns that people spell in their own way the names of the format.
        """
        header = header_of(file)
        if header is None:
            raise NotText(file.name)
        self.header = header = rename(header) if rename else header
        self.findings = findings
        findings.header_line = header.lines_before + 1
        self._lines_above = header.lines_before + header.line.count(b"\n") + 1
        self.rows = 0
        self.skipped = 0
        self._blank_rows = 0
        selected = [
            (name, position) for position, name in enumerate(header.names) if name and (not columns or name in columns)
        ]
        self._selected = tuple(name for name, _ in selected)
        self._first_names = tuple({self._selected[0], column_name(header.written[selected[0][1]])} if selected else ())
        self._pick = itemgetter(*(position for _, position in selected))
        self._has_repeated = len(set(self._selected)) < len(self._selected)
        for name in dict.fromkeys(self._selected) if self._has_repeated else ():
            if self._selected.count(name) > 1:
                findings.add("column_repeated", column=header.as_written(name), value=header.as_written(name))
        if "" in header.names:
            findings.add("column_without_name")

    def read(self, stream: Lines, keep_line: Callable[[bytes], bool] | None = None) -> Iterator[Row]:
        """Yield the rows; rows whose bytes ``keep_line`` refuses are counted and skipped. Raises TooManyBlankRows."""
        quoted = self.header.delimiter != "\t"
        for _ in range(self._lines_above):
            stream.readline(LONGEST_LINE)
        for number, line in records(stream, self.findings, first=1, quoted=quoted, is_complete=self.is_complete):
            self.rows = number
            if not line.strip(BLANK):
                self._count_blank_row()
            elif line.rstrip() == self.header.line:
                self.findings.add("header_repeated", number)
            elif keep_line is not None and not keep_line(line):
                self.skipped += 1
            elif row := self.row(number, line):
                yield row

    def _count_blank_row(self) -> None:
        """Count a blank row. Raises TooManyBlankRows: a few kilobytes of an archive hold a billion."""
        self.findings.tally("blank_rows")
        self._blank_rows += 1
        if self._blank_rows > MOST_BLANK_ROWS:
            raise TooManyBlankRows(self.findings.file)

    def is_complete(self, record: bytes) -> bool:
        """Return whether a record has one value for each column."""
        values = split(record.decode("latin-1"), self.header.delimiter)
        return values is not None and _fits(values, len(self.header.names))

    def row(self, number: int, line: bytes) -> Row | None:
        """Read one record as a row; None, with a notice, if it does not fit the header."""
        if b"\0" in line:
            self.findings.add("no_text_in_row", number)
            line = line.replace(b"\0", b"")
        values = split(decode(line, number, self.findings), self.header.delimiter)
        names = self.header.names
        if values is None or not _fits(values, len(names)):
            below = values is not None and is_below_table(values)
            self.findings.add("below_table" if below else "row_broken", number, value=excerpt(line))
            return None
        row = dict(zip(self._selected, self._pick(values), strict=True))
        if self._has_repeated:
            row |= _first_filled(zip(self._selected, self._pick(values), strict=True))
        if b'="' in line or b'=T("' in line:
            row = {name: as_typed(value) for name, value in row.items()}
        if column_name(row[self._selected[0]]) in self._first_names:
            self.findings.add("header_repeated", number)
            return None
        return Row(number, row, self.header, self.findings, crc32(line.rstrip()))


_TOTAL = re.compile(
    r"(?:(?:grand|sub)[\s-]*)?totals?\b|sum\b|count\b|average\b|rows?\b|records?\b|end of\b|notes?\b|remarks?\b|"
    r"source\b|printed\b|exported\b|generated\b|page\s+\d|confidential\b|\*|-+$|=+$",
    re.IGNORECASE,
)
"""How the lines begin that people and programs write below a table."""

_LETTER = re.compile(r"[^\W\d_]")


def is_below_table(values: Iterable[str]) -> bool:
    """Return whether a row is a total or a remark below the table: one of those words, and beside it hardly a value."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled or not _TOTAL.match(filled[0]):
        return False
    return len(filled) <= 2 or not any(map(_LETTER.search, filled[1:]))


_FORMULA_OF_TEXT = re.compile(r'=(?:T\("+([^"]*)"+\)|"+([^"]*)"*)', re.IGNORECASE)


def _first_filled(cells: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the first value that is not blank of each column, where several have one name."""
    found: dict[str, str] = {}
    for name, value in cells:
        if value.strip() and name not in found:
            found[name] = value
    return found


def as_typed(value: str) -> str:
    """Return the text that a formula stands for, which keeps a spreadsheet from reading a number.

    ``="02110"`` and ``=T("02110")`` become ``02110``.
    """
    formula = _FORMULA_OF_TEXT.fullmatch(value.strip())
    return (formula[1] or formula[2] or "") if formula else value


def make_row(number: int, values: Mapping[str, str], findings: Findings) -> Row:
    """Return a row of values that come from JSON: each key is a column."""
    names = tuple(values)
    return Row(number, values, Header(written=names, names=names, delimiter=""), findings)


def _fits(values: Sequence[str], columns: int) -> bool:
    """Return whether a row has one value per column; surplus empty values, as spreadsheets add, are accepted."""
    return len(values) == columns or (len(values) > columns and not any(values[columns:]))


def containing(needles: Iterable[bytes]) -> Callable[[bytes], bool]:
    """Return a ``keep_line`` for ``Table.read``: lines that hold one of some words, in any case."""
    small = tuple(needle.lower() for needle in needles)

    def keep_line(line: bytes) -> bool:
        lowered = line.lower()
        return any(needle in lowered for needle in small)

    return keep_line
