"""What the rates of a file speak of: its plan, the plan's networks, or networks that the payer names.

The subject is the collection that a later file replaces; the key is the plan or network of a single membership. Both
come from the content: never from the file's name.
"""

from __future__ import annotations

from dataclasses import dataclass

from finder.directory.plans.keys import network_key, slug
from finder.intake.sources.builder import LayerBuilder, PlanRow
from finder.intake.sources.errors import CollectionNeeded
from finder.intake.sources.payers.rates.header import Header


@dataclass(frozen=True, slots=True)
class Subject:
    """A collection: its stable name, and its title for staff."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Naming:
    """How the memberships of one file are named. ``given`` is the name of the collection from the operator."""

    header: Header
    given: str = ""

    def require(self, file: str) -> None:
        """Raise CollectionNeeded if nothing in the file says whose rates it holds."""
        if not (slug(self.header.issuer) or self.header.identifies_itself):
            raise CollectionNeeded(file)

    def subject(self, network: str) -> Subject:
        """Return the collection of a network's members: that of the header's plan, else that of the network."""
        header = self.header
        if plan := header.plan:
            publisher = header.publisher or ("" if header.identifies_itself else header.issuer)
            name = ".".join(filter(None, (slug(publisher), plan.partition(":")[2])))
            return Subject(name, _title(publisher, header.display_name))
        name = self.key(network).removeprefix("network:")
        return Subject(name, _title(header.issuer, f"network {network}" if network else self._unnamed))

    def key(self, network: str) -> str:
        """Return the key of a membership; ``network`` is empty where the file names none."""
        if plan := self.header.plan:
            return network_key(plan, network) if network else plan
        return network_key(slug(self.header.issuer), network or self._unnamed)

    def describe(self, builder: LayerBuilder, network: str, as_of: str) -> None:
        """Add the plan and the network to a layer, with identifiers, and the ids of the first version."""
        if plan := self.header.plan:
            self._describe_plan(builder, plan, as_of)
            if network:
                builder.uses_network(plan, self.key(network), as_of)
        else:
            builder.alias(self.header.former_id, self.key(network), as_of)
        if network or not self.header.plan:
            self._describe_network(builder, network or self._unnamed, self.key(network), as_of)

    @property
    def _unnamed(self) -> str:
        """What the providers of a file are called that names neither plan nor network."""
        return self.given or self.header.issuer

    def _describe_plan(self, builder: LayerBuilder, plan: str, as_of: str) -> None:
        header = self.header
        name, issuer = header.display_name, header.issuer
        builder.plan(PlanRow(plan=plan, kind=header.kind, name=name, issuer_name=issuer, as_of=as_of))
        builder.alias(header.former_id, plan, as_of)
        if identifier := header.published_identifier:
            builder.identifier(plan, *identifier, as_of)

    def _describe_network(self, builder: LayerBuilder, name: str, key: str, as_of: str) -> None:
        issuer = self.header.issuer
        builder.plan(PlanRow(plan=key, kind="network", name=name, issuer_name=issuer, as_of=as_of))
        builder.identifier(key, "network", name, as_of)


def _title(publisher: str, of: str) -> str:
    return f"{publisher}: {of}" if publisher and of != publisher else of
