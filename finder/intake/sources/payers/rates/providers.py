"""The providers of rates: groups of NPIs, written with the rates, once in the file, or in a file of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import objects_or_one, text, texts
from finder.intake.sources.formats.json_stream import items
from finder.intake.sources.formats.meter import Meter

Seat = tuple[str, str]
"""A network by the payer's name (empty if none is named), and a number in it: mostly an NPI, as the file writes it."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of ``provider_references``; ``address`` is empty unless its providers stand in another file."""

    number: str
    networks: tuple[str, ...]
    """Names of networks; one empty name if the file gives none."""
    entry: Mapping[str, Any]
    address: str

    @property
    def seats(self) -> Iterator[Seat]:
        """The networks and numbers of the providers that stand in the group itself."""
        for providers in objects_or_one(self.entry.get("provider_groups")):
            yield from seats(providers, self.networks)


def groups(file: SourceFile, meter: Meter) -> Iterator[Group]:
    """Yield the groups of a file. Raises BrokenJson, LineTooLong, NestedTooDeep."""
    with items(file, "provider_references.item", meter) as found:
        for entry in found:
            if isinstance(entry, dict):
                inside = any(objects_or_one(entry.get("provider_groups")))
                yield Group(
                    number=group_number(text(entry.get("provider_group_id"))),
                    networks=networks(entry),
                    entry=entry,
                    address="" if inside else text(entry.get("location")),
                )


def seats_in_file(file: SourceFile, names: tuple[str, ...]) -> Iterator[Seat]:
    """Yield the networks and numbers of a group that stands in a file of its own."""
    with items(file, "provider_groups.item", Meter(None, 0)) as found:
        for providers in found:
            if isinstance(providers, dict):
                yield from seats(providers, names)


def seats(providers: Mapping[str, Any], names: tuple[str, ...] = ()) -> Iterator[Seat]:
    """Yield the networks and numbers of some providers; ``names`` are the networks of their group."""
    for number in _numbers(providers):
        for network in names or networks(providers):
            yield network, number


def networks(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of an entry's networks, one empty name if there is none."""
    return tuple(" ".join(name.split()) for name in texts(entry.get("network_name"))) or ("",)


def group_number(written: str) -> str:
    """Normalize the number of a group: some payers write ``1`` and ``1.0`` for the same."""
    return written.removesuffix(".0")


def file_name(address: str) -> str:
    """Return the name of the file at an address, without packing: ``https://x/a/group%207.json.gz?key=1``."""
    return unquote(urlsplit(address).path).rsplit("/", 1)[-1].lower().removesuffix(".gz")


def _numbers(providers: Mapping[str, Any]) -> list[str]:
    """Return the NPIs; with the number 0 the provider stands in the tax number, where that is an NPI."""
    numbers = texts(providers.get("npi"))
    tin = providers.get("tin")
    if any(number.strip("0.") for number in numbers) or not isinstance(tin, dict):
        return numbers
    return [text(tin.get("value"))] if text(tin.get("type")).lower() == "npi" else numbers
