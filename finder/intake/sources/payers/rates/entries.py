"""The entries of ``in_network`` as a stream: what is agreed for one service with which providers.

What an entry is for may stand behind its rates, so the terms of one entry are collected, by provider, until it ends.
Entries that are known to be for another service are passed over without building them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ijson.common import ObjectBuilder

from finder.intake.sources.formats.json_files import objects, text, texts
from finder.intake.sources.formats.json_stream import Event
from finder.intake.sources.payers.rates.prices import Bounds, read_price, widened
from finder.intake.sources.payers.rates.providers import Seat, group_number, seats
from finder.intake.sources.payers.rates.services import is_therapy, priced_code

ENTRY = "in_network.item"
RATE = f"{ENTRY}.negotiated_rates.item"
RATES_AT = 4
"""The nesting depth of the lists of rates."""

CONTAINED = tuple(f"{ENTRY}.{name}.item" for name in ("covered_services", "bundled_codes"))
"""The services that a capitation or a bundle pays for."""

BY_SERVICE = "ffs"
"""The arrangement in which an entry is for its own code alone."""

SCALARS = frozenset({"string", "number", "boolean", "null"})

Days = dict[str, Bounds]
"""What is agreed for one service: by the last day."""


@dataclass(slots=True)
class Entry:
    """One entry while it is read. Values that were not read yet are None."""

    row: int
    """Counts entries from 1."""
    kind: str | None = None
    code: str | None = None
    arrangement: str | None = None
    contains_therapy: bool = False
    by_group: dict[str, Days] = field(default_factory=dict)
    by_seat: dict[Seat, Days] = field(default_factory=dict)
    ends: set[str] = field(default_factory=set)
    """The last days of its prices, but for those without an end."""
    without_price: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Prices that are none of a visit: how often, by code of the notice and value."""

    @property
    def is_of_therapy(self) -> bool:
        """Whether the service is or contains physical therapy, as far as is known."""
        contained = self.contains_therapy and (self.arrangement or "").lower() != BY_SERVICE
        return contained or is_therapy(self.kind or "", self.code or "")

    @property
    def is_of_another_service(self) -> bool:
        """Whether nothing that may follow could make this an entry of physical therapy."""
        if self.kind is None or self.code is None or self.arrangement is None:
            return False
        return self.arrangement.lower() == BY_SERVICE and not self.is_of_therapy

    @property
    def priced_code(self) -> str:
        """The code whose price this is, empty if it only says who is in the network."""
        return priced_code(self.kind or "", self.code or "", self.arrangement or "")

    def take(self, rate: dict[str, Any]) -> None:
        """Add one of ``negotiated_rates``."""
        days = self._days(rate)
        for number in map(group_number, texts(rate.get("provider_references"))):
            _merge(self.by_group.setdefault(number, {}), days)
        for group in objects(rate.get("provider_groups")):
            for seat in seats(group):
                _merge(self.by_seat.setdefault(seat, {}), days)

    def _days(self, rate: dict[str, Any]) -> Days:
        """Return the range of prices by last day; a rate without prices is one without an end."""
        days: Days = {}
        for written in objects(rate.get("negotiated_prices")):
            price = read_price(written)
            bounds = (price.amount, price.amount) if price.amount is not None else None
            days[price.until] = widened(days.get(price.until), bounds)
            if price.until:
                self.ends.add(price.until)
            if price.why:
                self.without_price[price.why, price.written] += 1
        return days or {"": None}


def _merge(known: Days, more: Days) -> None:
    for day, bounds in more.items():
        known[day] = widened(known.get(day), bounds)


class Entries:
    """Reads the entries of one file, and the values of its header on the way."""

    def __init__(self, header_keys: frozenset[str]) -> None:
        self.header: dict[str, str] = {}
        self.rows = 0
        self.others = 0
        """Entries of other services."""
        self.has_groups = False
        """Whether the file has groups of providers that rates refer to."""
        self._header_keys = header_keys
        self._entry = Entry(0)
        self._passes_over = False
        """Whether the rest of the entry is of no use, as it is of another service."""
        self._rate: ObjectBuilder | None = None
        self._contained = ("", "")
        """The type and code of a service that is contained in the entry's."""

    def read(self, stream: Iterator[Event]) -> Iterator[Entry]:
        """Yield each entry of physical therapy once it is read."""
        for path, event, value in stream:
            if path == ENTRY:
                if event == "start_map":
                    self._begin_entry()
                elif event == "end_map" and self._ended():
                    yield self._entry
            elif not self._passes_over:
                self._read_event(path, event, value)

    def _begin_entry(self) -> None:
        self.rows += 1
        self._entry = Entry(self.rows)

    def _ended(self) -> bool:
        """Return whether the entry that ends is of physical therapy."""
        self._passes_over = False
        self.others += not self._entry.is_of_therapy
        return self._entry.is_of_therapy

    def _read_event(self, path: str, event: str, value: Any) -> None:
        """Read what stands within an entry, or outside all of them."""
        if self._rate is not None:
            self._continue_rate(path, event, value)
        elif path == RATE:
            self._begin_rate(event, value)
        elif path.startswith(ENTRY):
            self._read_field(path, event, value)
        elif path in self._header_keys and event in SCALARS:
            self.header[path] = text(value)
        elif path == "provider_references":
            self.has_groups = True

    def _begin_rate(self, event: str, value: Any) -> None:
        if event == "start_map":
            self._rate = ObjectBuilder()
            self._rate.event(event, value)

    def _continue_rate(self, path: str, event: str, value: Any) -> None:
        if self._rate is not None:
            self._rate.event(event, value)
            if (path, event) == (RATE, "end_map"):
                self._entry.take(self._rate.value)
                self._rate = None

    def _read_field(self, path: str, event: str, value: Any) -> None:
        """Read a value of the entry itself, or of the services that it contains."""
        name = path.removeprefix(f"{ENTRY}.")
        if event in SCALARS and name in _FIELDS:
            setattr(self._entry, _FIELDS[name], text(value))
            self._passes_over = self._entry.is_of_another_service
        elif path.startswith(CONTAINED):
            self._read_contained(name.rpartition(".")[2], event, value)

    def _read_contained(self, name: str, event: str, value: Any) -> None:
        kind, code = self._contained
        if event == "start_map":
            self._contained = ("", "")
        elif event == "end_map":
            self._entry.contains_therapy |= is_therapy(kind, code)
        elif name == "billing_code":
            self._contained = (kind, text(value))
        elif name == "billing_code_type":
            self._contained = (text(value), code)


_FIELDS = {"billing_code": "code", "billing_code_type": "kind", "negotiation_arrangement": "arrangement"}
