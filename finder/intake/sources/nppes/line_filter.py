"""Fast selection of the relevant lines of the NPPES main file (ten gigabytes); the others are never decoded or split.

The published file quotes every value and begins each line with the NPI and the entity type: ``"1234567893","1",…``.
Within a quoted value a quotation mark is doubled, so a line that begins with one mark and a digit is always the
beginning of a record. If any line of a block begins differently, that block is read record by record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator
from typing import IO

import numpy as np
from numpy.typing import NDArray

from finder.digits import is_digits
from finder.intake.sources.formats.delimited import Table
from finder.intake.sources.formats.lines import LONGEST_LINE, records

BLOCK_BYTES = 1024 * 1024

THERAPIST = b'"2251'
"""The prefix of the taxonomy codes of physical therapists."""

CLINIC = b'"261QP2000X"'
"""The taxonomy code of their clinics; searched for in organizations only, a fifth of the lines."""

_POWERS = 10 ** np.arange(9, -1, -1, dtype=np.int64)
_QUOTE, _COMMA, _ZERO, _ORGANIZATION = b'",02'


class LineFilter:
    """Selects lines with a therapist's code, without an entity type (deactivated), or with a known NPI."""

    def __init__(self, known_npis: Collection[str]) -> None:
        self._known = np.array(sorted(int(npi) for npi in known_npis if is_digits(npi, 10)), dtype=np.int64)
        self._known_bytes = frozenset(npi.encode() for npi in known_npis)

    def lines(self, stream: IO[bytes], table: Table, advance: Callable[[int], None]) -> Iterator[tuple[int, bytes]]:
        """Yield the number (from 1) and the bytes of each line to keep; ``advance`` gets the count of bytes read.

        ``table`` counts the rows. Raises LineTooLong.
        """
        block = b""
        for block in _blocks(stream, advance):
            starts = _line_starts(block)
            heads = _heads(block, starts)
            if _all_begin_records(heads):
                first = table.rows + 1
                table.rows += len(starts)
                for index in self._selected(block, starts, heads):
                    end = starts[index + 1] if index + 1 < len(starts) else len(block)
                    yield first + int(index), block[starts[index] : end]
            else:
                yield from self._one_by_one(block, table)
        if block and not block.rstrip(b"\r\n").endswith(b'"'):
            table.findings.add("file_cut_short", table.rows)

    def _selected(self, block: bytes, starts: NDArray[np.int64], heads: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return the sorted indexes of the lines of a block to keep."""
        keep = heads[:, 14] == _QUOTE  # "1234567893","" - no entity type
        if len(self._known):
            keep |= np.isin((heads[:, 1:11] - _ZERO).astype(np.int64) @ _POWERS, self._known, kind="sort")
        hits = np.fromiter(_positions(block, THERAPIST), dtype=np.int64)
        keep[np.searchsorted(starts, hits, side="right") - 1] = True
        ends = np.append(starts[1:], len(block))
        for index in np.flatnonzero((heads[:, 14] == _ORGANIZATION) & ~keep):
            keep[index] = block.find(CLINIC, starts[index], ends[index]) >= 0
        return np.flatnonzero(keep)

    def _one_by_one(self, block: bytes, table: Table) -> Iterator[tuple[int, bytes]]:
        """Yield the lines to keep of a block with line breaks inside values or with broken lines."""
        first = table.rows + 1
        count = 0
        for number, record in records(io.BytesIO(block), table.findings, first=first, is_complete=table.is_complete):
            count = number - first + 1
            if self._is_kept(record):
                yield number, record
        table.rows += count
        strict_count = _strict_count(block)
        if strict_count != count:
            table.findings.add("row_count_differs", first, value=f"{count} / {strict_count}")

    def _is_kept(self, record: bytes) -> bool:
        """Return whether to keep a record; broken records are kept so that they are reported."""
        npi = record[1:11]
        if not (record[:1] == b'"' and npi.isdigit() and record[11:13] == b'",'):
            return bool(record.strip())
        return record[13:15] == b'""' or npi in self._known_bytes or THERAPIST in record or CLINIC in record


def _blocks(stream: IO[bytes], advance: Callable[[int], None]) -> Iterator[bytes]:
    """Yield the file in blocks of complete records, without its header line."""
    advance(len(stream.readline(LONGEST_LINE)))
    carried = b""
    while chunk := stream.read(BLOCK_BYTES):
        advance(len(chunk))
        data = carried + chunk
        cut = _last_record(data)
        if not cut and len(data) > BLOCK_BYTES + LONGEST_LINE:
            cut = data.rfind(b"\n") + 1 or len(data)
        if cut:
            yield data[:cut]
        carried = data[cut:]
    if carried:
        yield carried


def _last_record(data: bytes) -> int:
    """Return the offset of the last line that begins a record, 0 if only the first does."""
    position = data.rfind(b'\n"')
    while position > 0 and data[position + 2 : position + 3] not in (b"1", b"2"):
        position = data.rfind(b'\n"', 0, position)
    return position + 1


def _line_starts(block: bytes) -> NDArray[np.int64]:
    """Return the offsets of the lines of a block."""
    ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n"))
    if len(ends) and ends[-1] == len(block) - 1:
        ends = ends[:-1]
    return np.concatenate((np.zeros(1, dtype=np.int64), ends + 1))


def _heads(block: bytes, starts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the first fifteen bytes of each line, one row per line."""
    data = np.frombuffer(block, dtype=np.uint8)
    heads: NDArray[np.uint8] = data[np.minimum(starts[:, None] + np.arange(15), len(data) - 1)]
    return heads


def _all_begin_records(heads: NDArray[np.uint8]) -> bool:
    """Return whether every line begins with a quoted NPI and the opening quotation mark of the next value."""
    digits = heads[:, 1:11] - _ZERO
    return bool(
        (heads[:, 0] == _QUOTE).all()
        and (digits <= 9).all()
        and (heads[:, 11] == _QUOTE).all()
        and (heads[:, 12] == _COMMA).all()
        and (heads[:, 13] == _QUOTE).all()
    )


def _positions(block: bytes, needle: bytes) -> Iterator[int]:
    """Yield the offset of the first occurrence of a needle in each line of a block."""
    position = block.find(needle)
    while position >= 0:
        yield position
        line_end = block.find(b"\n", position)
        position = block.find(needle, line_end) if line_end >= 0 else -1


def _strict_count(block: bytes) -> int:
    """Count the records of a block by the strict rules of CSV."""
    lines = io.StringIO(block.decode("latin-1"), newline="")
    count = 0
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            next(reader)
            count += 1
        except StopIteration:
            return count
        except csv.Error:
            count += 1
