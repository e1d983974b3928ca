"""Collects the entries that matter for therapists out of directories of any size.

A file is one page and may refer to another, so all files are read several times: for the therapists, clinics and
services, for their roles and affiliations, and then for what those refer to, until nothing is missing that is there.
Only these entries are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from finder.intake.sources.base import Context
from finder.intake.sources.formats.fhir import Resource, bundle_day, code, codes_of, day_of, npi_of, says_therapist
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import objects, text
from finder.intake.sources.formats.meter import Meter
from finder.intake.sources.payers.plan_net import links
from finder.intake.sources.payers.plan_net.directory import Directory
from finder.intake.sources.payers.plan_net.entries import Entry, read_entries
from finder.intake.sources.payers.plan_net.servers import Servers, contained
from finder.notices.notices import Findings

STRUCTURE = {"ntwk", "pay", "payer"}
"""The types of organizations that are kept whatever refers to them: networks and payers, which are few."""

SERVICE = "HealthcareService"


class Gathering:
    """Reads all files several times; each pass decides what the next one keeps."""

    def __init__(self, files: Sequence[SourceFile], context: Context) -> None:
        self.rows = 0
        self.roles = 0
        """Roles, affiliations and services, of any specialty."""
        self.other_specialty = 0
        self.latest: date | None = max(filter(None, map(bundle_day, files)), default=None)
        self.findings = [Findings(file.name) for file in files]
        self._files = files
        self._known = context.known_npis
        self._meter = Meter(context.progress, 4 * sum(file.size for file in files))
        self._directory = Directory(Servers(files))
        self._servers = self._directory.servers
        self._clinics: set[str] = set()
        """The names of organizations whose services are asked for."""

    def directory(self) -> Directory:
        """Return the roles of therapists and of known NPIs, with what they refer to."""
        therapists = set(self._therapists())
        for entry in self._entries():
            if entry.kind == "InsurancePlan":
                self._directory.plans.append(entry)
            elif entry.kind in links.PARTICIPANTS:
                self._take_role(entry, therapists)
            elif _types(entry.resource) & STRUCTURE:
                self._directory.hold(entry)
        self._hold_referred()
        return self._directory

    def _therapists(self) -> Iterator[str]:
        """Yield the names of therapists, clinics and their services; count, date and check what is read."""
        found: list[Entry] = []
        for number, file in enumerate(self._files):
            for row, entry in enumerate(read_entries(file, number, self._meter), 1):
                self.rows += 1
                if entry is None:
                    self.findings[number].add("not_an_object", row)
                    continue
                if day := day_of(entry.resource):
                    self.latest = max(day, self.latest or day)
                self._servers.learn_from(entry)
                if self._is_therapist(entry.resource):
                    found.append(_stub(entry))
        for entry in found:
            yield from self._servers.names(entry)

    def _take_role(self, role: Entry, therapists: set[str]) -> None:
        relevant = self._is_relevant(role, therapists)
        networks = [name for reference in links.networks(role.resource) for name in self._targets(reference, role)]
        if role.kind != SERVICE or networks:
            self.roles += 1
        if relevant:
            self._directory.roles.append(role)
            if role.kind == SERVICE:
                self._directory.hold(role)
            elif not links.services(role.resource):
                self._clinics.update(self._targets(links.clinic(role.resource), role))
            return
        self._directory.network_names.update(networks)
        self._directory.listed_networks.update(networks)
        self.other_specialty += role.kind != SERVICE and code(role.resource, "active") != "false"

    def _is_relevant(self, role: Entry, therapists: set[str]) -> bool:
        """Return whether a role belongs to a therapist, a clinic or a known NPI."""
        provider = links.participant(role.resource)
        npi = npi_of(role.resource) or npi_of(described(provider) or {})
        if not provider and not npi:
            return False
        pointed = [provider, *links.services(role.resource)]
        return (
            npi in self._known
            or any(name in therapists for reference in pointed for name in self._targets(reference, role))
            or any(self._is_therapist(item) for item in objects(role.resource.get("contained")))
            or says_therapist(role.resource.get("specialty"), _clinic_kind(role.kind))
        )

    def _is_therapist(self, resource: Resource) -> bool:
        """Return whether a resource is a therapist or a clinic by qualification, is known, or a service of therapy."""
        kind = text(resource.get("resourceType"))
        if kind == SERVICE:
            return says_therapist(resource.get("specialty"), "Organization")
        if kind not in {"Practitioner", "Organization"}:
            return False
        codes = [item.get("code") for item in objects(resource.get("qualification"))]
        return npi_of(resource) in self._known or says_therapist(codes, kind)

    def _hold_referred(self) -> None:
        """Read the files until everything that is referred to is kept or known to be missing."""
        searched: set[str] = set()
        while needed := {name for name in self._referred() if not self._directory.holds(name)} - searched:
            searched |= needed
            for entry in self._entries():
                if entry.kind in {"PractitionerRole", "OrganizationAffiliation", "InsurancePlan"}:
                    continue
                if not needed.isdisjoint(self._servers.names(entry)) or self._is_service_of_clinic(entry):
                    self._directory.hold(entry)
            self._clinics.clear()

    def _is_service_of_clinic(self, entry: Entry) -> bool:
        if entry.kind != SERVICE or not self._clinics:
            return False
        return any(name in self._clinics for name in self._targets(links.participant(entry.resource), entry))

    def _referred(self) -> Iterator[str]:
        """Yield the names by which kept entries refer to others that are not kept yet."""
        relevant = [*self._directory.roles, *self._directory.plans, *self._directory.entries()]
        entries = [*relevant, *(inner for entry in relevant for inner in contained(entry))]
        for entry in entries:
            for reference in links.networks(entry.resource) if entry.kind != "Organization" else ():
                self._directory.network_names.update(self._targets(reference, entry))
        yield from self._directory.network_names
        yield from self._clinics
        for entry in entries:
            for reference in self._followed(entry):
                names = list(self._targets(reference, entry))
                if not any(map(self._directory.holds, names)):
                    yield from names

    def _followed(self, entry: Entry) -> Iterator[Any]:
        resource = entry.resource
        if entry.kind in links.PARTICIPANTS:
            yield links.participant(resource)
            yield from links.locations(resource)
            yield from links.services(resource)
        elif entry.kind == "InsurancePlan":
            yield from links.payers(resource)
        elif not self._directory.network_names.isdisjoint(self._servers.names(entry)) or "ntwk" in _types(resource):
            yield links.owner(resource)

    def _targets(self, reference: Any, entry: Entry) -> Iterator[str]:
        return self._servers.targets(reference, entry)

    def _entries(self) -> Iterator[Entry]:
        for number, file in enumerate(self._files):
            for entry in read_entries(file, number, self._meter):
                if entry is not None:
                    yield entry


def described(provider: Any) -> Resource | None:
    """Return a resource with the identifier in a reference itself, which holds an NPI and no more."""
    codes = provider.get("identifier") if isinstance(provider, dict) else None
    return {"identifier": [codes]} if isinstance(codes, dict) else None


def _clinic_kind(kind: str) -> str:
    return "Organization" if kind == SERVICE else kind


def _stub(entry: Entry) -> Entry:
    """Return an entry with no more than its names need."""
    resource = {key: value for key, value in entry.resource.items() if key in {"resourceType", "id", "identifier"}}
    return Entry(resource, entry.file, entry.full_url)


def _types(resource: Resource) -> set[str]:
    """Return the codes of an organization's types."""
    return set(codes_of(resource.get("type"))) if text(resource.get("resourceType")) == "Organization" else set()
