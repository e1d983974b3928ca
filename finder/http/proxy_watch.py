"""Whether the proxies in front are those of the settings: limits that count networks are wrong where they are not.

Not declared, all visitors share the address of the proxy, and a few failed log-ins make everybody wait. Declared and
not there, a visitor can make up an address. Both are seen in the headers that arrive: most requests have them, or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from flask import Flask, current_app

from finder.http.metrics import make_logger

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")

FEWEST = 20
"""Requests to see before anything is said: one visitor can send any header."""

MOST = 400
"""Requests that are remembered; the older half then weighs half."""

FEW = 0.1


class ProxyFault(StrEnum):
    """How the proxies differ from the settings."""

    UNDECLARED = "undeclared"
    MISSING = "missing"


class ProxyWatch:
    """WSGI middleware that counts requests that came as the settings have it, and others."""

    def __init__(self, app: WSGIApplication, trusted_proxies: int) -> None:
        self._app = app
        self._trusted = trusted_proxies
        self._log = make_logger()
        self._logged = False
        self._expected = self._other = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if environ.get("PATH_INFO") != "/healthz":  # a monitor calls the machine itself
            self._count(environ)
        return self._app(environ, start_response)

    def fault(self) -> ProxyFault | None:
        """Return what is wrong, None if nothing is known to be."""
        seen = self._expected + self._other
        if seen < FEWEST or self._expected > FEW * seen:
            return None
        return ProxyFault.MISSING if self._trusted else ProxyFault.UNDECLARED

    def _count(self, environ: WSGIEnvironment) -> None:
        if self._trusted:
            is_expected = len(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")) >= self._trusted
            is_expected = is_expected and bool(environ.get("HTTP_X_FORWARDED_FOR"))
        else:
            is_expected = not any(environ.get(name) for name in FORWARDED)
        self._expected += is_expected
        self._other += not is_expected
        if self._expected + self._other >= MOST:
            self._expected, self._other = self._expected // 2, self._other // 2
        if not self._logged and (fault := self.fault()):
            self._logged = True
            self._log.warning("proxy", fault=fault.value, trusted_proxies=self._trusted, see="docs/deployment.md")


def register(app: Flask, trusted_proxies: int) -> None:
    """Watch the requests of an application, as they are before a proxy is believed."""
    watch = app.extensions["finder_proxy_watch"] = ProxyWatch(app.wsgi_app, trusted_proxies)
    app.wsgi_app = watch  # type: ignore[method-assign]


def proxy_fault() -> ProxyFault | None:
    """Return how the proxies in front differ from the settings, None if nothing is known to be wrong."""
    watch: ProxyWatch = current_app.extensions["finder_proxy_watch"]
    return watch.fault()
