"""Marketplace plans' lists (CMS's QHP provider and formulary format): the providers in a network, and plan names.

``providers.json`` and ``plans.json`` are read, each a list or, as some publish it, an object with a list or one entry
per line. The format has also spelled a field ``speciality``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from finder.directory.vocabulary.specialties import GENERAL, EvidenceRow
from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_date, clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.formats.delimited import Row, make_row
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import begins_with, objects_or_one, text, texts
from finder.intake.sources.formats.json_stream import entries
from finder.intake.sources.formats.meter import Meter
from finder.notices.notices import Findings, Notice

SOURCE = "marketplace"

ADDRESS = AddressColumns("address", "address_2", "city", "state", "zip", "", "phone")

ENTITIES = {"INDIVIDUAL": "individual", "FACILITY": "organization"}

ACCEPTING = {"accepting": "yes", "not accepting": "no", "accepting in some locations": "some"}


def recognizes(file: SourceFile) -> bool:
    """Return whether this is a list of providers or of plans; an empty list is recognized by the name of its file."""
    if begins_with(file, "npi", "plans") or _lists_plans(file):
        return True
    return file.start.strip() == b"[]" and "provider" in file.name.lower()


def _lists_plans(file: SourceFile) -> bool:
    return begins_with(file, "plan_id_type", "marketing_name")


def read(files: Sequence[SourceFile], context: Context) -> Layer:
    """Read the therapists, known NPIs whatever their specialty, and the names of plans."""
    reading = _Reading(context)
    meter = Meter(context.progress, sum(file.size for file in files))
    notices: list[Notice] = []
    for file in files:
        findings = Findings(file.name)
        within, take = ("plans", reading.take_plan) if _lists_plans(file) else ("providers", reading.take)
        with entries(file, meter, within) as found:
            for number, entry in enumerate(found, 1):
                reading.rows += 1
                if isinstance(entry, dict):
                    take(entry, number, findings)
                else:
                    findings.add("not_an_object", number)
        notices += findings.notices()
    as_of = context.settled_date(files, reading.latest, reading.rows)
    return reading.builder.layer(context, as_of, notices=notices, rows=reading.rows)


class _Reading:
    """The rows of the layer, from the providers read so far."""

    def __init__(self, context: Context) -> None:
        self.builder = LayerBuilder()
        self.latest: date | None = None
        self.rows = 0
        self._context = context
        self._providers: set[str] = set()
        self._answers: set[tuple[str, str]] = set()

    def take_plan(self, plan: dict[str, Any], number: int, findings: Findings) -> None:
        """Add the name of a plan, or report what is missing."""
        row = make_row(number, {key: text(value) for key, value in plan.items()}, findings)
        day = self._day(row)
        missing = next((field for field in ("plan_id", "marketing_name") if not row[field]), None)
        if missing:
            row.report("fields_missing", missing)
        else:
            self.builder.plan(row["plan_id"], row["marketing_name"], day)

    def take(self, provider: dict[str, Any], number: int, findings: Findings) -> None:
        """Add one provider, or report why it is skipped."""
        row = make_row(number, {key: text(value) for key, value in provider.items()}, findings)
        day = self._day(row)
        npi, finding = clean_npi(row["npi"])
        therapist = _is_therapist(provider)
        if finding:
            row.report(finding, "npi", row["npi"])
        elif not therapist and npi not in self._context.known_npis:
            findings.tally("other_specialty")
        else:
            if therapist and npi not in self._providers:
                self._take_provider(npi, row, provider, day)
            self._take_plans(npi, row, provider, day)

    def _day(self, row: Row) -> str:
        day, finding = clean_date(row["last_updated_on"])
        if finding:
            row.report(finding, "last_updated_on", row["last_updated_on"])
        if day:
            self.latest = max(day, self.latest or day)
        return day.isoformat() if day else ""

    def _take_provider(self, npi: str, row: Row, provider: dict[str, Any], day: str) -> None:
        name, sort_name = _names(row, provider)
        entity = ENTITIES.get(row["type"].upper(), "")
        if not (entity and name):
            row.report("name_missing" if entity else "entity_unknown", "name" if entity else "type", row["type"])
            return
        self._providers.add(npi)
        self.builder.provider(npi, entity=entity, name=name, sort_name=sort_name, as_of=day)
        self.builder.evidence(npi, (EvidenceRow(GENERAL, "source_specialty", "Physical therapist"),), day)
        self.builder.fact(npi, "accepting_patients", ACCEPTING.get(row["accepting"].lower(), ""), as_of=day)
        keys: set[str] = set()
        for place in objects_or_one(provider.get("addresses")):
            fields = {key: text(value) for key, value in place.items()}
            location = read_location(make_row(row.number, fields, row.findings), ADDRESS, self._context.places)
            if location and location.key not in keys:
                keys.add(location.key)
                self.builder.location(npi, location, as_of=day)

    def _take_plans(self, npi: str, row: Row, provider: dict[str, Any], day: str) -> None:
        """Add a yes for each plan, once; the tiers of its network are not distinguished."""
        for plan in objects_or_one(provider.get("plans")):
            plan_id = text(plan.get("plan_id"))
            if not plan_id:
                row.report("fields_missing", "plans")
            elif (npi, plan_id) not in self._answers:
                self._answers.add((npi, plan_id))
                self.builder.insurance(npi, plan_id, "yes", as_of=day)


def _is_therapist(provider: dict[str, Any]) -> bool:
    """Return whether a specialty or kind of facility is physical therapy."""
    fields = (texts(provider.get(field)) for field in ("specialty", "speciality", "facility_type"))
    words = " | ".join(word for values in fields for word in values).lower()
    return "physical therap" in words and "assistant" not in words


def _names(row: Row, provider: dict[str, Any]) -> tuple[str, str]:
    """Return the display name and the sort name."""
    name = provider.get("name")
    if isinstance(name, dict) and text(name.get("last")):
        first, middle, last, suffix = (text(name.get(part)) for part in ("first", "middle", "last", "suffix"))
        return names.full_name(first, middle, last, suffix), names.person_sort_name(first, middle, last)
    facility = names.organization_name(row["facility_name"])
    return facility, names.sort_name(facility)
