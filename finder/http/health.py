"""Whether the application can answer: for load balancers and monitors, not for people."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from finder.http.services import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """Return the release that is served and whether the records database answers; 503 while there is no release."""
    state = services().current.state()
    body = jsonify(status="ok" if state.release else "starting", release=state.release, records=state.records_answer)
    return body, 200 if state.release else 503
