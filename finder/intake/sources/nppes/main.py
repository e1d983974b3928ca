"""The main file of NPPES, the national provider list: monthly or weekly, 329 or 330 columns, from CSV or its zip.

Published by CMS (download.cms.gov/nppes). Columns are found by name, as they change; practice addresses are read,
mailing addresses never.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from finder.directory.vocabulary.specialties import (
    THERAPIST_TAXONOMIES,
    EvidenceRow,
    evidence_for,
    is_clinic,
    is_physical_therapist,
    specialties,
)
from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_date, clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import UNDATED, LayerBuilder
from finder.intake.sources.errors import AsOfNeeded
from finder.intake.sources.formats.delimited import Row, Table, header_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.lines import UTF8_MARK
from finder.intake.sources.formats.meter import Meter
from finder.intake.sources.formats.repeats import Repeats
from finder.intake.sources.nppes.line_filter import LineFilter
from finder.intake.sources.nppes.periods import period_of
from finder.notices.notices import Findings, Notice

SOURCE = "nppes"

ENTITY = "entity type code"
ENTITIES = {"1": "individual", "2": "organization"}
LAST_NAME = "provider last name (legal name)"
FIRST_NAME = "provider first name"
MIDDLE_NAME = "provider middle name"
SUFFIX = "provider name suffix text"
ORGANIZATION = "provider organization name (legal business name)"
OTHER_ORGANIZATION = "provider other organization name"
OTHER_ORGANIZATION_KIND = "provider other organization name type code"
DOING_BUSINESS_AS = "3"
CREDENTIALS = "provider credential text"
UPDATED = "last update date"
CERTIFIED = "certification date"
DEACTIVATED = "npi deactivation date"
REACTIVATED = "npi reactivation date"

PRACTICE = AddressColumns(
    street="provider first line business practice location address",
    street_2="provider second line business practice location address",
    city="provider business practice location address city name",
    state="provider business practice location address state name",
    zip="provider business practice location address postal code",
    country="provider business practice location address country code (if outside u.s.)",
    phone="provider business practice location address telephone number",
)

SLOTS = 15
TAXONOMIES = tuple(f"healthcare provider taxonomy code_{slot}" for slot in range(1, SLOTS + 1))
LICENSES = tuple(
    (f"provider license number state code_{slot}", f"provider license number_{slot}") for slot in range(1, SLOTS + 1)
)

REQUIRED = ("npi", ENTITY, LAST_NAME, PRACTICE.zip, TAXONOMIES[0])
"""Columns that every copy has; copies for a state or profession leave out others."""

COLUMNS_READ = (
    "npi", ENTITY, LAST_NAME, FIRST_NAME, MIDDLE_NAME, SUFFIX, ORGANIZATION, OTHER_ORGANIZATION,
    OTHER_ORGANIZATION_KIND, CREDENTIALS, UPDATED, CERTIFIED, DEACTIVATED, REACTIVATED,
    *PRACTICE, *TAXONOMIES,
    *(column for pair in LICENSES for column in pair),
)  # fmt: skip
"""The columns that are read, 72 of 330."""

LEFT_PROFESSION = "left_profession"
"""The status of known NPIs that no longer have a therapist's code."""

PUBLISHED_START = b'"NPI","Entity Type Code",'
"""The first bytes of the published file; other copies are smaller and read row by row."""


def recognizes(file: SourceFile) -> bool:
    """Return whether a file is a main file, or a copy with some of its columns."""
    header = header_of(file)
    return header is not None and header.has(*REQUIRED)


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the therapists and clinics; of several rows of an NPI the latest is taken, of one date the newest file's."""
    reading = _Reading(context, context.date_of(files))
    meter = Meter(context.progress, sum(file.size for file in files))
    notices: list[Notice] = []
    rows = 0
    newest_first = sorted(
        files, key=lambda one: (one.named_date() or date.min, period_of(one, context.as_of)), reverse=True
    )
    for file in newest_first:
        findings = Findings(file.name)
        table = Table(file, findings, columns=COLUMNS_READ)
        reading.begin_file(file, dated=UPDATED in table.header)
        for row in _rows(file, table, context, meter):
            reading.add(row)
        reading.end_file(findings)
        rows += table.rows
        notices += findings.notices()
    as_of = reading.as_of or reading.latest
    if as_of is None:
        raise AsOfNeeded(files[0].name)
    return [reading.builder.layer(context, as_of, notices=notices, rows=rows)]


def _rows(file: SourceFile, table: Table, context: Context, meter: Meter) -> Iterator[Row]:
    with file.open() as stream:
        if file.start.removeprefix(UTF8_MARK).startswith(PUBLISHED_START):
            for number, line in LineFilter(context.known_npis).lines(stream, table, meter.advance):
                row = table.row(number, line)
                if row:
                    yield row
        else:
            yield from table.read(meter.measured(stream))


class _Reading:
    """The rows of the layer, from the rows read so far."""

    def __init__(self, context: Context, as_of: date | None) -> None:
        self.builder = LayerBuilder()
        self.as_of = as_of
        self.latest: date | None = None
        """The latest update date of all rows."""
        self._context = context
        self._known = frozenset(context.known_npis)
        self._repeats = Repeats()

    def begin_file(self, file: SourceFile, *, dated: bool) -> None:
        """Begin a file; the rows of one without a column of dates have the date of the file."""
        self._file_day = self._context.date_of([file])
        self._period = period_of(file, self._context.as_of)
        self._dated = dated

    def add(self, row: Row) -> None:
        """Add one row, or report why it is skipped."""
        npi, finding = clean_npi(row["npi"])
        if finding:
            row.report(finding, "npi", row["npi"])
            return
        day = self._row_day(row)
        self.builder.tag = self._repeats.note(npi, row.number, row.checksum, day.toordinal() if day else 0)
        if self._take(npi, row):
            row.findings.tally("record_undated", day is None)
            self.builder.update(npi, day.isoformat() if day else "", self._period)

    def end_file(self, findings: Findings) -> None:
        """Finish a file and drop its repeated rows; files read after it are older."""
        self.builder.drop(self._repeats.settle(findings))

    def _row_day(self, row: Row) -> date | None:
        """Return the date of a row, never later than its file: of the last update, or of what happened to its NPI."""
        days = [_updated(row), clean_date(row[REACTIVATED]).value, clean_date(row[DEACTIVATED]).value]
        day = max((day for day in days if day), default=None)
        if day is None and (_is_deactivated(row) or not self._dated):
            return self._file_day
        return min(day, self._file_day) if day and self._file_day else day

    def _take(self, npi: str, row: Row) -> bool:
        """Add what a row says of an NPI; return False if that is nothing."""
        if _is_deactivated(row):
            row.report("deactivated", DEACTIVATED, row[DEACTIVATED])
            when = clean_date(row[DEACTIVATED]).value
            day = when.isoformat() if when else ""
            self.builder.provider(npi, entity="", name="", sort_name="", status="deactivated", as_of=day)
            return True
        codes = tuple(code for text in _taxonomies(row) if (code := text.strip().upper()))
        day = self._day(row)
        clinics_count = row[ENTITY].strip() != "1"
        if any(is_physical_therapist(code) or (clinics_count and is_clinic(code)) for code in codes):
            return self._take_provider(npi, row, codes, day)
        if npi in self._known:
            row.report("no_longer_therapist", TAXONOMIES[0], ";".join(codes))
            return _add_name(self.builder, npi, row, day, status=LEFT_PROFESSION)
        if not row[ENTITY].strip():
            row.report("entity_unknown", ENTITY)
        return False

    def _take_provider(self, npi: str, row: Row, codes: tuple[str, ...], day: str) -> bool:
        """Add a therapist or a clinic with all columns of the row; return False if it has no name."""
        if row[DEACTIVATED].strip():
            row.report("reactivated", REACTIVATED, row[REACTIVATED])
        if not _add_name(self.builder, npi, row, day):
            return False
        for code in codes:
            if code.startswith(THERAPIST_TAXONOMIES) and code not in therapist_taxonomies():
                row.report("taxonomy_unknown", TAXONOMIES[_taxonomies(row).index(code)], code)
        self.builder.evidence(npi, _evidence(codes, row[CREDENTIALS], self._file_day), day)
        location = read_location(row, PRACTICE, self._context.places)
        if location:
            known_as = row[OTHER_ORGANIZATION] if row[OTHER_ORGANIZATION_KIND].strip() == DOING_BUSINESS_AS else ""
            self.builder.location(npi, location, name=names.organization_name(known_as), as_of=day)
        _add_licenses(self.builder, npi, row, day)
        return True

    def _day(self, row: Row) -> str:
        """Return the date of a provider's record as the builder takes it; report what is wrong with it."""
        for name in (UPDATED, CERTIFIED):
            if finding := clean_date(row[name]).finding:
                row.report(finding, name, row[name])
        updated, day = _updated(row), self._row_day(row)
        if updated and self.as_of and updated > self.as_of:
            row.report("date_in_future", UPDATED, updated.isoformat())
        if day is None:
            return UNDATED
        self.latest = max(day, self.latest or day)
        return day.isoformat()


@lru_cache(maxsize=16_384)
def _evidence(codes: tuple[str, ...], credentials: str, on: date | None) -> tuple[EvidenceRow, ...]:
    """Return the evidence in codes and credentials, cached: the file has a few thousand distinct pairs."""
    return evidence_for(codes, credentials, on)


def _taxonomies(row: Row) -> list[str]:
    values = row.values
    return [values.get(name, "") for name in TAXONOMIES]


def _updated(row: Row) -> date | None:
    """Return the later of the dates of the last update and the last certification."""
    days = (clean_date(row[UPDATED]).value, clean_date(row[CERTIFIED]).value)
    return max((day for day in days if day), default=None)


def _is_deactivated(row: Row) -> bool:
    """Return whether the NPI was deactivated and not reactivated since."""
    deactivated, reactivated = clean_date(row[DEACTIVATED]).value, clean_date(row[REACTIVATED]).value
    if deactivated is None:
        return not row[ENTITY].strip() and bool(row[DEACTIVATED].strip())
    return reactivated is None or reactivated < deactivated


def _add_name(builder: LayerBuilder, npi: str, row: Row, day: str, status: str = "active") -> bool:
    """Add the provider; report and return False if it has no name or no entity type."""
    entity = ENTITIES.get(row[ENTITY].strip().removesuffix(".0"), "")
    if not entity:
        row.report("entity_unknown", ENTITY, row[ENTITY])
        return False
    if entity == "individual":
        column, credentials = LAST_NAME, names.credentials(row[CREDENTIALS])
        name = names.full_name(row[FIRST_NAME], row[MIDDLE_NAME], row[LAST_NAME], row[SUFFIX])
        sort_name = names.person_sort_name(row[FIRST_NAME], row[MIDDLE_NAME], row[LAST_NAME])
    else:
        column, credentials = ORGANIZATION, ""
        name = names.organization_name(row[ORGANIZATION])
        sort_name = names.sort_name(name)
    if not row[column].strip():
        row.report("name_missing", column)
        return False
    builder.provider(
        npi, entity=entity, name=name, sort_name=sort_name, credentials=credentials, status=status, as_of=day
    )
    return True


def _add_licenses(builder: LayerBuilder, npi: str, row: Row, day: str) -> None:
    """Add the licenses of a provider: ``MA:12345``."""
    values = row.values
    pairs = [(values.get(state, "").strip(), number) for state, column in LICENSES if (number := values.get(column))]
    for state, number in dict.fromkeys(pairs):
        builder.fact(npi, "license", f"{state}:{number.strip()}", as_of=day)


@lru_cache(maxsize=1)
def therapist_taxonomies() -> frozenset[str]:
    """Return the known taxonomy codes of therapists and clinics."""
    return frozenset(code for specialty in specialties().values() for code in specialty.taxonomies)
