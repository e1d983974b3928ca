"""CMS Doctors and Clinicians (data.cms.gov/provider-data, "National Downloadable File").

One row is one clinician at one address, with the Medicare assignment of the clinician and the group.

Read are the layouts of 2014 to 2020 (Physician Compare), of 2021, the current one, with the portal's titles or as its
programming interface names the columns, and reduced copies of any.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from finder.directory.vocabulary.specialties import GENERAL, EvidenceRow, evidence_for
from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_npi, collapse
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.formats.columns import Columns
from finder.intake.sources.formats.delimited import Row, containing, header_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.tabular import lines_of_npis, read_rows

SOURCE = "clinicians"

COLUMNS = Columns(
    last_name=("lst_nm", "provider last name", "provider_last_name", "last name"),
    first_name=("frst_nm", "provider first name", "provider_first_name", "first name"),
    middle_name=("mid_nm", "provider middle name", "provider_middle_name", "middle name"),
    suffix=("suff", "suffix"),
    name=("provider name",),
    credentials=("cred", "credential"),
    gender=("gndr", "gender"),
    specialty=("pri_spec", "primary specialty"),
    others=("sec_spec_all", "all secondary specialties"),
    telehealth=("telehlth",),
    group=("org_nm", "facility name", "facility_name", "organization legal name"),
    street=("adr_ln_1", "address", "line 1 street address"),
    street_2=("adr_ln_2", "line 2 street address"),
    city=("cty", "city/town", "citytown", "city"),
    state=("st", "state"),
    zip=("zip", "zip code", "zip_code"),
    phone=("phn_numbr", "telephone number", "telephone_number", "phone number"),
    individual_assignment=("ind_assgn", "professional accepts medicare assignment"),
    group_assignment=("grp_assgn", "group accepts medicare assignment"),
)
"""The column names that each field has had."""

ADDRESS = AddressColumns("street", "street_2", "city", "state", "zip", "", "phone")

SPECIALTIES = frozenset(
    {"PHYSICAL THERAPY", "PHYSICAL THERAPIST", "PHYSICAL THERAPIST IN PRIVATE PRACTICE", "PHYSICAL THERAPISTS"}
)
"""CMS's names for a physical therapist over the years, without assistants and physicians of rehabilitation."""


def is_therapist_specialty(text: str) -> bool:
    """Return whether a specialty as CMS names it is a physical therapist."""
    return collapse(text).upper() in SPECIALTIES


def recognizes(file: SourceFile) -> bool:
    """Return whether a file has one of the layouts."""
    header = header_of(file)
    return header is not None and "npi" in header and COLUMNS.in_header(header, "specialty", "street", "zip")


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the therapists; report known NPIs with another specialty. Raises AsOfNeeded, as rows have no date."""
    as_of = context.required_date(files)
    reading = _Reading(context, as_of)
    therapists, known = containing((b"physical therap",)), lines_of_npis(context.known_npis)

    def keep_line(line: bytes) -> bool:
        return therapists(line) or (known is not None and known(line))

    notices, rows = read_rows(files, context, reading.take, keep_line=keep_line, skipped="other_specialty")
    return [reading.builder.layer(context, as_of, notices=notices, rows=rows)]


class _Reading:
    """The rows read so far: a clinician has one per address and group."""

    def __init__(self, context: Context, as_of: date) -> None:
        self.builder = LayerBuilder()
        self._context = context
        self._as_of = as_of
        self._providers: set[str] = set()
        self._rows: set[tuple[str, int]] = set()
        self._locations: dict[tuple[str, str], str] = {}

    def take(self, row: Row) -> None:
        """Add one row, or report why it is skipped."""
        row = COLUMNS.by_field(row)
        npi, finding = clean_npi(row["npi"])
        specialties = [row["specialty"], *row["others"].split(",")]
        specialty = next((text for text in specialties if is_therapist_specialty(text)), "")
        if finding:
            row.report(finding, "npi", row["npi"])
        elif not specialty and npi in self._context.known_npis:
            row.report("not_a_therapist_code", "specialty", row["specialty"])
        elif not specialty:
            row.findings.tally("other_specialty")
        elif (npi, row.checksum) in self._rows:
            row.report("duplicate_row", "npi", npi)
        elif self._take_provider(npi, row, specialty):
            self._rows.add((npi, row.checksum))
            self._take_location(npi, row)

    def _take_provider(self, npi: str, row: Row, specialty: str) -> bool:
        if npi in self._providers:
            return True
        name, sort_name = _names(row)
        if not name:
            row.report("name_missing", "last_name")
            return False
        self._providers.add(npi)
        self.builder.provider(
            npi,
            entity="individual",
            name=name,
            sort_name=sort_name,
            credentials=names.credentials(row["credentials"]),
        )
        general = EvidenceRow(GENERAL, "source_specialty", collapse(specialty).capitalize())
        self.builder.evidence(npi, (general, *evidence_for((), row["credentials"], self._as_of)))
        self.builder.fact(npi, "gender", row["gender"].strip())
        return True

    def _take_location(self, npi: str, row: Row) -> None:
        location = read_location(row, ADDRESS, self._context.places)
        key = location.key if location else ""
        answer = _assignment(row)
        before = self._locations.get((npi, key))
        if before is None and location:
            self.builder.location(npi, location, name=names.organization_name(row["group"]))
            if row["telehealth"].strip().upper() == "Y":
                self.builder.fact(npi, "telehealth", "yes", location_key=key)
        if answer and before not in (answer, "yes"):
            self._take_assignment(npi, key, answer)
        self._locations[npi, key] = "yes" if before == "yes" else answer or before or ""

    def _take_assignment(self, npi: str, key: str, answer: str) -> None:
        """Add the Medicare answer: yes, or unknown where assignment is decided claim by claim; never no."""
        self.builder.insurance(npi, "medicare", answer, location_key=key)
        self.builder.fact(npi, "medicare_assignment", "yes" if answer == "yes" else "may", location_key=key)


def _assignment(row: Row) -> str:
    """Return ``yes`` if clinician or group take assignment, ``unknown`` if they may, empty without an answer."""
    letters = set()
    for column in ("individual_assignment", "group_assignment"):
        letter = row[column].strip().upper()
        if letter in {"Y", "M"}:
            letters.add(letter)
        elif letter:
            row.report("assignment_unknown", column, letter)
    return "yes" if "Y" in letters else "unknown" if letters else ""


def _names(row: Row) -> tuple[str, str]:
    """Return the display name and the sort name, from name parts or from one column."""
    if row["last_name"].strip():
        parts = (row["first_name"], row["middle_name"], row["last_name"])
        return names.full_name(*parts, row["suffix"]), names.person_sort_name(*parts)
    first, _, last = collapse(row["name"]).rpartition(" ")
    return names.full_name(first, "", last), names.person_sort_name(first, "", last)
