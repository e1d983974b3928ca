"""The ZIP file (ZIP5): the payment area of every ZIP code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from finder.coverage.figures.localities import Locality
from finder.coverage.official.tables import WrongFile, find_columns, plain, rows_of

ENCODING = "utf-8-sig"
COLUMNS = {
    "state": "state",
    "zip": "zip code|zip",
    "carrier": "carrier",
    "locality": "locality",
    "plus_four": "plus 4 flag|plus four flag",
    "quarter": "year qtr",
}
STATES = {"EK": "KS", "WK": "KS", "EM": "MO", "WM": "MO"}
"""CMS splits Kansas and Missouri in two."""


@dataclass(frozen=True, slots=True)
class ZipFile:
    """The localities by ZIP code, and the quarter of the file, such as ``2026Q2``."""

    localities: Mapping[str, Locality]
    quarter: str


def parse_zip_localities(text: str) -> ZipFile:
    """Read a ZIP file by the names of its columns. Raises WrongFile."""
    rows = rows_of(text)
    columns = find_columns([plain(cell) for cell in rows[0]], COLUMNS) if rows else None
    if columns is None:
        raise WrongFile("It is not a ZIP file: its header lacks a column that is needed.")
    localities: dict[str, Locality] = {}
    quarters = set()
    for row in rows[1:]:
        if len(row) != len(rows[0]):
            raise WrongFile(f"The row of ZIP code {row[columns['zip']] if len(row) > 1 else row} is cut short.")
        cell = {name: row[index] for name, index in columns.items()}
        if not _is_sound(cell):
            raise WrongFile(
                f"The row {', '.join(cell.values())} cannot be: "
                "ZIP codes and carriers have five digits, localities two."
            )
        if cell["zip"] in localities:
            raise WrongFile(f"ZIP code {cell['zip']} is there twice.")
        state = STATES.get(cell["state"], cell["state"])
        localities[cell["zip"]] = Locality(cell["carrier"], cell["locality"], state, cell["plus_four"] == "1")
        quarters.add(cell["quarter"])
    if len(quarters) != 1:
        raise WrongFile("Its rows must be of one quarter.")
    quarter = quarters.pop()
    return ZipFile(localities, f"{quarter[:4]}Q{quarter[4]}")


def _is_sound(cell: Mapping[str, str]) -> bool:
    """Return whether the cells of a row have valid forms."""
    forms = {
        "state": "[A-Z]{2}",
        "zip": r"\d{5}",
        "carrier": r"\d{5}",
        "locality": r"\d{2}",
        "plus_four": "[01]",
        "quarter": r"\d{4}[1-4]",
    }
    return all(re.fullmatch(form, cell[name], re.ASCII) for name, form in forms.items())
