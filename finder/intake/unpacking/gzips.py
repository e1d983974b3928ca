"""Reading a gzip within the budget, piece by piece: it does not say how large it is, so what comes out is counted."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from finder.intake.unpacking.budget import Allowance

_PIECE = 128 * 1024
_GZIP = 16 + zlib.MAX_WBITS
"""zlib reads the header and compares checksum and length of each member."""


@contextmanager
def open_gzip(path: Path, name: str, allowance: Allowance, key: Hashable) -> Iterator[IO[bytes]]:
    """Open the unpacked bytes of a gzip, of one member or several.

    Reading raises ArchiveTooLarge as soon as more has come out than the budget allows, and zlib.error or EOFError if
    the file is damaged or cut off.
    """
    with path.open("rb") as packed:
        stream = _Unpacked(packed, name, allowance, key)
        yield cast(IO[bytes], io.BufferedReader(stream, _PIECE))


class _Unpacked(io.RawIOBase):
    """The bytes of all members, one after the other."""

    def __init__(self, packed: IO[bytes], name: str, allowance: Allowance, key: Hashable) -> None:
        self._packed = packed
        self._size = os.fstat(packed.fileno()).st_size
        self._name = name
        self._allowance = allowance
        self._key = key
        self._input = b""
        self._member: zlib._Decompress | None = None
        self._member_count = 0
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer and return the number of bytes, 0 at the end. Raises ArchiveTooLarge."""
        data = b""
        while not data and self._at_member():
            data = self._unpack(len(buffer))
        self._unpacked += len(data)
        self._allowance.claim(self._name, self._key, unpacked=self._unpacked, packed=self._size)
        buffer[: len(data)] = data
        return len(data)

    def _at_member(self) -> bool:
        """Begin the next member where none is open; return False at the end of the file."""
        if self._member is None:
            self._input = self._input.lstrip(b"\0")  # a tape's blocks are filled up with zeros
            while not self._input:
                self._input = self._packed.read(_PIECE)
                if not self._input:
                    if not self._member_count:
                        raise EOFError
                    return False
                self._input = self._input.lstrip(b"\0")
            self._member_count += 1
            self._allowance.check_members(self._name, self._member_count, self._unpacked)
            self._member = zlib.decompressobj(_GZIP)
        return True

    def _unpack(self, most: int) -> bytes:
        """Return the next bytes of the open member, at most so many; empty where it ends. Raises EOFError."""
        member = self._member
        if member is None:
            return b""
        self._input = self._input or self._packed.read(_PIECE)
        data = member.decompress(self._input, most)
        if member.eof:
            self._input, self._member = member.unused_data, None
        elif not data and not self._input:
            raise EOFError("the last member is cut off")
        else:
            self._input = member.unconsumed_tail
        return data
