"""An HTTP client with time-outs, size limits, pauses and retries. It does not interpret a response.

Where it may go is in ``finder.outgoing``: https only, also when a server sends us elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message as Headers
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request

from finder.digits import whole_number
from finder.intake.fetch.errors import (
    FetchFailed,
    FileUnavailable,
    IncompleteResponse,
    NoResponse,
    ResponseTooLarge,
    ServerBusy,
    ServerFailed,
    TemporaryFailure,
    UnexpectedContentType,
    UnsafeUrl,
)
from finder.outgoing import Destinations, UnsafeDestination

T = TypeVar("T")

USER_AGENT = "physical-therapist-finder"

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""This machine: the only hosts that are requested without https, and only if the first URL is on one of them."""

CHUNK_BYTES = 256 * 1024
BUSY_STATUSES = (429, 503)
RETRY_STATUSES = (408, 425)


@dataclass(frozen=True, kw_only=True)
class RequestPolicy:
    """Pauses, time-outs and retries of a client. Times in seconds."""

    delay: float = 0.5
    """From one request to the next."""
    timeout: float = 30.0
    """Without any byte from the server."""
    total_timeout: float = 120.0
    """For the whole body of ``Client.get``, even if bytes keep arriving."""
    max_attempts: int = 6
    first_delay: float = 2.0
    """Before the second attempt; doubled before each further one."""
    max_delay: float = 300.0
    """If the server asks for a longer delay in ``Retry-After``, there is no further attempt."""
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def retry_delay(self, failure: TemporaryFailure, attempt: int) -> float:
        """Return the seconds to wait after an attempt, counted from 1. Raises the failure if there must be no other."""
        delay = failure.retry_after if failure.retry_after is not None else self.first_delay * 2 ** (attempt - 1)
        if attempt >= self.max_attempts or (failure.retry_after or 0) > self.max_delay:
            raise failure
        return min(delay, self.max_delay)


class StreamedResponse:
    """A response whose body is not read yet."""

    def __init__(self, url: str, response: HTTPResponse) -> None:
        self.url = url
        self.status = response.status
        self.headers: Headers = response.headers
        self._response = response

    @property
    def length(self) -> int | None:
        """Bytes of the body by ``Content-Length``; None if the server does not send it."""
        return whole_number(self.headers.get("Content-Length", ""), 18)

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in chunks. Raises IncompleteResponse if it ends before its length."""
        expected, received = self.length, 0
        while True:
            with _translate_errors(self.url):
                chunk = self._response.read1(CHUNK_BYTES)
            if not chunk:
                break
            received += len(chunk)
            yield chunk
        if expected is not None and received < expected:
            raise IncompleteResponse(self.url, f"{received} / {expected}")


class Client:
    """Requests URLs of one server and of those that it redirects to, and pauses between requests.

    A run has one client, so that the pauses hold for all its requests.
    """

    def __init__(self, first_url: str, policy: RequestPolicy | None = None) -> None:
        """``first_url`` is the URL that the operator chose. Raises UnsafeUrl."""
        self.policy = policy or RequestPolicy()
        with _translate_errors(first_url):
            self._destinations = Destinations(first_url)
        parts = urlsplit(first_url)
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise UnsafeUrl(first_url)
        self._opener = self._destinations.opener()
        self._next_request_at = 0.0

    def check(self, url: str) -> None:
        """Raise UnsafeUrl for a URL that is neither on the server of the first URL nor public and https."""
        with _translate_errors(url):
            self._destinations.check(url)

    def get(self, url: str, parse: Callable[[bytes], T], *, media_type: str, max_bytes: int) -> T:
        """Return what ``parse`` makes of a small body; try again after a TemporaryFailure, also of ``parse``.

        ``media_type`` is a part of the expected content type, such as ``json``. Raises FetchFailed.
        """
        for attempt in range(1, self.policy.max_attempts + 1):
            try:
                return parse(self._read_body(url, media_type, max_bytes))
            except TemporaryFailure as failure:
                self.policy.sleep(self.policy.retry_delay(failure, attempt))
        raise NoResponse(url)

    @contextmanager
    def open(self, url: str, headers: dict[str, str] | None = None) -> Iterator[StreamedResponse]:
        """Request a URL once and yield the response. Raises the FetchFailed that fits."""
        self.check(url)
        self._wait_for_pace()
        all_headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **(headers or {})}
        request = Request(url, headers=all_headers)  # noqa: S310 - the scheme is checked above
        with _translate_errors(url):
            response = self._opener.open(request, timeout=self.policy.timeout)
        with response:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise UnexpectedContentType(url, response.headers["Content-Encoding"])
            yield StreamedResponse(url, response)

    def _read_body(self, url: str, media_type: str, max_bytes: int) -> bytes:
        """Read a whole body. A response without a content type is accepted, one with another type is not."""
        deadline = time.monotonic() + self.policy.total_timeout
        body = bytearray()
        with self.open(url) as response:
            content_type = response.headers.get("Content-Type", media_type)
            if media_type not in content_type:
                raise UnexpectedContentType(url, content_type)
            for chunk in response.chunks():
                body += chunk
                if len(body) > max_bytes:
                    raise ResponseTooLarge(url)
                if time.monotonic() > deadline:
                    raise NoResponse(url)
        return bytes(body)

    def _wait_for_pace(self) -> None:
        now = time.monotonic()
        if self._next_request_at > now:
            self.policy.sleep(self._next_request_at - now)
        self._next_request_at = max(now, self._next_request_at) + self.policy.delay


@contextmanager
def _translate_errors(url: str) -> Iterator[None]:
    """Turn the exceptions of urllib and sockets into a FetchFailed."""
    try:
        yield
    except HTTPError as error:
        with closing(error):
            raise _error_of_status(url, error) from error
    except HTTPException as error:
        raise IncompleteResponse(url, type(error).__name__) from error
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        failure = UnsafeUrl if isinstance(reason, UnsafeDestination) else NoResponse
        raise failure(url, str(reason)) from error
    except ValueError as error:  # not a valid URL
        raise UnsafeUrl(url, str(error)) from error


def _error_of_status(url: str, error: HTTPError) -> FetchFailed:
    detail = f"HTTP {error.code}"
    if error.code in BUSY_STATUSES:
        busy = ServerBusy(url, detail)
        busy.retry_after = retry_after(error.headers.get("Retry-After", ""), datetime.now(UTC))
        return busy
    if error.code >= 500 or error.code in RETRY_STATUSES:
        return ServerFailed(url, detail)
    return FileUnavailable(url, error.code)


def retry_after(header: str, now: datetime) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, as a number or an HTTP date; None if neither."""
    seconds = whole_number(header.strip(), 9)
    if seconds is not None:
        return float(seconds)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - now).total_seconds(), 0.0)
