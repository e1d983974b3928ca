"""Which collection an entry belongs to: what one server says of one payer, or of a network that names no payer.

A role without a network belongs to the payer of its server, if there is one, else to the server.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from finder.directory.plans.keys import slug
from finder.intake.sources.payers.plan_net.directory import Directory
from finder.intake.sources.payers.plan_net.entries import Entry
from finder.intake.sources.payers.plan_net.plans import Plans, name_of


class Subject(NamedTuple):
    """What a collection is about: its key, and what staff read of it."""

    key: str
    title: str


class Subjects:
    """The subjects of the files that are read together."""

    def __init__(self, directory: Directory, plans: Plans, collection: str) -> None:
        self._servers = directory.servers
        self._plans = plans
        self._collection = collection
        self._known: dict[str, Subject] = {}
        """By key: of two spellings of a name the first is the title."""
        self._of_network: dict[int, Subject] = {}
        self._payers: dict[str, set[Subject]] = defaultdict(set)
        """The subjects that have a payer, by server or, without one, by bundle or directory."""
        self._all: dict[str, set[Subject]] = defaultdict(set)

    def of_network(self, network: Entry) -> Subject | None:
        """Return the subject of a network: its payer on its server, else itself; None if it has no name.

        Where neither payer nor server is known, it belongs to the collection that the operator named.
        """
        known = self._of_network.get(id(network.resource))
        if known is None:
            owner = self._plans.network(network).owner
            known = self._subject_of_network(network, owner)
            if known:
                self._of_network[id(network.resource)] = known
        return known

    def of_plan(self, plan: Entry) -> list[Subject]:
        """Return the subject of a plan's issuer; without one those of its networks, else that of its server."""
        if payer := self._plans.payer(plan):
            return [found for found in [self._subject(plan, payer, has_payer=True)] if found]
        networks = self._plans.networks_of[id(plan.resource)]
        found = {subject for network in networks if (subject := self.of_network(network))}
        return sorted(found) or [found for found in [self.of_rest(plan)] if found]

    def of_rest(self, entry: Entry) -> Subject | None:
        """Return the subject of an entry that names no network; None if nothing says whose it is."""
        place = self._place(entry)
        server = self._servers.server(entry)
        return (
            _only(self._payers[place])
            or (Subject(slug(server), f"Directory of {server}") if server else None)
            or _only(self._all[place])
            or self._named()
        )

    def _subject_of_network(self, network: Entry, owner: str) -> Subject | None:
        name = name_of(network)
        if slug(owner) or self._servers.server(network) or not slug(name):
            return self._subject(network, owner or name, has_payer=bool(owner))
        named = self._named()
        self._all[self._place(network)].update([named] if named else [])
        return named

    def _named(self) -> Subject | None:
        """Return the collection that the operator named, None if none was named."""
        return Subject(slug(self._collection), self._collection) if slug(self._collection) else None

    def _subject(self, entry: Entry, name: str, *, has_payer: bool) -> Subject | None:
        if not slug(name):
            return None
        server = self._servers.server(entry)
        title = f"{name} directory ({server})" if server else f"{name} directory"
        key = ".".join(filter(None, (slug(server), slug(name))))
        subject = self._known.setdefault(key, Subject(key, title))
        place = self._place(entry)
        self._all[place].add(subject)
        if has_payer:
            self._payers[place].add(subject)
        return subject

    def _place(self, entry: Entry) -> str:
        return self._servers.server(entry) or self._servers.scope(entry)


def _only(subjects: Iterable[Subject]) -> Subject | None:
    found = list(subjects)
    return found[0] if len(found) == 1 else None
