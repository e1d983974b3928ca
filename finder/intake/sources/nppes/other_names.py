"""The other-name file of NPPES (``othername_pfile_…``): other names of organizations."""

from __future__ import annotations

from collections.abc import Sequence

from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.formats.delimited import Row, header_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.tabular import lines_of_npis, read_rows

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


def read(files: Sequence[SourceFile], context: Context) -> Layer:
    """Read the names of known NPIs, or of all while the directory is empty. Raises AsOfNeeded."""
    as_of = context.required_date(files)
    builder = LayerBuilder()
    seen: dict[tuple[str, str, str], set[int]] = {}

    def take(row: Row) -> None:
        npi, finding = clean_npi(row["npi"])
        if finding:
            row.report(finding, "npi", row["npi"])
            return
        kind = KINDS.get(row[KIND].strip().removesuffix(".0"), OTHER_NAME)
        name = names.organization_name(row[NAME])
        if not name:
            row.report("name_missing", NAME)
        elif (npi, kind, name) not in seen:
            seen[npi, kind, name] = {row.checksum}
            builder.fact(npi, kind, name)
        elif row.checksum in seen[npi, kind, name]:
            row.report("duplicate_row", "npi", npi)
        else:
            seen[npi, kind, name].add(row.checksum)
            row.findings.tally("name_repeated")

    notices, rows = read_rows(files, context, take, keep_line=lines_of_npis(context.known_npis), skipped="not_listed")
    return builder.layer(context, as_of, notices=notices, rows=rows)
