"""Our server in a thread, and a client that speaks HTTP as browsers do not: in pieces, with headers of its choice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from finder.cli.server import HttpServer

PATIENCE = 30
"""Seconds in which a page must come on the busiest machine."""


class Client:
    """A connection to a server, used as browsers do not."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._answers = self.socket.makefile("rb")

    def send(self, text: str) -> Client:
        """Send text as it is, with the line ends of HTTP."""
        self.socket.sendall(text.replace("\n", "\r\n").encode("latin-1"))
        return self

    def read(self) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the next answer, by its length."""
        status = int(self._answers.readline().split()[1])
        headers = {}
        while line := self._answers.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return status, headers, self._answers.read(int(headers.get("content-length", 0)))

    def read_raw(self) -> bytes:
        """Return all that comes until the server closes the connection."""
        try:
            return self._answers.read()
        except ConnectionError:
            return b""

    def close(self) -> None:
        self._answers.close()
        self.socket.close()


def get(path: str, headers: str = "", method: str = "GET") -> str:
    return f"{method} {path} HTTP/1.1\nHost: finder.example\n{headers}\n"


def post(path: str, headers: str) -> str:
    return get(path, f"Content-Type: application/x-www-form-urlencoded\n{headers}", "POST")


@contextmanager
def running(make: Callable[[socket.socket], HttpServer]) -> Iterator[int]:
    """Run a server in a thread while the block lasts; yield its port."""
    stopping = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = make(listener)
        thread = threading.Thread(target=server.serve, args=[lambda: not stopping.is_set()], daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopping.set()
            server.pull_trigger()
            thread.join()
            server.task_dispatcher.shutdown()
            for connection in list(server.active_channels.values()):
                connection.handle_close()
