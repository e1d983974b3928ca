"""The columns of the dataset: a layer has them by source, a release has them merged.

Every column is text unless named in ``NUMBERS``; a missing text is ``""``, a missing number NaN. Dates are ISO text.
``npi`` is ten digits; ``location_key`` names a practice location of one NPI and is the same in every source and month
(see ``location_key``); in ``insurance`` and ``fact`` an empty ``location_key`` means every location.

``source`` is the collection that a row comes from: the name of its source, and for the files of insurers, which
replace each other subject by subject, the subject too (``marketplace:11111``). ``insurance.plan`` is the key of a
plan, network or payer; an answer counts from ``valid_from`` until ``valid_until`` (inclusive; empty: without limit),
and of one question no two answers of a release count on the same day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SOURCED = ("source", "as_of")

LAYER: Mapping[str, tuple[str, ...]] = {
    "provider": ("npi", "entity", "name", "sort_name", "credentials", "status", *SOURCED),
    "location": (
        "npi", "location_key", "name", "street", "city", "state", "zip", "phone", "phone_extension",
        "latitude", "longitude", "geocode_source", *SOURCED,
    ),
    "specialty": ("npi", "facet", "kind", "detail", *SOURCED),
    "insurance": (
        "npi", "location_key", "plan", "status", "accepting_patients", "valid_from", "valid_until", *SOURCED,
    ),
    "fact": ("npi", "location_key", "field", "value", *SOURCED),
}  # fmt: skip
"""The tables of a layer. ``provider.status`` is ``active`` or why the NPI is inactive; ``specialty`` is evidence."""

PLAN_TABLES: Mapping[str, tuple[str, ...]] = {
    "plan": ("plan", "year", "kind", "name", "issuer", "issuer_name", *SOURCED),
    "plan_identifier": ("plan", "system", "value", *SOURCED),
    "plan_network": ("plan", "network", *SOURCED),
    "plan_alias": ("alias", "plan", *SOURCED),
}
"""The tables of plans and networks, in layers and releases (keys: ``finder.directory.plans.keys``).

``plan``: a plan of one ``year`` (empty: any), or a network (``kind`` is ``network``). ``plan_network``: the networks
that a plan uses. ``plan_alias``: what a plan was called by an earlier version; one alias may stand for several plans.
"""

RELEASE: Mapping[str, tuple[str, ...]] = {
    "provider": (
        "npi", "entity", "name", "sort_name", "credentials",
        "name_source", "name_as_of", "credentials_source", "credentials_as_of",
    ),
    "location": (
        "listing_id", "npi", "location_key", "name", "street", "city", "state", "zip", "phone", "phone_extension",
        "latitude", "longitude", "geocode_source", "address_source", "address_as_of", "phone_source", "phone_as_of",
    ),
    "specialty": LAYER["specialty"],
    "insurance": LAYER["insurance"],
    "fact": LAYER["fact"],
    **PLAN_TABLES,
}  # fmt: skip
"""The tables of a release: one row per provider, one per listing (``listing_id`` counts from 0), with sources."""

NUMBERS: Mapping[str, str] = {"latitude": "float64", "longitude": "float64", "listing_id": "int64"}
"""The columns that are not text, with their pandas type. Latitude and longitude are degrees (WGS 84)."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "provider": ("npi",),
    "location": ("npi", "location_key"),
    "specialty": ("npi", "facet", "kind", "detail"),
    "insurance": ("npi", "location_key", "plan", "valid_from"),
    "fact": ("npi", "location_key", "field", "value"),
    "plan": ("plan", "year"),
    "plan_identifier": ("plan", "system", "value"),
    "plan_network": ("plan", "network"),
    "plan_alias": ("alias", "plan"),
}
"""The unique keys of a release's tables, which are also their sort order."""

_ABBREVIATIONS = {
    "STREET": "ST", "AVENUE": "AVE", "AV": "AVE", "ROAD": "RD", "BOULEVARD": "BLVD", "DRIVE": "DR", "LANE": "LN",
    "COURT": "CT", "PLACE": "PL", "SQUARE": "SQ", "PARKWAY": "PKWY", "HIGHWAY": "HWY", "TURNPIKE": "TPKE",
    "CIRCLE": "CIR", "TERRACE": "TER", "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W", "SUITE": "STE",
    "FLOOR": "FL", "BUILDING": "BLDG", "APARTMENT": "APT", "ROOM": "RM", "UNIT": "UNIT",
}  # fmt: skip


def location_key(street: str, zip: str) -> str:
    """Return the key of a practice location, equal for the spellings of one address in different sources.

    ``"77 Massachusetts Avenue, Suite 3"``, ``"02139-4307"`` → ``"02139 77 MASSACHUSETTS AVE STE 3"``.
    """
    words = re.sub(r"[^0-9A-Z]+", " ", street.upper().replace(".", "")).split()
    return " ".join([zip[:5], *(_ABBREVIATIONS.get(word, word) for word in words)])
