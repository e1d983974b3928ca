"""Converts rows of a release's tables to the value types of ``provider``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from finder.directory.provider import (
    EVIDENCE_LADDER,
    UNDATED,
    Evidence,
    EvidenceKind,
    Fact,
    Insurance,
    InsuranceStatus,
    PracticeLocation,
    Provider,
    Sourced,
)
from finder.directory.vocabulary.specialties import GENERAL
from finder.places.point import Point

Row = tuple[Any, ...]

_REMEMBERED = 16_384
"""Cache size of values that many providers share."""


def read_provider(rows: Mapping[str, Sequence[Row]]) -> Provider:
    """Return a provider from its rows in each table, in the columns of ``tables.RELEASE``."""
    npi, entity, name, _, credentials, name_source, name_as_of, credentials_source, credentials_as_of = rows[
        "provider"
    ][0]
    return Provider(
        npi=npi,
        entity=entity,
        name=name,
        credentials=credentials,
        name_origin=_sourced(name_source, name_as_of),
        credentials_origin=_sourced(credentials_source, credentials_as_of) if credentials_source else None,
        evidence=tuple(sorted([_evidence(*row[1:]) for row in rows.get("specialty", ())], key=_strongest_first)),
        insurance=tuple([_insurance(*row[1:]) for row in rows.get("insurance", ())]),
        locations=tuple(map(_location, rows.get("location", ()))),
        facts=tuple(map(_fact, rows.get("fact", ()))),
    )


def _location(row: Row) -> PracticeLocation:
    (
        _,
        _,
        key,
        name,
        street,
        city,
        state,
        zip_code,
        phone,
        extension,
        latitude,
        longitude,
        geocode_source,
        *origins,
    ) = row
    address_source, address_as_of, phone_source, phone_as_of = origins
    known = latitude is not None and longitude is not None
    return PracticeLocation(
        location_key=key,
        name=name,
        street=street,
        city=city,
        state=state,
        zip=zip_code,
        phone=phone,
        phone_extension=extension,
        point=Point(latitude=latitude, longitude=longitude) if known else None,
        geocode_source=geocode_source,
        address=_sourced(address_source, address_as_of),
        phone_origin=_sourced(phone_source, phone_as_of) if phone_source else None,
    )


@lru_cache(maxsize=_REMEMBERED)
def _evidence(facet: str, kind: EvidenceKind, detail: str, source: str, as_of: str) -> Evidence:
    return Evidence(facet=facet, kind=kind, detail=detail, source=source, as_of=_day(as_of))


@lru_cache(maxsize=_REMEMBERED)
def _insurance(
    location_key: str,
    plan: str,
    status: InsuranceStatus,
    accepting_patients: str,
    valid_from: str,
    valid_until: str,
    source: str,
    as_of: str,
) -> Insurance:
    return Insurance(
        plan=plan,
        status=status,
        location_key=location_key,
        accepting_patients=accepting_patients,
        valid_from=_day(valid_from) if valid_from else None,
        valid_until=_day(valid_until) if valid_until else None,
        source=source,
        as_of=_day(as_of),
    )


def _fact(row: Row) -> Fact:
    _, location_key, field, value, source, as_of = row
    return Fact(field=field, value=value, location_key=location_key, source=source, as_of=_day(as_of))


def _strongest_first(evidence: Evidence) -> tuple[int, bool, str]:
    """Return the sort key of evidence: by the ladder, the general specialty last on its rung."""
    return EVIDENCE_LADDER.index(evidence.kind), evidence.facet == GENERAL, evidence.facet


@lru_cache(maxsize=_REMEMBERED)
def _sourced(source: str, as_of: str) -> Sourced:
    return Sourced(source=source, as_of=_day(as_of))


@lru_cache(maxsize=_REMEMBERED)
def _day(as_of: str) -> date:
    return date.fromisoformat(as_of) if as_of else UNDATED
