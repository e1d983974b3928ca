"""Geocode the locations of a layer that lie at the center of their ZIP code; off by default.

The map service is ``finder.places.geocoder``; it is queried once per address, and its answers are cached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from finder.errors import FinderError
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import ZIP_CENTROID
from finder.intake.sources.formats.meter import Progress
from finder.notices.notices import Findings
from finder.places.gazetteer import Gazetteer
from finder.places.geocoder import GEOCODED, Address, Geocoder, Located, Problem
from finder.settings import Settings

PARTS = ["street", "city", "state", "zip"]

CODES: dict[Problem, str] = {
    "not_found": "address_not_found",
    "no_answer": "address_not_answered",
    "far_away": "address_found_far_away",
}
"""The notice code for each reason why an address stays at the center of its ZIP code. One notice counts all that were
not answered: the service failed, not the address."""


class NoMapService(FinderError):
    """No map service is set, so no address can be looked up. Give its address in FINDER_GEOCODER_URL."""


def open_geocoder(settings: Settings, gazetteer: Gazetteer) -> Geocoder:
    """Return the geocoder of an installation; it caches answers in the state folder. Raises NoMapService."""
    if not settings.geocoder_url:
        raise NoMapService
    folder, today = settings.home / "geocodes", settings.current_date()
    return Geocoder(settings.geocoder_url, folder=folder, gazetteer=gazetteer, today=today)


def locate_layers(layers: Sequence[Layer], geocoder: Geocoder, progress: Progress | None = None) -> list[Layer]:
    """Geocode the addresses that lie at the center of their ZIP code; add a notice for each that fails."""
    unplaced = [_unplaced(layer)[PARTS].drop_duplicates() for layer in layers]
    total = sum(len(addresses) for addresses in unplaced)
    done = 0
    located = []
    for layer, addresses in zip(layers, unplaced, strict=True):
        found: dict[Address, Located] = {}
        for street, city, state, zip_code in addresses.itertuples(index=False):
            address = Address(street=street, city=city, state=state, zip=zip_code)
            found[address] = geocoder.locate(address)
            done += 1
            if progress:
                progress(done, total)
        located.append(_placed(layer, found))
    return located


def _unplaced(layer: Layer) -> pd.DataFrame:
    locations = layer.tables["location"]
    return locations[locations["geocode_source"] == ZIP_CENTROID]


def _placed(layer: Layer, found: Mapping[Address, Located]) -> Layer:
    """Return the layer with the coordinates that were found, and a notice for each address that was not."""
    findings = Findings(layer.source)
    for address, answer in found.items():
        if answer.problem == "no_answer":
            findings.tally(CODES[answer.problem])
        elif answer.problem:
            findings.add(CODES[answer.problem], column="street", value=f"{address.street}, {address.zip}")
    locations = layer.tables["location"]
    matched = locations[PARTS].merge(_points(found), how="left", on=PARTS).set_index(locations.index)
    known = (locations["geocode_source"] == ZIP_CENTROID) & matched["north"].notna()
    placed = locations.assign(
        latitude=locations["latitude"].mask(known, matched["north"]),
        longitude=locations["longitude"].mask(known, matched["east"]),
        geocode_source=locations["geocode_source"].mask(known, GEOCODED),
    )
    tables = {**layer.tables, "location": placed}
    return replace(layer, tables=tables, notices=[*layer.notices, *findings.notices()])


def _points(found: Mapping[Address, Located]) -> pd.DataFrame:
    """Return the addresses that were found, by their parts, with ``north`` and ``east`` in degrees."""
    rows = [
        (*(getattr(address, part) for part in PARTS), answer.point.latitude, answer.point.longitude)
        for address, answer in found.items()
        if answer.source == GEOCODED and answer.point
    ]
    types = dict.fromkeys(PARTS, "str") | {"north": "float64", "east": "float64"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)
