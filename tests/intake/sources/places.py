"""A gazetteer of a few ZIP codes, to test a reader alone."""

from __future__ import annotations

from dataclasses import dataclass

from finder.places.point import Point


@dataclass(frozen=True)
class NearestZip:
    state: str


POINTS = {
    "02139": ("MA", Point(latitude=42.3647, longitude=-71.1042)),
    "01040": ("MA", Point(latitude=42.2149, longitude=-72.6401)),
    "10001": ("NY", Point(latitude=40.7506, longitude=-73.9972)),
    "00659": ("PR", Point(latitude=18.4332, longitude=-66.7823)),
    "09009": ("AE", None),
}


class FewZips:
    """Answers like the gazetteer, for the ZIP codes in ``POINTS``."""

    def centroid(self, zip_code: str, /) -> Point | None:
        return POINTS[zip_code][1] if zip_code in POINTS else None

    def state_of(self, zip_code: str, /) -> str | None:
        return POINTS[zip_code][0] if zip_code in POINTS else None

    def city_center(self, city: str, state: str, /) -> Point | None:
        return POINTS["01040"][1] if (city.upper(), state) == ("HOLYOKE", "MA") else None

    def nearest(self, point: Point, /) -> NearestZip:
        def squared_distance(entry: tuple[str, Point | None]) -> float:
            at = entry[1] or Point(latitude=-90, longitude=0)
            return (at.latitude - point.latitude) ** 2 + (at.longitude - point.longitude) ** 2

        return NearestZip(min(POINTS.values(), key=squared_distance)[0])
