"""CMS Doctors and Clinicians (data.cms.gov/provider-data, "National Downloadable File").

One row is one clinician at one address, with the Medicare assignment that they and their group take.

Read are the layouts of 2014 to 2020 (Physician Compare), of 2021, the current one, with the portal's titles or as its
programming interface names the columns, and reduced copies of any.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from finder.intake.sources.tabular import of_npis, read_rows

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
"""Of each field the names that it has had."""

ADDRESS = AddressColumns("street", "street_2", "city", "state", "zip", "", "phone")

SPECIALTIES = frozenset(
    {"PHYSICAL THERAPY", "PHYSICAL THERAPIST", "PHYSICAL THERAPIST IN PRIVATE PRACTICE", "PHYSICAL THERAPISTS"}
)
"""What CMS has called a physical therapist over the years. Assistants and physicians of rehabilitation are others."""


def is_therapist_specialty(text: str) -> bool:
    """Return whether CMS's word for a specialty means a physical therapist."""
    return collapse(text).upper() in SPECIALTIES


def recognises(file: SourceFile) -> bool:
    """Return whether this is one of the layouts."""
    header = header_of(file)
    return header is not None and "npi" in header and COLUMNS.found(header, "specialty", "street", "zip")


def read(files: Sequence[SourceFile], context: Context) -> Layer:
    """Read the therapists; of others only that they are not. Raises AsOfNeeded, as rows have no date."""
    as_of = context.required_date(files)
    reading = _Reading(context)
    therapists, known = containing((b"physical therap",)), of_npis(context.known_npis)

    def wanted(line: bytes) -> bool:
        return therapists(line) or (known is not None and known(line))

    notices, rows = read_rows(files, context, reading.take, wanted=wanted, passed_over="other_specialty")
    return reading.builder.layer(context, as_of, notices=notices, rows=rows)


class _Reading:
    """The rows taken so far: a clinician has one for each address, and for each group there."""

    def __init__(self, context: Context) -> None:
        self.builder = LayerBuilder()
        self._context = context
        self._providers: set[str] = set()
        self._rows: set[tuple[str, int]] = set()
        self._locations: dict[tuple[str, str], str] = {}

    def take(self, row: Row) -> None:
        """Take one row, or say why not."""
        row = COLUMNS.named(row)
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
        self.builder.evidence(npi, (general, *evidence_for((), row["credentials"])))
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
        """Add whether Medicare is taken: yes, or unknown where assignment is decided claim by claim. Never no."""
        self.builder.insurance(npi, "medicare", answer, location_key=key)
        self.builder.fact(npi, "medicare_assignment", "yes" if answer == "yes" else "may", location_key=key)


def _assignment(row: Row) -> str:
    """Return ``yes`` if clinician or group take assignment, ``unknown`` if they may, empty without an answer."""
    said = set()
    for column in ("individual_assignment", "group_assignment"):
        letter = row[column].strip().upper()
        if letter in {"Y", "M"}:
            said.add(letter)
        elif letter:
            row.report("assignment_unknown", column, letter)
    return "yes" if "Y" in said else "unknown" if said else ""


def _names(row: Row) -> tuple[str, str]:
    """Return the name as it is shown and as it is sorted, from its parts or from one column."""
    if row["last_name"].strip():
        parts = (row["first_name"], row["middle_name"], row["last_name"])
        return names.full_name(*parts, row["suffix"]), names.person_sort_name(*parts)
    first, _, last = collapse(row["name"]).rpartition(" ")
    return names.full_name(first, "", last), names.person_sort_name(first, "", last)
