"""Where a search starts from: a labeled place with its source, and the query text that resolves to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from finder.i18n import N_, Message
from finder.places.point import Point
from finder.places.states import State
from finder.places.zips import Zip

Kind = Literal["zip", "city", "county", "state", "point"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A resolved place. All spellings of one place give equal origins."""

    label: Message
    """The name of the place, to follow "the": "center of 02139 (Cambridge, MA)"; a state by its name alone."""
    kind: Kind
    point: Point | None
    """The point from which distances are measured; None for a state, which has no radius."""
    state: str | None
    """Code of the state; None for a point."""
    zip: str | None
    """The ZIP code, if the query was one."""
    source: str
    """The source of the point."""
    query: str
    """The shortest query text for this place."""


def zip_origin(entry: Zip, point: Point) -> Origin:
    """Return the origin of a ZIP code at its centroid."""
    if entry.city:
        label = Message(
            N_("center of {zip} ({city}, {state})"), {"zip": entry.code, "city": entry.city, "state": entry.state}
        )
    else:
        label = Message(N_("center of {zip} ({state})"), {"zip": entry.code, "state": entry.state})
    return Origin(
        label=label,
        kind="zip",
        point=point,
        state=entry.state,
        zip=entry.code,
        source=entry.source,
        query=entry.code,
    )


def town_origin(kind: Literal["city", "county"], name: str, state: str, point: Point, source: str) -> Origin:
    """Return the origin of a city or county at the mean of its ZIP codes."""
    return Origin(
        label=Message(N_("center of {place}, {state}"), {"place": name, "state": state}),
        kind=kind,
        point=point,
        state=state,
        zip=None,
        source=source,
        query=f"{name}, {state}",
    )


def state_origin(state: State) -> Origin:
    """Return the origin of a search through a whole state."""
    return Origin(
        label=Message(state.name), kind="state", point=None, state=state.code, zip=None, source="", query=state.code
    )


def point_origin(point: Point, near: Zip) -> Origin:
    """Return the origin of a search from a point, described by the ZIP code nearest to it."""
    latitude, longitude = (_decimal(value) for value in (point.latitude, point.longitude))
    return Origin(
        label=Message(
            N_("point {latitude}, {longitude} (near {city}, {state})"),
            {"latitude": latitude, "longitude": longitude, "city": near.city, "state": near.state},
        ),
        kind="point",
        point=point,
        state=None,
        zip=None,
        source="as typed",
        query=f"{latitude},{longitude}",
    )


def _decimal(value: float) -> str:
    """Return a coordinate as text with at most six decimals."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
