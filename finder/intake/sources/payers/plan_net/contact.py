"""Current names, telephones and addresses of a resource: what is marked as former is not taken."""

from __future__ import annotations

from finder.intake.cleaning import names
from finder.intake.sources.formats.fhir import Resource, code
from finder.intake.sources.formats.json_files import objects, objects_or_one, text, texts
from finder.intake.sources.payers.plan_net.in_force import InForce

NAMES = ("official", "usual", "")
"""The uses of names in order of preference."""

PHONES = ("work", "", "temp", "mobile", "home")


def phone(resource: Resource, in_force: InForce) -> str:
    """Return the telephone number of a place or a role, empty if it has no current one."""
    found = (item for item in objects(resource.get("telecom")) if code(item, "system") == "phone")
    current = sorted(in_force.current(found), key=lambda item: (_rank(item, PHONES), text(item.get("rank")) or "9"))
    return next((number for item in current if (number := text(item.get("value")))), "")


def person_names(provider: Resource, in_force: InForce) -> tuple[str, str, str]:
    """Return the display name, the sort name and the credentials of a person; a former name only without another."""
    given = [human for human in objects_or_one(provider.get("name")) if text(human.get("family"))]
    found = sorted(in_force.current(given), key=lambda human: _rank(human, NAMES)) or given
    if not found:
        return "", "", ""
    human = found[0]
    parts = texts(human.get("given"))
    first, middle, last = " ".join(parts[:1]), " ".join(parts[1:]), text(human.get("family"))
    credentials = ", ".join(texts(human.get("suffix")))
    return names.full_name(first, middle, last), names.person_sort_name(first, middle, last), credentials


def organization_names(provider: Resource) -> tuple[str, str, str]:
    """Return the display name, the sort name and no credentials of an organization."""
    name = names.organization_name(text(provider.get("name")))
    return name, names.sort_name(name), ""


def _rank(item: Resource, uses: tuple[str, ...]) -> int:
    use = code(item, "use")
    return uses.index(use) if use in uses else len(uses)
