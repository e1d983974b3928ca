"""Dollars and cents: exact, rounded half up, once, where a rule says so."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def to_cents(amount: Decimal) -> Decimal:
    """Round dollars half up to cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def total(*amounts: Decimal | None) -> Decimal | None:
    """Add dollars; the sum with an unknown amount is unknown."""
    result = ZERO
    for amount in amounts:
        if amount is None:
            return None
        result += amount
    return result
