"""The price-index file (GPCI, "Addendum E"): the indices of every payment area, found by the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from finder.coverage.figures.fee_schedule import Gpci
from finder.coverage.official.tables import WrongFile, decimal, find_columns, plain, rows_of
from finder.digits import is_digits

ENCODING = "utf-8-sig"
COLUMNS = {
    "carrier": "medicare administrative contractor.*|mac|carrier.*",
    "locality": "locality number|locality",
    "name": "locality name",
    "pe": r"(\d{4} )?pe gpci|gpci pe",
    "mp": r"(\d{4} )?mp gpci|gpci mp",
}
WORK = r"(\d{4} )?pw gpci( with(out)? 1\.0 floor)?|gpci work"
KEPT_SHORT = frozenset({"NYC", "DC", "MD", "VA", "NJ", "N"})
SPELLED_OUT = {
    "CNTY": "County",
    "CNTYS": "Counties",
    "SURR.": "Surrounding",
    "POUGHKPSIE": "Poughkeepsie",
    "ST.": "St.",
}


@dataclass(frozen=True, slots=True)
class GpciFile:
    """The indices by carrier and locality number, the possible years of the file, and the work index that was used."""

    rows: Mapping[tuple[str, str], Gpci]
    years: frozenset[int]
    work_column: str


def parse_gpcis(text: str, work_floor: Decimal | None) -> GpciFile:
    """Read a price-index file; ``work_floor`` is the work floor in force (None: no floor is).

    If the file has the work index with and without the floor, the one in force is used. Raises WrongFile.
    """
    rows = rows_of(text)
    head = next((i for i, row in enumerate(rows) if find_columns([plain(c) for c in row], COLUMNS)), None)
    if head is None:
        raise WrongFile("It is not a price-index file: no row has the columns that are needed.")
    names = [plain(cell) for cell in rows[head]]
    columns = find_columns(names, COLUMNS) or {}
    work = _work_column(names, work_floor)
    gpcis: dict[tuple[str, str], Gpci] = {}
    for row in rows[head + 1 :]:
        if not is_digits(row[0]):
            continue  # notes below the table
        gpci = _gpci(row, columns, work, len(names))
        if (gpci.carrier, gpci.locality) in gpcis:
            raise WrongFile(f"Payment area {gpci.carrier} {gpci.locality} is there twice.")
        _check_floor(row, names, gpci)
        gpcis[gpci.carrier, gpci.locality] = gpci
    years = frozenset(int(year) for name in names for year in re.findall(r"^(20\d\d) ", name))
    return GpciFile(gpcis, years, names[work])


def _work_column(names: list[str], floor: Decimal | None) -> int:
    """Choose the column of the work index that is in force."""
    work = [index for index, name in enumerate(names) if re.fullmatch(WORK, name)]
    floored = [index for index in work if " with 1.0 floor" in names[index]]
    unfloored = [index for index in work if "without 1.0 floor" in names[index]]
    if not work:
        raise WrongFile("It has no column with the work index.")
    if len(work) == 1 and not (floor and unfloored):
        return work[0]
    chosen = floored if floor else unfloored
    if len(chosen) != 1:
        raise WrongFile(
            f"It has no single work index {'with' if floor else 'without'} the floor: "
            f"{', '.join(names[index] for index in work)}."
        )
    return chosen[0]


def _gpci(row: list[str], columns: Mapping[str, int], work: int, width: int) -> Gpci:
    """Read one payment area. Raises WrongFile if the row is incomplete or its numbers are impossible."""
    where = f"payment area {' '.join(row[:4])}"
    if len(row) < width:
        raise WrongFile(f"{where} is cut short.")
    carrier, locality = row[columns["carrier"]], row[columns["locality"]]
    if not is_digits(carrier, 5) or not is_digits(locality, 2):
        raise WrongFile(
            f"{where}: a carrier has five digits and a locality two; a spreadsheet may have cut their zeros."
        )
    indices = [decimal(row[index], lambda: where) for index in (work, columns["pe"], columns["mp"])]
    if not all(Decimal("0.1") <= index <= 3 for index in indices):
        raise WrongFile(f"{where}: an index below 0.1 or above 3 cannot be.")
    return Gpci(carrier, locality, area_name(row[columns["name"]]), *indices)


def _check_floor(row: list[str], names: list[str], gpci: Gpci) -> None:
    """Where both work indices are there, the one with the floor must be the greater of the other and 1.0."""
    pair = {
        key: decimal(row[index], lambda: gpci.name)
        for index, name in enumerate(names)
        if re.fullmatch(WORK, name)
        for key in (("without",) if "without" in name else ("with",) if " with " in name else ())
    }
    if len(pair) == 2 and pair["with"] != max(pair["without"], Decimal(1)):
        raise WrongFile(f"{gpci.name}: the work index with the 1.0 floor does not fit the one without.")


def area_name(official: str) -> str:
    """Write a payment area's name for people: ``NYC SUBURBS/LONG ISLAND`` → ``NYC Suburbs/Long Island``."""

    def cased(match: re.Match[str]) -> str:
        word = match[0]
        return SPELLED_OUT.get(word) or (word if word in KEPT_SHORT else word.capitalize())

    name = re.sub(r"[A-Z]+\.?", cased, official.replace("*", "").strip())
    return name.replace("Rest Of ", "Rest of ")
