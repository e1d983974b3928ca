"""Practice addresses: from the columns of any format to a clean location with coordinates."""

from __future__ import annotations

from typing import NamedTuple

from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_phone, clean_state, clean_zip, is_po_box
from finder.intake.sources.base import ZipPlaces
from finder.intake.sources.builder import Location
from finder.intake.sources.formats.delimited import Row
from finder.places.point import Point
from finder.places.states import states

ZIP_CENTROID = "zip_centroid"
"""The ``geocode_source`` of a location placed at the center of its ZIP code."""

CITY_CENTROID = "city_centroid"
"""The ``geocode_source`` of a location whose ZIP code is in another state: it is placed at the center of its city."""

_DOMESTIC = {"", "US", "USA", "UNITED STATES", "UM", "PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW"}
"""The country codes of domestic addresses, territories included. (CA is Canada, not California.)"""

MISTAKEN_COUNTRY = "UM"
"""The outlying islands, which are uninhabited: in NPPES a mistake for Massachusetts."""


class AddressColumns(NamedTuple):
    """The names of the columns of an address; empty for columns that a format lacks."""

    street: str
    street_2: str
    city: str
    state: str
    zip: str
    country: str = ""
    phone: str = ""
    extension: str = ""


def read_location(row: Row, columns: AddressColumns, places: ZipPlaces) -> Location | None:
    """Read the address of a row and report its faults; None if it has no domestic address."""
    country = row[columns.country].strip().upper()
    if country not in _DOMESTIC:
        row.report("address_foreign", columns.country, country)
        return None
    street = names.street(row[columns.street], row[columns.street_2])
    city = names.street_name(row[columns.city])
    if not (street or city or row[columns.zip].strip(" 0.")):
        row.report("address_missing", columns.street)
        return None
    if not street:
        row.report("street_missing", columns.street)
    zip_code, state = _zip_and_state(row, columns, places)
    if not (zip_code or state):
        row.report("address_foreign", columns.zip, row[columns.zip])
        return None
    if country == MISTAKEN_COUNTRY:
        row.report("country_corrected", columns.country, country)
    if is_po_box(street):
        row.report("address_is_po_box", columns.street, street)
    point, geocode_source = center(zip_code, city, state, places)
    phone = clean_phone(row[columns.phone], row[columns.extension])
    if phone.finding:
        row.report(phone.finding, columns.phone, row[columns.phone])
    return Location(
        street=street,
        city=city,
        state=state,
        zip=zip_code,
        phone=phone.number,
        phone_extension=phone.extension,
        point=point,
        geocode_source=geocode_source,
    )


def center(zip_code: str, city: str, state: str, places: ZipPlaces) -> tuple[Point | None, str]:
    """Return the approximate point of an address, and its ``geocode_source``.

    That is the center of its ZIP code. A ZIP code in another state may be wrong in any digit: then it is the center of
    the city, or None if the state has no such city.
    """
    five = zip_code[:5]
    if (places.state_of(five) or state) == state:
        point, source = places.centroid(five), ZIP_CENTROID
    else:
        point, source = places.city_center(city, state), CITY_CENTROID
    return point, source if point else ""


def _zip_and_state(row: Row, columns: AddressColumns, places: ZipPlaces) -> tuple[str, str]:
    """Read the ZIP code and state, checked against each other."""
    zip_text, state_text = row[columns.zip].strip(), row[columns.state].strip()
    zip_code, zip_finding = clean_zip(zip_text)
    state, state_finding = clean_state(state_text)
    if zip_finding or not zip_code:
        row.report(zip_finding or "zip_missing", columns.zip, zip_text)
    if state in states() and states()[state].military:
        row.report("address_military", columns.state, state_text)
        return zip_code, state
    state_by_zip = (places.state_of(zip_code) if zip_code else None) or ""
    if zip_code and not state_by_zip:
        row.report("zip_unknown", columns.zip, zip_text)
    if state_by_zip and not state:
        row.report("state_corrected", columns.state, state_text)
        return zip_code, state_by_zip
    if state_finding:
        row.report(state_finding, columns.state, state_text)
    if state_by_zip and state_by_zip != state:
        row.report("zip_not_in_state", columns.zip, zip_text)
    return zip_code, state
