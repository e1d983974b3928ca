"""The web server over real sockets: slow clients, deadlines, limits of bodies, what is believed, the end."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request

from finder.cli import server as server_module
from finder.cli.server import Connection, HttpServer, LimitedBuffer
from finder.http.body_limits import FORM_BYTES, largest_body
from finder.web.staff.drafts.uploads import LARGEST_UPLOAD
from tests.cli.raw_http import PATIENCE, Client, get, post, running
from tests.http.bodies import cookie_of


@pytest.fixture(scope="module")
def port(sample_app: Flask) -> Iterator[int]:
    """The port of the application over the published sample."""
    with running(partial(HttpServer.of, sample_app)) as number:
        yield number


@pytest.fixture
def connect(port: int) -> Iterator[Callable[[], Client]]:
    """Makes connections that are closed after the test."""
    with ExitStack() as opened:

        def connect() -> Client:
            client = Client(port)
            opened.callback(client.close)
            return client

        yield connect


FORMS = (
    "/listing-request",
    "/staff/login",
    "/staff/login/code",
    "/staff/password/x",
    "/staff/upload",
    "/staff/accounts",
)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_passed_over_and_answered_by_the_application(
    connect: Callable[[], Client], path: str, chunked: bool
) -> None:
    size = FORM_BYTES + 1
    if chunked:
        client = connect().send(post(path, "Transfer-Encoding: chunked\n"))
        client.send(f"{size:x}\n{'x' * size}\n0\n\n")
    else:
        client = connect().send(post(path, f"Content-Length: {size}\n") + "x" * size)
    status, headers, body = client.read()
    if path == "/staff/upload":
        assert (status, headers["location"]) == (302, "/staff/login")
    else:
        assert status == 413
        assert b"That was too large to send" in body or headers.get("content-encoding")
    assert client.send(get("/healthz")).read()[0] == 200, "the connection goes on"


def test_a_chunked_form_within_the_limit_is_read(connect: Callable[[], Client]) -> None:
    client = connect().send(post("/listing-request", "Transfer-Encoding: chunked\n")).send("7\nnpi=123\n0\n\n")
    status, _, body = client.read()
    assert status == 422
    assert b'value="123"' in body


def test_a_body_without_an_end_is_answered_at_last(
    connect: Callable[[], Client], monkeypatch: pytest.MonkeyPatch, sample_app: Flask
) -> None:
    monkeypatch.setattr(server_module, "MOST_PASSED_OVER", 2 * FORM_BYTES)
    with running(partial(HttpServer.of, sample_app)) as port:
        for headers in ("Transfer-Encoding: chunked\n", f"Content-Length: {10**12}\n"):
            client = Client(port).send(post("/listing-request", headers))
            client.send(f"{10**9:x}\n" + "x" * 3 * FORM_BYTES)
            status, answered, body = client.read()
            assert (status, answered["connection"]) == (413, "close")
            assert b"That was too large to send" in body
            client.close()


def test_the_body_of_a_get_is_passed_over(connect: Callable[[], Client]) -> None:
    client = connect().send(get("/healthz", "Content-Length: 5\n") + "a=b&c" + get("/healthz"))
    assert [client.read()[0], client.read()[0]] == [200, 200]


def test_nothing_of_a_strangers_upload_is_kept() -> None:
    stored, passed_over = LimitedBuffer(10, in_memory=100), LimitedBuffer(10, in_memory=100)
    stored.append(b"x" * 10)
    for _ in range(5):
        passed_over.append(b"x" * 5)
    assert (len(stored), stored.received) == (10, 10)
    assert (len(passed_over), passed_over.received) == (0, 25)
    assert passed_over.getfile().read() == b""


def test_an_upload_of_the_staff_arrives_whole(sample_app: Flask) -> None:
    """As large as it may be, by its length and chunked; what the application does with it is tested elsewhere."""

    def count(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        size = 0
        while chunk := environ["wsgi.input"].read(2**20):
            size += len(chunk)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(size).encode()]

    largest = partial(largest_body, sample_app)
    cookie = f"Cookie: {cookie_of(sample_app, _user_id='1.1')}\n"
    piece = b"x" * 2**20
    with running(lambda listener: HttpServer(count, listener, largest)) as port:
        client = Client(port).send(post("/staff/upload", f"{cookie}Content-Length: {LARGEST_UPLOAD}\n"))
        for _ in range(LARGEST_UPLOAD // len(piece)):
            client.socket.sendall(piece)
        assert client.read()[2] == str(LARGEST_UPLOAD).encode()
        client.send(post("/staff/upload", f"{cookie}Transfer-Encoding: chunked\n"))
        client.send(f"{len(piece):x}\n{piece.decode()}\n0\n\n")
        assert client.read()[2] == str(len(piece)).encode()
        client.close()


@pytest.mark.parametrize(
    "beginning",
    [
        "GET / HTTP/1.1\nHost: x\nX-A: b",
        post("/listing-request", "Content-Length: 100\n") + "npi=",
        post("/listing-request", "Transfer-Encoding: chunked\n") + "64\nnpi=",
        get("/", "Content-Length: 100\n"),
        "",
    ],
)
def test_what_comes_too_slowly_is_closed(beginning: str, monkeypatch: pytest.MonkeyPatch, sample_app: Flask) -> None:
    monkeypatch.setattr(server_module, "GRACE_SECONDS", 0)
    monkeypatch.setattr(server_module, "BYTES_A_SECOND", 10**9)
    monkeypatch.setattr(server_module, "IDLE_SECONDS", 0)
    with running(partial(HttpServer.of, sample_app)) as port:
        client = Client(port).send(beginning)
        assert client.read_raw() == b""
        client.close()


def test_a_slow_line_may_take_its_time_for_a_large_body() -> None:
    upload = server_module.LimitedRequest(None, lambda _environ: LARGEST_UPLOAD)
    upload.body_bytes_received = 1024 * 1000
    assert not upload.is_overdue(upload.began_at + 1000)
    assert upload.is_overdue(upload.began_at + 1000 + server_module.GRACE_SECONDS + 1)


def test_an_answer_that_nobody_takes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client keeps the connection open and its window shut; nothing can be sent to it any more."""
    monkeypatch.setattr(server_module, "IDLE_SECONDS", 0)
    closed = threading.Event()

    def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        try:
            for _ in range(1000):
                yield b"x" * 2**20
        finally:
            closed.set()

    with running(lambda listener: HttpServer(answer, listener, lambda _environ: 0)) as port:
        client = Client(port).send(get("/"))
        assert closed.wait(PATIENCE)
        client.close()


def test_long_work_is_waited_for() -> None:
    connection = Connection.__new__(Connection)
    connection.requests, connection.total_outbufs_len, connection.last_activity = ["an upload"], 0, 0.0
    assert not connection.is_overdue(now=3600.0)
    connection.total_outbufs_len = 1
    assert connection.is_overdue(now=3600.0)


def test_when_all_places_are_taken_those_who_wait_longest_go(sample_app: Flask) -> None:
    make = partial(HttpServer, sample_app, largest=lambda _environ: 0, connections=20)
    with running(lambda listener: make(listener)) as port:
        idle = [Client(port) for _ in range(60)]
        client = Client(port).send(get("/healthz"))
        assert client.read()[0] == 200
        assert idle[0].read_raw() == b""
        for one in [*idle, client]:
            one.close()


def test_the_first_bytes_of_a_long_answer_are_sent_before_its_end() -> None:
    seen = threading.Event()

    def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"first"
        assert seen.wait(PATIENCE)
        yield b"last"

    with running(lambda listener: HttpServer(answer, listener, lambda _environ: 0)) as port:
        client = Client(port).send(get("/"))
        received = b""
        while b"first" not in received:
            received += client.socket.recv(1000)
        seen.set()
        assert b"last" in client.read_raw()
        client.close()


def test_what_is_being_answered_is_finished_before_the_end() -> None:
    started, go_on, alive = threading.Event(), threading.Event(), threading.Event()

    def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started.set()
        assert go_on.wait(PATIENCE)
        start_response("200 OK", [("Content-Length", "4")])
        return [b"done"]

    alive.set()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = HttpServer(answer, listener, lambda _environ: 0)
        serving = threading.Thread(
            target=server.serve, args=[alive.is_set], kwargs={"seconds_to_finish": PATIENCE}, daemon=True
        )
        serving.start()
        client = Client(listener.getsockname()[1]).send(get("/"))
        started.wait(PATIENCE)
        alive.clear()
        server.pull_trigger()
        go_on.set()
        assert client.read()[2] == b"done"
        serving.join(PATIENCE)
        assert not serving.is_alive()
        server.task_dispatcher.shutdown()
        client.close()


def test_head_and_not_modified_have_no_body(connect: Callable[[], Client]) -> None:
    client = connect().send(get("/favicon.ico"))
    asset = client.read()[1]["location"]
    etag = client.send(get(asset)).read()[1]["etag"]
    client.send(get(asset, method="HEAD") + get(asset, f"If-None-Match: {etag}\n"))
    head = client._answers.readline()
    assert head.startswith(b"HTTP/1.1 200")
    while client._answers.readline().strip():
        pass
    assert client.read()[0] == 304


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Scheme": "https",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Ssl": "on",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-By": "evil.example",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-Real-IP": "203.0.113.9",
    "X-Client-IP": "203.0.113.9",
    "Client-IP": "203.0.113.9",
    "True-Client-IP": "203.0.113.9",
    "CF-Connecting-IP": "203.0.113.9",
    "Remote-Addr": "203.0.113.9",
    "X-Host": "evil.example",
    "X-Original-Host": "evil.example",
    "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil",
    "X-Url-Scheme": "https",
    "Front-End-Https": "on",
    "HTTPS": "on",
    "Script-Name": "/evil",
    "SCRIPT_NAME": "/evil",
    "Path-Info": "/evil",
    "REMOTE_ADDR": "203.0.113.9",
    "X_Forwarded_For": "203.0.113.9",
    "X_Forwarded_Host": "evil.example",
    "X_FORWARDED_PROTO": "https",
    "X-HTTP-Method-Override": "DELETE",
}
"""Each header that a server or a framework may believe, with a value that would be seen."""

UNTOUCHED = ("http", "finder.example", "127.0.0.1", "", "/whereabouts", "GET")


def whereabouts() -> Response:
    """Say where the application believes to be, and who asks."""
    return jsonify(request.scheme, request.host, request.remote_addr, request.script_root, request.path, request.method)


@pytest.fixture(scope="module")
def believing(sample_app: Flask) -> Iterator[Callable[[int], Callable[[str], tuple[str, ...]]]]:
    """Asks an application behind a number of proxies, with headers, where it believes to be."""
    from dataclasses import replace

    from finder.app import build

    with ExitStack() as opened:
        ports: dict[int, int] = {}

        def behind(proxies: int) -> Callable[[str], tuple[str, ...]]:
            if proxies not in ports:
                app = build(replace(sample_app.config["FINDER_SETTINGS"], trusted_proxies=proxies))
                app.add_url_rule("/whereabouts", view_func=whereabouts)
                ports[proxies] = opened.enter_context(running(partial(HttpServer.of, app)))

            def ask(headers: str) -> tuple[str, ...]:
                client = Client(ports[proxies]).send(get("/whereabouts", headers))
                _, _, body = client.read()
                client.close()
                return tuple(json.loads(body))

            return ask

        yield behind


@pytest.mark.parametrize("name", FORWARDED)
@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_only_the_headers_that_were_agreed_on_are_believed(
    believing: Callable[[int], Callable[[str], tuple[str, ...]]], name: str, proxies: int
) -> None:
    """Of each header the value of the outermost proxy that is trusted counts, and what comes before it does not."""
    value = FORWARDED[name]
    sent = f"{name}: 198.51.100.1, {value}" if name == "X-Forwarded-For" else f"{name}: forged, {value}"
    if proxies == 2:
        sent += ", the-inner-proxy"
    believed = {
        "X-Forwarded-For": (*UNTOUCHED[:2], value, *UNTOUCHED[3:]),
        "X-Forwarded-Host": (UNTOUCHED[0], value, *UNTOUCHED[2:]),
        "X-Forwarded-Proto": (value, *UNTOUCHED[1:]),
    }
    expected = believed.get(name, UNTOUCHED) if proxies else UNTOUCHED
    assert believing(proxies)(f"{sent}\n") == expected


def test_fewer_values_than_proxies_are_not_believed(
    believing: Callable[[int], Callable[[str], tuple[str, ...]]],
) -> None:
    assert believing(2)("X-Forwarded-For: 203.0.113.9\nX-Forwarded-Proto: https\n") == UNTOUCHED


def test_the_host_of_an_absolute_address_is_not_believed(connect: Callable[[], Client]) -> None:
    client = connect().send("GET https://evil.example/healthz HTTP/1.1\nHost: finder.example\n\n")
    assert client.read()[0] == 200
