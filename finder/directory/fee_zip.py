"""The ZIP code by which the fees at a practice are looked up: none where it cannot be right."""

from __future__ import annotations

from finder.places.gazetteer import Gazetteer


def fee_zip(zip_code: str, state: str) -> str:
    """Give the five digits of the ZIP code of an address; empty where they are another state's."""
    five = zip_code[:5]
    return five if Gazetteer.load().in_state(five, state) else ""
