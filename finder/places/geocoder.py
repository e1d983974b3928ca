"""Geocodes street addresses through a Nominatim-compatible service; off unless its URL is set.

If anything fails, an address stays at the center of its ZIP code, with the reason. Only practice addresses are sent to
the service, never what a visitor types.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from http.client import HTTPException
from pathlib import Path
from typing import Any, Literal
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import OpenerDirector, Request

from finder.errors import FinderError
from finder.i18n import N_
from finder.outgoing import Destinations, UnsafeDestination
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
"""For a response, from the first byte to the last."""

MAX_BYTES = 1024 * 1024
"""A response has some kilobytes."""

RETRIES = 2
FAILURES_IN_A_ROW = 3
"""Number of failures in a row after which this geocoder stops querying the service."""

_log = logging.getLogger(__name__)

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
        self._logged = False

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
            return self._failed("it asks to be left alone")
        except GeopyError as error:
            self._failures += 1
            return self._failed(str(error))
        except (AttributeError, LookupError, TypeError, ValueError):  # geopy takes any JSON for an answer
            self._failures += 1
            return self._failed("not an answer of a map service")
        self._failures = 0
        return answer

    def _failed(self, reason: str) -> GeocodeResponse | None:
        """Log why the service failed, once, and never what was asked; return None, for no answer."""
        if not self._logged:
            self._logged = True
            _log.warning("The map service failed: %s", reason)
        return None


def _service(url: str, delay: float, timeout: float) -> Callable[[dict[str, str]], Any]:
    """Return the function that queries the service, at most every ``delay`` seconds and with retries."""
    from geopy.exc import GeocoderServiceError
    from geopy.geocoders import Nominatim

    try:
        opener = Destinations(url).opener()
    except UnsafeDestination as error:
        raise WrongGeocoder from error
    parts = urlsplit(url)
    nominatim = Nominatim(
        scheme=parts.scheme, domain=parts.netloc + parts.path, user_agent=USER_AGENT,
        timeout=timeout, adapter_factory=lambda **_: _adapter(opener),
    )  # fmt: skip
    next_at = 0.0

    def ask(question: dict[str, str]) -> Any:
        nonlocal next_at
        for attempt in range(RETRIES + 1):
            time.sleep(max(0.0, next_at - time.monotonic()))
            next_at = time.monotonic() + delay
            try:
                return nominatim.geocode(question)
            except GeocoderServiceError:
                next_at = time.monotonic() + 3 * delay
                if attempt == RETRIES:
                    raise
        return None

    return ask


def _adapter(opener: OpenerDirector) -> Any:
    """Return geopy's adapter for our way of opening URLs. Its errors say nothing of what was asked."""
    from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
    from geopy.exc import GeocoderParseError, GeocoderServiceError

    class Adapter(BaseSyncAdapter):  # type: ignore[misc]
        def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
            request = Request(url, headers=dict(headers))  # noqa: S310 - the opener checks the scheme
            try:
                return _read(opener, request, timeout).decode("utf-8")
            except HTTPError as error:
                with closing(error):
                    lowered = {name.lower(): value for name, value in error.headers.items()}
                    code = error.code
                raise AdapterHTTPError(f"HTTP {code}", status_code=code, headers=lowered, text=None) from None
            except (OSError, HTTPException) as error:
                raise GeocoderServiceError(str(getattr(error, "reason", error)) or type(error).__name__) from None
            except ValueError:
                raise GeocoderParseError("its answer is no text") from None

        def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
            try:
                return json.loads(self.get_text(url, timeout=timeout, headers=headers))
            except (ValueError, RecursionError):
                raise GeocoderParseError("its answer is not JSON") from None

    return Adapter(proxies=None, ssl_context=None)


def _read(opener: OpenerDirector, request: Request, timeout: float) -> bytes:
    """Return the body of a response. Raises TimeoutError, HTTPException, OSError."""
    end = time.monotonic() + timeout
    body = bytearray()
    with opener.open(request, timeout=timeout) as response:
        while chunk := response.read1(64 * 1024):
            body += chunk
            if len(body) > MAX_BYTES:
                raise HTTPException("its answer is far too large")
            if time.monotonic() > end:
                raise TimeoutError("timed out")
        if response.length:
            raise HTTPException("its answer is cut off")
    return bytes(body)
