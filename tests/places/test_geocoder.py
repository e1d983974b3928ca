"""Geocoding against a local server that responds like Nominatim, or fails in every way."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from finder.places import Gazetteer, Point
from finder.places.geocode_cache import GeocodeCache, GeocodeResponse
from finder.places.geocoder import (
    FAILURES_IN_A_ROW,
    PROBLEMS,
    RETRIES,
    Address,
    Geocoder,
    Located,
    WrongGeocoder,
)

TODAY = date(2026, 11, 20)
ADDRESS = Address(street="1 Main St", city="Cambridge", state="MA", zip="02139")
HERE = Point(latitude=42.3655, longitude=-71.1036)
FOUND = json.dumps([{"lat": "42.3655", "lon": "-71.1036", "display_name": "1, Main Street, Cambridge"}])


class Service(ThreadingHTTPServer):
    """A map service with one response to every request; it remembers the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body, self.headers = 200, FOUND, {"Content-Type": "application/json"}
        self.silent, self.cut = False, False
        self.over = Event()
        """The test is over: whoever waits may go."""
        self.questions: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/nominatim"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        assert parts.path == "/nominatim/search"
        self.server.questions.append({name: values[0] for name, values in parse_qs(parts.query).items()})
        if self.server.silent:
            self.server.over.wait(30)
        body = self.server.body.encode()
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + (500 if self.server.cut else 0)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


Make = Callable[..., Geocoder]


@pytest.fixture
def make(service: Service, tmp_path: Path, gazetteer: Gazetteer) -> Make:
    def make(url: str | None = None, delay: float = 0.0, timeout: float = 5.0) -> Geocoder:
        where = service.url if url is None else url
        return Geocoder(where, folder=tmp_path, gazetteer=gazetteer, today=TODAY, delay=delay, timeout=timeout)

    return make


def center(gazetteer: Gazetteer, problem: str | None) -> Located:
    return Located(point=gazetteer.centroid("02139"), source="zip_centroid", problem=problem)  # type: ignore[arg-type]


def test_finds_an_address_and_says_that_it_is_the_address(make: Make, service: Service) -> None:
    assert make().locate(ADDRESS) == Located(point=HERE, source="geocoded")
    [question] = service.questions
    assert question.items() >= {
        "street": "1 Main St", "city": "Cambridge", "state": "MA", "postalcode": "02139", "country": "us",
        "format": "json",
    }.items()  # fmt: skip


def test_geocoding_is_off_by_default_without_requests_or_cache(
    make: Make, service: Service, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    assert make(url="").locate(ADDRESS) == center(gazetteer, None)
    assert service.questions == []
    assert list(tmp_path.iterdir()) == []


def test_asks_once_for_an_address_however_it_is_written(make: Make, service: Service) -> None:
    first = make()
    assert first.locate(ADDRESS) == first.locate(
        Address(street="1 MAIN ST.", city="cambridge", state="MA", zip="02139")
    )
    assert make().locate(ADDRESS).point == HERE
    assert len(service.questions) == 1


def test_an_unknown_address_is_remembered_as_unknown(make: Make, service: Service, gazetteer: Gazetteer) -> None:
    service.body = "[]"
    geocoder = make()
    assert geocoder.locate(ADDRESS) == geocoder.locate(ADDRESS) == center(gazetteer, "not_found")
    assert len(service.questions) == 1


def test_a_result_far_from_the_zip_code_is_rejected(make: Make, service: Service, gazetteer: Gazetteer) -> None:
    service.body = json.dumps([{"lat": "40.75", "lon": "-73.99", "display_name": "1, Main Street, New York"}])
    assert make().locate(ADDRESS) == center(gazetteer, "far_away")


BROKEN: dict[str, dict[str, object]] = {
    "an error of the server": {"status": 500, "body": "oops"},
    "a bad gateway": {"status": 502, "body": "<html>"},
    "no such page": {"status": 404, "body": "{}"},
    "a page in place of data": {"body": "<!doctype html><p>Welcome", "headers": {"Content-Type": "text/html"}},
    "half of the data": {"body": FOUND[: len(FOUND) // 2]},
    "a cut connection": {"cut": True},
    "nothing": {"body": ""},
    "bytes that are no text": {
        "headers": {"Content-Type": "application/json; charset=ascii"},
        "body": '[{"lat": "é"}]',
    },
    "a list of words": {"body": '["lat", "lon"]'},
    "a number": {"body": "42"},
    "a place without coordinates": {"body": '[{"display_name": "x"}]'},
    "coordinates that are words": {"body": '[{"lat": "north", "lon": "west"}]'},
    "coordinates off the earth": {"body": '[{"lat": "420.0", "lon": "-71.0"}]'},
    "no number": {"body": '[{"lat": "nan", "lon": "nan"}]'},
    "the error of the service": {"body": '{"error": "too busy"}'},
}


@pytest.mark.parametrize("failure", BROKEN)
def test_a_broken_answer_leaves_the_center_of_the_zip_code_and_says_so(
    make: Make, service: Service, gazetteer: Gazetteer, failure: str
) -> None:
    for name, value in BROKEN[failure].items():
        setattr(service, name, value)
    geocoder = make()
    located = geocoder.locate(ADDRESS)
    assert located == center(gazetteer, "no_answer")
    assert located.problem is not None
    assert "center of the ZIP code" in PROBLEMS[located.problem]


def test_a_failure_is_not_remembered(make: Make, service: Service) -> None:
    geocoder = make()
    service.status = 500
    assert geocoder.locate(ADDRESS).problem == "no_answer"
    assert len(service.questions) == RETRIES + 1
    service.status = 200
    assert geocoder.locate(ADDRESS).point == HERE


def test_a_slow_service_times_out(make: Make, service: Service, gazetteer: Gazetteer) -> None:
    service.silent = True
    assert make(timeout=0.1).locate(ADDRESS) == center(gazetteer, "no_answer")


def test_an_unreachable_service_leaves_the_center(make: Make, gazetteer: Gazetteer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert make(url=f"http://127.0.0.1:{port}").locate(ADDRESS) == center(gazetteer, "no_answer")


def test_a_service_that_sends_retry_after_is_not_asked_again(make: Make, service: Service) -> None:
    service.status, service.headers = 429, {"Retry-After": "3600"}
    geocoder = make()
    for number in range(5):
        address = Address(street=f"{number} Main St", city="Cambridge", state="MA", zip="02139")
        assert geocoder.locate(address).problem == "no_answer"
    assert len(service.questions) == RETRIES + 1


def test_a_service_that_keeps_failing_is_given_up(make: Make, service: Service) -> None:
    service.status = 503
    geocoder = make()
    for number in range(10):
        address = Address(street=f"{number} Main St", city="Cambridge", state="MA", zip="02139")
        assert geocoder.locate(address).problem == "no_answer"
    assert len(service.questions) == FAILURES_IN_A_ROW * (RETRIES + 1)


def test_requests_are_spaced_in_time(make: Make, service: Service) -> None:
    geocoder = make(delay=0.15)
    began = time.monotonic()
    for number in range(3):
        geocoder.locate(Address(street=f"{number} Main St", city="Cambridge", state="MA", zip="02139"))
    assert len(service.questions) == 3
    assert time.monotonic() - began > 0.29, "a busy machine only makes it longer"


def test_an_address_with_an_unknown_zip_code_has_no_point_when_all_fails(make: Make, service: Service) -> None:
    service.body = "[]"
    nowhere = Address(street="1 Main St", city="Nowhere", state="MA", zip="00000")
    assert make().locate(nowhere) == Located(point=None, source="", problem="not_found")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "nominatim.example.org", "ftp://example.org", "http://"])
def test_an_invalid_service_url_is_refused(make: Make, url: str) -> None:
    with pytest.raises(WrongGeocoder):
        make(url=url)


def test_a_damaged_cache_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "geocodes.sqlite").write_bytes(b"this is no database, but it is long enough to be taken for one" * 50)
    cache = GeocodeCache(tmp_path)
    assert cache.get("question") is None
    cache.put("question", GeocodeResponse(HERE), TODAY)
    assert GeocodeCache(tmp_path).get("question") == GeocodeResponse(HERE)
