"""The billing codes of physical therapy in payers' files of rates. Numbers only: descriptions are the AMA's.

They are not the codes of ``data/medicare/therapy_codes.toml``. Those are what Part B counts as outpatient therapy, and
what estimates are made of: all disciplines, speech too, in fee schedules of now. These tell the prices of a physical
therapist in a payer's contracts: no other discipline, but codes that ended years ago, and services that Part B's list
does not have. A test holds the two lists against each other.
"""

from __future__ import annotations

import re

RETIRED = frozenset({"97001", "97002", "97762"})
"""97001 and 97002 became 97161 to 97164 in 2017, and 97762 became 97763 in 2018; contracts still name them."""

FOR_PAYERS_ALONE = frozenset({"S9131"})
"""What Part B's list does not have: a visit at home."""

SHARED_WITH_PART_B = frozenset({
    "97010", "97012", "97014", "97016", "97018", "97022", "97024", "97026", "97028", "97032", "97033", "97034",
    "97035", "97036", "97110", "97112", "97113", "97116", "97124", "97140", "97150", "97161", "97162", "97163",
    "97164", "97530", "97533", "97535", "97537", "97542", "97550", "97551", "97552", "97750", "97755", "97760",
    "97761", "97763", "95992", "20560", "20561", "G0283", "97039", "97139", "97545", "97546", "97799",
})  # fmt: skip

CODES = RETIRED | FOR_PAYERS_ALONE | SHARED_WITH_PART_B
"""CPT and HCPCS codes, whichever of the two a file calls them."""

_REVENUE = re.compile(r"0?42[0-9]")


def physical_therapy_code(text: str) -> str:
    """Return a physical therapy code in its usual spelling (revenue code ``420`` → ``0420``), ``""`` for others."""
    code = text.strip().upper()
    if _REVENUE.fullmatch(code):
        return code.zfill(4)
    return code if code in CODES else ""


def is_revenue_code(code: str) -> bool:
    """Return whether a physical therapy code is a hospital's revenue code."""
    return bool(_REVENUE.fullmatch(code))
