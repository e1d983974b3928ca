"""A server on this machine that publishes what a test puts there, and fails as the test wants."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Request(BaseHTTPRequestHandler):
    """One request, with the means to answer it well or badly."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        publisher = self.server.publisher
        publisher.requested.append(self.path)
        publisher.headers.append(dict(self.headers))
        fault = publisher.faults.popleft() if publisher.faults else None
        with suppress(OSError):
            if fault:
                self.close_connection = True
                fault(self)
            else:
                publisher.pages.get(urlsplit(self.path).path, status(404))(self)

    def give(
        self, body: bytes, headers: dict[str, str] | None = None, *, code: int = 200, length: int | None = None
    ) -> None:
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


Page = Callable[[Request], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    publisher: Publisher

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no error here."""


@dataclass
class Publisher:
    """What is published, what goes wrong next, and what was asked."""

    pages: dict[str, Page] = field(default_factory=dict)
    faults: deque[Page] = field(default_factory=deque)
    requested: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def serving() -> Iterator[Publisher]:
    server = _Server(("127.0.0.1", 0), Request)
    publisher = server.publisher = Publisher(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield publisher
    publisher.over.set()
    server.shutdown()
    server.server_close()


def json_page(value: object) -> Page:
    return lambda request: request.give(json.dumps(value).encode(), {"Content-Type": "application/json"})


def text_page(text: str, content_type: str = "text/html") -> Page:
    return lambda request: request.give(text.encode(), {"Content-Type": content_type})


def file_page(content: bytes, *, tag: str = '"1"', ranges: bool = True) -> Page:
    """A file as a good server gives it: from any byte on, if the version is the one that was asked for."""

    def give(request: Request) -> None:
        wanted, known = request.headers.get("Range", ""), request.headers.get("If-Range", tag)
        headers = {"Content-Type": "application/octet-stream"} | ({"ETag": tag} if tag else {})
        if not (ranges and wanted and known == tag):
            request.give(content, headers)
            return
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            request.give(b"", code=416)
        else:
            span = f"bytes {start}-{len(content) - 1}/{len(content)}"
            request.give(content[start:], headers | {"Content-Range": span}, code=206)

    return give


def status(code: int, headers: dict[str, str] | None = None) -> Page:
    return lambda request: request.give(b"no", headers, code=code)


def silence(request: Request) -> None:
    """Say nothing until the test is over."""
    request.server.publisher.over.wait(30)


def hang_up(request: Request) -> None:
    """Close the connection without an answer."""


def html(request: Request) -> None:
    request.give(b"<html>The registry is being maintained.</html>", {"Content-Type": "text/html"})


def error_json(request: Request) -> None:
    errors = [{"field": "generic", "number": "04", "description": "No valid search criteria provided"}]
    request.give(json.dumps({"Errors": errors}).encode(), {"Content-Type": "application/json"})


def half_json(request: Request) -> None:
    """A body that is whole by its length and cut by its meaning."""
    request.give(b'{"result_count": 1, "results": [{"num', {"Content-Type": "application/json"})


def endless(request: Request) -> None:
    """A body without length and without end."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    while not request.server.publisher.over.is_set():
        request.wfile.write(b" " * 65536)


def drip(request: Request) -> None:
    """A byte now and then, so that no time-out between bytes ever comes."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    while not request.server.publisher.over.wait(0.02):
        request.wfile.write(b" ")


def redirect(address: str) -> Page:
    return lambda request: request.give(b"", {"Location": address}, code=302)


def cut(page: Page, keep: int) -> Page:
    """The answer of a page, of whose body only so many bytes come."""

    def give(request: Request) -> None:
        whole = request.give

        def less(
            body: bytes, headers: dict[str, str] | None = None, *, code: int = 200, length: int | None = None
        ) -> None:
            whole(body[:keep], headers, code=code, length=len(body) if length is None else length)

        request.give = less  # type: ignore[method-assign]
        page(request)

    return give
