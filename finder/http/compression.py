"""Pages travel compressed, those with an error too: a form that comes back with a mistake is as long as the form.

A page that holds a secret does not. The length of a compressed page tells whether a guess that another site had put
into it, as a search or a name, is like the secret (BREACH). What writes a token into a page says so: ``leave_plain``.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response
from flask_compress import Compress

from finder.http.request_context import per_request


@dataclass(slots=True)
class _Answer:
    """What is known of the answer to the present request before it is made."""

    holds_secret: bool = False


def register(app: Flask) -> None:
    """Compress what the application answers, for browsers that take it."""
    _CompressErrorsToo(app)


def leave_plain() -> None:
    """Do not compress the answer to the present request: it holds a secret."""
    _answer().holds_secret = True


@per_request
def _answer() -> _Answer:
    return _Answer()


class _CompressErrorsToo(Compress):
    """Compress an answer whatever its status, where the library leaves alone all that is not a success."""

    def after_request(self, response: Response | None) -> Response:
        if response is not None and _answer().holds_secret:
            return response
        if response is None or response.status_code < 400:
            return super().after_request(response)
        status = response.status
        response.status_code = 200
        response = super().after_request(response)
        response.status = status
        return response
