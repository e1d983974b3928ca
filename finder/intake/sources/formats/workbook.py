"""Rows of an Excel workbook (``.xlsx``), read only and within limits: a workbook is a zip, and may be a bomb."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from finder.intake.sources.errors import ArchiveTooLarge, BrokenArchive
from finder.intake.sources.formats.files import SourceFile

LARGEST = 400 * 1024 * 1024
"""Bytes, unpacked: the deactivation report has about 80 MB."""

IN_MEMORY = 32 * 1024 * 1024


def is_workbook(file: SourceFile) -> bool:
    """Return whether a file has the first bytes and the name of a workbook."""
    return file.start.startswith(b"PK\x03\x04") and file.name.lower().endswith(".xlsx")


@contextmanager
def sheet_rows(file: SourceFile) -> Iterator[Iterator[list[str]]]:
    """Open the rows of the first sheet as text, dates as ISO text. Raises BrokenArchive, ArchiveTooLarge."""
    with file.open() as stream, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        if file.size > LARGEST:
            raise ArchiveTooLarge(file.name)
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        try:
            _check_size(file, copy)
            book = openpyxl.load_workbook(copy, read_only=True, data_only=True)
            try:
                sheet = book.worksheets[0]
                sheet.reset_dimensions()  # what a sheet claims about its size may be wrong
                yield ([_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
            finally:
                book.close()
        except (zipfile.BadZipFile, KeyError, IndexError, ParseError, InvalidFileException, ValueError) as error:
            raise BrokenArchive(file.name) from error


def _check_size(file: SourceFile, copy: IO[bytes] | tempfile.SpooledTemporaryFile[bytes]) -> None:
    with zipfile.ZipFile(copy) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise ArchiveTooLarge(file.name)
    copy.seek(0)


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()
