"""Medicare Physician and Other Practitioners, by provider and service (data.cms.gov).

Services billed to Medicare in a year, with counts and the average charge and allowed amount. The headers of 2012, of
the portal from 2015 on, and of today are read; the file by provider, without services, only shows who billed.
Services are kept by their codes alone: their descriptions are the AMA's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from finder.directory.vocabulary.specialties import GENERAL, EvidenceRow, evidence_for
from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_npi, collapse
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.federal.clinicians import is_therapist_specialty
from finder.intake.sources.formats.columns import Columns
from finder.intake.sources.formats.delimited import Row, containing, header_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.tabular import read_rows

SOURCE = "utilization"

COLUMNS = Columns(
    npi=("npi", "rndrng_npi", "national provider identifier"),
    last_name=(
        "nppes_provider_last_org_name", "rndrng_prvdr_last_org_name", "last name/organization name of the provider",
    ),
    first_name=("nppes_provider_first_name", "rndrng_prvdr_first_name", "first name of the provider"),
    middle_name=("nppes_provider_mi", "rndrng_prvdr_mi", "middle initial of the provider"),
    credentials=("nppes_credentials", "rndrng_prvdr_crdntls", "credentials of the provider"),
    entity=("nppes_entity_code", "rndrng_prvdr_ent_cd", "entity type of the provider", "entity code of the provider"),
    street=("nppes_provider_street1", "rndrng_prvdr_st1", "street address 1 of the provider"),
    street_2=("nppes_provider_street2", "rndrng_prvdr_st2", "street address 2 of the provider"),
    city=("nppes_provider_city", "rndrng_prvdr_city", "city of the provider"),
    state=("nppes_provider_state", "rndrng_prvdr_state_abrvtn", "state code of the provider"),
    zip=("nppes_provider_zip", "rndrng_prvdr_zip5", "zip code of the provider"),
    country=("nppes_provider_country", "rndrng_prvdr_cntry", "country code of the provider"),
    specialty=("provider_type", "rndrng_prvdr_type", "provider type", "provider type of the provider"),
    participation=(
        "medicare_participation_indicator", "rndrng_prvdr_mdcr_prtcptg_ind", "medicare participation indicator",
        "medicare participation",
    ),
    code=("hcpcs_code", "hcpcs_cd", "hcpcs code"),
    services=("line_srvc_cnt", "tot_srvcs", "number of services", "total_services"),
    charge=("average_submitted_chrg_amt", "avg_sbmtd_chrg", "average submitted charge amount"),
    allowed=("average_medicare_allowed_amt", "avg_mdcr_alowd_amt", "average medicare allowed amount"),
    total_allowed=("tot_mdcr_alowd_amt", "total_medicare_allowed_amt", "total medicare allowed amount"),
)  # fmt: skip
"""The column names that each field has had."""

ADDRESS = AddressColumns("street", "street_2", "city", "state", "zip", "country")

ENTITIES = {"I": "individual", "O": "organization"}
PARTICIPATION = {"Y": "participating", "N": "nonparticipating"}

LARGEST = Decimal(1_000_000)
"""Upper limit of the price of a service and of a count of services."""


def recognizes(file: SourceFile) -> bool:
    """Return whether a file has one of the layouts."""
    header = header_of(file)
    if header is None or not COLUMNS.in_header(header, "npi", "last_name", "services", "specialty"):
        return False
    return COLUMNS.in_header(header, "code", "charge", "allowed") or COLUMNS.in_header(header, "total_allowed")


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the therapists and their charges, dated the last day of the year. Raises AsOfNeeded."""
    as_of = context.as_of or max(filter(None, map(date_of, files)), default=None)
    as_of = as_of or context.required_date(files)
    reading = _Reading(context, as_of)
    keep_line = containing((b"physical therap",))
    notices, rows = read_rows(files, context, reading.take, keep_line=keep_line, skipped="other_specialty")
    reading.add_charges()
    return [reading.builder.layer(context, as_of, notices=notices, rows=rows)]


def date_of(file: SourceFile) -> date | None:
    """Return the date in a file's name, else the last day of its year: ``…_by_Provider_and_Service_2022.csv``."""
    if day := file.named_date():
        return day
    year = re.search(r"(?<!\d)(20\d\d)(?!\d)", file.name) or re.search(r"(?<!\d)(20\d\d)(?!\d)", file.path.name)
    return date(int(year[1]), 12, 31) if year else None


@dataclass
class _Sums:
    """The services of one code, summed over places of service."""

    services: Decimal = Decimal(0)
    charges: Decimal = Decimal(0)
    allowed: Decimal = Decimal(0)


class _Reading:
    """The rows read so far: a therapist has one per code and place of service."""

    def __init__(self, context: Context, as_of: date) -> None:
        self.builder = LayerBuilder()
        self._context = context
        self._as_of = as_of
        self._providers: set[str] = set()
        self._rows: set[tuple[str, int]] = set()
        self._sums: dict[tuple[str, str], _Sums] = defaultdict(_Sums)

    def take(self, row: Row) -> None:
        """Add one row, or report why it is skipped."""
        row = COLUMNS.by_field(row)
        npi, finding = clean_npi(row["npi"])
        if finding:
            row.report(finding, "npi", row["npi"])
        elif not is_therapist_specialty(row["specialty"]):
            row.findings.tally("other_specialty")
        elif (npi, row.checksum) in self._rows:
            row.report("duplicate_row", "npi", npi)
        elif npi in self._providers or self._take_provider(npi, row):
            self._rows.add((npi, row.checksum))
            if row["code"]:
                self._add_up(npi, row)

    def add_charges(self) -> None:
        """Add the averages of every code, in dollars and cents as text."""
        for (npi, code), sums in self._sums.items():
            self.builder.fact(npi, f"services:{code}", f"{sums.services.normalize():f}")
            self.builder.fact(npi, f"average_charge:{code}", _cents(sums.charges / sums.services))
            self.builder.fact(npi, f"average_allowed_amount:{code}", _cents(sums.allowed / sums.services))

    def _take_provider(self, npi: str, row: Row) -> bool:
        entity = ENTITIES.get(row["entity"].strip().upper(), "")
        if not entity or not row["last_name"].strip():
            row.report("name_missing" if entity else "entity_unknown", "last_name" if entity else "entity")
            return False
        self._providers.add(npi)
        if entity == "individual":
            parts = (row["first_name"], row["middle_name"].strip(" ."), row["last_name"])
            name, sort_name = names.full_name(*parts), names.person_sort_name(*parts)
        else:
            name = names.organization_name(row["last_name"])
            sort_name = names.sort_name(name)
        credentials = row["credentials"] if entity == "individual" else ""
        self.builder.provider(
            npi, entity=entity, name=name, sort_name=sort_name, credentials=names.credentials(credentials)
        )
        general = EvidenceRow(GENERAL, "source_specialty", collapse(row["specialty"]).capitalize())
        self.builder.evidence(npi, (general, *evidence_for((), credentials, self._as_of)))
        location = read_location(row, ADDRESS, self._context.places)
        if location:
            self.builder.location(npi, location)
        self.builder.insurance(npi, "medicare", "yes")
        self.builder.fact(npi, "medicare_participation", PARTICIPATION.get(row["participation"].strip().upper(), ""))
        return True

    def _add_up(self, npi: str, row: Row) -> None:
        amounts = {field: _number(row[field]) for field in ("services", "charge", "allowed")}
        for field, amount in amounts.items():
            if amount is None or (field == "services" and amount == 0):
                row.report("number_invalid", field, row[field])
                return
        services, charge, allowed = (amount or Decimal(0) for amount in amounts.values())
        sums = self._sums[npi, row["code"].strip().upper()]
        sums.services += services
        sums.charges += services * charge
        sums.allowed += services * allowed


def _number(text: str) -> Decimal | None:
    """Read a count or an amount in dollars; None if it is invalid or implausible."""
    try:
        number = Decimal(text.strip().replace(",", "").removeprefix("$"))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number < LARGEST else None


def _cents(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))
