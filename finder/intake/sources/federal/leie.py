"""The exclusion list of the Office of Inspector General (LEIE, oig.hhs.gov): providers that Medicare may not pay.

The full list (``UPDATED.csv``), the monthly additions and the monthly reinstatements have one layout. Excluded
providers are not listed. Entries without an NPI cannot be matched; therapists among them get a notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from finder.intake.cleaning.fields import clean_date, clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.errors import AsOfNeeded
from finder.intake.sources.formats.delimited import Row, header_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.tabular import read_rows

SOURCE = "leie"

REQUIRED = ("lastname", "busname", "npi", "excltype", "excldate", "reindate")


def recognizes(file: SourceFile) -> bool:
    """Return whether a file is the list or one of its monthly parts."""
    header = header_of(file)
    return header is not None and header.has(*REQUIRED)


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the exclusions and reinstatements."""
    builder = LayerBuilder()
    latest: list[date] = []
    seen: dict[str, str] = {}

    def take(row: Row) -> None:
        excluded, reinstated = _date(row, "excldate"), _date(row, "reindate")
        day = reinstated or excluded
        if day:
            latest.append(day)
        if not row["npi"].strip("0 "):
            _report_without_npi(row, reinstated)
            return
        npi, finding = clean_npi(row["npi"])
        if finding:
            row.report(finding, "npi", row["npi"])
            return
        status = "" if reinstated else "excluded"
        if seen.get(npi) == "excluded" or (npi in seen and not status):
            row.report("npi_repeated", "npi", npi)
            return
        if reinstated:
            row.report("reinstated", "reindate", row["reindate"])
        seen[npi] = status
        builder.provider(npi, entity="", name="", sort_name="", status=status, as_of=day.isoformat() if day else "")

    notices, rows = read_rows(files, context, take)
    as_of = context.date_of(files) or max(latest, default=None)
    if as_of is None:
        raise AsOfNeeded(files[0].name)
    return [builder.layer(context, as_of, notices=notices, rows=rows)]


def _date(row: Row, column: str) -> date | None:
    """Read a date; None for ``00000000``."""
    text = row[column].strip()
    if not text.strip("0"):
        return None
    day, finding = clean_date(text)
    if finding:
        row.report(finding, column, text)
    return day


def _report_without_npi(row: Row, reinstated: date | None) -> None:
    specialty = f"{row['general']} {row['specialty']}".upper()
    if "PHYSICAL THERAP" in specialty and not reinstated:
        name = row["busname"] or f"{row['lastname']}, {row['firstname']}"
        row.report("excluded_without_npi", "npi", f"{name}, {row['city']}, {row['state']}")
    else:
        row.findings.tally("without_npi")
