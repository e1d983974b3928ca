"""Records of a delimited file as bytes; a quoted value may span several lines.

Records stay bytes so that a reader can skip them before decoding. Delimiter, columns and values are in
``finder.intake.sources.formats.delimited``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from finder.intake.sources.errors import LineTooLong
from finder.notices.notices import Findings

LONGEST_LINE = 1024 * 1024
"""Bytes. The longest real line, of the NPPES main file, has about 5 kB."""

MOST_LINES = 100
"""A quoted value with more lines than this has a quotation mark that was never closed."""

UTF8_MARK = b"\xef\xbb\xbf"


class Lines(Protocol):
    """Anything with ``readline``."""

    def readline(self, limit: int, /) -> bytes:
        """Return the next line with its end, or its first ``limit`` bytes; empty at the end of the file."""


def records(
    stream: Lines,
    findings: Findings,
    *,
    first: int = 0,
    quoted: bool = True,
    is_complete: Callable[[bytes], bool] = lambda record: True,
) -> Iterator[tuple[int, bytes]]:
    """Yield each record with its number from ``first`` on (0 is a header); blank lines count too.

    ``quoted``: whether line breaks may be quoted. ``is_complete`` checks a record joined from several lines; if it
    fails, the first line is reported and the others are read separately. Raises LineTooLong.
    """
    pushed_back: list[bytes] = []
    number = first
    while line := pushed_back.pop() if pushed_back else stream.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise LineTooLong(findings.file)
        if quoted and b'"' in line and line.count(b'"') % 2:
            following = _closing_lines(stream, pushed_back)
            record = b"".join((line, *following))
            if record.count(b'"') % 2 == 0 and len(record) < LONGEST_LINE and is_complete(record):
                findings.add("newline_in_field", number)
                yield number, record
            else:
                findings.add("quotes_unbalanced", number, value=excerpt(line))
                pushed_back.extend(reversed(following))
        else:
            yield number, line
        number += 1


def _closing_lines(stream: Lines, pushed_back: list[bytes]) -> list[bytes]:
    """Read lines up to the one that closes an open quotation mark, at most ``MOST_LINES``."""
    following: list[bytes] = []
    while len(following) < MOST_LINES:
        line = pushed_back.pop() if pushed_back else stream.readline(LONGEST_LINE)
        if not line:
            break
        following.append(line)
        if line.count(b'"') % 2:
            break
    return following


def decode(line: bytes, number: int, findings: Findings) -> str:
    """Read the bytes of a record as text: UTF-8, else Windows-1252, as spreadsheets write."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        findings.add("encoding_respelled", number)
        return line.decode("cp1252", errors="replace")


def excerpt(line: bytes) -> str:
    """Return the first characters of a record, for a notice."""
    return line[:80].decode("utf-8", errors="replace").strip()
