"""The value types of a therapist or clinic: each value has its source and date.

A provider is a person or an organization with an NPI; a practice location is an address where patients are seen; a
listing is one provider at one practice location, the unit of search results.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from finder.places.point import Point

Entity = Literal["individual", "organization"]
EvidenceKind = Literal["board_certified", "confirmed", "taxonomy", "source_specialty"]
InsuranceStatus = Literal["yes", "no", "unknown"]

EVIDENCE_LADDER: tuple[EvidenceKind, ...] = get_args(EvidenceKind)
"""The kinds of evidence for a specialty, the strongest first; they are never merged into a score."""


FRESH = timedelta(days=90)
"""How long a fact is trusted after its date; later the pages say "call first" and the listing is in the call queue."""


UNDATED = date.min
"""The ``as_of`` of a fact whose date is unknown: before all others, so that it is never taken for fresh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """The source of a value and the source's date, ``UNDATED`` if it is unknown."""

    source: str
    as_of: date

    @property
    def iso_date(self) -> str:
        """The date in ISO format, empty if it is unknown."""
        return "" if self.as_of == UNDATED else self.as_of.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Sourced):
    """One piece of evidence that a provider works in a specialty: a taxonomy code, a credential, a confirmation."""

    facet: str
    kind: EvidenceKind
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance(Sourced):
    """Whether a plan, network or payer is accepted; ``location_key`` is empty if that applies to all locations.

    The answer counts from ``valid_from`` until ``valid_until``, both included; None is without limit.
    ``accepting_patients``: ``yes``, ``no``, ``some`` (in some places), or empty where the source does not say.
    """

    plan: str
    status: InsuranceStatus
    location_key: str = ""
    accepting_patients: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def counts_on(self, day: date) -> bool:
        """Return whether the answer counts on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Sourced):
    """Any other fact: a field's name and its value as text; with an empty ``location_key`` of the provider itself."""

    field: str
    value: str
    location_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeLocation:
    """An address where patients are seen (never a mailing address); ``point`` is None if unknown."""

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
    """A person or an organization with all locations, evidence and insurance answers."""

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
    """One provider at one practice location; ``distance_miles`` is None without an origin."""

    listing_id: int
    provider: Provider
    location: PracticeLocation
    distance_miles: float | None
    insurance: tuple[Insurance, ...]
