"""How people spell the columns of our tables in their own spreadsheets: ``First Name``, ``Zip Code``, ``NPI #``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace

from finder.intake.sources.formats.delimited import Header

_SPELLINGS = {
    "npi": "npi number, npi no, npi id, provider npi, national provider identifier",
    "entity": "entity type, provider type, person or organization, individual or organization",
    "first_name": "first, given name, provider first name, nombre",
    "middle_name": "middle, middle initial, mi, provider middle name, segundo nombre",
    "last_name": "last, surname, family name, provider last name, apellido, apellidos",
    "name": "full name, provider, provider name, therapist, therapist name, nombre completo",
    "credentials": "credential, degree, degrees, provider credentials, credenciales",
    "taxonomy_codes": "taxonomy, taxonomies, taxonomy code, nucc code, nucc codes",
    "location_name": "location, practice, practice name, clinic, clinic name, facility, facility name, clínica",
    "street": "street address, street 1, street line 1, address, address 1, address line 1, practice address, calle, "
    "dirección",
    "street_2": "street line 2, address 2, address line 2, suite, unit, suite or floor",
    "city": "town, city town, practice city, ciudad",
    "state": "st, practice state, estado",
    "zip": "zip code, zip 5, postal code, post code, practice zip, código postal",
    "phone": "phone number, phone no, telephone, telephone number, telephone no, tel, practice phone, teléfono",
    "phone_extension": "extension, ext, phone ext, extensión",
    "latitude": "lat",
    "longitude": "lon, lng, long",
    "insurance_yes": "insurance accepted, accepted insurance, plans accepted, accepted plans",
    "insurance_no": "insurance not accepted, plans not accepted, not accepted",
    "verified_on": "verified, verified date, date verified, last verified, last verified on, called on, date called, "
    "call date, date of call",
}
"""The spellings of columns beside their own names, with commas between them."""


def _squeezed(name: str) -> str:
    """Return a name without accents, case, spaces and punctuation: ``First Name`` and ``first_name`` are one."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]|[\u0300-\u036f]", "", letters)


_MEANT = {_squeezed(spelling): name for name, spellings in _SPELLINGS.items() for spelling in spellings.split(",")}


def with_our_names(header: Header, columns: Collection[str]) -> Header:
    """Return a header with the names of our ``columns`` in place of people's spellings.

    A column of the right name comes first; of several spellings of one column the first is taken.
    """
    ours = {_squeezed(column): column for column in columns}
    names, taken = list(header.names), set(header.names) & set(columns)
    for spellings in (ours, _MEANT):
        for place, name in enumerate(names):
            meant = spellings.get(_squeezed(name), "") if name not in columns else ""
            if meant in columns and meant not in taken:
                names[place] = meant
                taken.add(meant)
    return replace(header, names=tuple(names))
