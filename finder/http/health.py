"""Whether the application can answer: for load balancers and monitors, not for people."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from finder.http.services import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """Say from which release we answer, and whether the records database does; 503 while there is no release."""
    state = services().current.state()
    body = jsonify(status="ok" if state.release else "starting", release=state.release, records=state.records_answer)
    return body, 200 if state.release else 503
