"""What makes a whole file unreadable. What is wrong with single rows is a notice. Each docstring is its message."""

from __future__ import annotations

from finder.errors import FinderError


class UnreadableFile(FinderError):
    """This file cannot be read. Get it again, and leave it as it was published."""

    def __init__(self, file: str, detail: str = "") -> None:
        super().__init__(f"{file}: {self.message()}{' ' + detail if detail else ''}")
        self.file = file


class FileMissing(UnreadableFile):
    """There is no such file. Check its name."""


class EmptyFile(UnreadableFile):
    """This file is empty. Get it again."""


class NotText(UnreadableFile):
    """This file is not the text that its name promises. Get it again, or save it as CSV (UTF-8)."""


class UnknownFormat(UnreadableFile):
    """We do not know this format. Stage a file as it was published, or a CSV made from the staff template."""


class SourceMismatch(UnreadableFile):
    """This file is not of the source that was named. Check the name of the source, or leave it out."""


class AsOfNeeded(UnreadableFile):
    """Nothing in this file says which date it is of. Give that date with --as-of, like --as-of 2026-11-01."""


class TooManyColumns(UnreadableFile):
    """This file has more columns than any format that we know. It is damaged, or not a provider file."""


class LineTooLong(UnreadableFile):
    """This file has a line or a value that is too long to be true. It is damaged, or not a provider file."""


class BrokenArchive(UnreadableFile):
    """This archive is damaged or locked. Get it again; it must open without a password."""


class ArchiveTooLarge(UnreadableFile):
    """This archive unpacks to far more than it should, so it was not opened. Get it again from its publisher."""


class BrokenJson(UnreadableFile):
    """This file is not whole JSON: it ends too soon, or a part of it is damaged. Get it again."""


class RegistryRefused(UnreadableFile):
    """This file is not a list of providers: the NPI Registry answered with an error. Ask it again."""
