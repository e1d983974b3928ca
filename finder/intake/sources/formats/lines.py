"""From bytes to records: the lines of a delimited file, where a quoted value may go over several lines.

A record is kept as bytes, so that a reader can pass over those it does not want before anything is decoded. The
delimiter, the columns and the values are ``finder.intake.sources.formats.delimited``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from finder.intake.sources.errors import LineTooLong
from finder.notices.notices import Findings

LONGEST_LINE = 1024 * 1024
"""Bytes. The longest real line, of the NPPES main file, has about 5 kB."""

MOST_LINES = 100
"""A quoted value of more lines than this is a quotation mark that was never closed."""

UTF8_MARK = b"\xef\xbb\xbf"


class Lines(Protocol):
    """Anything that gives lines."""

    def readline(self, limit: int, /) -> bytes:
        """Return the next line with its end, or its first ``limit`` bytes; nothing at the end of the file."""


def records(
    stream: Lines,
    findings: Findings,
    *,
    first: int = 0,
    quoted: bool = True,
    is_whole: Callable[[bytes], bool] = lambda record: True,
) -> Iterator[tuple[int, bytes]]:
    """Yield each record with its number from ``first`` on (0 is a header); blank lines count too.

    ``quoted``: whether quotation marks hide line breaks. ``is_whole`` judges a record put together from several lines;
    where it is none, the first line is reported and the others are read by themselves. Raises LineTooLong.
    """
    waiting: list[bytes] = []
    number = first
    while line := waiting.pop() if waiting else stream.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise LineTooLong(findings.file)
        if quoted and b'"' in line and line.count(b'"') % 2:
            following = _closing_lines(stream, waiting)
            whole = b"".join((line, *following))
            if whole.count(b'"') % 2 == 0 and len(whole) < LONGEST_LINE and is_whole(whole):
                findings.add("newline_in_field", number)
                yield number, whole
            else:
                findings.add("quotes_unbalanced", number, value=shown(line))
                waiting.extend(reversed(following))
        else:
            yield number, line
        number += 1


def _closing_lines(stream: Lines, waiting: list[bytes]) -> list[bytes]:
    """Take lines up to the one that closes an open quotation mark, or as many as may be."""
    following: list[bytes] = []
    while len(following) < MOST_LINES:
        line = waiting.pop() if waiting else stream.readline(LONGEST_LINE)
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


def shown(line: bytes) -> str:
    """Return the beginning of a record for a notice."""
    return line[:80].decode("utf-8", errors="replace").strip()
