"""Pages travel compressed, those with an error too: a form that comes back with a mistake is as long as the form."""

from __future__ import annotations

from flask import Flask, Response
from flask_compress import Compress


def register(app: Flask) -> None:
    """Compress what the application answers, for browsers that take it."""
    _CompressErrorsToo(app)


class _CompressErrorsToo(Compress):
    """Compress an answer whatever its status, where the library leaves alone all that is not a success."""

    def after_request(self, response: Response | None) -> Response:
        if response is None or response.status_code < 400:
            return super().after_request(response)
        status = response.status
        response.status_code = 200
        response = super().after_request(response)
        response.status = status
        return response
