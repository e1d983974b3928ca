"""Common parts of the readers of official files: the error, CSV tables by header, numbers and years in text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from finder.errors import Refused


class WrongFile(Refused):
    """That file does not add up, so nothing was changed. Check that it is whole and for the right year."""


def rows_of(text: str) -> list[list[str]]:
    """Read CSV text into rows of stripped cells, blank rows left out. Raises WrongFile."""
    try:
        rows = [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
        ]
    except csv.Error as error:
        raise WrongFile(f"It is not CSV text: {error}.") from None
    return [row for row in rows if any(row)]


def plain(name: str) -> str:
    """Normalize a column's name: ``NON-FAC PE RVU``, ``non_fac_pe_rvu`` → ``non fac pe rvu``."""
    return " ".join(re.findall(r"[a-z0-9.]+", name.lower()))


def find_columns(names: list[str], patterns: Mapping[str, str]) -> dict[str, int] | None:
    """Find columns by regular expressions over their normalized names; None if one is missing."""
    found: dict[str, int] = {}
    for key, pattern in patterns.items():
        matching = [index for index, name in enumerate(names) if re.fullmatch(pattern, name)]
        if not matching:
            return None
        found[key] = matching[0]
    return found


def decimal(text: str, where: Callable[[], str]) -> Decimal:
    """Read a plain decimal number. Raises WrongFile with its position."""
    if not re.fullmatch(r"\d{1,7}(\.\d{0,6})?|\.\d{1,6}", text, re.ASCII):
        raise WrongFile(f"{where()}: {text!r} is not a number.")
    return Decimal(text)
