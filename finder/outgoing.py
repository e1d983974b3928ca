"""Requests to other servers: http and https alone, and never to where a redirect must not lead.

The server that the operator configured is trusted, wherever it is. Everything else that it leads to (redirects, links
in its answers) is asked over https alone, and only at public addresses: the address is checked when the connection is
made, so that no name and no spelling of an address gets around it.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
from email.message import Message as Headers
from typing import IO, Any
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

MAX_REDIRECTS = 5

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}

_NETLOC = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
"""A host and a port that all who read a URL read alike: no user, no escapes, no other alphabet."""


class UnsafeDestination(OSError):
    """A request would go where it must not; an OSError, so that a client of urllib takes it for a failed connection."""


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet, also inside an IPv6 address that stands for it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and (inner := _inner_address(found)):
        return is_public(str(inner))
    site_local = isinstance(found, ipaddress.IPv6Address) and found.is_site_local
    return found.is_global and not (found.is_multicast or found.is_reserved or site_local)


def _inner_address(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to: mapped, translated, or through a tunnel."""
    if address in _NAT64 or (address.packed[:12] == bytes(12) and address.packed[12:14] != bytes(2)):
        return ipaddress.IPv4Address(address.packed[12:])
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


class Destinations:
    """The servers that may be asked by somebody whom the operator sent to one URL."""

    def __init__(self, first_url: str) -> None:
        """Raises UnsafeDestination for a URL that is not http or https."""
        self._first = _parts(first_url)

    def check(self, url: str) -> None:
        """Raise UnsafeDestination for a URL that may not be asked, as far as it shows."""
        parts = _parts(url)
        if self.is_trusted(parts):
            return
        if parts.scheme != "https":
            raise UnsafeDestination("neither https nor the server that was configured")
        for address in _addresses(parts.hostname or "", flags=socket.AI_NUMERICHOST):
            _check_public(address)

    def is_trusted(self, parts: SplitResult) -> bool:
        """Return whether a URL is on the configured server; it may turn from http to https on the usual ports."""
        first = self._first
        if (parts.hostname, _port(parts), parts.scheme) == (first.hostname, _port(first), first.scheme):
            return True
        return parts.hostname == first.hostname and all(
            side.scheme == scheme and _port(side) == _PORTS[scheme]
            for side, scheme in ((first, "http"), (parts, "https"))
        )

    def opener(self) -> OpenerDirector:
        """Return what opens the URLs that are allowed; proxies are those of the environment."""
        opener = OpenerDirector()
        for handler in (
            ProxyHandler(),
            _Http(self),
            _Https(self),
            _Redirects(self),
            HTTPDefaultErrorHandler(),
            HTTPErrorProcessor(),
        ):
            opener.add_handler(handler)
        return opener


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in _PORTS and _NETLOC.fullmatch(parts.netloc) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise UnsafeDestination("not a URL of http or https")
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


def _addresses(host: str, port: int = 0, *, flags: int = 0) -> list[tuple[Any, ...]]:
    """Return what a name resolves to, in the form of ``getaddrinfo``; nothing for a name where only numbers count."""
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags))
    except (socket.gaierror, UnicodeError):
        if flags:
            return []
        raise


def _check_public(address: tuple[Any, ...]) -> None:
    if not is_public(address[4][0]):
        raise UnsafeDestination("not a public address")


def _connect(host: str, port: int, timeout: float | None) -> socket.socket:
    """Connect to a public address of a host. Raises UnsafeDestination if it has none, OSError if none answers."""
    failure: OSError = UnsafeDestination("no address")
    for address in _addresses(host, port):
        try:
            _check_public(address)
            connection = socket.socket(*address[:3])
            try:
                connection.settimeout(timeout)
                connection.connect(address[4])
            except OSError:
                connection.close()
                raise
            return connection
        except OSError as error:
            failure = error
    raise failure


class _PublicHttps(http.client.HTTPSConnection):
    """A connection that is made to a public address only."""

    def __init__(self, host: str, *, context: ssl.SSLContext, **options: Any) -> None:
        super().__init__(host, context=context, **options)
        self._tls = context

    def connect(self) -> None:
        """Connect. Raises UnsafeDestination before anything is sent."""
        connection = _connect(self.host, self.port, self.timeout)
        self.sock = self._tls.wrap_socket(connection, server_hostname=self.host)


class _Http(HTTPHandler):
    """Plain http: to the configured server alone."""

    def __init__(self, destinations: Destinations) -> None:
        super().__init__()
        self._destinations = destinations

    def http_open(self, req: Request) -> http.client.HTTPResponse:
        self._destinations.check(req.full_url)
        return super().http_open(req)


class _Https(HTTPSHandler):
    """https: to the configured server, to what a proxy of the operator reaches, and to public addresses."""

    def __init__(self, destinations: Destinations) -> None:
        self._tls = ssl.create_default_context()
        self._tls.set_alpn_protocols(["http/1.1"])
        super().__init__(context=self._tls)
        self._destinations = destinations

    def https_open(self, req: Request) -> http.client.HTTPResponse:
        parts = urlsplit(req.full_url)
        self._destinations.check(req.full_url)
        if self._destinations.is_trusted(parts) or req.host != parts.netloc:  # a proxy looks the name up itself
            return super().https_open(req)
        return self.do_open(_PublicHttps, req, context=self._tls)  # type: ignore[arg-type]


class _Redirects(HTTPRedirectHandler):
    """Follows redirects to what is allowed, and never from https to http."""

    max_redirections = MAX_REDIRECTS

    def __init__(self, destinations: Destinations) -> None:
        self._destinations = destinations

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> Request | None:
        target = urljoin(req.full_url, newurl)
        self._destinations.check(target)
        if urlsplit(req.full_url).scheme == "https" and urlsplit(target).scheme != "https":
            raise UnsafeDestination("from https back to http")
        fp.close()  # its body is not read: it need not end
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
