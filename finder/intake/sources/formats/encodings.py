"""Conversion of UTF-16 and of old Mac line ends to what readers expect, while a file is read.

Spreadsheets write both ("Unicode text", "CSV (Macintosh)"). What the beginning of a file does not show, such as
Windows-1252 in single rows, is handled where rows are read.
"""

from __future__ import annotations

import codecs
import io
from typing import IO, cast

_PIECE = 64 * 1024


def conversion(start: bytes) -> str:
    """Return the conversion that a file needs, from its beginning: ``utf-16``, ``mac`` or empty for none."""
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return "mac" if b"\r" in start[:-1] and b"\n" not in start and b"\0" not in start else ""


def converted(stream: IO[bytes], conversion: str) -> IO[bytes]:
    """Return a stream of UTF-8 with line feeds."""
    return cast(IO[bytes], io.BufferedReader(_ConvertedStream(stream, conversion), _PIECE)) if conversion else stream


class _ConvertedStream(io.RawIOBase):
    """A stream that is converted in pieces."""

    def __init__(self, stream: IO[bytes], conversion: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace") if conversion == "utf-16" else None
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer and return the number of bytes, 0 at the end of the file."""
        at_end = False
        while not self._ready and not at_end:
            piece = self._stream.read(_PIECE)
            at_end = not piece
            self._ready = self._convert(piece)
        output = self._ready[: len(buffer)]
        buffer[: len(output)] = output
        self._ready = self._ready[len(output) :]
        return len(output)

    def _convert(self, piece: bytes) -> bytes:
        if self._decoder is None:
            return piece.replace(b"\r", b"\n")
        return self._decoder.decode(piece, final=not piece).encode("utf-8", errors="replace")
