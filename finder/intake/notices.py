"""What was wrong with a row, said so that a person can mend it: a stable code, a place, a value, a remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from finder.i18n import Message


class Severity(StrEnum):
    """What became of the row: ``error`` – left out; ``warning`` – taken, look at it; ``info`` – taken, put right."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One finding. ``row`` counts data lines from 1 (0: the file as a whole); ``column`` is the file's own header."""

    code: str
    severity: Severity
    file: str
    row: int
    column: str
    value: str
    message: Message
    remedy: Message
