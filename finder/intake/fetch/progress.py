"""How a fetch tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of every step."""

    def __call__(self, label: str, done: int, total: int | None, /) -> None:
        """``label`` says what is fetched; ``done`` of ``total``, None where nobody knows: bytes, or questions asked."""


def no_progress(label: str, done: int, total: int | None, /) -> None:
    """Tell nobody."""
