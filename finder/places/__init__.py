"""Places: points and distance, the offline gazetteer of ZIP codes, cities, counties and states; geocoding."""

from finder.places.gazetteer import Bounds, Gazetteer
from finder.places.names import Town
from finder.places.origin import Origin
from finder.places.point import EARTH_RADIUS_MILES, Point, great_circle_miles

__all__ = ["EARTH_RADIUS_MILES", "Bounds", "Gazetteer", "Origin", "Point", "Town", "great_circle_miles"]
