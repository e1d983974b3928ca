"""The references of each kind of resource that lead from a provider to its places, networks, plans and payers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from finder.intake.sources.formats.fhir import Resource, extensions
from finder.intake.sources.formats.json_files import objects, objects_or_one, text

NETWORK = "network-reference"
"""The extension that names a network."""

PARTICIPANTS = {
    "PractitionerRole": ("practitioner",),
    "OrganizationAffiliation": ("participatingOrganization", "organization"),
    "HealthcareService": ("providedBy",),
}
"""The resources that link a provider to places and networks, with the fields of their reference to the provider.

Files for Medicare's Plan Finder name the provider of an affiliation in ``organization`` alone.
"""


def participant(role: Resource) -> Any:
    """Return the reference of a role, an affiliation or a service to its provider, None if there is none."""
    fields = PARTICIPANTS.get(text(role.get("resourceType")), ())
    return next((role[field] for field in fields if role.get(field)), None)


def clinic(role: Resource) -> Any:
    """Return the reference to the organization whose services a role may stand for."""
    if text(role.get("resourceType")) == "PractitionerRole":
        return role.get("organization")
    return participant(role) if text(role.get("resourceType")) == "OrganizationAffiliation" else None


def networks(resource: Resource) -> list[Any]:
    """Return the references to the networks of a role, an affiliation, a service or a plan."""
    inside = (reference for item in _parts_of_plan(resource) for reference in objects(item.get("network")))
    extended = (item.get("valueReference") for item in extensions(resource, NETWORK))
    return [*extended, *objects_or_one(resource.get("network")), *inside]


def _parts_of_plan(plan: Resource) -> Iterator[Resource]:
    yield from objects(plan.get("coverage"))
    yield from objects(plan.get("plan"))


def locations(resource: Resource) -> list[Any]:
    """Return the references to places."""
    return list(objects_or_one(resource.get("location")))


def services(role: Resource) -> list[Any]:
    """Return the references of a role to healthcare services."""
    return list(objects_or_one(role.get("healthcareService")))


def payers(plan: Resource) -> list[Any]:
    """Return the references of a plan to its issuer, the owner before the administrator."""
    return [reference for field in ("ownedBy", "administeredBy") for reference in objects_or_one(plan.get(field))]


def owner(network: Resource) -> Any:
    """Return the reference of a network to the organization that manages it."""
    return network.get("partOf")


def references_of(resource: Resource) -> Iterator[Any]:
    """Yield all references of a resource that are followed."""
    yield participant(resource)
    yield from networks(resource)
    yield from locations(resource)
    yield from services(resource)
    yield from payers(resource)
    yield owner(resource)
