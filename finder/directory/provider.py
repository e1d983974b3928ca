"""What we know of a therapist or a clinic, as values: each with the source that says so and the date it said so.

A provider is a person or an organization with an NPI; a practice location is an address where it sees patients; a
listing is one provider at one practice location, which is what the search counts and shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from finder.places.point import Point

Entity = Literal["individual", "organization"]
EvidenceKind = Literal["board_certified", "confirmed", "taxonomy", "source_specialty"]
InsuranceStatus = Literal["yes", "no", "unknown"]

EVIDENCE_LADDER: tuple[EvidenceKind, ...] = get_args(EvidenceKind)
"""The kinds of evidence for a specialty, the strongest first; kept apart, never merged into a score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """Where a value comes from and when that source last said so."""

    source: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Sourced):
    """One reason to believe that a provider works in a specialty: a taxonomy code, a credential, a confirmation."""

    facet: str
    kind: EvidenceKind
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance(Sourced):
    """Whether a plan is accepted; ``location_key`` is empty where that holds for every location of the provider."""

    plan: str
    status: InsuranceStatus
    location_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Sourced):
    """Any further single fact: a field's name and its value as text; ``location_key`` empty: of the provider itself."""

    field: str
    value: str
    location_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeLocation:
    """An address where patients are seen (never a mailing address); ``point`` is None where nobody knows it."""

    location_key: str
    name: str
    street: str
    city: str
    state: str
    zip: str
    phone: str
    phone_extension: str
    point: Point | None
    geocode_source: str
    address: Sourced
    phone_origin: Sourced | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A person or an organization, whole: every location, every piece of evidence, every insurance answer."""

    npi: str
    entity: Entity
    name: str
    credentials: str
    name_origin: Sourced
    credentials_origin: Sourced | None
    evidence: tuple[Evidence, ...]
    insurance: tuple[Insurance, ...]
    locations: tuple[PracticeLocation, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One provider at one practice location, as a search shows it; without an origin ``distance_miles`` is None."""

    listing_id: int
    provider: Provider
    location: PracticeLocation
    distance_miles: float | None
    insurance: tuple[Insurance, ...]
