"""Asks servers over HTTP: politely, over https only, with time-outs and limits, and again after a while if it fails.

What an answer means is not known here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message as Headers
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import IO, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from finder.digits import whole_number
from finder.intake.fetch.errors import (
    AnswerTooLarge,
    CutShort,
    FetchFailed,
    NoAnswer,
    NotThere,
    PassingFailure,
    ServerBusy,
    ServerFailed,
    UnsafeAddress,
    WrongKind,
)

T = TypeVar("T")

USER_AGENT = "physical-therapist-finder"

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""This machine: the only hosts that may be asked without https, and only where the first address is there."""

CHUNK = 256 * 1024
MOST_REDIRECTS = 5
BUSY = (429, 503)
PASSING = (408, 425)


@dataclass(frozen=True, kw_only=True)
class RequestPolicy:
    """How a server is treated. Times in seconds."""

    delay: float = 0.5
    """Between one request and the next."""
    timeout: float = 30.0
    """Without a byte, before the server counts as silent."""
    total_timeout: float = 120.0
    """For the whole of a small answer, however it drips."""
    tries: int = 6
    first_wait: float = 2.0
    """Before the second try; doubled for every further one."""
    longest_wait: float = 300.0
    """A server that asks for more patience is asked another day."""
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def wait(self, failure: PassingFailure, tried: int) -> float:
        """Return how long to wait after so many tries. Raises the failure where it is no use to go on."""
        wait = failure.retry_after if failure.retry_after is not None else self.first_wait * 2 ** (tried - 1)
        if tried >= self.tries or (failure.retry_after or 0) > self.longest_wait:
            raise failure
        return min(wait, self.longest_wait)


class HttpAnswer:
    """An answer whose body is still to be read."""

    def __init__(self, address: str, response: HTTPResponse) -> None:
        self.address = address
        self.status = response.status
        self.headers: Headers = response.headers
        self._response = response

    @property
    def length(self) -> int | None:
        """Bytes of the body, if the server says so."""
        return whole_number(self.headers.get("Content-Length", ""), 18)

    def chunks(self) -> Iterator[bytes]:
        """Yield the body piece by piece. Raises CutShort where it ends before its length."""
        expected, got = self.length, 0
        while True:
            with _translated(self.address):
                chunk = self._response.read1(CHUNK)
            if not chunk:
                break
            got += len(chunk)
            yield chunk
        if expected is not None and got < expected:
            raise CutShort(self.address, f"{got} / {expected}")


class Client:
    """Asks one server, and those that it sends us to. One to a run: it keeps the pace between requests."""

    def __init__(self, first_address: str, policy: RequestPolicy | None = None) -> None:
        """Take the address that the operator chose. Raises UnsafeAddress."""
        self.policy = policy or RequestPolicy()
        parts = urlsplit(first_address)
        self._plain = parts.netloc if parts.scheme == "http" and parts.hostname in LOOPBACK else None
        self._opener = build_opener(_Redirects(self.check))
        self._next = 0.0
        self.check(first_address)

    def check(self, address: str) -> None:
        """Refuse an address that is neither https nor on the server of this machine that was chosen."""
        parts = urlsplit(address)
        plain = parts.scheme == "http" and parts.netloc == self._plain
        if not (parts.scheme == "https" and parts.hostname) and not plain:
            raise UnsafeAddress(address)

    def ask(self, address: str, read: Callable[[bytes], T], *, kind: str, limit: int) -> T:
        """Get a small answer and make something of it; ask again after a PassingFailure, be it of ``read``.

        ``kind``: what its content type holds (``json``). ``limit`` in bytes. Raises FetchFailed.
        """
        for tried in range(1, self.policy.tries + 1):
            try:
                return read(self._read_body(address, kind, limit))
            except PassingFailure as failure:
                self.policy.sleep(self.policy.wait(failure, tried))
        raise NoAnswer(address)

    @contextmanager
    def open(self, address: str, headers: dict[str, str] | None = None) -> Iterator[HttpAnswer]:
        """Ask once. Raises FetchFailed of the kind that fits."""
        self.check(address)
        self._keep_pace()
        all_headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **(headers or {})}
        request = Request(address, headers=all_headers)  # noqa: S310 - the scheme is checked above
        with _translated(address):
            response = self._opener.open(request, timeout=self.policy.timeout)
        with response:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise WrongKind(address, response.headers["Content-Encoding"])
            yield HttpAnswer(address, response)

    def _read_body(self, address: str, kind: str, limit: int) -> bytes:
        """Read a whole body. It may have no content type, but no wrong one."""
        deadline = time.monotonic() + self.policy.total_timeout
        body = bytearray()
        with self.open(address) as answer:
            content_type = answer.headers.get("Content-Type", kind)
            if kind not in content_type:
                raise WrongKind(address, content_type)
            for chunk in answer.chunks():
                body += chunk
                if len(body) > limit:
                    raise AnswerTooLarge(address)
                if time.monotonic() > deadline:
                    raise NoAnswer(address)
        return bytes(body)

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if self._next > now:
            self.policy.sleep(self._next - now)
        self._next = max(now, self._next) + self.policy.delay


class _Redirects(HTTPRedirectHandler):
    """Follows a server elsewhere only where the client may go."""

    max_redirections = MOST_REDIRECTS

    def __init__(self, check: Callable[[str], None]) -> None:
        self._check = check

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> Request | None:
        self._check(urljoin(req.full_url, newurl))
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


@contextmanager
def _translated(address: str) -> Iterator[None]:
    """Turn what the standard library raises into a FetchFailed."""
    try:
        yield
    except HTTPError as error:
        with error:
            raise _refusal(address, error) from error
    except HTTPException as error:
        raise CutShort(address, type(error).__name__) from error
    except (URLError, OSError) as error:
        raise NoAnswer(address, str(getattr(error, "reason", error))) from error
    except ValueError as error:  # an address that no request can carry
        raise UnsafeAddress(address, str(error)) from error


def _refusal(address: str, error: HTTPError) -> FetchFailed:
    detail = f"HTTP {error.code}"
    if error.code in BUSY:
        busy = ServerBusy(address, detail)
        busy.retry_after = retry_after(error.headers.get("Retry-After", ""), datetime.now(UTC))
        return busy
    if error.code >= 500 or error.code in PASSING:
        return ServerFailed(address, detail)
    return NotThere(address, error.code)


def retry_after(text: str, now: datetime) -> float | None:
    """Read a ``Retry-After``: seconds, or the moment as an HTTP date; None where it says neither."""
    seconds = whole_number(text.strip(), 9)
    if seconds is not None:
        return float(seconds)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
