"""The entries of ``providers.json``: providers, their places, and the plans whose networks they are in.

The format has also spelled a field ``speciality``. An NPI may have several entries; places stand beside all plans of an
entry, so that its answers count for every place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from finder.directory.vocabulary.specialties import GENERAL, EvidenceRow
from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_npi
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import Location
from finder.intake.sources.formats.delimited import Row, make_row
from finder.intake.sources.formats.json_files import objects_or_one, text, texts
from finder.intake.sources.payers.collection_rows import CollectionRows, Membership
from finder.intake.sources.payers.marketplace.issuers import Issuers, add_identifiers
from finder.intake.sources.payers.marketplace.plan_ids import PlanId, Years
from finder.notices.notices import Findings

ADDRESS = AddressColumns("address", "address_2", "city", "state", "zip", "", "phone")

ENTITIES = {"INDIVIDUAL": "individual", "FACILITY": "organization"}

ACCEPTING = {"accepting": "yes", "not accepting": "no", "accepting in some locations": "some"}

EVIDENCE = (EvidenceRow(GENERAL, "source_specialty", "Physical therapist"),)


class _Provider(NamedTuple):
    npi: str
    day: str
    accepting: str
    entity: str
    name: str
    sort_name: str
    locations: Sequence[Location]


class ProviderList:
    """Adds providers to the collections of all issuers whose plans they are in."""

    def __init__(self, issuers: Issuers, context: Context) -> None:
        self._issuers = issuers
        self._context = context

    def take(self, entry: dict[str, Any], number: int, findings: Findings) -> None:
        """Add one provider, or report why it is skipped."""
        row = make_row(number, {key: text(value) for key, value in entry.items()}, findings)
        day = self._issuers.day(row)
        npi, finding = clean_npi(row["npi"])
        therapist = _is_therapist(entry)
        for plan in objects_or_one(entry.get("plans")):
            self._issuers.listed(plan)
        if finding:
            row.report(finding, "npi", row["npi"])
        elif not therapist and npi not in self._context.known_npis:
            findings.tally("other_specialty")
        else:
            accepting = ACCEPTING.get(row["accepting"].lower(), "")
            collections = self._memberships(npi, row, entry, accepting, day)
            provider = self._provider(npi, row, entry, accepting, day) if therapist else None
            if provider:
                for collection in collections:
                    _add(provider, collection)

    def _memberships(self, npi: str, row: Row, entry: dict[str, Any], accepting: str, day: str) -> list[CollectionRows]:
        """Add a yes for each plan; return the collections that the entry belongs to."""
        found: dict[int, CollectionRows] = {}
        for plan, years in self._plans(entry, row):
            collection = self._issuers.of(plan)
            found[id(collection)] = collection
            if not years.is_unknown:
                collection.member(npi, plan.key, Membership(years.periods(), accepting, day))
                add_identifiers(collection.builder, plan, day)
        if not found:
            self._issuers.entries_without_plan += 1
        collections = list(found.values()) or [one for one in (self._issuers.named(),) if one]
        for collection in collections[:1]:
            collection.entries += 1
        return collections

    def _plans(self, entry: dict[str, Any], row: Row) -> Iterable[tuple[PlanId, Years]]:
        """Yield the plans of an entry with their years; a plan stands there once for each tier of its network."""
        for plan in objects_or_one(entry.get("plans")):
            if found := self._issuers.plan_id(plan, row, "plans"):
                yield found, self._issuers.years(plan, row)

    def _provider(self, npi: str, row: Row, entry: dict[str, Any], accepting: str, day: str) -> _Provider | None:
        name, sort_name = _names(row, entry)
        entity = ENTITIES.get(row["type"].upper(), "")
        if not (entity and name):
            row.report("name_missing" if entity else "entity_unknown", "name" if entity else "type", row["type"])
            return None
        places = (
            read_location(self._address_row(place, row), ADDRESS, self._context.places)
            for place in objects_or_one(entry.get("addresses"))
        )
        return _Provider(npi, day, accepting, entity, name, sort_name, [place for place in places if place])

    def _address_row(self, place: dict[str, Any], row: Row) -> Row:
        return make_row(row.number, {key: text(value) for key, value in place.items()}, row.findings)


def _add(provider: _Provider, collection: CollectionRows) -> None:
    collection.provider(
        provider.npi,
        EVIDENCE,
        entity=provider.entity,
        name=provider.name,
        sort_name=provider.sort_name,
        as_of=provider.day,
    )
    collection.accepts(provider.npi, provider.accepting, provider.day)
    for place in provider.locations:
        collection.location(provider.npi, place, as_of=provider.day)


def _is_therapist(entry: dict[str, Any]) -> bool:
    """Return whether a specialty or kind of facility is physical therapy."""
    fields = (texts(entry.get(field)) for field in ("specialty", "speciality", "facility_type"))
    words = " | ".join(word for values in fields for word in values).lower()
    return "physical therap" in words and "assistant" not in words


def _names(row: Row, entry: dict[str, Any]) -> tuple[str, str]:
    """Return the display name and the sort name."""
    name = entry.get("name")
    if isinstance(name, dict) and text(name.get("last")):
        first, middle, last, suffix = (text(name.get(part)) for part in ("first", "middle", "last", "suffix"))
        return names.full_name(first, middle, last, suffix), names.person_sort_name(first, middle, last)
    facility = names.organization_name(row["facility_name"])
    return facility, names.sort_name(facility)
