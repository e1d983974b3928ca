"""The networks and plans of a directory: whose they are, their keys, and when they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from finder.directory.plans.keys import hios_key, medicare_advantage_key, network_key, published_plan_key, slug
from finder.intake.cleaning import names
from finder.intake.sources.errors import CollectionNeeded
from finder.intake.sources.formats.fhir import Resource, code, codes_of, identifier
from finder.intake.sources.formats.json_files import objects, text, texts
from finder.intake.sources.payers.periods import Period, joined
from finder.intake.sources.payers.plan_net import links
from finder.intake.sources.payers.plan_net.directory import Directory
from finder.intake.sources.payers.plan_net.entries import Entry
from finder.intake.sources.payers.plan_net.in_force import InForce
from finder.notices.notices import Findings

MEDICARE_PLAN = "cms.gov/medicare/ma-plan-id"
"""The end of the system of Medicare Advantage plan ids."""

KINDS = {"ma": "medicare_advantage", "hios": "marketplace", "mediadv": "medicare_advantage", "qhp": "marketplace"}
"""The kinds of plans by the system of their key, else by the code of their type."""

LONGEST_CHAIN = 5
"""Organizations between a network and its payer."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network: its key and name, both empty if it has no name, and its payer, empty if it names none.

    It holds in ``periods``: nothing if it has ended, or if all plans that use it have.
    """

    key: str
    name: str
    owner: str
    periods: tuple[Period, ...]


class Plans:
    """Networks and plans, joined with each other.

    Raises CollectionNeeded where a name alone would be the key of one: ``"PPO"`` is a network of many payers.
    """

    def __init__(self, directory: Directory, in_force: InForce, findings: Findings, collection: str) -> None:
        self._directory = directory
        self._in_force = in_force
        self._findings = findings
        self._collection = collection
        self.plans = {id(plan.resource): plan for plan in directory.plans}
        self.networks_of = {key: list(self._networks(plan)) for key, plan in self.plans.items()}
        """The networks of each plan, by the identity of the plan."""
        self._known: dict[int, Network] = {}
        """By the identity of the network."""
        self._plans_of: dict[int, list[Entry]] = defaultdict(list)
        for key, used in self.networks_of.items():
            for network in used:
                self._plans_of[id(network.resource)].append(self.plans[key])

    def payer(self, plan: Entry) -> str:
        """Return the name of a plan's issuer, empty if it has none."""
        found = self._directory.follow_all(links.payers(plan.resource), plan)
        return next((entry.name for entry in found if entry.name), "")

    def network(self, entry: Entry) -> Network:
        """Return whose a network is, its key, and when it holds."""
        known = self._known.get(id(entry.resource))
        if known is None:
            owner, name = self._owner(entry), name_of(entry)
            key = network_key(slug(self._publisher(entry, owner)), name) if slug(name) else ""
            known = self._known[id(entry.resource)] = Network(key, name, owner, self._periods(entry))
            self._report_nameless(entry, key)
        return known

    def plan_key(self, plan: Entry) -> str:
        """Return the key of a plan, empty if nothing names it."""
        for item in objects(plan.resource.get("identifier")):
            value = text(item.get("value"))
            is_medicare = code(item, "system").rstrip("/").endswith(MEDICARE_PLAN)
            if found := hios_key(value) or (medicare_advantage_key(value) if is_medicare else None):
                return found
        name = name_of(plan)
        issuer = self._publisher(plan, self.payer(plan) or self._payer_of_networks(plan)) if slug(name) else ""
        key = (published_plan_key("", "", name, issuer) or "") if slug(name) else ""
        self._report_nameless(plan, key)
        return key

    def _publisher(self, entry: Entry, payer: str) -> str:
        """Return whose a plan or network is that only a name tells: its payer's, its server's, or the collection's."""
        found = next(filter(slug, (payer, self._directory.servers.server(entry), self._collection)), "")
        if not found:
            raise CollectionNeeded(self._findings.file)
        return found

    def current(self) -> Iterator[tuple[Entry, Period]]:
        """Yield the plans that have not ended, with their periods."""
        for plan in self.plans.values():
            if (period := self._in_force.plan(plan)) is not None:
                yield plan, period

    def _owner(self, network: Entry) -> str:
        """Return the name of the payer of a network: who manages it, else the one issuer of its plans, else empty."""
        managing = self._managing(network)
        if managing and managing[-1].name:
            return managing[-1].name
        issuers = {self.payer(plan) for plan in self._plans_of[id(network.resource)]} - {""}
        return issuers.pop() if len(issuers) == 1 else ""

    def _managing(self, network: Entry) -> list[Entry]:
        """Return the organizations that manage a network, its payer last."""
        found: list[Entry] = []
        for _ in range(LONGEST_CHAIN):
            below = found[-1] if found else network
            above = self._directory.follow(links.owner(below.resource), below)
            if above is None:
                break
            found.append(above)
        return found

    def _payer_of_networks(self, plan: Entry) -> str:
        """Return the one payer of a plan's networks, empty if there is none, or where the plan's server tells."""
        if self._directory.servers.server(plan):
            return ""
        owners = {self._owner(network) for network in self.networks_of[id(plan.resource)]} - {""}
        return owners.pop() if len(owners) == 1 else ""

    def _periods(self, network: Entry) -> tuple[Period, ...]:
        """Return when a network holds; nothing if it or its payer has ended, or if all plans that use it have."""
        own = self._in_force.network(network, self._managing(network))
        plans = self._plans_of[id(network.resource)]
        if own is None or not plans:
            return (own,) if own else ()
        of_plans = joined(period for plan in plans if (period := self._in_force.plan(plan)))
        if not of_plans:
            self._in_force.count("network_ended", network.resource)
        return tuple(found for period in of_plans if (found := own.meet(period)))

    def _report_nameless(self, entry: Entry, key: str) -> None:
        if not key:
            self._findings.add("plan_unnamed", column=entry.kind, value=text(entry.resource.get("id")))

    def _networks(self, plan: Entry) -> Iterator[Entry]:
        found = self._directory.follow_all(links.networks(plan.resource), plan)
        yield from {id(network.resource): network for network in found}.values()


def name_of(entry: Entry) -> str:
    """Return the name of a plan or network, else another name of it, else its identifier."""
    return entry.name or next(iter(texts(entry.resource.get("alias"))), "") or identifier(entry.resource)


def kind_of(plan: Resource, key: str) -> str:
    """Return the kind of a plan, by its identifier or its type; empty for others."""
    return next((KINDS[code] for code in (key.partition(":")[0], *codes_of(plan.get("type"))) if code in KINDS), "")


def first_version_key(resource: Resource) -> str:
    """Return what the first version called a plan or network: its first identifier, else its name as a word."""
    written = next((text(item.get("value")) for item in objects(resource.get("identifier"))), "")
    return written or names.sort_name(text(resource.get("name"))).replace(",", "").replace(" ", "-")


def meeting(periods: Iterable[Period], others: Iterable[Period | None]) -> tuple[Period, ...]:
    """Return the days that lie in one of the periods and in all the others."""
    found = list(periods)
    for other in others:
        found = [both for period in found if other and (both := period.meet(other))]
    return tuple(found)
