"""The other-name file of NPPES (``othername_pfile_…``): other names of organizations."""

from __future__ import annotations

from collections.abc import Sequence

from finder.intake.cleaning import names
from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.formats.delimited import Row, header_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.nppes.companions import read_companions

SOURCE = "nppes_names"

NAME = "provider other organization name"
KIND = "provider other organization name type code"
DOING_BUSINESS_AS, FORMER_NAME, OTHER_NAME = "doing_business_as", "former_name", "other_name"
KINDS = {"3": DOING_BUSINESS_AS, "4": FORMER_NAME, "5": OTHER_NAME}
"""The fact of each type code: 3 doing business as, 4 former legal name, 5 other name (NPPES code values)."""


def recognizes(file: SourceFile) -> bool:
    """Return whether a file has other names; the main file has these columns too, and many more."""
    header = header_of(file)
    return header is not None and header.has("npi", NAME, KIND) and "entity type code" not in header


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the names of known NPIs, or of all while the directory is empty. Raises AsOfNeeded."""
    builder = LayerBuilder()
    seen: dict[tuple[str, str, str], set[int]] = {}

    def take(row: Row, npi: str, day: str) -> None:
        kind = KINDS.get(row[KIND].strip().removesuffix(".0"), OTHER_NAME)
        name = names.organization_name(row[NAME])
        if not name:
            row.report("name_missing", NAME)
        elif (npi, kind, name) not in seen:
            seen[npi, kind, name] = {row.checksum}
            builder.fact(npi, kind, name, as_of=day)
        elif row.checksum in seen[npi, kind, name]:
            row.report("duplicate_row", "npi", npi)
        else:
            seen[npi, kind, name].add(row.checksum)
            row.findings.tally("name_repeated")

    return [read_companions(files, context, builder, take)]
