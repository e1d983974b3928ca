"""Text that is not written as the readers expect it, put right on the way: UTF-16, and lines that end as on old Macs.

Spreadsheets write both ("Unicode text", "CSV (Macintosh)"). What cannot be told from the beginning of a file, such as
Windows-1252 in single rows, is seen to where rows are read.
"""

from __future__ import annotations

import codecs
import io
from typing import IO, cast

_PIECE = 64 * 1024


def respelling(start: bytes) -> str:
    """Return what must be put right, by the beginning of a file: ``utf-16``, ``mac`` or, where nothing must, empty."""
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return "mac" if b"\r" in start[:-1] and b"\n" not in start and b"\0" not in start else ""


def respelled(stream: IO[bytes], how: str) -> IO[bytes]:
    """Return a stream as UTF-8 with lines that end in a line feed."""
    return cast(IO[bytes], io.BufferedReader(_Respelled(stream, how), _PIECE)) if how else stream


class _Respelled(io.RawIOBase):
    """A stream that is put right piece by piece."""

    def __init__(self, stream: IO[bytes], how: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace") if how == "utf-16" else None
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer; nothing at the end of the file."""
        at_end = False
        while not self._ready and not at_end:
            piece = self._stream.read(_PIECE)
            at_end = not piece
            self._ready = self._right(piece)
        given = self._ready[: len(buffer)]
        buffer[: len(given)] = given
        self._ready = self._ready[len(given) :]
        return len(given)

    def _right(self, piece: bytes) -> bytes:
        if self._decoder is None:
            return piece.replace(b"\r", b"\n")
        return self._decoder.decode(piece, final=not piece).encode("utf-8", errors="replace")
