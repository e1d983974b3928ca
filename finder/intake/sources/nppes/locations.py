"""The practice location file of NPPES (``pl_pfile_…``): the second and further locations of an NPI."""

from __future__ import annotations

from collections.abc import Sequence

from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.formats.delimited import Row, header_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.nppes.companions import read_companions

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


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the locations of known NPIs, or of all while the directory is empty. Raises AsOfNeeded."""
    builder = LayerBuilder()
    seen: dict[tuple[str, str], int] = {}

    def take(row: Row, npi: str, day: str) -> None:
        location = read_location(row, COLUMNS, context.places)
        if location is None:
            return
        before = seen.get((npi, location.key))
        if before is None:
            seen[npi, location.key] = row.checksum
            builder.location(npi, location, as_of=day)
        elif before == row.checksum:
            row.report("duplicate_row", "npi", npi)
        else:
            row.report("location_repeated", COLUMNS.street, location.street)

    return [read_companions(files, context, builder, take)]
