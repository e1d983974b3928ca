"""Where a form comes from: what changes something is taken from our own pages alone.

Browsers say it in up to three headers. Each that is there must name this site, in whichever spelling of it; what cannot
be read names another. What is no browser says nothing and has no visitor whose hand it could guide: the token of the
form is asked for then as ever.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, request

from finder.errors import FinderError

READ_ONLY = frozenset({"GET", "HEAD", "OPTIONS"})

PORTS = {"http": 80, "https": 443}

_ORIGIN = re.compile(r"https?://[^/?#@\\,\s]+", re.IGNORECASE)
"""A scheme, a host and perhaps a port, and nothing else: not ``null``, no list, no name of a user."""


class ForeignForm(FinderError):
    """This form did not come from our own page, so nothing was sent. Open the page here and send it again."""


def register(app: Flask) -> None:
    """Check every request that may change something, before anything else looks at it."""
    app.before_request(check_origin)


def check_origin() -> None:
    """Refuse a form that another site sent. Raises ForeignForm."""
    if request.method in READ_ONLY:
        return
    headers = request.headers
    is_ours = (
        headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}
        and ("Origin" not in headers or (_ORIGIN.fullmatch(headers["Origin"]) and _is_here(headers["Origin"])))
        and (not headers.get("Referer") or _is_here(headers["Referer"]))
    )
    if not is_ours:
        raise ForeignForm


def _is_here(address: str) -> bool:
    """Return whether an address is of this site: scheme, host and port."""
    here = _site(f"{request.scheme}://{request.host}")
    return here is not None and _site(address) == here


def _site(address: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of an address in one spelling; None if it cannot be read."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, PORTS[parts.scheme] if port is None else port
