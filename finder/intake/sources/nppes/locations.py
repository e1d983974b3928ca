"""The practice location file of NPPES (``pl_pfile_…``): the second and further locations of an NPI."""

from __future__ import annotations

from collections.abc import Sequence

from finder.intake.cleaning.fields import clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.formats.delimited import Row, header_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.tabular import lines_of_npis, read_rows

SOURCE = "nppes_locations"

_ADDRESS = "provider secondary practice location address"

COLUMNS = AddressColumns(
    street=f"{_ADDRESS}-address line 1",
    street_2=f"{_ADDRESS}-address line 2",
    city=f"{_ADDRESS}-city name",
    state=f"{_ADDRESS}-state name",
    zip=f"{_ADDRESS}-postal code",
    country=f"{_ADDRESS}-country code (if outside u.s.)",
    phone=f"{_ADDRESS}-telephone number",
    extension=f"{_ADDRESS}-telephone extension",
)
"""The published names as ``delimited.column_name`` normalizes them: the file has irregular spaces."""


def recognizes(file: SourceFile) -> bool:
    """Return whether a file has practice locations."""
    header = header_of(file)
    return header is not None and header.has("npi", COLUMNS.street, COLUMNS.zip)


def read(files: Sequence[SourceFile], context: Context) -> Layer:
    """Read the locations of known NPIs, or of all while the directory is empty. Raises AsOfNeeded."""
    as_of = context.required_date(files)
    builder = LayerBuilder()
    seen: dict[tuple[str, str], int] = {}

    def take(row: Row) -> None:
        npi, finding = clean_npi(row["npi"])
        if finding:
            row.report(finding, "npi", row["npi"])
            return
        location = read_location(row, COLUMNS, context.places)
        if location is None:
            return
        before = seen.get((npi, location.key))
        if before is None:
            seen[npi, location.key] = row.checksum
            builder.location(npi, location)
        elif before == row.checksum:
            row.report("duplicate_row", "npi", npi)
        else:
            row.report("location_repeated", COLUMNS.street, location.street)

    notices, rows = read_rows(files, context, take, keep_line=lines_of_npis(context.known_npis), skipped="not_listed")
    return builder.layer(context, as_of, notices=notices, rows=rows)
