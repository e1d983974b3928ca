"""Digits in text: what is a number, and what only looks like one.

``str.isdigit`` is true of ``²``, which ``int`` refuses; ``int`` reads signs, spaces, ``1_000`` and ``٣``, and fails at
thousands of digits; ``Decimal`` also reads ``NaN``, and ``1e999999``, which no sum or page survives. Here a digit is
one of ``0`` to ``9``, and a number has so many of them at most.
"""

from __future__ import annotations

from decimal import Decimal


def is_digits(text: str, length: int | None = None) -> bool:
    """Return whether the text is digits and nothing else, at least one; with ``length``, exactly so many."""
    return text.isascii() and text.isdigit() and length in (None, len(text))


def whole_number(text: str, most_digits: int) -> int | None:
    """Read a whole number of so many digits at most, without a sign; None for any other text."""
    return int(text) if len(text) <= most_digits and is_digits(text) else None


def decimal_number(text: str, most_digits: int, most_places: int) -> Decimal | None:
    """Read a number with a point or without one, and no sign; None for any other text.

    ``most_digits`` before the point, of which there must be one, and ``most_places`` after it.
    """
    whole, point, places = text.partition(".")
    is_number = is_digits(whole) and len(whole) <= most_digits
    if point:
        is_number = is_number and is_digits(places) and len(places) <= most_places
    return Decimal(text) if is_number else None
