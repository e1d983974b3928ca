"""All ZIP codes: the entries of the ``zipcodes`` package with the table of corrections."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import zipcodes

from finder.digits import is_digits
from finder.places.point import Point
from finder.resources import REFERENCE

CORRECTIONS = REFERENCE / "zip_corrections.csv"
"""Built by ``flask places corrections``: zip, latitude, longitude, city, state, kind, reason, source."""

PACKAGE = f"zipcodes {zipcodes.__version__}"
"""The package and version of the entries."""

PACKAGE_CENTROID = f"ZIP code centroid, {PACKAGE}"
"""The source of centroids from the package."""


class Zip(NamedTuple):
    """One ZIP code. A named tuple for speed, as there are 43,000."""

    code: str
    city: str
    """The postal city; empty if only the state is known."""
    state: str
    county: str
    kind: str
    """STANDARD · UNIQUE (one large receiver) · PO BOX · MILITARY · UNKNOWN."""
    latitude: float | None
    longitude: float | None
    also: tuple[str, ...]
    """Other city names that the Postal Service accepts for this ZIP code."""
    parts: tuple[str, ...]
    """Neighborhoods and nicknames that people type but the Postal Service does not accept."""
    source: str
    """The source of the centroid; empty without one."""

    @property
    def point(self) -> Point | None:
        """The centroid, None if it is unknown."""
        if self.latitude is None or self.longitude is None:
            return None
        return Point(latitude=self.latitude, longitude=self.longitude)


class Zips:
    """All ZIP codes by code, read by first digit, as most runs need only some of them."""

    def __init__(self, corrections: Path | None = CORRECTIONS) -> None:
        """Read the table of corrections; ``None`` for the package's entries without corrections."""
        self._sheets: dict[str, dict[str, Zip]] = {}
        self._corrections: dict[str, list[dict[str, str]]] = {}
        for row in _rows(corrections) if corrections else ():
            self._corrections.setdefault(row["zip"][0], []).append(row)

    def get(self, code: str) -> Zip | None:
        """Return the entry of a five-digit ZIP code, None for anything else."""
        if not is_digits(code, 5):
            return None
        return self._sheet(code[0]).get(code)

    def __iter__(self) -> Iterator[Zip]:
        for digit in "0123456789":
            yield from self._sheet(digit).values()

    def _sheet(self, digit: str) -> dict[str, Zip]:
        sheet = self._sheets.get(digit)
        if sheet is None:
            sheet = {entry["zip_code"]: _from_package(entry) for entry in _package(digit)}
            for row in self._corrections.get(digit, ()):
                sheet[row["zip"]] = _corrected(sheet.get(row["zip"]), row)
            self._sheets[digit] = sheet  # whole and last, so that threads at work together never see half a sheet
        return sheet


def _package(digit: str) -> list[dict[str, Any]]:
    return list(zipcodes.similar_to(digit))  # type: ignore[no-untyped-call]


def _from_package(entry: Mapping[str, Any]) -> Zip:
    latitude, longitude = float(entry["lat"]), float(entry["long"])
    located = latitude != 0 or longitude != 0  # the package writes 0, 0 where it does not know
    return Zip(
        entry["zip_code"],
        entry["city"],
        entry["state"],
        entry["county"],
        entry["zip_code_type"],
        latitude if located else None,
        longitude if located else None,
        tuple(entry["acceptable_cities"]),
        tuple(entry["unacceptable_cities"]),
        PACKAGE_CENTROID if located else "",
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _corrected(entry: Zip | None, row: Mapping[str, str]) -> Zip:
    entry = entry or Zip(row["zip"], "", "", "", "UNKNOWN", None, None, (), (), "")
    return entry._replace(
        city=row["city"],
        state=row["state"],
        kind=row["kind"],
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
        source=row["source"],
    )
