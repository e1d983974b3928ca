"""How long a transaction waits for another one, and how many threads of a process do so at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MOMENT = 0.25
"""Seconds that writers may take while another waits at the gate; if they need longer, it goes away."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a transaction waits for one that holds what it needs; ``writers``: how many may write at once."""

    seconds: float
    writers: int | None = None


COMMANDS = Patience(30)
"""Commands and long work: what took minutes is not thrown away because somebody else writes."""

WEB = Patience(2, writers=2)
"""The forms of the web: of four threads in a process, two are always left for pages."""


class GateFull(Exception):
    """As many threads as may write have not finished for a moment."""


class WriterGate:
    """Lets a number of threads write at once; ``moment``: how many seconds another thread waits for a place."""

    def __init__(self, places: int, moment: float = MOMENT) -> None:
        self._places = places
        self._moment = moment
        self._begun_at: list[float] = []
        self._changed = threading.Condition()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place. Raises GateFull if those inside, or this thread at the gate, have waited for a moment."""
        arrived_at = time.monotonic()
        with self._changed:
            while len(self._begun_at) >= self._places:
                left = min(arrived_at, *self._begun_at) + self._moment - time.monotonic()
                if left <= 0:
                    raise GateFull
                self._changed.wait(left)
            begun_at = time.monotonic()
            self._begun_at.append(begun_at)
        try:
            yield
        finally:
            with self._changed:
                self._begun_at.remove(begun_at)
                self._changed.notify()
