"""Rows of an Excel workbook (``.xlsx``), as a stream: a workbook is a zip of XML, and both may be bombs.

Three parts are read: the shared texts, the styles (which numbers are dates), and the first sheet. Nothing is kept but
the shared texts and the rows of one piece; what a sheet claims about its size is not believed.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import IO, cast
from xml.parsers import expat

from finder.digits import whole_number
from finder.intake.sources.errors import LineTooLong, TooManyColumns
from finder.intake.sources.formats.delimited import MOST_COLUMNS
from finder.intake.sources.formats.files import SourceFile
from finder.intake.unpacking.errors import ArchiveTooLarge, BrokenArchive, UnsafeArchive
from finder.intake.unpacking.zips import READING_ERRORS, open_zip

LARGEST_SHEET = 400 * 1024 * 1024
"""Bytes, unpacked: the deactivation report has about 80 MB."""

LARGEST_WORKBOOK = 100 * 1024 * 1024
"""Bytes as it lies in a file or an archive: it is copied before it is opened."""

LARGEST_PART = 32 * 1024 * 1024
"""Bytes of every other part that is read: a million texts of ten digits."""

MOST_ROWS = 1_048_576
"""As many as a spreadsheet has."""

LONGEST_ROW = 1024 * 1024
"""Characters of a row, and of a shared text."""

IN_MEMORY = 32 * 1024 * 1024
_PIECE = 64 * 1024

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TEXTS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"

_DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
"""Numbers of the built-in formats that show a day."""

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
_COORDINATE = re.compile(r"([A-Z]{1,3})\d{1,7}")

Attributes = Mapping[str, str]


def is_workbook(file: SourceFile) -> bool:
    """Return whether a file has the first bytes and the name of a workbook."""
    return file.start.startswith(b"PK\x03\x04") and file.name.lower().endswith(".xlsx")


@contextmanager
def sheet_rows(file: SourceFile) -> Iterator[Iterator[list[str]]]:
    """Open the rows of the first sheet as text, dates as ISO text.

    Raises BrokenArchive, ArchiveTooLarge, UnsafeArchive, LineTooLong, TooManyColumns.
    """
    if file.size > LARGEST_WORKBOOK:
        raise ArchiveTooLarge(file.name, f"A workbook may have {LARGEST_WORKBOOK // 1024**2} MB.")
    with file.open() as stream, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        shutil.copyfileobj(stream, copy)
        key = (file.path, file.member, "workbook")
        with _readable(file), open_zip(cast(IO[bytes], copy), file.name, file.allowance, key) as archive:
            yield _Workbook(archive, file.name).rows()


@contextmanager
def _readable(file: SourceFile) -> Iterator[None]:
    try:
        yield
    except (*READING_ERRORS, expat.ExpatError, KeyError, IndexError, ValueError) as error:
        raise BrokenArchive(file.name) from error


class _Workbook:
    """The parts of an open workbook."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows of the first sheet, empty ones too."""
        book = _Book()
        self._parse(_WORKBOOK, book.start)
        relations = _Relations()
        self._parse(_RELATIONS, relations.start)
        texts, styles = _SharedTexts(self._name), _Styles()
        self._parse(_TEXTS, texts.start, texts.end, texts.text)
        self._parse(_STYLES, styles.start)
        sheet = _Sheet(self._name, texts.found, styles.dates(), book.first_day)
        target = relations.targets[book.first_sheet]
        for _ in self._pieces(posixpath.join("xl", target).lstrip("/"), LARGEST_SHEET, sheet):
            yield from sheet.take_rows()

    def _parse(
        self,
        part: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Read a small part that may be missing."""
        if part in self._archive.namelist():
            for _ in self._pieces(part, LARGEST_PART, _Handlers(start, end, text)):
                pass

    def _pieces(self, part: str, most: int, handlers: _Handlers) -> Iterator[None]:
        """Parse a part, and stop after each piece."""
        if self._archive.getinfo(part).file_size > most:
            raise ArchiveTooLarge(self._name, f"A part of it may have {most // 1024**2} MB.")
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: handlers.start(_local(name), attributes)
        if handlers.end:
            end = handlers.end
            parser.EndElementHandler = lambda name: end(_local(name))
        parser.CharacterDataHandler = handlers.text
        parser.StartDoctypeDeclHandler = self._refuse_entities
        with self._archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                parser.Parse(piece, False)
                yield
        parser.Parse(b"", True)
        yield

    def _refuse_entities(self, *_: object) -> None:
        raise UnsafeArchive(self._name, "It defines entities, which no workbook needs.")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


class _Handlers:
    """What is done at the start and the end of an element, and with its text."""

    def __init__(
        self,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None,
        text: Callable[[str], None] | None,
    ) -> None:
        self.start, self.end, self.text = start, end, text


class _Book:
    """The id of the first sheet, and the day from which days are counted."""

    def __init__(self) -> None:
        self.first_sheet = ""
        self.first_day = date(1899, 12, 30)

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet" and not self.first_sheet:
            self.first_sheet = next(value for key, value in attributes.items() if key.endswith(" id"))
        elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self.first_day = date(1904, 1, 1)


class _Relations:
    """The parts that ids refer to."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            self.targets[attributes["Id"]] = attributes["Target"]


class _Styles:
    """The styles of cells that show a number as a day."""

    def __init__(self) -> None:
        self._formats: dict[str, str] = {}
        self._of_cells: list[str] = []
        self._in_cells = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self._formats[attributes["numFmtId"]] = attributes["formatCode"]
        elif name in ("cellXfs", "cellStyleXfs"):
            self._in_cells = name == "cellXfs"
        elif name == "xf" and self._in_cells:
            self._of_cells.append(attributes.get("numFmtId", "0"))

    def dates(self) -> frozenset[str]:
        """Return the numbers of the styles that show a day."""
        return frozenset(str(number) for number, form in enumerate(self._of_cells) if self._shows_day(form))

    def _shows_day(self, form: str) -> bool:
        if form in self._formats:
            return any(letter in _QUOTED.sub("", self._formats[form]).split(";")[0].lower() for letter in "dy")
        return whole_number(form, 4) in _DATE_FORMATS


class _TextReader:
    """Collects the text of an element. Raises LineTooLong."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[str] = []
        self._length = 0
        self.collects = False

    def clear(self) -> None:
        self._parts.clear()
        self._length = 0

    def text(self, data: str) -> None:
        if self.collects:
            self._length += len(data)
            if self._length > LONGEST_ROW:
                raise LineTooLong(self._name)
            self._parts.append(data)

    def value(self) -> str:
        return "".join(self._parts)


class _SharedTexts(_TextReader):
    """The texts that cells refer to by number; how they are spoken (``rPh``) is passed over."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.found: list[str] = []
        self._spoken = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self.clear()
        elif name == "rPh":
            self._spoken = True
        elif name == "t":
            self.collects = not self._spoken

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append(self.value())
        elif name == "rPh":
            self._spoken = False
        elif name == "t":
            self.collects = False


class _Sheet(_Handlers):
    """The rows of a sheet, as far as it is read."""

    def __init__(self, name: str, texts: list[str], dates: frozenset[str], first_day: date) -> None:
        self._value = _TextReader(name)
        super().__init__(self._start, self._end, self._value.text)
        self._name = name
        self._texts = texts
        self._dates = dates
        self._first_day = first_day
        self._rows: list[list[str]] = []
        self._cells: list[str] = []
        self._number = 0
        self._length = 0
        self._column = 0
        self._kind = ""
        self._style = ""

    def take_rows(self) -> Iterator[list[str]]:
        """Yield the rows that were read since the last call."""
        rows, self._rows = self._rows, []
        return iter(rows)

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._value.collects = True

    def _end(self, name: str) -> None:
        if name == "row":
            self._rows.append(self._cells)
        elif name == "c":
            self._end_cell()
        elif name in ("v", "t"):
            self._value.collects = False

    def _start_row(self, attributes: Attributes) -> None:
        number = whole_number(attributes.get("r", str(self._number + 1)), 7) or 0
        if not self._number < number <= MOST_ROWS:
            raise ValueError("rows are numbered upwards, and there are a million at most")
        self._rows += [[]] * (number - self._number - 1)
        self._number, self._cells, self._column, self._length = number, [], 0, 0

    def _start_cell(self, attributes: Attributes) -> None:
        coordinate = _COORDINATE.fullmatch(attributes.get("r", ""))
        self._column = _column(coordinate[1]) if coordinate else self._column + 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        if self._column > MOST_COLUMNS:
            raise TooManyColumns(self._name)
        self._value.clear()

    def _end_cell(self) -> None:
        text = self._as_text(self._value.value()).strip()
        self._length += len(text)
        if self._length > LONGEST_ROW:
            raise LineTooLong(self._name)
        if len(self._cells) < self._column:
            self._cells += [""] * (self._column - len(self._cells))
        self._cells[self._column - 1] = text

    def _as_text(self, value: str) -> str:
        if not value or self._kind in ("inlineStr", "str", "e"):
            return value
        if self._kind == "s":
            return self._texts[int(value)]
        if self._kind == "b":
            return "True" if value == "1" else "False"
        if self._kind == "d":
            return value[:10]
        if self._style in self._dates:
            return self._day(value)
        return str(float(value)) if re.search(r"[.eE]", value) else str(int(value))

    def _day(self, value: str) -> str:
        try:
            return (self._first_day + timedelta(days=int(float(value)))).isoformat()
        except OverflowError:
            return value


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
