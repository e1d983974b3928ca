"""The period of a file of NPPES, from its name: a week or a month has the same in the main file and its companions."""

from __future__ import annotations

import re
from datetime import date

from finder.intake.sources.formats.files import SourceFile, date_in_name

_RANGE = re.compile(r"(?<!\d)((?:19|20)\d{6})-((?:19|20)\d{6})(?!\d)")


def period_of(file: SourceFile, as_of: date | None) -> str:
    """Return the period of a file as ``layer.UPDATE`` has it: ``2026-05-11/2026-05-17``; empty if it is unknown.

    The operator's date takes precedence over the end that the name has; the beginning tells a week from a month.
    """
    beginning = next((day for name in (file.name, file.path.name) if (day := _beginning(name))), "")
    end = as_of or file.named_date()
    return f"{beginning}/{end.isoformat()}" if end else ""


def end_of(period: str) -> str:
    """Return the last day of a period, empty if it is unknown."""
    return period[-10:]


def _beginning(name: str) -> str:
    match = _RANGE.search(name)
    day = date_in_name(match[1]) if match else None
    return day.isoformat() if day else ""
