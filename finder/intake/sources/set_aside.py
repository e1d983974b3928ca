"""Known files that are published beside the others and hold nothing for the directory: skipped with a notice."""

from __future__ import annotations

from typing import NamedTuple

from finder.intake.sources.errors import HeaderOnly, NoProviders, NotNeeded
from finder.intake.sources.formats.delimited import BLANK, header_of, rows_begin
from finder.intake.sources.formats.files import START_BYTES, SourceFile
from finder.intake.sources.formats.json_files import begins_with
from finder.intake.unpacking.errors import UnreadableFile

TABLES = (
    ("npi", "endpoint type", "endpoint"),
    ("npi", "facility affiliations certification number"),
)
"""Columns of tables beside the main ones: NPPES's electronic addresses, the hospitals of Doctors and Clinicians."""

JSON = (("rxnorm_id", "drug_name"), ("reporting_entity_name", "out_of_network"))
"""Keys of JSON beside the lists of providers: a marketplace plan's drugs, a payer's amounts for other providers."""

INDEXES = ("provider_urls", "reporting_structure")
"""Keys of JSON that only lists the addresses of other files: an insurer's index, a payer's table of contents."""


class SkippedFile(NamedTuple):
    """Why a file is skipped: the code of its notice, and the error if there is no other file to read."""

    code: str
    error: type[UnreadableFile]


HEADER_ONLY = SkippedFile("header_only", HeaderOnly)
NOT_NEEDED = SkippedFile("not_needed", NotNeeded)
NO_PROVIDERS = SkippedFile("no_providers", NoProviders)


def set_aside(file: SourceFile) -> SkippedFile | None:
    """Return why a file is skipped; None if it is to be read or unknown."""
    if any(begins_with(file, *keys) for keys in JSON):
        return NOT_NEEDED
    if any(begins_with(file, key) for key in INDEXES) and not begins_with(file, "in_network"):
        return NO_PROVIDERS
    header = header_of(file)
    return NOT_NEEDED if header and any(header.has(*columns) for columns in TABLES) else None


def lists_columns(file: SourceFile) -> bool:
    """Return whether a file is one of those that only name the columns of another, by its name in the archive."""
    return "fileheader" in file.name.lower()


def is_header_only(file: SourceFile) -> bool:
    """Return whether a table has no rows, like the files of headers in the archive of NPPES."""
    start_is_all = len(file.start) < START_BYTES
    return start_is_all and header_of(file) is not None and not file.start[rows_begin(file) :].strip(BLANK)
