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
from finder.intake.sources.formats.lines import UTF8_MARK, Lines, decode, excerpt, records
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
    """The blank lines above it."""

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


def rows_begin(file: SourceFile) -> int:
    """Return the offset of the first row in ``file.start``: after the first line that is not blank."""
    position = 0
    while position < len(file.start):
        end = file.start.find(b"\n", position) + 1 or len(file.start)
        line = file.start[position:end]
        position = end
        if line.removeprefix(UTF8_MARK).strip(BLANK):
            break
    return position


def header_of(file: SourceFile) -> Header | None:
    """Read the header of a file, its first non-blank line; None if the file is no table. Raises TooManyColumns."""
    ahead = file.start[: rows_begin(file)].removeprefix(UTF8_MARK)
    before, line = _last_line(ahead)
    if b"\0" in line or line.lstrip()[:1] in {b"{", b"["}:
        return None
    if not line.endswith(b"\n") and len(file.start) < file.size and line.count(b",") > MOST_COLUMNS:
        raise TooManyColumns(file.name)
    text = line.decode("utf-8", errors="replace").rstrip("\r\n")
    delimiter = max(DELIMITERS, key=text.count)
    written = tuple(name.strip() for name in split(text, delimiter) or [])
    if len(written) > MOST_COLUMNS:
        raise TooManyColumns(file.name)
    names = tuple(column_name(name) for name in written)
    return Header(
        written=written, names=names, delimiter=delimiter, line=line.rstrip(), lines_before=before.count(b"\n")
    )


def _last_line(text: bytes) -> tuple[bytes, bytes]:
    """Return the text before the last line, and that line with its line end."""
    start = text.rfind(b"\n", 0, len(text) - 1) + 1
    return text[:start], text[start:]


def split(text: str, delimiter: str) -> list[str] | None:
    """Split a record into its values; None if its quotation marks are broken."""
    if text[:1] == '"' and text[-3:] == '"\r\n':
        values = text[1:-3].split(f'"{delimiter}"')
        if text.count('"') == 2 * len(values):  # every value is quoted and none has a mark inside: twice as fast
            return values
    if delimiter == "\t":
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

    def __init__(self, file: SourceFile, findings: Findings, columns: Sequence[str] = ()) -> None:
        """Read the header. ``columns`` names the columns to keep where a file has far more than are needed."""
        header = header_of(file)
        if header is None:
            raise NotText(file.name)
        self.header = header
        self.findings = findings
        findings.header_line = header.lines_before + 1
        self.rows = 0
        self.skipped = 0
        self._blank_rows = 0
        selected = [
            (name, position) for position, name in enumerate(header.names) if name and (not columns or name in columns)
        ]
        self._selected = tuple(name for name, _ in selected)
        self._pick = itemgetter(*(position for _, position in selected))
        if "" in header.names:
            findings.add("column_without_name")

    def read(self, stream: Lines, keep_line: Callable[[bytes], bool] | None = None) -> Iterator[Row]:
        """Yield the rows; rows whose bytes ``keep_line`` refuses are counted and skipped. Raises TooManyBlankRows."""
        quoted = self.header.delimiter != "\t"
        first = -self.header.lines_before
        for number, line in records(stream, self.findings, first=first, quoted=quoted, is_complete=self.is_complete):
            if number <= 0:
                continue
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
            self.findings.add("row_broken", number, value=excerpt(line))
            return None
        row = dict(zip(self._selected, self._pick(values), strict=True))
        if column_name(row[self._selected[0]]) == self._selected[0]:
            self.findings.add("header_repeated", number)
            return None
        return Row(number, row, self.header, self.findings, crc32(line.rstrip()))


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
