"""The places of a role that are open, as practice locations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from finder.intake.cleaning import names
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import ZipPlaces
from finder.intake.sources.builder import Location
from finder.intake.sources.coordinates import at_given_point
from finder.intake.sources.formats.delimited import make_row
from finder.intake.sources.formats.fhir import day_of
from finder.intake.sources.formats.json_files import text, texts
from finder.intake.sources.payers.periods import Period
from finder.intake.sources.payers.plan_net.contact import phone
from finder.intake.sources.payers.plan_net.entries import Entry
from finder.intake.sources.payers.plan_net.in_force import InForce
from finder.intake.sources.payers.plan_net.roles import Offer
from finder.notices.notices import Findings

ADDRESS = AddressColumns("line_1", "line_2", "city", "state", "postalCode", "country", "phone")


class Place(NamedTuple):
    """A practice location with its name, the period in which it is open, and its date as ISO text."""

    location: Location
    name: str
    period: Period
    day: str


class Places:
    """Reads places; former ones are counted."""

    def __init__(self, in_force: InForce, zip_places: ZipPlaces, findings: Findings) -> None:
        self._in_force = in_force
        self._zip_places = zip_places
        self._findings = findings

    def open_places(self, role: Entry, offer: Offer, number: int) -> list[Place] | None:
        """Return the places of an offer that are open and have an address; None if all that are named are closed."""
        open_now = [(entry, period) for entry in offer.locations if (period := self._in_force.location(entry))]
        if offer.named_locations and len(offer.locations) == offer.named_locations and not open_now:
            return None
        return list(self._places(role, open_now, number))

    def _places(self, role: Entry, entries: list[tuple[Entry, Period]], number: int) -> Iterator[Place]:
        own_phone = phone(role.resource, self._in_force) if len(entries) == 1 else ""
        for entry, period in entries:
            if location := self._location(entry, own_phone, number):
                day = day_of(entry.resource)
                name = names.organization_name(entry.name)
                yield Place(location, name, period, day.isoformat() if day else "")

    def _location(self, entry: Entry, role_phone: str, number: int) -> Location | None:
        address = entry.resource.get("address")
        address = address if isinstance(address, dict) else {}
        lines = texts(address.get("line"))
        position = entry.resource.get("position")
        position = position if isinstance(position, dict) else {}
        values = {
            **{key: text(value) for key, value in address.items()},
            "line_1": lines[0] if lines else "",
            "line_2": " ".join(lines[1:]),
            "phone": phone(entry.resource, self._in_force) or role_phone,
            "latitude": text(position.get("latitude")),
            "longitude": text(position.get("longitude")),
        }
        row = make_row(number, values, self._findings)
        location = read_location(row, ADDRESS, self._zip_places)
        return at_given_point(row, location, self._zip_places) if location else None
