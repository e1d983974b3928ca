"""The callback to which a fetch reports its progress."""

from __future__ import annotations

from typing import Protocol


class ProgressCallback(Protocol):
    """A function that is called after each step."""

    def __call__(self, label: str, done: int, total: int | None, /) -> None:
        """``label`` names what is fetched; ``done`` of ``total`` counts bytes or queries. An unknown total is None."""


def no_progress(label: str, done: int, total: int | None, /) -> None:
    """Report nothing."""
