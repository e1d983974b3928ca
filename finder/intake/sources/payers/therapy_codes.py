"""The billing codes of physical therapy in payers' files of rates. Numbers only: descriptions are the AMA's."""

from __future__ import annotations

import re

CODES = frozenset({
    "97001", "97002", "97010", "97012", "97014", "97016", "97018", "97022", "97024", "97026", "97028", "97032",
    "97033", "97034", "97035", "97036", "97039", "97110", "97112", "97113", "97116", "97124", "97139", "97140",
    "97150", "97161", "97162", "97163", "97164", "97530", "97533", "97535", "97537", "97542", "97545", "97546",
    "97550", "97551", "97552", "97750", "97755", "97760", "97761", "97762", "97763", "97799", "95992", "20560",
    "20561", "G0283", "S9131",
})  # fmt: skip
"""CPT and HCPCS codes, whichever of the two a file calls them. 97001 and 97002 became 97161 to 97164 in 2017."""

_REVENUE = re.compile(r"0?42\d")


def therapy_code(text: str) -> str:
    """Return a physical therapy code in its usual spelling (revenue code ``420`` → ``0420``), ``""`` for others."""
    code = text.strip().upper()
    if _REVENUE.fullmatch(code):
        return code.zfill(4)
    return code if code in CODES else ""
