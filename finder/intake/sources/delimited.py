"""Tables of delimited text (comma, tab, semicolon, bar), read by the names of their columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from zlib import crc32

from finder.intake.notices import Findings
from finder.intake.sources.errors import NotText, TooManyColumns
from finder.intake.sources.files import SourceFile
from finder.intake.sources.lines import UTF8_MARK, Lines, decode, records, shown

MOST_COLUMNS = 2_000
DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, kw_only=True)
class Header:
    """The columns of a table in the file's order: as they are written, and by name (see ``column_name``)."""

    written: tuple[str, ...]
    names: tuple[str, ...]
    delimiter: str

    def __contains__(self, column: str) -> bool:
        return column_name(column) in self.names

    def has(self, *columns: str) -> bool:
        """Whether all these columns are there."""
        return all(column in self for column in columns)

    def as_written(self, column: str) -> str:
        """Give a column's own spelling in the file."""
        name = column_name(column)
        return self.written[self.names.index(name)] if name in self.names else column


def column_name(text: str) -> str:
    """Give the name of a column in one spelling: small letters, single spaces, none around hyphens and underscores.

    ``' Ind_PAC_ID'`` → ``ind_pac_id``; ``'Address-  Address Line 2'`` → ``address-address line 2``.
    """
    if text.isdigit():
        return text
    return re.sub(r"\s*([-_])\s*", r"\1", " ".join(text.replace("\ufeff", "").split())).lower()


def header_of(file: SourceFile) -> Header | None:
    """Read the header at the beginning of a file; None where it is no table. Raises TooManyColumns."""
    start = file.start.removeprefix(UTF8_MARK)
    if b"\0" in start or start.lstrip()[:1] in {b"{", b"["}:
        return None
    line, newline, _ = start.partition(b"\n")
    if not newline and len(file.start) < file.size and line.count(b",") > MOST_COLUMNS:
        raise TooManyColumns(file.name)
    text = line.decode("utf-8", errors="replace").strip("\r")
    delimiter = max(DELIMITERS, key=text.count)
    written = tuple(name.strip() for name in split(text, delimiter) or [])
    if len(written) > MOST_COLUMNS:
        raise TooManyColumns(file.name)
    return Header(written=written, names=tuple(column_name(name) for name in written), delimiter=delimiter)


def split(text: str, delimiter: str) -> list[str] | None:
    """Split a record into its values; None where its quotation marks cannot be understood."""
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
    """One row: its number, its values by ``column_name``, and a way to report what is wrong with them."""

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
    """The rows of one delimited file, streamed. ``rows`` counts those read so far, bad ones and blank ones too."""

    def __init__(self, file: SourceFile, findings: Findings, columns: Sequence[str] = ()) -> None:
        """Read the header. ``columns``: those to keep in rows, where a file has far more than are needed."""
        header = header_of(file)
        if header is None:
            raise NotText(file.name)
        self.header = header
        self.findings = findings
        self.rows = 0
        self.passed_over = 0
        kept = [(name, place) for place, name in enumerate(header.names) if name and (not columns or name in columns)]
        self._kept = tuple(name for name, _ in kept)
        self._pick = itemgetter(*(place for _, place in kept))
        if "" in header.names:
            findings.add("column_without_name")

    def read(self, stream: Lines, wanted: Callable[[bytes], bool] | None = None) -> Iterator[Row]:
        """Give the rows; those for which ``wanted`` (given the bytes) is false are counted and passed over."""
        quoted = self.header.delimiter != "\t"
        for number, line in records(stream, self.findings, quoted=quoted, is_whole=self.is_whole):
            if number == 0:
                continue
            self.rows = number
            if not line.strip(b' \t\r\n,;|"'):
                self.findings.tally("blank_rows")
            elif wanted is not None and not wanted(line):
                self.passed_over += 1
            elif row := self.row(number, line):
                yield row

    def is_whole(self, record: bytes) -> bool:
        """Whether the bytes hold one value for each column."""
        values = split(record.decode("latin-1"), self.header.delimiter)
        return values is not None and _fits(values, len(self.header.names))

    def row(self, number: int, line: bytes) -> Row | None:
        """Read one record; None, with a notice, where it is no row of this table."""
        values = split(decode(line, number, self.findings), self.header.delimiter)
        names = self.header.names
        if values is None or not _fits(values, len(names)):
            self.findings.add("row_broken", number, value=shown(line))
            return None
        row = dict(zip(self._kept, self._pick(values), strict=True))
        if column_name(row[self._kept[0]]) == self._kept[0]:
            self.findings.add("header_repeated", number)
            return None
        return Row(number, row, self.header, self.findings, crc32(line.rstrip()))


def row_of(number: int, values: Mapping[str, str], findings: Findings) -> Row:
    """Make a row of values that come from no table, as those of JSON: each is its own column."""
    names = tuple(values)
    return Row(number, values, Header(written=names, names=names, delimiter=""), findings)


def _fits(values: Sequence[str], columns: int) -> bool:
    """Whether a row has a value for each column; empty ones too many, as spreadsheets add, do no harm."""
    return len(values) == columns or (len(values) > columns and not any(values[columns:]))


def containing(needles: Iterable[bytes]) -> Callable[[bytes], bool]:
    """Make a ``wanted`` for ``Table.read``: lines that hold one of some words, whatever their case."""
    small = tuple(needle.lower() for needle in needles)

    def wanted(line: bytes) -> bool:
        lowered = line.lower()
        return any(needle in lowered for needle in small)

    return wanted
