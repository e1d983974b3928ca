"""Count the bytes read over all files of a call, for the progress that is shown."""

from __future__ import annotations

from collections.abc import Callable

from finder.intake.sources.formats.lines import Lines

Progress = Callable[[int, int], None]
"""Called with the bytes read so far and the bytes in all."""


class Meter:
    """Counts the bytes read, over all files of a call, and reports them to the progress that is shown."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def advance(self, count: int) -> None:
        """Count some more bytes."""
        self._done += count
        if self._progress:
            self._progress(self._done, max(self._total, self._done))

    def measured(self, stream: Lines) -> Lines:
        """Count what is read from a stream, and tell it by the megabyte."""
        return _Measured(stream, self)


class _Measured:
    """Lines that are counted as they are read."""

    def __init__(self, stream: Lines, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter
        self._unreported = 0

    def readline(self, limit: int, /) -> bytes:
        line = self._stream.readline(limit)
        self._unreported += len(line)
        if self._unreported >= 1024 * 1024 or not line:
            self._meter.advance(self._unreported)
            self._unreported = 0
        return line
