"""How a practice address is written, for every page: the parts that are known, and in words what cannot be right."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask

from finder.directory.provider import PracticeLocation
from finder.http.services import services
from finder.i18n import N_, Message
from finder.web.presentation.formats import word

DIRECTIONS = "https://www.openstreetmap.org/search"


def register(app: Flask) -> None:
    """Offer templates the filters that write addresses."""
    app.jinja_env.filters.update(postal=postal, place_name=place_name, misplaced=misplaced)


def address_words(street: str, city: str, state: str, zip_code: str) -> str:
    """Write an address in one line: ``1 Elm St, Cambridge, MA 02139``, ``Cambridge, MA 02139 (street not known)``."""
    town = _line(street, city, f"{state} {zip_code[:5]}".strip())
    return town if street else word(Message(N_("{town} (street not known)"), {"town": town}))


def postal(location: PracticeLocation) -> str:
    """Write the address of a practice location in one line."""
    return address_words(location.street, location.city, location.state, location.zip)


def place_name(location: PracticeLocation) -> str:
    """Return a short name that tells a location from others in a link: its street, else its town."""
    return location.street or _line(location.city, location.state)


def directions(location: PracticeLocation) -> str:
    """Return the address of a map elsewhere that shows a location; empty where only the town is known."""
    return f"{DIRECTIONS}?{urlencode({'query': postal(location)})}" if location.street else ""


def misplaced(location: PracticeLocation) -> Message | None:
    """Return words for a ZIP code that is not in the location's state, and where it is shown; None where they fit."""
    arguments = {"zip": location.zip[:5], "city": location.city, "state": location.state}
    if services().gazetteer.in_state(arguments["zip"], arguments["state"]):
        return None
    if location.point is None:
        return Message(N_("The ZIP code {zip} is not in {state}, so we cannot say how far it is."), arguments)
    if location.geocode_source == "city_centroid":
        return Message(
            N_("The ZIP code {zip} is not in {state}. Distances are to the center of {city}, {state}."), arguments
        )
    return Message(N_("The ZIP code {zip} is not in {state}."), arguments)


def _line(*parts: str) -> str:
    return ", ".join(filter(None, parts))
