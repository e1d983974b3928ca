"""The application served on loopback, over a line as uneven as a patient's own.

The head of a page arrives at once and its body a moment later. A browser that has begun a new page shows nothing yet: a
test that counts what it sees there, instead of waiting for the page, fails always and not once in a hundred runs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PAUSE = 0.1
"""Seconds between the head of a page and its body."""


def _uneven(application: WSGIApplication) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = Response.from_app(application, environ)
        body = response(environ, start_response)
        if response.mimetype != "text/html":
            return body
        return ClosingIterator(_late(body), getattr(body, "close", None))

    return answer


def _late(body: Iterable[bytes]) -> Iterator[bytes]:
    yield b""
    time.sleep(PAUSE)
    yield from body


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application while the block runs, and yield its URL."""
    server = make_server("127.0.0.1", 0, _uneven(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
