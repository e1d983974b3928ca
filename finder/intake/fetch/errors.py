"""The errors of fetching. The docstring of a class is its message; the URL and a detail stand beside it."""

from __future__ import annotations

from finder.errors import FinderError


class FetchFailed(FinderError):
    """This could not be fetched. Start the same command again: it goes on where it stopped."""

    def __init__(self, url: str, detail: str = "") -> None:
        super().__init__(f"{url}: {self.message()}{f' ({detail})' if detail else ''}")
        self.url = url


class TemporaryFailure(FetchFailed):
    """The server failed for now. Start the same command again later: it goes on where it stopped."""

    retry_after: float | None = None
    """Seconds to wait before the next request, if the server sent ``Retry-After``."""


class NoResponse(TemporaryFailure):
    """The server does not answer. Check the network, then start the same command again: it goes on where it stopped."""


class ServerBusy(TemporaryFailure):
    """The server asks to be left alone for now. Start the same command again later: it goes on where it stopped."""


class ServerFailed(TemporaryFailure):
    """The server has a fault of its own. Start the same command again later: it goes on where it stopped."""


class IncompleteResponse(TemporaryFailure):
    """The answer ends too soon or is damaged. Start the same command again: it goes on where it stopped."""


class UnexpectedContentType(TemporaryFailure):
    """The server sent something else than was asked for: often a page about maintenance. Try again later."""


class RegistryError(TemporaryFailure):
    """The NPI Registry answered with an error in place of providers. Start the same command again later."""


class FileUnavailable(FetchFailed):
    """The server does not give this. Download the file in a browser, then use: data stage FILE"""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(url, f"HTTP {status}")
        self.status = status


class ResponseTooLarge(FetchFailed):
    """The answer is far larger than it can be, so it was not kept. Download the file in a browser and look at it."""


class UnsafeUrl(FetchFailed):
    """This address is not asked: files come over https, from public servers only, also when one sends us elsewhere."""


class TooManyProviders(FetchFailed):
    """More therapists share this ZIP code than the NPI Registry lets us ask for. Use: data fetch --nppes"""


class FileNotListed(FetchFailed):
    """The page of downloads does not list the file any more. Download it in a browser, then use: data stage FILE"""


class DamagedDownload(FetchFailed):
    """The file arrived damaged and was thrown away. Start the same command again: it is fetched anew."""


class AlreadyFetching(FinderError):
    """Another process is fetching the same thing now. Wait until it has finished."""


class NoCenter(FinderError):
    """A whole state has no center to measure from. Give a ZIP code, or a city and state."""
