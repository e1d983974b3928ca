"""A local HTTP server that serves the pages of a test, and fails as the test demands."""

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
    """A request, with the means to respond to it correctly or not."""

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

    def respond(
        self, body: bytes, headers: dict[str, str] | None = None, *, code: int = 200, length: int | None = None
    ) -> None:
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


Page = Callable[[Request], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    publisher: Publisher

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a connection that a killed client left open."""


@dataclass
class Publisher:
    """The pages by path, the faults of the next responses, and the paths and headers of all requests."""

    pages: dict[str, Page] = field(default_factory=dict)
    faults: deque[Page] = field(default_factory=deque)
    requested: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
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
    publisher.stopped.set()
    server.shutdown()
    server.server_close()


def json_page(value: object) -> Page:
    return lambda request: request.respond(json.dumps(value).encode(), {"Content-Type": "application/json"})


def text_page(text: str, content_type: str = "text/html") -> Page:
    return lambda request: request.respond(text.encode(), {"Content-Type": content_type})


def file_page(content: bytes, *, tag: str = '"1"', ranges: bool = True) -> Page:
    """A file of a correct server: it sends the requested range if ``If-Range`` names the current version."""

    def respond(request: Request) -> None:
        requested_range, if_range = request.headers.get("Range", ""), request.headers.get("If-Range", tag)
        headers = {"Content-Type": "application/octet-stream"} | ({"ETag": tag} if tag else {})
        if not (ranges and requested_range and if_range == tag):
            request.respond(content, headers)
            return
        start = int(requested_range.removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            request.respond(b"", code=416)
        else:
            span = f"bytes {start}-{len(content) - 1}/{len(content)}"
            request.respond(content[start:], headers | {"Content-Range": span}, code=206)

    return respond


def status(code: int, headers: dict[str, str] | None = None) -> Page:
    return lambda request: request.respond(b"no", headers, code=code)


def silence(request: Request) -> None:
    """Send nothing until the test is over."""
    request.server.publisher.stopped.wait(30)


def hang_up(request: Request) -> None:
    """Close the connection without a response."""


def html(request: Request) -> None:
    request.respond(b"<html>The registry is being maintained.</html>", {"Content-Type": "text/html"})


def error_json(request: Request) -> None:
    errors = [{"field": "generic", "number": "04", "description": "No valid search criteria provided"}]
    request.respond(json.dumps({"Errors": errors}).encode(), {"Content-Type": "application/json"})


def half_json(request: Request) -> None:
    """A body of the promised length whose JSON is incomplete."""
    request.respond(b'{"result_count": 1, "results": [{"num', {"Content-Type": "application/json"})


def endless(request: Request) -> None:
    """A body without length and without end."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    while not request.server.publisher.stopped.is_set():
        request.wfile.write(b" " * 65536)


def slow_bytes(request: Request) -> None:
    """A byte now and then, so that the time-out between bytes never expires."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    while not request.server.publisher.stopped.wait(0.02):
        request.wfile.write(b" ")


def redirect(url: str) -> Page:
    return lambda request: request.respond(b"", {"Location": url}, code=302)


def truncated(page: Page, received_bytes: int) -> Page:
    """A page of which only the first bytes of the body arrive."""

    def respond(request: Request) -> None:
        respond_whole = request.respond

        def respond_truncated(
            body: bytes, headers: dict[str, str] | None = None, *, code: int = 200, length: int | None = None
        ) -> None:
            respond_whole(body[:received_bytes], headers, code=code, length=len(body) if length is None else length)

        request.respond = respond_truncated  # type: ignore[method-assign]
        page(request)

    return respond
