"""The web server: gunicorn starts, watches and stops the workers, waitress reads and answers requests in each of them.

A thread is taken for a request that has arrived whole, so a client that sends slowly costs a socket and nothing else.
What waitress has no setting for is here: deadlines for the header and the body of a request, bodies that are passed
over beyond the limit of their form, and room for new connections where all places are taken.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from traceback import extract_tb
from types import FrameType
from typing import Any, cast

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.utilities import Error, RequestEntityTooLarge

from finder.http.body_limits import largest_body

WORKERS, THREADS = 2, 4

CONNECTIONS = 1_000
"""Connections that a worker holds at once; each may need three file descriptors."""

HEADER_BYTES = 32 * 1024
"""Bytes of the first line and all headers; the longest addresses are those of long lists."""

IDLE_SECONDS = 30
"""Seconds without a byte in either direction, after which a connection is closed."""

GRACE_SECONDS, BYTES_A_SECOND = 20, 1024
"""A header must be complete after the grace; a body may take longer as long as it arrives at this rate or faster."""

MOST_PASSED_OVER = 2**30
"""Bytes of a body over its limit that are received and dropped, because no browser reads an answer before it has sent.

Beyond, the answer is sent at once and the connection closed.
"""

LargestBody = Callable[[dict[str, Any]], int]
"""Says how many bytes of a body are kept, from a WSGI environment without it."""


class LimitedBuffer(OverflowableBuffer):  # type: ignore[misc]  # waitress has no types
    """A body, up to its limit; what is over the limit is counted, and nothing of it kept."""

    def __init__(self, limit: int, in_memory: int) -> None:
        super().__init__(in_memory)
        self._limit = limit
        self.received = 0

    def append(self, data: bytes) -> None:
        """Keep more of the body, or drop all of it."""
        self.received += len(data)
        if self.received <= self._limit:
            super().append(data)
        elif len(self):
            self.close()
            self.buf, self.strbuf, self.overflowed = None, b"", False


class LimitedRequest(HTTPRequestParser):  # type: ignore[misc]
    """A request while it is received: it knows since when, and how large a body its view takes."""

    error: Error | None

    def __init__(self, adj: Adjustments, largest: LargestBody) -> None:
        super().__init__(adj)
        self._largest = largest
        self.began_at = time.time()

    def is_overdue(self, now: float) -> bool:
        """Return whether it takes longer than any honest client's."""
        return now - self.began_at > GRACE_SECONDS + float(self.body_bytes_received) / BYTES_A_SECOND

    def parse_header(self, header: bytes) -> None:
        """Read the header, and choose what is kept of the body."""
        try:
            super().parse_header(header)
        except ValueError as error:  # an address like http://[ that waitress does not expect
            raise ParsingError("Bad URI") from error
        if self.body_rcv is not None:
            headers = {f"HTTP_{name}": value for name, value in self.headers.items()}
            largest = self._largest({"REQUEST_METHOD": self.command, "PATH_INFO": self.path, **headers})
            self.body_rcv.buf = LimitedBuffer(largest, self.adj.inbuf_overflow)

    def received(self, data: bytes) -> int:
        """Take more bytes; return how many. Of a body that never ends no more is read, and the application answers."""
        taken = int(super().received(data))
        if self.completed and self.body_rcv is not None:
            self._say_length(self.body_rcv.buf.received)
        return taken

    def _say_length(self, received: int) -> None:
        """Let the application see how long the body was, even if it was not kept, so that it can refuse it."""
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = None
            self.headers["CONNECTION"] = "close"
        if received or self.content_length:
            self.headers["CONTENT_LENGTH"] = str(max(received, self.content_length))


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection of a client, over which one request after the other comes."""

    def parser_class(self, adj: Adjustments) -> LimitedRequest:
        """Begin a request."""
        return LimitedRequest(adj, self.server.largest_body)

    def is_done(self) -> bool:
        """Return whether no request is being answered and all answers are sent."""
        return not self.requests and not self.total_outbufs_len

    def waits_since(self) -> float:
        """Return since when the server waits for a whole request, or for the client to take its answer."""
        return float(self.last_activity if self.request is None else self.request.began_at)

    def is_overdue(self, now: float) -> bool:
        """Return whether the client neither sends nor takes anything for long, or sends a request too slowly."""
        if self.requests and not self.total_outbufs_len:
            return False  # it waits for us
        arriving = None if self.requests else self.request
        too_slow = arriving is not None and arriving.is_overdue(now)
        return bool(too_slow or now - self.last_activity > IDLE_SECONDS)


class HttpServer(TcpWSGIServer):  # type: ignore[misc]
    """What listens at a socket and answers with a WSGI application, in threads of its own."""

    channel_class = Connection

    def __init__(
        self,
        application: Callable[..., Any],
        listener: socket.socket,
        largest: LargestBody,
        *,
        connections: int = CONNECTIONS,
    ) -> None:
        self.largest_body = largest
        self._next_look = 0.0
        settings = Adjustments(
            threads=THREADS,
            connection_limit=connections,
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=MOST_PASSED_OVER,
            recv_bytes=64 * 1024,
            inbuf_overflow=128 * 1024,
            asyncore_use_poll=True,
            log_socket_errors=False,
            ident=None,
            # finder.app believes what was agreed on; the rest is a sign of a proxy that was not declared
            clear_untrusted_proxy_headers=False,
        )
        where = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(application, {}, _sock=listener, adj=settings, sockinfo=where, bind_socket=False)

    @classmethod
    def of(cls, app: Flask, listener: socket.socket) -> HttpServer:
        """Return the server of our application."""
        return cls(app, listener, partial(largest_body, app))

    def serve(self, alive: Callable[[], bool], *, seconds_to_finish: float = 0) -> None:
        """Answer requests while ``alive()`` is true, asked every second; then finish those that are being answered."""
        while alive():
            self._turn()
        self.accepting = False
        until = time.monotonic() + seconds_to_finish
        while time.monotonic() < until and not all(one.is_done() for one in self.active_channels.values()):
            self._turn(0.1)

    def _turn(self, seconds: float = 1) -> None:
        """Close what has to be closed; then receive and send what can be at once, or wait until something can be."""
        if len(self._map) >= self.adj.connection_limit:
            self._make_room()
        now = time.time()
        if now >= self._next_look:
            self._next_look = now + 1
            self._close(one for one in self.active_channels.values() if one.is_overdue(now))
        wasyncore.loop(seconds, use_poll=True, map=self._map, count=1)

    def maintenance(self, now: float) -> None:
        """Do nothing: ``_turn`` looks more often, and does not wait until the client takes what was sent to it."""

    def _make_room(self) -> None:
        """Close a tenth of the connections: those that keep the server waiting longest."""
        candidates = [one for one in self.active_channels.values() if not one.requests]
        candidates.sort(key=Connection.waits_since)
        self._close(candidates[: len(candidates) // 10 + 1])

    def _close(self, connections: Iterable[Connection]) -> None:
        for connection in list(connections):
            connection.handle_close()


class WaitressWorker(Worker):
    """A worker of gunicorn's that serves with waitress."""

    server: HttpServer | None = None

    def run(self) -> None:
        """Serve until gunicorn says stop, or is gone."""
        _log_errors_without_visitors()
        _allow_descriptors(4 * CONNECTIONS)
        self.server = HttpServer.of(cast(Flask, self.wsgi), cast(Any, self.sockets[0]).sock)
        self.server.serve(self._goes_on, seconds_to_finish=self.cfg.graceful_timeout)

    def _goes_on(self) -> bool:
        self.notify()
        return self.alive and self.ppid == os.getppid()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop soon: wake the loop, which may have nothing to do."""
        super().handle_exit(sig, frame)
        if self.server:
            self.server.pull_trigger()


class PlainErrors(logging.Formatter):
    """Writes an error of the server as a JSON line: its kind and where in the code, never its message.

    waitress puts the address of the client or of the page into its messages.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {"event": "server error", "level": record.levelname.lower()}
        if record.exc_info and record.exc_info[0]:
            frames = extract_tb(record.exc_info[2])
            line |= {"error": record.exc_info[0].__name__, "at": [f"{one.name}:{one.lineno}" for one in frames]}
        return json.dumps(line)


def _log_errors_without_visitors() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainErrors())
    logger = logging.getLogger("waitress")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.ERROR)


def _allow_descriptors(number: int) -> None:
    """Raise the limit of open files, as far as this process may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        number = min(number, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, number), hard))


class Server(BaseApplication):
    """gunicorn around an application that is made already: its workers are copies of this process.

    So what takes long, imports above all, is done once and not in every worker.
    """

    def __init__(self, app: Flask, address: str) -> None:
        self._app = app
        self._settings: dict[str, Any] = {
            "bind": address,
            "reuse_port": True,
            "preload_app": True,
            "worker_class": WaitressWorker,
            "workers": WORKERS,
            "loglevel": "error",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take our settings, and none from the command line or from files."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Iterable[bytes]]:
        """Return the application, as a WSGI server sees it."""
        return self._app
