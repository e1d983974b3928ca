"""Which service an entry of ``in_network`` is for: a therapy code with a price, therapy without one, or another."""

from __future__ import annotations

from finder.intake.sources.payers.physical_therapy_codes import is_revenue_code, physical_therapy_code

ALL_CODES = frozenset({"CSTM-ALL", "CSTM-00"})
"""What stands in place of a code for all services, as the code or its type."""

PRICED = ("CPT", "HCPCS")
"""The types of codes that a visit's price is of: a revenue code is a hospital's department, not a service."""


def is_therapy(kind: str, code: str) -> bool:
    """Return whether a code, with its type, is or includes physical therapy (DRG 420 does not: it is no 0420)."""
    kind, code = kind.upper(), code.upper()
    if ALL_CODES.intersection((kind, code)):
        return True
    found = physical_therapy_code(code)
    if is_revenue_code(found):
        return kind == "RC" or (not kind and len(code) == len(found))
    return bool(found)


def priced_code(kind: str, code: str, arrangement: str) -> str:
    """Return the therapy code whose price an entry gives; empty if it gives none: a capitation, a bundle, all codes."""
    found = physical_therapy_code(code)
    by_service = arrangement.lower() in {"ffs", ""}
    typed = not kind or kind.upper().startswith(PRICED)
    return found if by_service and typed and not is_revenue_code(found) else ""
