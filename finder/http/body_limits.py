"""How large the body of a request may be: small for every form, larger where a view declares it, none for a page.

The server asks ``largest_body`` before it stores a byte; the application asks again, whichever server it runs in, and
answers with its own page (413). A body over the limit is passed over by the server, never kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

FORM_BYTES = 32 * 1024
"""Bytes of a form whose view declares nothing: the longest texts of each form fit, in any alphabet."""

FORM_FIELDS = 200
"""Fields of a form; the largest form of the staff has fewer than a hundred."""

WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
"""The methods whose body is read; the body of a GET means nothing and is passed over."""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class LargeBody:
    """What a view takes that needs more than a form: bytes, and from whom."""

    size: int
    admits: Callable[[Flask, Request], bool]


LARGE_BODIES: dict[Callable[..., Any], LargeBody] = {}
"""The views that take large bodies."""


def large_body(size: int, *, admits: Callable[[Flask, Request], bool]) -> Callable[[View], View]:
    """Let a view take bodies of ``size`` bytes from those whom ``admits`` knows by the header alone.

    ``admits`` is asked by the server for each such request, outside of any context: it must be quick and ask nobody.
    """

    def declare(view: View) -> View:
        LARGE_BODIES[view] = LargeBody(size, admits)
        return view

    return declare


def register(app: Flask) -> None:
    """Limit the bodies and the fields of all requests."""
    app.config.update(MAX_CONTENT_LENGTH=FORM_BYTES, MAX_FORM_PARTS=FORM_FIELDS)
    app.before_request(_limit)


def largest_body(app: Flask, environ: dict[str, Any]) -> int:
    """Return the bytes of the body that are read of a request with this WSGI environment; 0 where no view takes one."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    if method not in WITH_BODY:
        return 0
    try:
        endpoint, _ = app.url_map.bind("").match(path, method)
    except HTTPException:
        return 0
    return _limit_of(app, app.request_class(environ), endpoint)


def _limit() -> None:
    """Read no more of the body of this request than its view takes, and no form of very many fields."""
    if request.method not in WITH_BODY or not request.endpoint:
        request.max_content_length = 0
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    request.max_content_length = _limit_of(app, request, request.endpoint)
    if (request.content_length or 0) > request.max_content_length:
        if app.view_functions[request.endpoint] in LARGE_BODIES:
            return  # the view or its guard says more than that the file is too large
        raise RequestEntityTooLarge
    # MAX_FORM_PARTS counts the fields of multipart forms only
    if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") >= FORM_FIELDS:
        raise RequestEntityTooLarge


def _limit_of(app: Flask, request: Request, endpoint: str) -> int:
    large = LARGE_BODIES.get(app.view_functions[endpoint])
    return large.size if large and large.admits(app, request) else int(app.config["MAX_CONTENT_LENGTH"])
