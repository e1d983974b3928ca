"""FHIR bundles of a plan's directory (HL7 Da Vinci PDex Plan-Net): who is in which network, and where.

A bundle is one page; what it points to may stand in another, so all files are read before anything is joined. Joined
are PractitionerRole and OrganizationAffiliation with the Practitioner, Organization, Location and InsurancePlan that
they name. A role without a therapist's specialty counts for those who are in the directory already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from finder.directory.specialty import evidence_for, is_clinic, is_physical_therapist
from finder.intake import names
from finder.intake.clean import clean_date, clean_npi
from finder.intake.layer import Layer
from finder.intake.notices import Findings, Notice
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context, Meter
from finder.intake.sources.builder import LayerBuilder, Location
from finder.intake.sources.coordinates import at_given_point
from finder.intake.sources.delimited import row_of
from finder.intake.sources.errors import AsOfNeeded
from finder.intake.sources.files import SourceFile
from finder.intake.sources.json_files import begins_with, load, objects, text

SOURCE = "plan_net"

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
TAXONOMY_SYSTEM = "http://nucc.org/provider-taxonomy"
NETWORK = "network-reference"
NEW_PATIENTS = "newpatients"
ACCEPTING = {"newpt": "yes", "nopt": "no", "existptonly": "no", "existptfam": "no"}
"""Plan-Net's codes of accepting patients."""

ADDRESS = AddressColumns("line_1", "line_2", "city", "state", "postalCode", "country", "phone")

Resource = dict[str, Any]


def recognises(file: SourceFile) -> bool:
    """Whether this is a FHIR bundle."""
    return begins_with(file, "resourceType", "entry") or begins_with(file, "resourceType", "Bundle")


def read(files: Sequence[SourceFile], context: Context) -> Layer:
    """Read all bundles and join them. Raises BrokenJson, AsOfNeeded."""
    store = _Store()
    meter = Meter(context.progress, sum(file.size for file in files))
    notices: list[Notice] = []
    last = Findings(files[-1].name)
    for file in files:
        findings = Findings(file.name)
        store.add(load(file), findings)
        meter.advance(file.size)
        notices += findings.notices()
    joining = _Joining(store, context, last)
    joining.join()
    as_of = context.date_of(files) or store.latest
    if as_of is None:
        raise AsOfNeeded(files[0].name)
    notices += last.notices()
    return joining.builder.layer(context, as_of, notices=notices, rows=store.rows)


@dataclass
class _Store:
    """The resources of all bundles, by the references that point to them."""

    by_reference: dict[str, Resource] = field(default_factory=dict)
    latest: date | None = None
    rows: int = 0

    def add(self, bundle: Any, findings: Findings) -> None:
        """Take the entries of one bundle."""
        if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
            findings.add("not_an_object")
            return
        self._note_date(bundle.get("timestamp"))
        for number, entry in enumerate(objects(bundle.get("entry")), 1):
            self.rows += 1
            resource = entry.get("resource")
            if not isinstance(resource, dict) or not text(resource.get("resourceType")):
                findings.add("not_an_object", number)
                continue
            self._note_date(_meta(resource))
            kind, identity = text(resource.get("resourceType")), text(resource.get("id"))
            for reference in {f"{kind}/{identity}", text(entry.get("fullUrl"))} - {"", f"{kind}/"}:
                self.by_reference[reference] = resource

    def of_kind(self, kind: str) -> list[Resource]:
        """Give the resources of a kind, each once, in the order in which they came."""
        found = {
            id(resource): resource for resource in self.by_reference.values() if resource.get("resourceType") == kind
        }
        return list(found.values())

    def follow(self, reference: Any) -> Resource | None:
        """Give what a reference points to, in whatever form it is written."""
        target = text(reference.get("reference")) if isinstance(reference, dict) else ""
        return self.by_reference.get(target) or self.by_reference.get("/".join(target.split("/")[-2:]))

    def _note_date(self, value: Any) -> None:
        day = clean_date(text(value)).value
        if day:
            self.latest = max(day, self.latest or day)


class _Joining:
    """Makes the rows of the layer out of roles and affiliations."""

    def __init__(self, store: _Store, context: Context, findings: Findings) -> None:
        self.builder = LayerBuilder()
        self._store = store
        self._context = context
        self._findings = findings
        self._providers: set[str] = set()
        self._locations: set[tuple[str, str]] = set()
        self._answers: set[tuple[str, str, str]] = set()
        self._plans_of = self._plans_by_network()

    def join(self) -> None:
        """Take every role and every affiliation."""
        for number, role in enumerate(self._store.of_kind("PractitionerRole"), 1):
            self._take(role, role.get("practitioner"), "individual", number)
        for number, affiliation in enumerate(self._store.of_kind("OrganizationAffiliation"), 1):
            self._take(affiliation, affiliation.get("participatingOrganization"), "organization", number)

    def _take(self, role: Resource, who: Any, entity: str, number: int) -> None:
        if role.get("active") is False or not who:
            return
        provider = self._store.follow(who)
        if provider is None:
            self._findings.add("reference_missing", number, text(role.get("resourceType")), text(who.get("reference")))
            return
        npi, finding = clean_npi(_identifier(provider, NPI_SYSTEM))
        if finding:
            self._findings.add(finding, number, "identifier", _identifier(provider, NPI_SYSTEM))
            return
        codes = list(_codes(role.get("specialty"))) + [
            code for one in objects(provider.get("qualification")) for code in _codes([one.get("code")])
        ]
        therapist = any(is_physical_therapist(code) or (entity == "organization" and is_clinic(code)) for code in codes)
        if not therapist and npi not in self._context.known_npis:
            self._findings.tally("other_specialty")
            return
        day = _day(role) or _day(provider)
        if therapist:
            self._take_provider(npi, provider, entity, codes, day)
        keys = [location.key for location in self._take_locations(npi, role, number, day)]
        for plan in self._plans(role):
            for key in keys or [""]:
                if (npi, key, plan) not in self._answers:
                    self._answers.add((npi, key, plan))
                    self.builder.insurance(npi, plan, "yes", location_key=key, as_of=day)

    def _take_provider(self, npi: str, provider: Resource, entity: str, codes: list[str], day: str) -> None:
        if npi in self._providers:
            return
        name, sort_name, letters = _names(provider, entity)
        if not name:
            self._findings.add("name_missing", column="name", value=npi)
            return
        self._providers.add(npi)
        self.builder.provider(
            npi, entity=entity, name=name, sort_name=sort_name, credentials=names.credentials(letters), as_of=day
        )
        self.builder.evidence(npi, evidence_for(dict.fromkeys(codes), letters), day)

    def _take_locations(self, npi: str, role: Resource, number: int, day: str) -> Iterator[Location]:
        """Add the locations of a role; give those that are good."""
        for reference in objects(role.get("location")):
            place = self._store.follow(reference)
            if place is None:
                self._findings.add("reference_missing", number, "location", text(reference.get("reference")))
                continue
            location = self._location(place, number)
            if location is None:
                continue
            if (npi, location.key) not in self._locations:
                self._locations.add((npi, location.key))
                name = names.organization_name(text(place.get("name")))
                self.builder.location(npi, location, name=name, as_of=_day(place) or day)
                accepting = ACCEPTING.get(_new_patients(role), "")
                self.builder.fact(npi, "accepting_patients", accepting, location_key=location.key, as_of=day)
            yield location

    def _location(self, place: Resource, number: int) -> Location | None:
        address = place.get("address")
        fields = {key: text(value) for key, value in address.items()} if isinstance(address, dict) else {}
        lines = address.get("line") if isinstance(address, dict) else None
        lines = [text(line) for line in lines] if isinstance(lines, list) else []
        position = place.get("position")
        position = position if isinstance(position, dict) else {}
        values = {
            **fields,
            "line_1": lines[0] if lines else "",
            "line_2": " ".join(lines[1:]),
            "phone": _phone(place),
            "latitude": text(position.get("latitude")),
            "longitude": text(position.get("longitude")),
        }
        row = row_of(number, values, self._findings)
        location = read_location(row, ADDRESS, self._context.places)
        return at_given_point(row, location, self._context.places) if location else None

    def _plans(self, role: Resource) -> list[str]:
        """Give the plans of the networks that a role is in."""
        references = [one.get("valueReference") for one in _extensions(role, NETWORK)]
        references += list(objects(role.get("network")))
        plans: dict[str, None] = {}
        for reference in references:
            network = self._store.follow(reference)
            key = text(reference.get("reference")) if isinstance(reference, dict) else ""
            if network is not None:
                plans |= dict.fromkeys(self._plans_of.get(id(network)) or [_slug(network)])
            elif key:
                self._findings.add("reference_missing", column=NETWORK, value=key)
        return [plan for plan in plans if plan]

    def _plans_by_network(self) -> dict[int, list[str]]:
        """Give the plans that use each network, which is an Organization."""
        plans: dict[int, list[str]] = {}
        for plan in self._store.of_kind("InsurancePlan"):
            coverages = [
                reference for one in objects(plan.get("coverage")) for reference in objects(one.get("network"))
            ]
            for reference in [*objects(plan.get("network")), *coverages]:
                network = self._store.follow(reference)
                if network is not None:
                    plans.setdefault(id(network), []).append(_slug(plan))
        return plans


def _meta(resource: Resource) -> Any:
    meta = resource.get("meta")
    return meta.get("lastUpdated") if isinstance(meta, dict) else None


def _day(resource: Resource) -> str:
    day = clean_date(text(_meta(resource))).value
    return day.isoformat() if day else ""


def _identifier(resource: Resource, system: str) -> str:
    found = (one.get("value") for one in objects(resource.get("identifier")) if text(one.get("system")) == system)
    return next((text(value) for value in found), "")


def _slug(resource: Resource) -> str:
    """Give the id of a plan or network: its first identifier, else its name as a word."""
    identifier = next((text(one.get("value")) for one in objects(resource.get("identifier"))), "")
    return identifier or names.sort_name(text(resource.get("name"))).replace(",", "").replace(" ", "-")


def _codes(concepts: Any) -> Iterator[str]:
    """Give the taxonomy codes in a list of CodeableConcepts."""
    for concept in objects(concepts):
        for coding in objects(concept.get("coding")):
            if text(coding.get("system")) in {TAXONOMY_SYSTEM, ""}:
                yield text(coding.get("code")).upper()


def _extensions(resource: Resource, name: str) -> list[Resource]:
    found = objects(resource.get("extension"))
    return [extension for extension in found if text(extension.get("url")).rsplit("/", 1)[-1] == name]


def _new_patients(role: Resource) -> str:
    """Give the code of whether new patients are accepted; it stands inside an extension of the extension."""
    for extension in _extensions(role, NEW_PATIENTS):
        for inner in objects(extension.get("extension")):
            concept = inner.get("valueCodeableConcept")
            for coding in objects(concept.get("coding") if isinstance(concept, dict) else None):
                return text(coding.get("code"))
    return ""


def _phone(place: Resource) -> str:
    found = (one.get("value") for one in objects(place.get("telecom")) if text(one.get("system")) == "phone")
    return next((text(value) for value in found), "")


def _names(provider: Resource, entity: str) -> tuple[str, str, str]:
    """Give the name as it is shown, as it is sorted, and the credentials."""
    if entity == "organization":
        name = names.organization_name(text(provider.get("name")))
        return name, names.sort_name(name), ""
    for human in objects(provider.get("name")):
        given = [text(part) for part in human.get("given") or () if text(part)]
        first, middle, last = " ".join(given[:1]), " ".join(given[1:]), text(human.get("family"))
        if last:
            letters = ", ".join(text(part) for part in human.get("suffix") or ())
            return names.full_name(first, middle, last), names.person_sort_name(first, middle, last), letters
    return "", "", ""
