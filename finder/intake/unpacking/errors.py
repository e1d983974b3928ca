"""Why a file cannot be read, and why an archive is not opened. Each docstring is its message."""

from __future__ import annotations

from finder.errors import FinderError
from finder.i18n import Message


class UnreadableFile(FinderError):
    """This file cannot be read. Get it again, and leave it as it was published."""

    def __init__(self, file: str, detail: Message | str = "") -> None:
        words = {"file": file, "message": Message(self.message()), "detail": detail}
        order = "{file}: {message} {detail}" if detail else "{file}: {message}"
        super().__init__(Message(order, words))
        self.file = file


class BrokenArchive(UnreadableFile):
    """This archive is damaged or locked. Get it again; it must open without a password."""


class ArchiveTooLarge(UnreadableFile):
    """This archive unpacks to more than it may, so it was not read."""


class UnsafeArchive(UnreadableFile):
    """This archive is built to mislead, so it was not opened. Get it again from its publisher."""


class UnknownPacking(UnreadableFile):
    """This archive is packed in a way that we do not read. Unpack it, and pack it again as an ordinary ZIP file."""


class NestedArchive(UnreadableFile):
    """This archive holds other archives. Unpack it, and give us the files that lie in it."""
