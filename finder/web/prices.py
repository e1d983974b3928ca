"""What a usual visit costs at an address, for someone on Original Medicare: the figure on a card, and its explanation.

This is where a therapist's address and Medicare's rules meet; neither room knows of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import url_for

from finder.coverage import Figures, estimate
from finder.errors import FinderError

FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class Price:
    """The patient's share of one follow-up visit in dollars, and the address of the page that explains it."""

    patient_pays: Decimal
    address: str


def follow_up(zip_code: str, day: date) -> Price | None:
    """Price a follow-up visit in a private practice, the yearly deductible met; None where it cannot be known."""
    pays = share(zip_code, day)
    return None if pays is None else Price(pays, url_for("estimates.estimate", **_question(zip_code[:5], day)))


def _question(zip_code: str, day: date) -> dict[str, Any]:
    return {
        "zip": zip_code,
        "date": day.isoformat(),
        "visit": FOLLOW_UP,
        "setting": "private_practice",
        "participation": "participating",
        "deductible": "met",
    }


def share(zip_code: str, day: date) -> Decimal | None:
    """Give the patient's share of a follow-up visit in dollars; None where it cannot be known."""
    return _share(zip_code[:5], day)


@lru_cache(maxsize=50_000)
def _share(zip_code: str, day: date) -> Decimal | None:
    """Work out the share once for each ZIP code and day: fees differ by place, not by therapist."""
    try:
        answer = estimate(
            {
                "date_of_service": day.isoformat(),
                "zip": zip_code,
                "setting": "private_practice",
                "participation": "participating",
                "services": Figures.load().presets[FOLLOW_UP],
                "deductible_remaining": "0.00",
            }
        )
    except FinderError:
        return None
    return answer.patient_pays
