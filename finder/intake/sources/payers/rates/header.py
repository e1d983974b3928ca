"""The header of a file of rates: who publishes it, and the plan that it names if it names one.

Its keys stand anywhere in the file, and most files of schema 2 name no plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from finder.directory.plans.keys import hios_key, medicare_advantage_key, published_plan_key, slug
from finder.directory.plans.plans import PlanKind
from finder.intake.cleaning.fields import clean_date

KEYS = frozenset({
    "reporting_entity_name", "issuer_name", "plan_name", "plan_sponsor_name", "plan_id", "plan_id_type",
    "plan_market_type", "last_updated_on",
})  # fmt: skip
"""The keys of the header that matter here."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one file, every missing value empty."""

    publisher: str
    """The reporting entity."""
    issuer: str
    """The issuer of the plans; the publisher if the file names none, else what the operator calls the collection."""
    plan_name: str
    sponsor: str
    identifier: str
    """The plan's identifier: HIOS (5, 10, 14 or 17 characters), EIN, or a contract of Medicare Advantage."""
    system: str
    """What kind of identifier it is, as the file says."""
    market: str
    """``group`` or ``individual``."""
    updated: date | None

    @classmethod
    def of(cls, values: Mapping[str, str], given: str = "") -> Header:
        """Return the header made of the values of ``KEYS``; ``given`` is the collection's name from the operator."""
        publisher = values.get("reporting_entity_name", "")
        return cls(
            publisher=publisher,
            issuer=values.get("issuer_name", "") or publisher or given,
            plan_name=values.get("plan_name", ""),
            sponsor=values.get("plan_sponsor_name", ""),
            identifier=values.get("plan_id", ""),
            system=values.get("plan_id_type", "").lower(),
            market=values.get("plan_market_type", "").lower(),
            updated=clean_date(values.get("last_updated_on", "")).value,
        )

    @property
    def identifies_itself(self) -> bool:
        """Whether the identifier alone says which plan it is, whoever publishes the file."""
        return bool(hios_key(self.identifier) or self._medicare_advantage())

    @property
    def plan(self) -> str | None:
        """The key of the plan; None if the header names none: an EIN alone is a sponsor, five digits an issuer."""
        if not (slug(self.plan_name) or self.identifies_itself):
            return None
        return published_plan_key(self.system, self.identifier, self.plan_name, self.issuer)

    @property
    def display_name(self) -> str:
        """The name of the plan, with its sponsor: many employers have a plan of one name."""
        name = self.plan_name or f"{self.issuer} {self.identifier}".strip()
        return f"{name} ({self.sponsor})" if self.sponsor else name

    @property
    def kind(self) -> PlanKind:
        """The kind of the plan, by its market, else by its identifier."""
        if self._medicare_advantage():
            return "medicare_advantage"
        if self.market == "group" or (not self.market and self.system == "ein"):
            return "employer"
        if hios_key(self.identifier) or self.system.startswith("hios"):
            return "marketplace"
        return "individual" if self.market == "individual" else ""

    @property
    def published_identifier(self) -> tuple[str, str] | None:
        """The system and the value of the plan's identifier; None if it has none."""
        if not self.identifier:
            return None
        if key := hios_key(self.identifier) or self._medicare_advantage():
            system, _, value = key.partition(":")
            return system, value
        return ("ein" if "ein" in self.system else "hios"), self.identifier.replace("-", "")

    @property
    def former_id(self) -> str:
        """The id that the first version gave to the plan of this file: a marketplace id, else a slug of its name."""
        if self.identifier and self.system.startswith("hios"):
            return self.identifier
        return re.sub(r"[^a-z0-9]+", "-", (self.plan_name or self.publisher).lower()).strip("-")[:80]

    def _medicare_advantage(self) -> str | None:
        return medicare_advantage_key(self.identifier) if not self.identifier.isdigit() else None
