"""JSON of any size, read as a stream: payers publish files of gigabytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import ijson
import numpy as np

from finder.intake.sources.errors import BrokenJson, LineTooLong, NestedTooDeep
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.lines import UTF8_MARK
from finder.intake.sources.formats.meter import Meter

_STEPS = np.zeros(256, dtype=np.int8)
_STEPS[list(b"[{")] = 1
_STEPS[list(b"]}")] = -1
_QUOTE = ord('"')
_OTHERS = bytes(sorted(set(range(256)) - set(b'[]{}"')))

LONGEST_TEXT = 8 * 1024 * 1024
"""Bytes without a quotation mark: longer than any valid text or number."""

LARGEST_ENTRY = 8 * 1024 * 1024
"""Bytes of one entry of a list, which is built in memory. Real entries have thousands."""

ENDLESS_NUMBER = re.compile(rb"\d{1000}")
"""Parsers fail on numbers with thousands of digits."""

DEEPEST = 100
"""Levels of nested lists and objects. The formats have about ten."""

Event = tuple[str, str, Any]
"""The path (``in_network.item.billing_code``), the kind of event, and the value."""


class _Guarded:
    """A stream that refuses content that would fill the memory, and reports its progress.

    ``entries_at`` is the depth between two values that are built in memory: the stream returns to it after each.
    """

    def __init__(self, stream: IO[bytes], file: SourceFile, meter: Meter, entries_at: int) -> None:
        self._stream = stream
        self._file = file
        self._meter = meter
        self._entries_at = entries_at
        self._depth = Depth()
        self._text = 0
        self._entry = 0
        self._at_start = True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises LineTooLong, NestedTooDeep."""
        data = self._stream.read(size)
        self._meter.advance(len(data))
        last = data.rfind(b'"')
        self._text = self._text + len(data) if last < 0 else len(data) - last
        least, greatest = self._depth.of(data)
        self._entry = self._entry + len(data) if least > self._entries_at else 0
        if self._text > LONGEST_TEXT or self._entry > LARGEST_ENTRY or ENDLESS_NUMBER.search(data):
            raise LineTooLong(self._file.name)
        if greatest > DEEPEST:
            raise NestedTooDeep(self._file.name)
        if self._at_start and data:
            self._at_start = False
            return data.removeprefix(UTF8_MARK) or self.read(size)
        return data


@contextmanager
def events(file: SourceFile, meter: Meter, *, entries_at: int = 1) -> Iterator[Iterator[Event]]:
    """Open a file as a stream of events. Raises BrokenJson, LineTooLong, NestedTooDeep."""
    with file.open() as stream, _readable(file):
        yield ijson.parse(_Guarded(stream, file, meter, entries_at), buf_size=1024 * 1024)


@contextmanager
def items(file: SourceFile, where: str, meter: Meter) -> Iterator[Iterator[Any]]:
    """Open the values at one path of a file, each built in memory; a file may hold several JSON values.

    Raises BrokenJson, LineTooLong, NestedTooDeep.
    """
    with file.open() as stream, _readable(file):
        guarded = _Guarded(stream, file, meter, len(where.split(".")) if where else 0)
        yield ijson.items(guarded, where, buf_size=1024 * 1024, multiple_values=True)


@contextmanager
def entries(file: SourceFile, meter: Meter, *lists: str) -> Iterator[Iterator[Any]]:
    """Open a file that is a list, an object with one of the ``lists``, or one object a line (NDJSON): its entries."""
    with items(file, _place_of_entries(file, lists), meter) as found:
        yield found


def _place_of_entries(file: SourceFile, lists: tuple[str, ...]) -> str:
    if file.start.removeprefix(UTF8_MARK).lstrip()[:1] == b"[":
        return "item"
    return next((f"{name}.item" for name in lists if f'"{name}"'.encode() in file.start), "")


def top_keys(file: SourceFile) -> frozenset[str]:
    """Return the keys of a JSON object as far as they begin within a file's first bytes; none for other files."""
    start = file.start.removeprefix(UTF8_MARK)
    if start.lstrip()[:1] != b"{" or ENDLESS_NUMBER.search(start):
        return frozenset()
    found: set[str] = set()
    depth = 0
    with suppress(ijson.JSONError, UnicodeDecodeError, ArithmeticError):
        for event, value in ijson.basic_parse(io.BytesIO(start)):
            depth += event.startswith("start_") - event.startswith("end_")
            if depth == 1 and event == "map_key":
                found.add(value)
    return frozenset(found)


@contextmanager
def _readable(file: SourceFile) -> Iterator[None]:
    try:
        yield
    except (ijson.JSONError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise BrokenJson(file.name) from error


class Depth:
    """The depth of a stream, updated piece by piece. ``now`` is the depth after the last piece."""

    def __init__(self) -> None:
        self.now = 0
        self._in_text = False
        self._open_escape = b""

    def of(self, piece: bytes) -> tuple[int, int]:
        """Return the least and the greatest depth within the next piece."""
        piece = self._open_escape + piece
        backslashes = len(piece) - len(piece.rstrip(b"\\"))
        self._open_escape = b"\\" if backslashes % 2 else b""
        plain = piece[: len(piece) - backslashes % 2]
        if b"\\" in plain:
            plain = plain.replace(b"\\\\", b"").replace(b'\\"', b"")
        marks = np.frombuffer(plain.translate(None, _OTHERS), dtype=np.uint8)
        texts = np.cumsum(marks == _QUOTE, dtype=np.int32) + self._in_text
        depths = self.now + np.cumsum(np.where(texts % 2 == 1, 0, _STEPS[marks]), dtype=np.int32)
        if not len(depths):
            return self.now, self.now
        before, self.now, self._in_text = self.now, int(depths[-1]), bool(texts[-1] % 2)
        return min(before, int(depths.min())), max(before, int(depths.max()))
