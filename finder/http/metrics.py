"""What the operator sees of the traffic: one log line a request, and counters for Prometheus when a token is set.

Neither holds what a visitor typed: the line names the route, not the address that was asked, and no client address.
"""

from __future__ import annotations

import hmac
import logging
import sys
from contextlib import suppress

import structlog
from flask import Blueprint, Flask, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from finder.http import request_context

blueprint = Blueprint("observe", __name__)

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
"""The methods that are counted by name; whatever else is sent counts as "other", so that nobody can fill the memory."""


class Metrics:
    """The counters of one application; each worker process has its own and says which process it is."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("finder_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram("finder_request_seconds", "Seconds to an answer", ("route",), registry=self.registry)


def register(app: Flask) -> None:
    """Log and count every request of the application."""
    metrics = app.extensions["finder_metrics"] = Metrics()
    log = make_logger()

    app.before_request(request_context.begin)

    @app.after_request
    def _done(response: Response) -> Response:
        seconds = request_context.current().seconds()
        route = str(request.url_rule or "unknown")
        method = request.method if request.method in METHODS else "other"
        metrics.requests.labels(method, route, response.status_code).inc()
        metrics.seconds.labels(route).observe(seconds)
        with suppress(OSError):  # where the disk of the log is full, the pages go on
            log.info("request", method=method, route=route, status=response.status_code, ms=round(seconds * 1000, 1))
        return response

    app.register_blueprint(blueprint)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the counters to who knows the token; without a token in the settings there is no such page."""
    token: str = current_app.config["FINDER_SETTINGS"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    registry: CollectorRegistry = current_app.extensions["finder_metrics"].registry
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def make_logger() -> structlog.stdlib.BoundLogger:
    """Return a logger that writes a line of JSON to standard error for each event."""
    logger: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),  # one write a line: threads and processes share the stream
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    return logger
