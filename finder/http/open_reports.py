"""Which listings have an open report, for the mark on cards: asked of the records now and then, not at every page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

from finder.errors import FinderError
from finder.http.services import services
from finder.records.casework.reports import reported_places
from finder.releases.installation import Installation

CHECK_SECONDS = 2.0
"""How often the records are asked, in seconds."""


class OpenReports:
    """The listings with an open report, for all threads. While the records are away the last answer holds."""

    def __init__(self, installation: Callable[[], Installation], *, check_seconds: float = CHECK_SECONDS) -> None:
        self._installation = installation
        self._check_seconds = check_seconds
        self._lock = threading.Lock()
        self._places: frozenset[tuple[str, str]] = frozenset()
        self._next_check = 0.0

    def has(self, npi: str, location_key: str = "") -> bool:
        """Return whether there is an open report on a provider, or on this place; without a place: on any place."""
        places = self._now()
        if location_key:
            return (npi, location_key) in places or (npi, "") in places
        return any(open_reports == npi for open_reports, _ in places)

    def ask_again(self) -> None:
        """Query the records at the next page: something was just reported or settled here."""
        self._next_check = 0.0

    def _now(self) -> frozenset[tuple[str, str]]:
        """Return the places; of several threads a single one queries, the others use the last answer."""
        if time.monotonic() >= self._next_check and self._lock.acquire(blocking=False):
            try:
                self._next_check = time.monotonic() + self._check_seconds
                with self._installation().records.reading() as session:
                    self._places = reported_places(session)
            except FinderError:
                pass
            finally:
                self._lock.release()
        return self._places


def register(app: Flask) -> None:
    """Offer templates ``problem_reported(npi, location_key)``."""
    app.extensions["finder_reported"] = OpenReports(lambda: services().installation)
    app.jinja_env.globals["problem_reported"] = lambda npi, location_key="": open_reports().has(npi, location_key)


def open_reports() -> OpenReports:
    """Return the reported listings of the application that handles this request."""
    return cast(OpenReports, current_app.extensions["finder_reported"])
