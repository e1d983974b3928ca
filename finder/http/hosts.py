"""The host names of this site: which a request may name, and the absolute addresses that are made of them.

A ``Host`` header is what the sender says. With ``FINDER_HOSTS`` only its names are answered. Without it any host is,
and a link that is a secret (it sets a password) is absolute on this machine alone: elsewhere it is a path, so that
nobody can have it made for a site of theirs.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from werkzeug.wsgi import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WRONG_HOST = "finder.wrong_host"
"""The key of a request's environment that says that its host is none of ours."""

MONITORED = frozenset({"health.healthz", "observe.metrics"})
"""Endpoints for programs that may not know our name: they call a machine by its address."""


class HostCheck:
    """WSGI middleware that marks requests for a host that is not ours, and takes the host away.

    Whatever follows, the page that says so included, then works with a harmless name.
    """

    def __init__(self, app: WSGIApplication, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        name = host_name(get_host(environ))
        if not name or (self._hosts and name not in self._hosts):
            environ = {**environ, "HTTP_HOST": "localhost", WRONG_HOST: True}
        return self._app(environ, start_response)


def register(app: Flask, hosts: Iterable[str]) -> None:
    """Answer only requests for these hosts, for any if there are none. A proxy is believed before, outside of this."""
    app.wsgi_app = HostCheck(app.wsgi_app, hosts)  # type: ignore[method-assign]
    app.before_request(_refuse_wrong_host)


def host_name(host: str) -> str:
    """Return the name of a host without its port, in the form in which names are compared; empty if it is no name."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name.encode("idna").decode("ascii") if name else ""
    except ValueError:
        return ""


def root_for_secrets() -> str:
    """Return the address of this site's root without a slash, or nothing where only the request says what it is."""
    is_known = bool(current_app.config["FINDER_SETTINGS"].hosts) or _is_this_machine(host_name(request.host))
    return root_as_asked() if is_known else ""


def root_as_asked() -> str:
    """Return the address of the root that the reader uses, for links that they copy from their own page."""
    return f"{request.scheme}://{request.host}"


def _refuse_wrong_host() -> None:
    if WRONG_HOST in request.environ and request.endpoint not in MONITORED:
        abort(400)


def _is_this_machine(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
