"""Texts that are no numbers of ours."""

from __future__ import annotations

HARD_NUMBERS = (
    "9" * 5000, "1e999999", "NaN", "１２３", "-Infinity", "1" + "0" * 30, "²", "1_000", "0x10", "٤٢",
)  # fmt: skip
"""What some readers of numbers take for one, or fail at."""
