"""Responses of the NPI Registry's API, version 2.1 (npiregistry.cms.hhs.gov/api): one file is one page.

Pages or results joined into one list, or one per line, are read too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from finder.digits import whole_number
from finder.directory.vocabulary.specialties import evidence_for, is_clinic, is_physical_therapist
from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_date, clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import UNDATED, LayerBuilder
from finder.intake.sources.errors import RegistryRefused
from finder.intake.sources.formats.delimited import Row, make_row
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import begins_with, objects, text
from finder.intake.sources.formats.json_stream import entries
from finder.intake.sources.formats.meter import Meter
from finder.intake.sources.nppes.other_names import DOING_BUSINESS_AS, KINDS, OTHER_NAME
from finder.notices.notices import Findings, Notice

SOURCE = "npi_registry"

ENTITIES = {"NPI-1": "individual", "NPI-2": "organization"}

DATES = ("last_updated", "certification_date", "deactivation_date", "reactivation_date")

FULL_PAGE = 200
"""The largest number of results in one page."""

ADDRESS = AddressColumns(
    "address_1", "address_2", "city", "state", "postal_code", "country_code", "telephone_number", "telephone_extension"
)


def recognizes(file: SourceFile) -> bool:
    """Return whether a file is a response of the registry, including an error."""
    answer = begins_with(file, "result_count") or begins_with(file, "Errors")
    return answer or begins_with(file, "number", "basic", "taxonomies")


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the therapists and clinics of all pages. Raises RegistryRefused if there are only errors."""
    reading = _Reading(context)
    meter = Meter(context.progress, sum(file.size for file in files))
    notices: list[Notice] = []
    refusals: list[str] = []
    for file in files:
        findings = Findings(file.name)
        with entries(file, meter) as answers:
            for answer in answers:
                refusals += reading.take(answer, findings)
        notices += findings.notices()
    if refusals and not reading.rows:
        raise RegistryRefused(files[0].name, refusals[0])
    reading.builder.drop(reading.superseded)
    as_of = context.settled_date(files, reading.latest, reading.rows)
    return [reading.builder.layer(context, as_of, notices=notices, rows=reading.rows)]


class _Reading:
    """The rows of the layer, from the providers read so far."""

    def __init__(self, context: Context) -> None:
        self.builder = LayerBuilder()
        self.latest: date | None = None
        self.rows = 0
        self._context = context
        self._seen: dict[str, tuple[str, int]] = {}
        """The date and the tag of the result that is taken of each NPI."""
        self.superseded: list[int] = []
        """The tags of results that a newer one replaces."""

    def take(self, answer: Any, findings: Findings) -> list[str]:
        """Add one page or one separate result; return the registry's error messages."""
        if not isinstance(answer, dict):
            findings.add("not_an_object")
            return []
        if "results" not in answer and "basic" in answer:
            self.rows += 1
            self._take(answer, self.rows, findings)
            return []
        refusals = [text(error.get("description")) for error in objects(answer.get("Errors"))]
        for refusal in refusals:
            findings.add("registry_error", value=refusal)
        results = list(objects(answer.get("results")))
        count = text(answer.get("result_count"))
        claimed = whole_number(count, 9)
        if claimed is not None and claimed != len(results):
            findings.add("results_cut_short", column="result_count", claimed=claimed, held=len(results))
        elif len(results) >= FULL_PAGE:
            findings.add("results_full", column="result_count", value=count)
        for number, result in enumerate(results, 1):
            self._take(result, number, findings)
        self.rows += len(results)
        return refusals

    def _take(self, result: dict[str, Any], number: int, findings: Findings) -> None:
        basic = {key: text(value) for key, value in _object(result.get("basic")).items()}
        row = make_row(number, {"number": text(result.get("number")), **basic}, findings)
        npi, finding = clean_npi(row["number"])
        if finding:
            row.report(finding, "number", row["number"])
            return
        day = self._day(row)
        before, tag = self._seen.get(npi, ("", None))
        if tag is not None:
            row.report("npi_repeated" if day != before else "duplicate_row", "number", npi)
            if day <= before:
                return
            self.superseded.append(tag)
        self.builder.tag += 1
        self._seen[npi] = day, self.builder.tag
        self._take_provider(npi, row, result, day)

    def _take_provider(self, npi: str, row: Row, result: dict[str, Any], day: str) -> None:
        """Add what a result says of an NPI on ``day``, empty if that is unknown."""
        codes = [text(taxonomy.get("code")).upper() for taxonomy in objects(result.get("taxonomies"))]
        entity = ENTITIES.get(text(result.get("enumeration_type")), "")
        if row["status"] == "D":
            row.report("deactivated", "status", row["deactivation_date"])
            gone = clean_date(row["deactivation_date"]).value
            when = gone.isoformat() if gone else day
            self.builder.provider(npi, entity="", name="", sort_name="", status="deactivated", as_of=when)
        elif any(is_physical_therapist(code) or (entity == "organization" and is_clinic(code)) for code in codes):
            if row["reactivation_date"]:
                row.report("reactivated", "reactivation_date", row["reactivation_date"])
            day = day or UNDATED
            if self._add_name(npi, entity, row, day):
                self.builder.evidence(npi, evidence_for(codes, row["credential"]), day)
                known_as = self._add_other_names(npi, result, day)
                self._add_places(npi, row, result, day, known_as)
                self._add_licenses(npi, result, day)
        elif npi in self._context.known_npis:
            row.report("no_longer_therapist", "taxonomies", ";".join(codes))
            self._add_name(npi, entity, row, day or UNDATED, status="left_profession")
        else:
            row.findings.tally("other_specialty")

    def _day(self, row: Row) -> str:
        """Return the date of a result, its last update or what happened to its NPI; empty if none can be read."""
        for name in DATES:
            if finding := clean_date(row[name]).finding:
                row.report(finding, name, row[name])
        day = max((day for name in DATES if (day := clean_date(row[name]).value)), default=None)
        if day:
            self.latest = max(day, self.latest or day)
        return day.isoformat() if day else ""

    def _add_name(self, npi: str, entity: str, row: Row, day: str, status: str = "active") -> bool:
        if entity == "individual":
            parts = (row["first_name"], row["middle_name"], row["last_name"])
            name = names.full_name(*parts, row["name_suffix"]) if row["last_name"] else ""
            sort_name = names.person_sort_name(*parts)
        else:
            name = names.organization_name(row["organization_name"] or row["name"])
            sort_name = names.sort_name(name)
        if not entity or not name:
            row.report("name_missing" if entity else "entity_unknown", "number", npi)
            return False
        credentials = names.credentials(row["credential"]) if entity == "individual" else ""
        self.builder.provider(
            npi, entity=entity, name=name, sort_name=sort_name, credentials=credentials, status=status, as_of=day
        )
        return True

    def _add_other_names(self, npi: str, result: dict[str, Any], day: str) -> str:
        """Add the other names of an organization; return its doing-business-as name, if any."""
        pairs = [
            (
                KINDS.get(text(other.get("code")), OTHER_NAME),
                names.organization_name(text(other.get("organization_name"))),
            )
            for other in objects(result.get("other_names"))
        ]
        for kind, name in dict.fromkeys(pairs):
            self.builder.fact(npi, kind, name, as_of=day)
        return next((name for kind, name in pairs if kind == DOING_BUSINESS_AS and name), "")

    def _add_places(self, npi: str, row: Row, result: dict[str, Any], day: str, known_as: str) -> None:
        """Add the primary and secondary practice locations; never the mailing address."""
        main = [place for place in objects(result.get("addresses")) if text(place.get("address_purpose")) == "LOCATION"]
        keys: set[str] = set()
        for place in [*main, *objects(result.get("practiceLocations"))]:
            fields = {key: text(value) for key, value in place.items()}
            location = read_location(make_row(row.number, fields, row.findings), ADDRESS, self._context.places)
            if location and location.key not in keys:
                keys.add(location.key)
                self.builder.location(npi, location, name=known_as, as_of=day)

    def _add_licenses(self, npi: str, result: dict[str, Any], day: str) -> None:
        taxonomies = objects(result.get("taxonomies"))
        pairs = [(text(taxonomy.get("state")), text(taxonomy.get("license"))) for taxonomy in taxonomies]
        for state, number in dict.fromkeys(pairs):
            if number:
                self.builder.fact(npi, "license", f"{state}:{number}", as_of=day)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
