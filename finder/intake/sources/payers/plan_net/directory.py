"""The entries that matter for therapists, found by the references of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from finder.intake.sources.formats.fhir import Resource, day_of, npi_of
from finder.intake.sources.payers.plan_net import links
from finder.intake.sources.payers.plan_net.entries import Entry
from finder.intake.sources.payers.plan_net.servers import Servers, contained_in, contained_name, written
from finder.notices.notices import Findings


class Directory:
    """Roles and plans, and what they refer to."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.roles: list[Entry] = []
        """Roles, affiliations and services of therapists, clinics and known NPIs."""
        self.plans: list[Entry] = []
        self.network_names: set[str] = set()
        """The names by which roles, services and plans refer to networks."""
        self.listed_networks: set[str] = set()
        """The names of networks that roles of other specialties are in."""
        self._by_name: dict[str, Entry] = {}
        self._ambiguous: set[str] = set()
        self._services: dict[str, list[Entry]] = defaultdict(list)
        """By the names of the organization that provides them."""

    def hold(self, entry: Entry) -> None:
        """Keep an entry that is referred to."""
        for name in self.servers.names(entry):
            known = self._by_name.get(name)
            if known is not None and _differ(known, entry):
                self._ambiguous.add(name)
            elif known is None or _is_later(entry, known):
                self._by_name[name] = entry
        if entry.kind == "HealthcareService":
            for name in self.servers.targets(links.participant(entry.resource), entry):
                self._services[name].append(entry)

    def holds(self, name: str) -> bool:
        """Return whether an entry of a name is kept."""
        return name in self._by_name

    def named(self, names: Iterable[str]) -> list[Entry]:
        """Return the entries that are kept of some names, each once, in the order of their names."""
        found = (self._by_name[name] for name in sorted(names) if name in self._by_name)
        return list({id(entry.resource): entry for entry in found}.values())

    def entries(self) -> list[Entry]:
        """Return all entries that are kept because something refers to them."""
        return list({id(entry.resource): entry for entry in self._by_name.values()}.values())

    def follow(self, reference: Any, entry: Entry, findings: Findings | None = None) -> Entry | None:
        """Return the entry that a reference in another one means; None without such an entry, which is reported."""
        if name := contained_name(reference):
            return contained_in(entry, name)
        found = next((name for name in self.servers.targets(reference, entry) if name in self._by_name), "")
        if found and found not in self._ambiguous:
            return self._by_name[found]
        if findings is not None and written(reference):
            self.report(reference, entry, findings)
        return None

    def report(self, reference: Any, entry: Entry, findings: Findings, row: int = 0) -> None:
        """Report a reference that finds nothing: its entry is missing, or it may mean several."""
        ambiguous = any(name in self._ambiguous for name in self.servers.targets(reference, entry))
        code = "reference_ambiguous" if ambiguous else "reference_missing"
        findings.add(code, row, entry.kind, written(reference))

    def follow_all(self, references: Iterable[Any], entry: Entry, findings: Findings | None = None) -> Iterator[Entry]:
        """Yield the entries of several references."""
        for reference in references:
            if (found := self.follow(reference, entry, findings)) is not None:
                yield found

    def services_of(self, reference: Any, entry: Entry) -> list[Entry]:
        """Return the healthcare services that the organization of a reference provides."""
        found = (service for name in self.servers.targets(reference, entry) for service in self._services.get(name, ()))
        return list({id(service.resource): service for service in found}.values())


def _differ(known: Entry, other: Entry) -> bool:
    """Return whether two entries of one name are of different files of an export and speak of different things."""
    if known.file == other.file or known.full_url or other.full_url:
        return False
    return _identity(known.resource) != _identity(other.resource)


def _identity(resource: Resource) -> tuple[str, object]:
    return npi_of(resource), resource.get("name") or resource.get("address") or resource.get("practitioner")


def _is_later(entry: Entry, known: Entry) -> bool:
    """Return whether an entry is a later version of a known one."""
    return (day_of(entry.resource) or date.min) > (day_of(known.resource) or date.min)
