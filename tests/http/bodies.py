"""The routes that take a body, and a cookie of somebody who may send a large one."""

from __future__ import annotations

from typing import Any

from flask import Flask

from finder.http.body_limits import WITH_BODY

SAMPLES = {"npi": "1000000001", "token": "a-token", "decision": "keep", "action": "deactivate"}
"""Values of the parts of a path; every other part is a number."""


def routes_with_body(app: Flask) -> list[tuple[str, str]]:
    """Return method and path of each route that takes a body."""
    adapter = app.url_map.bind("localhost")
    return [
        (method, adapter.build(rule.endpoint, {name: SAMPLES.get(name, 1) for name in rule.arguments}, method=method))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & WITH_BODY)
    ]


def cookie_of(app: Flask, **session: object) -> str:
    """Return a staff cookie that we signed."""
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"finder_staff={signer.dumps(session)}"
