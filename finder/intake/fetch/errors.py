"""What goes wrong while fetching. Each docstring is its message; the address and what was seen stand beside it."""

from __future__ import annotations

from finder.errors import FinderError


class FetchFailed(FinderError):
    """This could not be fetched. Start the same command again: it goes on where it stopped."""

    def __init__(self, address: str, detail: str = "") -> None:
        super().__init__(f"{address}: {self.message()}{f' ({detail})' if detail else ''}")
        self.address = address


class PassingFailure(FetchFailed):
    """The server failed for now. Start the same command again later: it goes on where it stopped."""

    retry_after: float | None = None
    """Seconds that the server asks to be left alone, if it says so."""


class NoAnswer(PassingFailure):
    """The server does not answer. Check the network, then start the same command again: it goes on where it stopped."""


class ServerBusy(PassingFailure):
    """The server asks to be left alone for now. Start the same command again later: it goes on where it stopped."""


class ServerFailed(PassingFailure):
    """The server has a fault of its own. Start the same command again later: it goes on where it stopped."""


class CutShort(PassingFailure):
    """The answer ends too soon or is damaged. Start the same command again: it goes on where it stopped."""


class WrongKind(PassingFailure):
    """The server sent something else than was asked for: often a page about maintenance. Try again later."""


class RegistryError(PassingFailure):
    """The NPI Registry answered with an error in place of providers. Start the same command again later."""


class NotThere(FetchFailed):
    """The server does not give this. Download the file in a browser, then use: data stage FILE"""

    def __init__(self, address: str, status: int) -> None:
        super().__init__(address, f"HTTP {status}")
        self.status = status


class AnswerTooLarge(FetchFailed):
    """The answer is far larger than it can be, so it was not kept. Download the file in a browser and look at it."""


class UnsafeAddress(FetchFailed):
    """This address is not asked: files come over https only, also when a server sends us elsewhere."""


class CrowdedZip(FetchFailed):
    """More therapists share this ZIP code than the NPI Registry lets us ask for. Use: data fetch --nppes"""


class NotListed(FetchFailed):
    """The page of downloads does not list the file any more. Download it in a browser, then use: data stage FILE"""


class DamagedDownload(FetchFailed):
    """The file arrived damaged and was thrown away. Start the same command again: it is fetched anew."""


class DiskFull(FetchFailed):
    """There is not enough space on the disk. Make room, then start the same command again."""


class AlreadyFetching(FinderError):
    """Another process is fetching the same thing now. Wait until it has finished."""


class NoCenter(FinderError):
    """A whole state has no center to measure from. Give a ZIP code, or a city and state."""
