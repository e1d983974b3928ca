"""The HTTP client with servers that fail: it retries temporary failures, gives up in time, and limits what it reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from finder.intake.fetch.client import Client, RequestPolicy, retry_after
from finder.intake.fetch.errors import (
    FetchFailed,
    FileUnavailable,
    IncompleteResponse,
    NoResponse,
    ResponseTooLarge,
    ServerBusy,
    ServerFailed,
    UnexpectedContentType,
    UnsafeUrl,
)
from tests.intake.fetch.server import (
    Page,
    Publisher,
    endless,
    hang_up,
    html,
    json_page,
    redirect,
    silence,
    slow_bytes,
    status,
    truncated,
)

GOOD = json_page({"well": True})

FAULTS: list[tuple[Page, type[FetchFailed]]] = [
    (silence, NoResponse),
    (hang_up, IncompleteResponse),
    (slow_bytes, NoResponse),
    (status(429), ServerBusy),
    (status(503), ServerBusy),
    (status(500), ServerFailed),
    (status(502), ServerFailed),
    (status(408), ServerFailed),
    (html, UnexpectedContentType),
    (truncated(GOOD, 5), IncompleteResponse),
]
NAMES = ["silence", "hang_up", "drip", "429", "503", "500", "502", "408", "html", "cut"]
CASES = [
    pytest.param(*fault, id=name, marks=pytest.mark.slow if name in {"silence", "drip"} else ())
    for name, fault in zip(NAMES, FAULTS, strict=True)
]
"""Each fault, with the error that it raises; those that must be waited for are slow."""


def ask(publisher: Publisher, policy: RequestPolicy, path: str = "/page") -> Any:
    url = publisher.url(path)
    return Client(url, policy).get(url, json.loads, media_type="json", max_bytes=10_000_000)


@pytest.mark.parametrize(("fault", "_error"), CASES)
def test_a_temporary_failure_is_retried(
    publisher: Publisher, short_timeouts: RequestPolicy, waits: list[float], fault: Page, _error: type[FetchFailed]
) -> None:
    publisher.pages["/page"] = GOOD
    publisher.faults.append(fault)
    assert ask(publisher, short_timeouts) == {"well": True}
    assert waits == [short_timeouts.first_delay]
    assert len(publisher.requested) == 2


@pytest.mark.parametrize(("fault", "error"), CASES)
def test_a_lasting_failure_raises_with_the_url_and_what_to_do(
    publisher: Publisher, short_timeouts: RequestPolicy, waits: list[float], fault: Page, error: type[FetchFailed]
) -> None:
    publisher.faults.extend([fault] * 3)
    with pytest.raises(error) as raised:
        ask(publisher, short_timeouts)
    assert type(raised.value) is error
    assert str(raised.value).startswith(publisher.url("/page"))
    assert "again" in str(raised.value)
    assert waits == [2, 4]


def test_retry_after_sets_the_wait(publisher: Publisher, policy: RequestPolicy, waits: list[float]) -> None:
    publisher.pages["/page"] = GOOD
    publisher.faults.append(status(429, {"Retry-After": "77"}))
    assert ask(publisher, policy) == {"well": True}
    assert waits == [77]


def test_a_retry_after_beyond_the_limit_ends_the_attempts(
    publisher: Publisher, policy: RequestPolicy, waits: list[float]
) -> None:
    publisher.faults.append(status(503, {"Retry-After": "3600"}))
    with pytest.raises(ServerBusy):
        ask(publisher, policy)
    assert waits == []
    assert len(publisher.requested) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(text, datetime(2026, 11, 20, 12, tzinfo=UTC)) == seconds


def test_not_found_is_not_retried(publisher: Publisher, policy: RequestPolicy, waits: list[float]) -> None:
    with pytest.raises(FileUnavailable) as raised:
        ask(publisher, policy, "/gone")
    assert raised.value.status == 404
    assert waits == []


def test_an_endless_body_is_cut_off_at_the_limit(publisher: Publisher, policy: RequestPolicy) -> None:
    publisher.pages["/page"] = endless
    url = publisher.url("/page")
    with pytest.raises(ResponseTooLarge):
        Client(url, policy).get(url, json.loads, media_type="json", max_bytes=1_000_000)


def test_a_redirect_on_the_same_server_is_followed(publisher: Publisher, policy: RequestPolicy) -> None:
    publisher.pages |= {"/page": redirect("/there"), "/there": GOOD}
    assert ask(publisher, policy) == {"well": True}


@pytest.mark.parametrize(
    "elsewhere", ["http://localhost:{port}/there", "http://example.org/", "//example.org/there", "http://127.0.0.1:1/"]
)
def test_a_redirect_to_another_host_without_https_is_refused(
    publisher: Publisher, policy: RequestPolicy, elsewhere: str
) -> None:
    publisher.pages |= {"/page": redirect(elsewhere.format(port=publisher.port)), "/there": GOOD}
    with pytest.raises(UnsafeUrl):
        ask(publisher, policy)
    assert publisher.requested == ["/page"]


def test_a_redirect_loop_ends(publisher: Publisher, policy: RequestPolicy) -> None:
    publisher.pages["/page"] = redirect("/page")
    with pytest.raises(FileUnavailable):
        ask(publisher, policy)
    assert len(publisher.requested) < 10


@pytest.mark.parametrize(
    "url",
    ["http://npiregistry.cms.hhs.gov/api/", "file:///etc/passwd", "ftp://127.0.0.1/x", "https://", "page", ""],
)
def test_only_https_urls_are_requested(url: str, policy: RequestPolicy) -> None:
    with pytest.raises(UnsafeUrl):
        Client(url, policy)


def test_a_client_of_a_publisher_never_requests_a_local_url(publisher: Publisher, policy: RequestPolicy) -> None:
    client = Client("https://data.example.org/list", policy)
    with pytest.raises(UnsafeUrl), client.open(publisher.url("/page")):
        pass
    assert publisher.requested == []


def test_requests_are_spaced_by_the_delay(publisher: Publisher, waits: list[float]) -> None:
    publisher.pages["/page"] = GOOD
    url = publisher.url("/page")
    client = Client(url, RequestPolicy(delay=5, sleep=waits.append))
    for _ in range(3):
        client.get(url, json.loads, media_type="json", max_bytes=1000)
    assert [round(wait) for wait in waits] == [5, 10]
    assert all("Mozilla" not in headers["User-Agent"] for headers in publisher.headers)
