"""Builds the table of corrections to the ``zipcodes`` package, from the Census gazetteer and the CMS ZIP file.

Three faults are corrected: ZIP codes without coordinates, centroids far from the Census Bureau's, missing ZIP codes.
Every row has its reason and the source of its point; an unknown point stays empty.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import fmean, median

from finder.disk import written_whole
from finder.errors import Refused
from finder.places.point import Point, great_circle_miles
from finder.places.zips import PACKAGE, PACKAGE_CENTROID, Zip

FAR_MILES = 50 / 1.609344
"""Miles between a centroid and the Census Bureau's beyond which either is wrong (50 km)."""

WIDEST_AREA = 50.0
"""Miles: the center of a three-digit area is not used if half of its ZIP codes are farther away."""

CENSUS = "ZIP code centroid, Census Bureau gazetteer of 2010"
CMS = "CMS ZIP code to carrier locality file"
_CMS_STATES = {"EK": "KS", "WK": "KS", "EM": "MO", "WM": "MO"}
_MILITARY_CITIES = {"Apo", "Fpo", "Dpo"}
_EASTERN = {"GU", "MP", "FM", "MH", "PW"}
"""Islands east of Greenwich and west of the date line: their longitudes are positive."""

FEWEST_ZIPS_FOR_CENTER = 3
"""ZIP codes needed for the center of a three-digit area."""


class NotThatFile(Refused):
    """This is not the file that was expected: columns are missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One row of the table, as text; empty latitude and longitude mean "unknown"."""

    zip: str
    latitude: str
    longitude: str
    city: str
    state: str
    kind: str
    reason: str
    source: str


def read_census(path: Path) -> dict[str, Point]:
    """Read the gazetteer of ZCTAs (tab-separated, by column name: INTPTLONG may stand before INTPTLAT)."""
    with path.open(encoding="latin-1", newline="") as file:
        rows = csv.DictReader((line.rstrip() for line in file), delimiter="\t")
        _require(path, rows.fieldnames, ("GEOID", "INTPTLAT", "INTPTLONG"))
        return {
            row["GEOID"].strip(): Point(latitude=float(row["INTPTLAT"]), longitude=float(row["INTPTLONG"]))
            for row in rows
            if (row["GEOID"] or "").strip()
        }


def read_cms(path: Path) -> dict[str, str]:
    """Read the state of every ZIP code of the CMS ZIP5 file; its split codes of Kansas and Missouri are joined."""
    with path.open(encoding="latin-1", newline="") as file:
        rows = csv.DictReader(file)
        _require(path, rows.fieldnames, ("STATE", "ZIP CODE"))
        return {row["ZIP CODE"].zfill(5): _CMS_STATES.get(row["STATE"], row["STATE"]) for row in rows}


def correct(package: Iterable[Zip], census: Mapping[str, Point], cms: Mapping[str, str]) -> list[Correction]:
    """Return corrections for the faults of the package, as far as the two files allow, sorted by ZIP code."""
    zips = {entry.code: entry for entry in package}
    neighbors = _Neighbors(zips.values(), census)
    found = [row for entry in zips.values() if (row := _correction(entry, census.get(entry.code), neighbors))]
    found += [_missing(code, state, neighbors) for code, state in cms.items() if code not in zips]
    return sorted(found, key=lambda row: row.zip)


def write(corrections: Iterable[Correction], path: Path) -> None:
    """Write the table, replacing the old one atomically."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(Correction))
    writer.writerows(astuple(row) for row in corrections)
    with written_whole(path) as file:
        file.write(text.getvalue().encode())


def _require(path: Path, found: Sequence[str] | None, needed: Iterable[str]) -> None:
    absent = [name for name in needed if name not in (found or ())]
    if absent:
        raise NotThatFile(f"{path.name}: no column {', '.join(absent)}.")


def _correction(entry: Zip, census: Point | None, neighbors: _Neighbors) -> Correction | None:
    """Return the correction of an entry of the package, None if it has no fault."""
    if entry.city in _MILITARY_CITIES or entry.kind == "MILITARY":
        misplaced = entry.point is not None or entry.kind != "MILITARY"
        return (
            _row(entry._replace(kind="MILITARY", state=_military_state(entry)), None, "military") if misplaced else None
        )
    if entry.point and entry.state in _EASTERN and entry.point.longitude < 0:
        turned = Point(latitude=entry.point.latitude, longitude=-entry.point.longitude)
        return _row(entry, turned, "wrong sign of the longitude", PACKAGE_CENTROID)
    if entry.point is None:
        point, source = (census, CENSUS) if census else neighbors.center_of(entry)
        return _row(entry, point, "no coordinates", source) if point else None
    if census is None or great_circle_miles(entry.point, census) <= FAR_MILES:
        return None
    if neighbors.supports(entry.point, census, entry):
        return _row(
            entry, entry.point, "far from the Census point, which its city's other ZIP codes refute", PACKAGE_CENTROID
        )
    return _row(entry, census, "far from the Census point", CENSUS)


def _military_state(entry: Zip) -> str:
    """Return the military "state": the package has six ZIP codes of 09 (Europe) in New Jersey."""
    return "AE" if entry.code.startswith("09") else entry.state


def _missing(code: str, state: str, neighbors: _Neighbors) -> Correction:
    unknown = Zip(code, "", state, "", "UNKNOWN", None, None, (), (), "")
    point, source = neighbors.center_of(unknown)
    return _row(unknown, point, "missing", source if point else CMS)


def _row(entry: Zip, point: Point | None, reason: str, source: str = "") -> Correction:
    return Correction(
        zip=entry.code,
        latitude=f"{point.latitude:.6f}" if point else "",
        longitude=f"{point.longitude:.6f}" if point else "",
        city=entry.city,
        state=entry.state,
        kind=entry.kind,
        reason=reason,
        source=source,
    )


class _Neighbors:
    """The ZIP codes around another: those of its city, and those with the same first three digits."""

    def __init__(self, entries: Iterable[Zip], census: Mapping[str, Point]) -> None:
        self._trusted: dict[tuple[str, str], dict[str, Point]] = defaultdict(dict)
        self._by_city: dict[tuple[str, str], list[Point]] = defaultdict(list)
        self._by_area: dict[tuple[str, str], list[Point]] = defaultdict(list)
        for entry in entries:
            point, official = entry.point, census.get(entry.code)
            if point is None or entry.kind == "MILITARY":
                continue
            self._by_city[entry.city, entry.state].append(point)
            self._by_area[entry.code[:3], entry.state].append(point)
            if official and great_circle_miles(point, official) <= FAR_MILES:
                self._trusted[entry.city, entry.state][entry.code] = official

    def supports(self, point: Point, census: Point, entry: Zip) -> bool:
        """Return whether the city's ZIP codes with agreeing sources are near ``point`` and far from ``census``."""
        others = self._trusted[entry.city, entry.state].values()
        return bool(others) and _nearest(point, others) <= FAR_MILES < _nearest(census, others)

    def center_of(self, entry: Zip) -> tuple[Point | None, str]:
        """Return the mean point of the city's ZIP codes, else of its three-digit area in the state, and its source."""
        if entry.city and (points := self._by_city[entry.city, entry.state]):
            return _mean(points), f"mean of the other ZIP codes of {entry.city}, {entry.state} ({PACKAGE})"
        points = self._by_area[entry.code[:3], entry.state]
        if len(points) < FEWEST_ZIPS_FOR_CENTER:
            return None, ""
        mean = _mean(points)
        spread = median(great_circle_miles(mean, point) for point in points)
        source = f"mean of the ZIP codes {entry.code[:3]} in {entry.state}, half within {spread:.0f} mi ({PACKAGE})"
        return (mean, source) if spread <= WIDEST_AREA else (None, "")


def _mean(points: Sequence[Point]) -> Point:
    return Point(latitude=fmean(p.latitude for p in points), longitude=fmean(p.longitude for p in points))


def _nearest(point: Point, others: Iterable[Point]) -> float:
    return min(great_circle_miles(point, other) for other in others)
