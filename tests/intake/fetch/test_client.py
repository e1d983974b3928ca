"""A server may fail in every way: it is asked again, in time given up, and never believed too much."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from finder.intake.fetch.client import Client, RequestPolicy, retry_after
from finder.intake.fetch.errors import (
    AnswerTooLarge,
    CutShort,
    FetchFailed,
    NoAnswer,
    NotThere,
    ServerBusy,
    ServerFailed,
    UnsafeAddress,
    WrongKind,
)
from tests.intake.fetch.server import (
    Page,
    Publisher,
    cut,
    drip,
    endless,
    hang_up,
    html,
    json_page,
    redirect,
    silence,
    status,
)

GOOD = json_page({"well": True})

FAULTS: list[tuple[Page, type[FetchFailed]]] = [
    (silence, NoAnswer),
    (hang_up, CutShort),
    (drip, NoAnswer),
    (status(429), ServerBusy),
    (status(503), ServerBusy),
    (status(500), ServerFailed),
    (status(502), ServerFailed),
    (status(408), ServerFailed),
    (html, WrongKind),
    (cut(GOOD, 5), CutShort),
]
NAMES = ["silence", "hang_up", "drip", "429", "503", "500", "502", "408", "html", "cut"]


def ask(publisher: Publisher, policy: RequestPolicy, path: str = "/page") -> Any:
    address = publisher.url(path)
    return Client(address, policy).ask(address, json.loads, kind="json", limit=10_000_000)


@pytest.mark.parametrize(("fault", "_error"), FAULTS, ids=NAMES)
def test_after_a_passing_failure_the_server_is_asked_again(
    publisher: Publisher, impatient: RequestPolicy, waits: list[float], fault: Page, _error: type[FetchFailed]
) -> None:
    publisher.pages["/page"] = GOOD
    publisher.faults.append(fault)
    assert ask(publisher, impatient) == {"well": True}
    assert waits == [impatient.first_wait]
    assert len(publisher.requested) == 2


@pytest.mark.parametrize(("fault", "error"), FAULTS, ids=NAMES)
def test_a_failure_that_lasts_is_told_with_the_address_and_what_to_do(
    publisher: Publisher, impatient: RequestPolicy, waits: list[float], fault: Page, error: type[FetchFailed]
) -> None:
    publisher.faults.extend([fault] * 3)
    with pytest.raises(error) as raised:
        ask(publisher, impatient)
    assert type(raised.value) is error
    assert str(raised.value).startswith(publisher.url("/page"))
    assert "again" in str(raised.value)
    assert waits == [2, 4]


def test_a_server_that_says_how_long_to_wait_is_left_alone_so_long(
    publisher: Publisher, policy: RequestPolicy, waits: list[float]
) -> None:
    publisher.pages["/page"] = GOOD
    publisher.faults.append(status(429, {"Retry-After": "77"}))
    assert ask(publisher, policy) == {"well": True}
    assert waits == [77]


def test_a_server_that_wants_an_hour_is_not_waited_for(
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
def test_retry_after_is_seconds_or_a_moment(text: str, seconds: float | None) -> None:
    assert retry_after(text, datetime(2026, 11, 20, 12, tzinfo=UTC)) == seconds


def test_what_is_not_there_is_not_asked_for_again(
    publisher: Publisher, policy: RequestPolicy, waits: list[float]
) -> None:
    with pytest.raises(NotThere) as raised:
        ask(publisher, policy, "/gone")
    assert raised.value.status == 404
    assert waits == []


def test_an_endless_body_is_cut_off_at_the_limit(publisher: Publisher, policy: RequestPolicy) -> None:
    publisher.pages["/page"] = endless
    address = publisher.url("/page")
    with pytest.raises(AnswerTooLarge):
        Client(address, policy).ask(address, json.loads, kind="json", limit=1_000_000)


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
    with pytest.raises(UnsafeAddress):
        ask(publisher, policy)
    assert publisher.requested == ["/page"]


def test_redirects_in_a_circle_end(publisher: Publisher, policy: RequestPolicy) -> None:
    publisher.pages["/page"] = redirect("/page")
    with pytest.raises(NotThere):
        ask(publisher, policy)
    assert len(publisher.requested) < 10


@pytest.mark.parametrize(
    "address",
    ["http://npiregistry.cms.hhs.gov/api/", "file:///etc/passwd", "ftp://127.0.0.1/x", "https://", "page", ""],
)
def test_only_https_is_asked(address: str, policy: RequestPolicy) -> None:
    with pytest.raises(UnsafeAddress):
        Client(address, policy)


def test_who_begins_at_a_publisher_is_not_sent_to_this_machine(publisher: Publisher, policy: RequestPolicy) -> None:
    client = Client("https://data.example.org/list", policy)
    with pytest.raises(UnsafeAddress), client.open(publisher.url("/page")):
        pass
    assert publisher.requested == []


def test_requests_keep_their_pace(publisher: Publisher, waits: list[float]) -> None:
    publisher.pages["/page"] = GOOD
    address = publisher.url("/page")
    client = Client(address, RequestPolicy(delay=5, sleep=waits.append))
    for _ in range(3):
        client.ask(address, json.loads, kind="json", limit=1000)
    assert [round(wait) for wait in waits] == [5, 10]
    assert all("Mozilla" not in headers["User-Agent"] for headers in publisher.headers)
