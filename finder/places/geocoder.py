"""Geocodes street addresses through a Nominatim-compatible service; off unless its URL is set.

If anything fails, an address stays at the center of its ZIP code, with the reason. Only practice addresses are sent to
the service, never what a visitor types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from finder.errors import FinderError
from finder.i18n import N_
from finder.places.gazetteer import Gazetteer
from finder.places.geocode_cache import GeocodeCache, GeocodeResponse
from finder.places.point import Point, great_circle_miles
from finder.places.spelling import plain

GEOCODED = "geocoded"
ZIP_CENTROID = "zip_centroid"

FAR_MILES = 60.0
"""No ZIP code with clinics reaches this far from its center: such a response is another place."""

POLITE_SECONDS = 1.0
"""Seconds between queries, as the rules of the public Nominatim service require."""

TIMEOUT_SECONDS = 10.0
RETRIES = 2
FAILURES_IN_A_ROW = 3
"""Number of failures in a row after which this geocoder stops querying the service."""

USER_AGENT = "physical-therapist-finder"

Problem = Literal["not_found", "no_answer", "far_away"]

PROBLEMS: dict[Problem, str] = {
    "not_found": N_("The map service does not know this address. The center of its ZIP code is used."),
    "no_answer": N_("The map service did not answer. The center of the ZIP code is used."),
    "far_away": N_("The map service puts this address far from its ZIP code. The center of the ZIP code is used."),
}


class WrongGeocoder(FinderError):
    """The address of the map service cannot be used: it begins with http:// or https://."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A practice address in the United States; the ZIP code has five digits."""

    street: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The location of an address, as far as it is known."""

    point: Point | None
    """None if not even the ZIP code has a center."""
    source: str
    """``geocoded``, ``zip_centroid``, or empty without a point."""
    problem: Problem | None = None
    """Why the service did not find the address; worded in ``PROBLEMS``."""


class Geocoder:
    """Locates addresses: from the cache, else the service, else by ZIP code. For batch runs, not for pages."""

    def __init__(
        self, url: str, *, folder: Path, gazetteer: Gazetteer, today: date,
        delay: float = POLITE_SECONDS, timeout: float = TIMEOUT_SECONDS,
    ) -> None:  # fmt: skip
        """Query the service at ``url`` (empty: none) at most every ``delay`` seconds; cache responses in ``folder``.

        Raises WrongGeocoder for an invalid URL.
        """
        self._url = url.rstrip("/")
        self._gazetteer = gazetteer
        self._today = today
        self._ask = _service(self._url, delay, timeout) if url else None
        self._cache = GeocodeCache(folder) if url else None
        self._failures = 0

    def locate(self, address: Address) -> Located:
        """Return the location of an address, the center of its ZIP code if the service fails."""
        if self._cache is None:
            return self._center(address, None)
        question = "|".join((self._url, plain(address.street), plain(address.city), address.state, address.zip))
        answer = self._cache.get(question) or self._answer(address)
        if answer is None:
            return self._center(address, "no_answer")
        self._cache.put(question, answer, self._today)
        if answer.point is None:
            return self._center(address, "not_found")
        center = self._gazetteer.centroid(address.zip)
        if center and great_circle_miles(answer.point, center) > FAR_MILES:
            return self._center(address, "far_away")
        return Located(point=answer.point, source=GEOCODED)

    def _center(self, address: Address, problem: Problem | None) -> Located:
        center = self._gazetteer.centroid(address.zip)
        return Located(point=center, source=ZIP_CENTROID if center else "", problem=problem)

    def _answer(self, address: Address) -> GeocodeResponse | None:
        """Query the service; None if it does not respond, or has failed too often."""
        from geopy.exc import GeocoderQuotaExceeded, GeopyError

        if self._ask is None or self._failures >= FAILURES_IN_A_ROW:
            return None
        question = {
            "street": address.street, "city": address.city, "state": address.state,
            "postalcode": address.zip, "country": "us",
        }  # fmt: skip
        try:
            found = self._ask(question)
            # From the raw answer: geopy itself takes a place without coordinates for one at 0, 0.
            answer = GeocodeResponse(
                Point(latitude=float(found.raw["lat"]), longitude=float(found.raw["lon"])) if found else None
            )
        except GeocoderQuotaExceeded:
            self._failures = FAILURES_IN_A_ROW  # it wants to be left alone
            return None
        except (GeopyError, AttributeError, LookupError, TypeError, ValueError):  # geopy takes any JSON for an answer
            self._failures += 1
            return None
        self._failures = 0
        return answer


def _service(url: str, delay: float, timeout: float) -> Callable[[dict[str, str]], Any]:
    """Return the function that queries the service: rate-limited, with retries, over the standard library's HTTP."""
    from geopy.adapters import URLLibAdapter
    from geopy.extra.rate_limiter import RateLimiter
    from geopy.geocoders import Nominatim

    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise WrongGeocoder
    nominatim = Nominatim(
        scheme=parts.scheme, domain=parts.netloc + parts.path, user_agent=USER_AGENT,
        timeout=timeout, adapter_factory=URLLibAdapter,
    )  # fmt: skip
    limited: Callable[[dict[str, str]], Any] = RateLimiter(
        nominatim.geocode,
        min_delay_seconds=delay,
        max_retries=RETRIES,
        error_wait_seconds=3 * delay,
        swallow_exceptions=False,
    )
    return limited
