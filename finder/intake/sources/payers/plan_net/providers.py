"""The provider of a role: who it is, and what shows that they are a therapist or a clinic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from finder.directory.vocabulary.specialties import GENERAL, EvidenceRow, evidence_for
from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_npi
from finder.intake.sources.formats.fhir import Resource, day_of, npi_of, says_therapist, taxonomy_codes
from finder.intake.sources.payers.periods import ALWAYS, Period
from finder.intake.sources.payers.plan_net import links
from finder.intake.sources.payers.plan_net.contact import organization_names, person_names
from finder.intake.sources.payers.plan_net.directory import Directory
from finder.intake.sources.payers.plan_net.entries import Entry
from finder.intake.sources.payers.plan_net.gathering import described
from finder.intake.sources.payers.plan_net.in_force import InForce
from finder.notices.notices import Findings

SPECIALTY = EvidenceRow(GENERAL, "source_specialty", "Physical therapist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The provider of a role. ``name`` is empty for those whose NPI alone is known, and for known other providers."""

    npi: str
    period: Period
    day: str
    """The date of the role, else of the provider, as ISO text; may be empty."""
    entity: str
    name: str = ""
    sort_name: str = ""
    credentials: str = ""
    evidence: Sequence[EvidenceRow] = ()


class Providers:
    """Reads the providers of roles."""

    def __init__(
        self, directory: Directory, in_force: InForce, known_npis: Collection[str], findings: Findings
    ) -> None:
        self._directory = directory
        self._in_force = in_force
        self._known_npis = known_npis
        self._findings = findings

    def read(self, role: Entry, specialties: Sequence[Resource], number: int) -> Provider | None:
        """Return the provider of a role; None if it is unknown, not active, or neither a therapist nor known."""
        reference = links.participant(role.resource)
        entry = self._directory.follow(reference, role)
        resource = entry.resource if entry else described(reference) or {}
        written_npi = npi_of(role.resource) or npi_of(resource)
        if entry is None and not written_npi:
            self._directory.report(reference, role, self._findings, number)
            return None
        period = self._in_force.provider(entry) if entry else ALWAYS
        if period is None:
            return None
        npi, finding = clean_npi(written_npi)
        if finding:
            self._findings.add(finding, number, "identifier", written_npi)
            return None
        return self._described(npi, period, role, resource, specialties)

    def _described(
        self, npi: str, period: Period, role: Entry, resource: Resource, specialties: Sequence[Resource]
    ) -> Provider | None:
        entity = "individual" if role.kind == "PractitionerRole" else "organization"
        qualifications = self._in_force.qualifications(resource)
        concepts = [*specialties, *(item["code"] for item in qualifications if isinstance(item.get("code"), dict))]
        day = _day(role.resource) or _day(resource)
        if not says_therapist(concepts, "PractitionerRole" if entity == "individual" else "Organization"):
            if npi in self._known_npis:
                return Provider(npi=npi, period=period, day=day, entity=entity)
            self._findings.tally("other_specialty")
            return None
        is_person = entity == "individual"
        name, sort_name, credentials = (
            person_names(resource, self._in_force) if is_person else organization_names(resource)
        )
        if not name:
            self._findings.add("name_missing", column="name", value=npi)
        return Provider(
            npi=npi,
            period=period,
            day=day,
            entity=entity,
            name=name,
            sort_name=sort_name,
            credentials=names.credentials(credentials),
            evidence=evidence_for(dict.fromkeys(taxonomy_codes(concepts)), credentials) or (SPECIALTY,),
        )


def _day(resource: Resource) -> str:
    day = day_of(resource)
    return day.isoformat() if day else ""
