"""JSON of any size, read as a stream: payers publish files of gigabytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import ijson

from finder.intake.sources.base import Meter
from finder.intake.sources.errors import BrokenJson, LineTooLong
from finder.intake.sources.files import SourceFile

LONGEST_TEXT = 8 * 1024 * 1024
"""Bytes without a quotation mark: a single text, or number, that is longer than any true one."""

Event = tuple[str, str, Any]
"""Where in the file (``in_network.item.billing_code``), what begins, ends or stands there, and its value."""


class _Guarded:
    """A stream that refuses to hand over endless texts, and tells what was read."""

    def __init__(self, stream: IO[bytes], file: SourceFile, meter: Meter) -> None:
        self._stream = stream
        self._file = file
        self._meter = meter
        self._run = 0

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes. Raises LineTooLong."""
        data = self._stream.read(size)
        self._meter.advance(len(data))
        last = data.rfind(b'"')
        self._run = self._run + len(data) if last < 0 else len(data) - last
        if self._run > LONGEST_TEXT:
            raise LineTooLong(self._file.name)
        return data


@contextmanager
def events(file: SourceFile, meter: Meter) -> Iterator[Iterator[Event]]:
    """Give what stands in a file, bit by bit. Raises BrokenJson, LineTooLong."""
    with file.open() as stream, _readable(file):
        yield ijson.parse(_Guarded(stream, file, meter), buf_size=1024 * 1024)


@contextmanager
def items(file: SourceFile, where: str, meter: Meter) -> Iterator[Iterator[Any]]:
    """Give the values at one place of a file, each built whole. Raises BrokenJson, LineTooLong."""
    with file.open() as stream, _readable(file):
        yield ijson.items(_Guarded(stream, file, meter), where, buf_size=1024 * 1024)


@contextmanager
def _readable(file: SourceFile) -> Iterator[None]:
    try:
        yield
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenJson(file.name) from error
