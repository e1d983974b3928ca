"""FHIR resources of a plan's directory (HL7 Da Vinci PDex Plan-Net): the providers of each network, and where.

Bundles (also search results) and the lines of a bulk export (NDJSON) are read. A file is one page and may refer to
another, so all files are read three times: for the therapists and clinics, for their roles and affiliations, and for
the resources that those refer to. Only these are kept, so a directory of any size can be read.

PractitionerRole and OrganizationAffiliation are joined with the Practitioner, Organization, Location and InsurancePlan
that they refer to. A role without a therapist's specialty counts for NPIs that are in the directory already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from finder.directory.vocabulary.specialties import GENERAL, EvidenceRow, evidence_for
from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder, Location
from finder.intake.sources.coordinates import at_given_point
from finder.intake.sources.formats.delimited import make_row
from finder.intake.sources.formats.fhir import (
    Resource,
    bundle_day,
    day_of,
    extensions,
    identifier,
    is_named_by,
    npi_of,
    refers_to,
    says_therapist,
    taxonomy_codes,
)
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import begins_with, objects, text, texts
from finder.intake.sources.formats.json_stream import entries
from finder.intake.sources.formats.meter import Meter
from finder.notices.notices import Findings, Notice

SOURCE = "plan_net"

NETWORK = "network-reference"
NEW_PATIENTS = "newpatients"
ACCEPTING = {"newpt": "yes", "nopt": "no", "existptonly": "no", "existptfam": "no"}
"""Plan-Net's codes of accepting patients."""

PARTICIPANT_REFERENCE = {"PractitionerRole": "practitioner", "OrganizationAffiliation": "participatingOrganization"}
"""The resources that link a provider to places and networks, with the field of their reference to the provider."""

ADDRESS = AddressColumns("line_1", "line_2", "city", "state", "postalCode", "country", "phone")


def recognizes(file: SourceFile) -> bool:
    """Return whether a file has FHIR resources; an error of a server alone does not count."""
    if not begins_with(file, "resourceType"):
        return False
    return begins_with(file, "entry") or any(begins_with(file, kind) for kind in ("Bundle", *_KINDS))


_KINDS = (
    *PARTICIPANT_REFERENCE,
    "Practitioner",
    "Organization",
    "Location",
    "InsurancePlan",
    "HealthcareService",
    "Endpoint",
)


def read(files: Sequence[SourceFile], context: Context) -> Layer:
    """Read all files and join them. Raises BrokenJson, AsOfNeeded."""
    reading = _Reading(files, context)
    found = reading.found()
    last = Findings(files[-1].name)
    joining = _Joining(found, context, last)
    joining.join()
    last.tally("other_specialty", reading.other_specialty)
    if reading.rows and not reading.roles:
        last.add("roles_missing")
    as_of = context.settled_date(files, reading.latest, reading.rows)
    notices: list[Notice] = [notice for findings in reading.findings for notice in findings.notices()]
    return joining.builder.layer(context, as_of, notices=[*notices, *last.notices()], rows=reading.rows)


class _Found:
    """The relevant resources, by the names that references use."""

    def __init__(self) -> None:
        self.roles: list[Resource] = []
        self.plans: list[Resource] = []
        self._by_name: dict[str, Resource] = {}

    def add(self, resource: Resource, full_url: str = "") -> None:
        """Add a resource that is referred to."""
        self._by_name |= dict.fromkeys(is_named_by(resource, full_url), resource)

    def follow(self, reference: Any, inside: Resource) -> Resource | None:
        """Return the resource of a reference: one contained in ``inside``, or a separate one."""
        for name in refers_to(reference):
            if name.startswith("#"):
                has_contained_participant = objects(inside.get("contained"))
                return next((item for item in has_contained_participant if text(item.get("id")) == name[1:]), None)
            if name in self._by_name:
                return self._by_name[name]
        return None


class _Reading:
    """Reads all files three times; each pass decides what the next one keeps."""

    def __init__(self, files: Sequence[SourceFile], context: Context) -> None:
        self.rows = 0
        self.roles = 0
        self.latest: date | None = max(filter(None, map(bundle_day, files)), default=None)
        self.other_specialty = 0
        self.findings = [Findings(file.name) for file in files]
        self._files = files
        self._known = context.known_npis
        self._meter = Meter(context.progress, 3 * sum(file.size for file in files))

    def found(self) -> _Found:
        """Return the roles of therapists and of known NPIs, with the resources that they refer to."""
        people = self._people()
        found = _Found()
        referenced_names: set[str] = set()
        for resource, _ in self._resources():
            kind = text(resource.get("resourceType"))
            if kind == "InsurancePlan":
                found.plans.append(resource)
            elif kind in PARTICIPANT_REFERENCE and self._is_relevant(resource, kind, people):
                found.roles.append(resource)
                referenced_names.update(_pointed_to(resource))
        for plan in found.plans:
            referenced_names.update(name for reference in _networks_of_plan(plan) for name in refers_to(reference))
        for resource, full_url in self._resources():
            if text(resource.get("resourceType")) not in PARTICIPANT_REFERENCE and referenced_names & is_named_by(
                resource, full_url
            ):
                found.add(resource, full_url)
        return found

    def _is_relevant(self, role: Resource, kind: str, people: set[str]) -> bool:
        """Return whether a role is active and belongs to a therapist or a known NPI."""
        self.roles += 1
        participant = role.get(PARTICIPANT_REFERENCE[kind])
        if role.get("active") is False or not participant:
            return False
        is_known_participant = (
            not people.isdisjoint(refers_to(participant)) or npi_of(_described(participant) or {}) in self._known
        )
        has_contained_participant = any(self._is_relevant_participant(item) for item in objects(role.get("contained")))
        relevant = is_known_participant or has_contained_participant or says_therapist(role.get("specialty"), kind)
        self.other_specialty += not relevant
        return relevant

    def _is_relevant_participant(self, resource: Resource) -> bool:
        """Return whether a resource is a therapist or a clinic by qualification, or is in the directory."""
        kind = text(resource.get("resourceType"))
        if kind not in {"Practitioner", "Organization"}:
            return False
        codes = [item.get("code") for item in objects(resource.get("qualification"))]
        return npi_of(resource) in self._known or says_therapist(codes, kind)

    def _people(self) -> set[str]:
        """Return the reference names of therapists and known NPIs; count, date and check what is read."""
        people: set[str] = set()
        for file, findings in zip(self._files, self.findings, strict=True):
            for number, (resource, full_url) in enumerate(self._resources_of(file), 1):
                self.rows += 1
                if resource is None:
                    findings.add("not_an_object", number)
                    continue
                if day := day_of(resource):
                    self.latest = max(day, self.latest or day)
                if self._is_relevant_participant(resource):
                    people |= is_named_by(resource, full_url)
        return people

    def _resources(self) -> Iterator[tuple[Resource, str]]:
        for file in self._files:
            for resource, full_url in self._resources_of(file):
                if resource is not None:
                    yield resource, full_url

    def _resources_of(self, file: SourceFile) -> Iterator[tuple[Resource | None, str]]:
        """Yield the resources of a file with their addresses, None for invalid entries; nested bundles are opened."""
        with entries(file, self._meter, "entry") as found:
            for entry in found:
                if isinstance(entry, dict) and text(entry.get("resourceType")) == "Bundle":
                    yield from map(_resource, objects(entry.get("entry")))
                else:
                    yield _resource(entry)


def _resource(entry: Any) -> tuple[Resource | None, str]:
    """Return the resource of a bundle entry or export line, with its address."""
    if not isinstance(entry, dict):
        return None, ""
    inside = entry if "resourceType" in entry else entry.get("resource")
    if not isinstance(inside, dict) or not text(inside.get("resourceType")):
        return None, ""
    return inside, text(entry.get("fullUrl"))


def _pointed_to(role: Resource) -> Iterator[str]:
    """Yield the names of all references of a role."""
    for reference in (
        role.get(PARTICIPANT_REFERENCE[role["resourceType"]]),
        *objects(role.get("location")),
        *_networks_of_role(role),
    ):
        yield from refers_to(reference)


def _networks_of_role(role: Resource) -> list[Any]:
    return [*(item.get("valueReference") for item in extensions(role, NETWORK)), *objects(role.get("network"))]


def _networks_of_plan(plan: Resource) -> list[Any]:
    inside = (reference for item in objects(plan.get("coverage")) for reference in objects(item.get("network")))
    return [*objects(plan.get("network")), *inside]


class _Joining:
    """Builds the rows of the layer from roles and affiliations."""

    def __init__(self, found: _Found, context: Context, findings: Findings) -> None:
        self.builder = LayerBuilder()
        self._found = found
        self._context = context
        self._findings = findings
        self._providers: set[str] = set()
        self._locations: set[tuple[str, str]] = set()
        self._answers: set[tuple[str, str, str]] = set()
        self._plans_of = self._plans_by_network()

    def join(self) -> None:
        """Add every role and every affiliation."""
        for number, role in enumerate(self._found.roles, 1):
            self._take(role, number)

    def _take(self, role: Resource, number: int) -> None:
        kind = text(role.get("resourceType"))
        entity = "individual" if kind == "PractitionerRole" else "organization"
        participant = role.get(PARTICIPANT_REFERENCE[kind])
        provider = self._found.follow(participant, role) or _described(participant)
        if provider is None:
            self._findings.add("reference_missing", number, kind, next(refers_to(participant), ""))
            return
        npi, finding = clean_npi(npi_of(provider))
        if finding:
            self._findings.add(finding, number, "identifier", npi_of(provider))
            return
        concepts = [*objects(role.get("specialty"))]
        concepts += [
            item["code"] for item in objects(provider.get("qualification")) if isinstance(item.get("code"), dict)
        ]
        therapist = says_therapist(concepts, kind)
        if not therapist and npi not in self._context.known_npis:
            self._findings.tally("other_specialty")
            return
        day = _day(role) or _day(provider)
        if therapist:
            self._take_provider(npi, provider, entity, concepts, day)
        keys = [location.key for location in self._take_locations(npi, role, number, day)]
        for plan in self._plans(role):
            for key in keys or [""]:
                if (npi, key, plan) not in self._answers:
                    self._answers.add((npi, key, plan))
                    self.builder.insurance(npi, plan, "yes", location_key=key, as_of=day)

    def _take_provider(self, npi: str, provider: Resource, entity: str, concepts: list[Any], day: str) -> None:
        if npi in self._providers:
            return
        name, sort_name, credentials = _names(provider, entity)
        if not name:
            self._findings.add("name_missing", column="name", value=npi)
            return
        self._providers.add(npi)
        self.builder.provider(
            npi, entity=entity, name=name, sort_name=sort_name, credentials=names.credentials(credentials), as_of=day
        )
        codes = evidence_for(dict.fromkeys(taxonomy_codes(concepts)), credentials)
        general = EvidenceRow(GENERAL, "source_specialty", "Physical therapist")
        self.builder.evidence(npi, codes or (general,), day)

    def _take_locations(self, npi: str, role: Resource, number: int, day: str) -> Iterator[Location]:
        """Add the locations of a role; yield the valid ones."""
        for reference in objects(role.get("location")):
            place = self._found.follow(reference, role)
            if place is None:
                self._findings.add("reference_missing", number, "location", next(refers_to(reference), ""))
                continue
            location = self._location(place, number)
            if location is None:
                continue
            if (npi, location.key) not in self._locations:
                self._locations.add((npi, location.key))
                name = names.organization_name(text(place.get("name")))
                self.builder.location(npi, location, name=name, as_of=_day(place) or day)
                accepting = ACCEPTING.get(_new_patients(role), "")
                self.builder.fact(npi, "accepting_patients", accepting, location_key=location.key, as_of=day)
            yield location

    def _location(self, place: Resource, number: int) -> Location | None:
        address = place.get("address")
        address = address if isinstance(address, dict) else {}
        lines = texts(address.get("line"))
        position = place.get("position")
        position = position if isinstance(position, dict) else {}
        values = {
            **{key: text(value) for key, value in address.items()},
            "line_1": lines[0] if lines else "",
            "line_2": " ".join(lines[1:]),
            "phone": _phone(place),
            "latitude": text(position.get("latitude")),
            "longitude": text(position.get("longitude")),
        }
        row = make_row(number, values, self._findings)
        location = read_location(row, ADDRESS, self._context.places)
        return at_given_point(row, location, self._context.places) if location else None

    def _plans(self, role: Resource) -> list[str]:
        """Return the plans of the networks that a role is in."""
        plans: dict[str, None] = {}
        for reference in _networks_of_role(role):
            network = self._found.follow(reference, role)
            name = next(refers_to(reference), "")
            if network is not None:
                plans |= dict.fromkeys(self._plans_of.get(id(network)) or [self._plan_id(network)])
            elif name:
                self._findings.add("reference_missing", column=NETWORK, value=name)
        return [plan for plan in plans if plan]

    def _plans_by_network(self) -> dict[int, list[str]]:
        """Return the plans that use each network, which is an Organization."""
        plans: dict[int, list[str]] = {}
        for plan in self._found.plans:
            for reference in _networks_of_plan(plan):
                network = self._found.follow(reference, plan)
                if network is not None:
                    plans.setdefault(id(network), []).append(self._plan_id(plan))
        return plans

    def _plan_id(self, plan: Resource) -> str:
        """Return the id of a plan, or of a network in place of a plan, and add its name to the layer."""
        plan_id = _slug(plan)
        self.builder.plan(plan_id, text(plan.get("name")), _day(plan))
        return plan_id


def _described(participant: Any) -> Resource | None:
    """Return a resource with the identifier in a reference itself, which holds an NPI and no more."""
    codes = participant.get("identifier") if isinstance(participant, dict) else None
    return {"identifier": [codes]} if isinstance(codes, dict) else None


def _day(resource: Resource) -> str:
    day = day_of(resource)
    return day.isoformat() if day else ""


def _slug(resource: Resource) -> str:
    """Return the id of a plan or network: its first identifier, else its name as a word."""
    return identifier(resource) or names.sort_name(text(resource.get("name"))).replace(",", "").replace(" ", "-")


def _new_patients(role: Resource) -> str:
    """Return the code for accepting new patients, from an extension nested in an extension."""
    for extension in extensions(role, NEW_PATIENTS):
        for inner in objects(extension.get("extension")):
            concept = inner.get("valueCodeableConcept")
            for coding in objects(concept.get("coding") if isinstance(concept, dict) else None):
                return text(coding.get("code"))
    return ""


def _phone(place: Resource) -> str:
    found = (item.get("value") for item in objects(place.get("telecom")) if text(item.get("system")) == "phone")
    return next((text(value) for value in found), "")


def _names(provider: Resource, entity: str) -> tuple[str, str, str]:
    """Return the display name, the sort name and the credentials."""
    if entity == "organization":
        name = names.organization_name(text(provider.get("name")))
        return name, names.sort_name(name), ""
    for human in objects(provider.get("name")):
        given = texts(human.get("given"))
        first, middle, last = " ".join(given[:1]), " ".join(given[1:]), text(human.get("family"))
        if last:
            credentials = ", ".join(texts(human.get("suffix")))
            return names.full_name(first, middle, last), names.person_sort_name(first, middle, last), credentials
    return "", "", ""
