"""Joins roles with their providers, places, networks and plans into the rows of collections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from finder.directory.plans.keys import slug
from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.builder import PlanRow
from finder.intake.sources.errors import CollectionNeeded
from finder.intake.sources.formats.fhir import day_of
from finder.intake.sources.payers.collection_rows import CollectionRows, Membership
from finder.intake.sources.payers.periods import Period
from finder.intake.sources.payers.plan_net import links
from finder.intake.sources.payers.plan_net.directory import Directory
from finder.intake.sources.payers.plan_net.entries import Entry
from finder.intake.sources.payers.plan_net.gathering import SERVICE
from finder.intake.sources.payers.plan_net.in_force import InForce
from finder.intake.sources.payers.plan_net.places import Place, Places
from finder.intake.sources.payers.plan_net.plans import Plans, first_version_key, kind_of, meeting, name_of
from finder.intake.sources.payers.plan_net.providers import Provider, Providers
from finder.intake.sources.payers.plan_net.roles import Offer, Roles
from finder.intake.sources.payers.plan_net.subjects import Subject, Subjects
from finder.notices.notices import Findings, Notice

IDENTIFIERS = ("ma", "hios")
"""The systems whose identifiers are keys by themselves."""


class Joining:
    """Adds roles, networks and plans to the collections that they belong to."""

    def __init__(self, directory: Directory, context: Context, day: date, findings: Findings) -> None:
        self._directory = directory
        self._context = context
        self._findings = findings
        self._in_force = InForce(day, findings)
        self._plans = Plans(directory, self._in_force, findings, context.collection)
        self._subjects = Subjects(directory, self._plans, context.collection)
        self._roles = Roles(directory, self._in_force, findings)
        self._providers = Providers(directory, self._in_force, context.known_npis, findings)
        self._places = Places(self._in_force, context.places, findings)
        self._collections: dict[str, CollectionRows] = {}
        """By the key of their subject."""
        self._added: set[int] = set()
        """The networks that have rows, by identity."""

    def join(self) -> None:
        """Add every plan that is in force, every role, and the networks that they are in."""
        for network in self._directory.named(self._directory.network_names):
            self._subjects.of_network(network)
        for plan, period in self._plans.current():
            self._add_plan(plan, period)
        for number, role in enumerate(self._directory.roles, 1):
            self._take(role, number)
        for network in self._directory.named(self._directory.listed_networks):
            if subject := self._subjects.of_network(network):
                self._collection(subject).lists_members = True

    def layers(self, as_of: date, file: str, notices: Sequence[Notice], rows: int) -> list[Layer]:
        """Return the layers, the first with all notices. Raises CollectionNeeded if nothing says whose they are."""
        if not self._collections:
            self._collection(self._subject_of_files(file))
        uncounted = rows - sum(collection.entries for collection in self._collections.values())
        first: tuple[Sequence[Notice], int] = ([*notices, *self._findings.notices()], uncounted)
        return [
            collection.layer(self._context, as_of, subject, *(((), 0) if number else first))
            for number, (subject, collection) in enumerate(sorted(self._collections.items()))
        ]

    def _add_plan(self, plan: Entry, period: Period) -> None:
        key = self._plans.plan_key(plan)
        issuer = self._plans.payer(plan)
        day = _day(plan)
        for subject in self._subjects.of_plan(plan) if key else ():
            builder = self._collection(subject).builder
            kind = kind_of(plan.resource, key)
            builder.plan(
                PlanRow(plan=key, kind=kind, name=name_of(plan), issuer_name=issuer, year=period.year, as_of=day)
            )
            system, _, value = key.partition(":")
            if system in IDENTIFIERS and "." not in value:
                builder.identifier(key, system, value, day)
            builder.alias(first_version_key(plan.resource), key, day)
            for network in self._plans.networks_of[id(plan.resource)]:
                used = self._plans.network(network)
                if used.key and used.periods:
                    builder.uses_network(key, used.key, day)
                    self._add_network(network)

    def _add_network(self, entry: Entry) -> None:
        """Add a network to its collection, once."""
        subject = self._subjects.of_network(entry)
        if subject is None or id(entry.resource) in self._added:
            return
        self._added.add(id(entry.resource))
        network, builder, day = self._plans.network(entry), self._collection(subject).builder, _day(entry)
        builder.plan(PlanRow(plan=network.key, kind="network", name=network.name, issuer_name=network.owner, as_of=day))
        builder.identifier(network.key, "network", network.name, day)
        builder.alias(first_version_key(entry.resource), network.key, day)

    def _take(self, role: Entry, number: int) -> None:
        is_service = role.kind == SERVICE
        self._count(role)
        period = self._in_force.service(role) if is_service else self._in_force.role(role)
        if period is None:
            return
        services = [] if is_service else self._roles.services(role)
        provider = self._providers.read(role, self._roles.specialties(role, services), number)
        if provider is None:
            return
        for offer in self._roles.offers(role, services):
            self._add(role, provider, offer, period, number)

    def _count(self, role: Entry) -> None:
        """Count a role for the collections of its networks, which their files list even if it has ended."""
        networks = self._directory.follow_all(links.networks(role.resource), role)
        subjects = list(dict.fromkeys(filter(None, map(self._subjects.of_network, networks))))
        for number, subject in enumerate(subjects):
            collection = self._collection(subject)
            collection.lists_members = True
            collection.entries += number == 0

    def _add(self, role: Entry, provider: Provider, offer: Offer, period: Period, number: int) -> None:
        """Add what a role says of some places and networks."""
        places = self._places.open_places(role, offer, number)
        subjects = list(dict.fromkeys(filter(None, map(self._subjects.of_network, offer.networks))))
        if not subjects:
            rest = self._subjects.of_rest(role)
            if rest is None:
                self._findings.tally("without_collection")
                return
            subjects = [rest]
        for subject in subjects:
            self._describe(self._collection(subject), provider, offer, places or ())
        limits = (period, provider.period, offer.period)
        for network in offer.networks if places is not None else ():
            self._add_membership(provider, offer, network, places or [], limits)

    def _describe(self, collection: CollectionRows, provider: Provider, offer: Offer, places: Sequence[Place]) -> None:
        """Add the provider and the places of an offer."""
        collection.lists_members = True
        if provider.name:
            collection.provider(
                provider.npi,
                provider.evidence,
                entity=provider.entity,
                name=provider.name,
                sort_name=provider.sort_name,
                credentials=provider.credentials,
                as_of=provider.day,
            )
        for place in places:
            key = place.location.key
            collection.location(provider.npi, place.location, name=place.name, as_of=place.day or provider.day)
            collection.accepts(provider.npi, offer.accepting_at_all(), provider.day, key)

    def _add_membership(
        self, provider: Provider, offer: Offer, network: Entry, places: Sequence[Place], limits: Sequence[Period]
    ) -> None:
        subject = self._subjects.of_network(network)
        found = self._plans.network(network)
        periods = meeting(found.periods, limits)
        if subject is None or not found.key:
            return
        if found.periods and not periods:
            self._findings.tally("periods_apart")
        if not periods:
            return
        self._add_network(network)
        accepting = offer.accepting(network)
        for place in places or (None,):
            at_place = meeting(periods, [place.period] if place else [])
            if not at_place:
                self._findings.tally("periods_apart")
            else:
                membership = Membership(at_place, accepting, provider.day)
                location_key = place.location.key if place else ""
                self._collection(subject).member(provider.npi, found.key, membership, location_key)

    def _collection(self, subject: Subject) -> CollectionRows:
        if subject.key not in self._collections:
            self._collections[subject.key] = CollectionRows(title=subject.title)
        return self._collections[subject.key]

    def _subject_of_files(self, file: str) -> Subject:
        server = self._directory.servers.only_server()
        name = server or self._context.collection
        if not slug(name):
            raise CollectionNeeded(file)
        return Subject(slug(name), f"Directory of {server}" if server else name)


def _day(entry: Entry) -> str:
    day = day_of(entry.resource)
    return day.isoformat() if day else ""
