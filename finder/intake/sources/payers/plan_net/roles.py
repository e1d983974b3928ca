"""What a role says: at which places a provider is in which networks, and whether it takes new patients.

Places, networks, specialties and new patients may stand on the role itself, or only on the healthcare services that it
names or that its organization provides. Places and networks of two services are never mixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from finder.intake.sources.formats.fhir import Resource, codes_of, extensions, says_therapist
from finder.intake.sources.formats.json_files import objects, text
from finder.intake.sources.payers.collection_rows import combined
from finder.intake.sources.payers.periods import ALWAYS, Period
from finder.intake.sources.payers.plan_net import links
from finder.intake.sources.payers.plan_net.directory import Directory
from finder.intake.sources.payers.plan_net.entries import Entry
from finder.intake.sources.payers.plan_net.in_force import InForce
from finder.notices.notices import Findings

NEW_PATIENTS = "newpatients"
"""The extension on new patients."""

ACCEPTING = {"newpt": "yes", "nopt": "no", "not": "no", "existptonly": "no", "existptfam": "no"}
"""Codes of accepting new patients: Plan-Net's, and one of Medicare's Plan Finder."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The places and networks of a role, or of one of its services, where they hold together."""

    networks: tuple[Entry, ...]
    locations: tuple[Entry, ...]
    named_locations: int
    """How many places are named, also those that cannot be found."""
    period: Period
    new_patients: tuple[tuple[str, Entry | None], ...]
    """Answers, each for one network, or for all if it has none."""

    def accepting(self, network: Entry) -> str:
        """Return whether new patients of a network are taken; empty if unknown."""
        own = [answer for answer, only in self.new_patients if only is not None and only.resource is network.resource]
        return combined(own or [answer for answer, only in self.new_patients if only is None])

    def accepting_at_all(self) -> str:
        """Return whether new patients are taken, over all networks."""
        if self.networks:
            return combined([self.accepting(network) for network in self.networks])
        return combined([answer for answer, only in self.new_patients if only is None])


class Roles:
    """Reads roles together with their services."""

    def __init__(self, directory: Directory, in_force: InForce, findings: Findings) -> None:
        self._directory = directory
        self._in_force = in_force
        self._findings = findings

    def services(self, role: Entry) -> list[tuple[Entry, Period]]:
        """Return the services that a role stands for; those for therapy, if it has such ones."""
        named = links.services(role.resource)
        found = list(self._directory.follow_all(named, role, self._findings))
        if not named and not (links.networks(role.resource) and links.locations(role.resource)):
            found = self._directory.services_of(links.clinic(role.resource), role)
        current = [(service, period) for service in found if (period := self._in_force.service(service))]
        therapy = [one for one in current if says_therapist(one[0].resource.get("specialty"), "Organization")]
        return therapy or current

    def specialties(self, role: Entry, services: list[tuple[Entry, Period]]) -> list[Resource]:
        """Return the specialties of a role, else those of its services."""
        own = list(objects(role.resource.get("specialty")))
        return own or [concept for service, _ in services for concept in objects(service.resource.get("specialty"))]

    def offers(self, role: Entry, services: list[tuple[Entry, Period]]) -> Iterator[Offer]:
        """Yield what a role says, service by service if it has any."""
        for service, period in services or [(role, ALWAYS)]:
            sources = [role, service]
            locations_source, locations = _first(sources, links.locations)
            networks_source, networks = _first(sources, links.networks)
            new_source, new_patients = _first(sources, _new_patients)
            yield Offer(
                tuple(self._directory.follow_all(networks, networks_source, self._findings)),
                tuple(self._directory.follow_all(locations, locations_source, self._findings)),
                len(locations),
                period,
                tuple(self._answers(new_patients, new_source)),
            )

    def _answers(self, written: list[Resource], source: Entry) -> Iterator[tuple[str, Entry | None]]:
        for extension in written:
            reference = _inner(extension, "fromNetwork").get("valueReference")
            network = self._directory.follow(reference, source) if reference else None
            if reference is None or network is not None:
                yield ACCEPTING.get(_accepting_code(extension), ""), network


def _first(sources: list[Entry], read: Callable[[Resource], list[Any]]) -> tuple[Entry, list[Any]]:
    """Return the first of some entries that has what is read, with what it has."""
    return next(((source, found) for source in sources if (found := read(source.resource))), (sources[0], []))


def _new_patients(resource: Resource) -> list[Resource]:
    return extensions(resource, NEW_PATIENTS)


def _inner(extension: Resource, name: str) -> Resource:
    """Return an extension within an extension, which may be spelled ``from-network``; empty if there is none."""
    for inner in objects(extension.get("extension")):
        if text(inner.get("url")).rsplit("/", 1)[-1].replace("-", "").lower() == name.lower():
            return inner
    return {}


def _accepting_code(extension: Resource) -> str:
    return next(codes_of(_inner(extension, "acceptingPatients").get("valueCodeableConcept")), "")
