"""The street map that the settings offer and a visitor may ask for: whose it is, and what its page may load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response

from finder.http.security_headers import CONTENT_SECURITY_POLICY

_TILES = re.compile(r"(https?)://((?:\{s\}\.)?[A-Za-z0-9.-]+(?::[0-9]+)?)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """Who draws the streets: the address of the tiles, the host for people, the source that the page may load."""

    tiles: str
    host: str
    source: str


def streets_of(tiles_url: str) -> Streets | None:
    """Read whose street map the settings offer: ``https://{s}.tiles.example/{z}/{x}/{y}.png``; None: there are none."""
    match = _TILES.match(tiles_url)
    if match is None:
        return None
    host = match[2].replace("{s}.", "")
    source = f"{match[1]}://{match[2].replace('{s}.', '*.')}"
    return Streets(tiles=tiles_url, host=urlsplit(f"//{host}").hostname or host, source=source)


def allow(streets: Streets | None, response: Response) -> Response:
    """Return the response with a policy that also lets this page load the tiles of the street map."""
    if streets:
        policy = CONTENT_SECURITY_POLICY.replace("img-src 'self'", f"img-src 'self' {streets.source}")
        response.headers["Content-Security-Policy"] = policy
    return response
