"""Fictional listings, built by hand."""

from __future__ import annotations

from datetime import date

from finder.directory.provider import (
    Evidence,
    EvidenceKind,
    Insurance,
    InsuranceStatus,
    Listing,
    PracticeLocation,
    Provider,
    Sourced,
)
from finder.places.point import Point

FRESH = date(2026, 11, 1)
OLD = date(2026, 6, 7)


def evidence(facet: str, kind: EvidenceKind, detail: str = "NCS", as_of: date = FRESH) -> Evidence:
    """Make a piece of evidence."""
    return Evidence(facet=facet, kind=kind, detail=detail, source="nppes", as_of=as_of)


def insurance(plan: str, status: InsuranceStatus, *, location_key: str = "", as_of: date = FRESH) -> Insurance:
    """Make an answer about a plan."""
    return Insurance(plan=plan, status=status, location_key=location_key, source="staff", as_of=as_of)


def location(key: str = "02139 1 ELM ST", *, as_of: date = FRESH, phone: str = "6175550123") -> PracticeLocation:
    """Make a practice location in Cambridge, Massachusetts."""
    return PracticeLocation(
        location_key=key,
        name="Elm Street Clinic",
        street="1 Elm St",
        city="Cambridge",
        state="MA",
        zip="021391234",
        phone=phone,
        phone_extension="",
        point=Point(latitude=42.3647, longitude=-71.1042),
        geocode_source="zip",
        address=Sourced(source="nppes", as_of=as_of),
        phone_origin=Sourced(source="nppes", as_of=as_of),
    )


def provider(
    *,
    evidence: tuple[Evidence, ...] = (),
    insurance: tuple[Insurance, ...] = (),
    locations: tuple[PracticeLocation, ...] | None = None,
) -> Provider:
    """Make a therapist."""
    return Provider(
        npi="2000000009",
        entity="individual",
        name="Dolores Whitcomb",
        credentials="PT, DPT",
        name_origin=Sourced(source="nppes", as_of=FRESH),
        credentials_origin=None,
        evidence=evidence,
        insurance=insurance,
        locations=locations or (location(),),
        facts=(),
    )


def listing(
    of: Provider | None = None,
    *,
    at: PracticeLocation | None = None,
    distance: float | None = 3.24,
    insurance: tuple[Insurance, ...] = (),
    listing_id: int = 0,
) -> Listing:
    """Make a listing of a therapist."""
    of = of or provider()
    return Listing(
        listing_id=listing_id,
        provider=of,
        location=at or of.locations[0],
        distance_miles=distance,
        insurance=insurance,
    )
