"""Coordinates given in a row: used if they agree with its ZIP code and state."""

from __future__ import annotations

from dataclasses import replace

from finder.intake.sources.base import ZipPlaces
from finder.intake.sources.builder import Location
from finder.intake.sources.formats.delimited import Row
from finder.places.point import Point, great_circle_miles

GIVEN = "given"
"""The ``geocode_source`` of coordinates given in the row."""

NEAR_MILES = 3.0
"""Coordinates within this distance of the ZIP code's center are accepted without other checks."""

FAR_MILES = 60.0
"""No ZIP code with clinics reaches this far from its center."""


def at_given_point(
    row: Row, location: Location, places: ZipPlaces, *, latitude: str = "latitude", longitude: str = "longitude"
) -> Location:
    """Return a location at the coordinates of its row, or report why it stays at the center of its ZIP code."""
    texts = row[latitude].strip(), row[longitude].strip()
    if not any(texts):
        return location
    point = _point(*texts)
    if point is None:
        row.report("coordinates_invalid", latitude, ", ".join(texts))
        return location
    miles = great_circle_miles(point, location.point) if location.point else None
    in_state = places.nearest(point).state == location.state
    if not in_state if miles is None else miles > FAR_MILES or (miles > NEAR_MILES and not in_state):
        row.report("coordinates_outside_state", latitude, ", ".join(texts))
        return location
    return replace(location, point=point, geocode_source=GIVEN)


def _point(latitude: str, longitude: str) -> Point | None:
    """Read two numbers as a point; None for 0, 0, which programs write for unknown."""
    if not (latitude + longitude).isascii() or "_" in latitude + longitude:  # which ``float`` would read
        return None
    try:
        point = Point(latitude=float(latitude), longitude=float(longitude))
    except ValueError:
        return None
    return None if point.latitude == point.longitude == 0 else point
