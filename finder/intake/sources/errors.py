"""What makes a whole file unreadable. What is wrong with single rows is a notice. Each docstring is its message.

Archives that are not opened are in ``finder.intake.unpacking.errors``.
"""

from __future__ import annotations

from finder.intake.unpacking.errors import UnreadableFile


class SourceFileMissing(UnreadableFile):
    """There is no such file. Check its name."""


class FileUnopened(UnreadableFile):
    """This file cannot be opened. Check that it may be read."""


class EmptyFolder(UnreadableFile):
    """This folder holds no files. Name the files, or the folder that they lie in."""


class EmptyFile(UnreadableFile):
    """This file is empty. Get it again."""


class NotText(UnreadableFile):
    """This file is not text that we can read. Get it again; a workbook or document must be saved as CSV first."""


class WebPage(UnreadableFile):
    """This file is a web page in place of data: the download failed, or asked for a sign-in. Get it again."""


class UnknownFormat(UnreadableFile):
    """We do not know this format. Stage a file as it was published, or a CSV made from the staff template."""


class HeaderOnly(UnreadableFile):
    """This file names its columns and has no rows. Get the whole file."""


class NotNeeded(UnreadableFile):
    """We know this file and need nothing that stands in it. Leave it out."""


class NoProviders(UnreadableFile):
    """This file names no providers. Stage the file of providers that it belongs to."""


class SourceMismatch(UnreadableFile):
    """This file is not of the source that was named. Check the name of the source, or leave it out."""


class AsOfNeeded(UnreadableFile):
    """Nothing in this file says which date it is of. Give the date of the file."""


class TooManyColumns(UnreadableFile):
    """This file has more columns than any format that we know. It is damaged, or not a provider file."""


class TooManyBlankRows(UnreadableFile):
    """This file has more than a million blank rows. Delete them, and give us the file again."""


class LineTooLong(UnreadableFile):
    """This file has a line or a value that is too long to be true. It is damaged, or not a provider file."""


class BrokenJson(UnreadableFile):
    """This file is not whole JSON: it ends too soon, or a part of it is damaged. Get it again."""


class NobodyInside(UnreadableFile):
    """This file names nobody, so there is nothing to stage. Check that it is the one you meant."""


class NestedTooDeep(BrokenJson):
    """This file has lists within lists without end. It is damaged, or not a provider file."""


class RatesMissing(UnreadableFile):
    """This file is a group of providers without prices. Stage it together with the file of rates that points to it."""


class MedicareAdvantageDirectory(UnreadableFile):
    """This is the directory of a Medicare Advantage plan. This version does not read these yet. Leave it out."""


class CollectionNeeded(UnreadableFile):
    """Nothing in this file says whose plans or networks it is about. Name its collection."""


class PartsMissing(UnreadableFile):
    """This file belongs to a set, and others of it are missing. Give us the whole set, or say that it is a part."""


class RegistryRefused(UnreadableFile):
    """This file is not a list of providers: the NPI Registry answered with an error. Ask it again."""
