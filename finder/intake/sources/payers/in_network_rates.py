"""In-network rates (45 CFR 147.212): the NPIs with which a plan has agreed prices for therapy codes, and their range.

Payers write prices once per group of providers and refer to the group by a number; groups come before or after the
prices. So a file is streamed twice: the prices, then the groups that they refer to. A group may be in a separate file
of which only the address is given; it is matched by name among the files that are read together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from ijson.common import ObjectBuilder

from finder.intake.cleaning.fields import clean_date, clean_npi
from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.errors import AsOfNeeded, RatesMissing
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import begins_with, objects, objects_or_one, text, texts
from finder.intake.sources.formats.json_stream import Event, events, items
from finder.intake.sources.formats.meter import Meter
from finder.intake.sources.payers.physical_therapy_codes import physical_therapy_code
from finder.notices.notices import Findings, Notice

SOURCE = "in_network_rates"

ITEM = "in_network.item"
RATES = f"{ITEM}.negotiated_rates.item"
RATES_AT = 4
"""The nesting depth of the lists of rates."""
HEAD = ("reporting_entity_name", "plan_name", "plan_id", "plan_id_type", "last_updated_on")

LARGEST = Decimal(2_000)
"""Dollars. No unit or visit of therapy costs more; payers use such figures in place of a price."""

ASSISTANT = "CQ"
"""The modifier of an assistant's service, which is paid less."""

Bounds = tuple[Decimal, Decimal] | None
"""The lowest and the highest price; None if a plan is accepted without a known price in dollars."""


def recognizes(file: SourceFile) -> bool:
    """Return whether a file has rates, or a group of providers that a file of rates refers to."""
    return is_group_file(file) or (
        begins_with(file, "reporting_entity_name")
        and (begins_with(file, "in_network") or begins_with(file, "provider_references"))
    )


def is_group_file(file: SourceFile) -> bool:
    """Return whether a file has one group of providers and no prices."""
    return begins_with(file, "provider_groups", "npi") and not (
        begins_with(file, "in_network") or begins_with(file, "provider_references")
    )


def read(files: Sequence[SourceFile], context: Context) -> Layer:
    """Read the accepted plans and the price range of each code. Raises AsOfNeeded, BrokenJson, RatesMissing."""
    builder = LayerBuilder()
    groups = {file.name: file for file in files if is_group_file(file)}
    files = [file for file in files if file.name not in groups]
    if not files:
        raise RatesMissing(next(iter(groups)))
    meter = Meter(context.progress, 2 * sum(file.size for file in files))
    notices: list[Notice] = []
    rows = 0
    latest: date | None = None
    prices: dict[tuple[str, str], dict[str, Bounds]] = {}
    days: dict[str, date] = {}
    listed = frozenset(context.known_npis)
    for file in files:
        findings = Findings(file.name)
        header = _read_header(file)
        day = context.as_of or clean_date(header["last_updated_on"]).value or context.date_of([file])
        if day is None:
            raise AsOfNeeded(file.name)
        plan = plan_of(header)
        reading = _Reading(findings, day, groups)
        rows += reading.read(file, meter)
        findings.tally("npis_not_listed", len(reading.by_npi.keys() - listed))
        for npi, codes in reading.by_npi.items():
            known = prices.setdefault((npi, plan), {})
            for code, bounds in codes.items():
                known[code] = _widened(known.get(code), bounds)
        days[plan] = max(day, days.get(plan, day))
        builder.plan(plan, _name_of(header), day.isoformat())
        latest = max(day, latest or day)
        notices += findings.notices()
    for (npi, plan), codes in sorted(prices.items()):
        as_of_text = days[plan].isoformat()
        builder.insurance(npi, plan, "yes", as_of=as_of_text)
        for code, bounds in sorted(codes.items()):
            if bounds:
                builder.fact(
                    npi, f"negotiated_rate:{plan}:{code}", f"{bounds[0]:.2f}-{bounds[1]:.2f}", as_of=as_of_text
                )
    return builder.layer(context, context.date_of(files) or latest or date.min, notices=notices, rows=rows)


def plan_of(header: dict[str, str]) -> str:
    """Return the id of a plan: its marketplace id, else its name as a slug (``evry-health``)."""
    if header["plan_id"] and header["plan_id_type"].upper().startswith("HIOS"):
        return header["plan_id"]
    return re.sub(r"[^a-z0-9]+", "-", _name_of(header).lower()).strip("-")[:80]


def _name_of(header: dict[str, str]) -> str:
    return header["plan_name"] or header["reporting_entity_name"]


def _read_header(file: SourceFile) -> dict[str, str]:
    """Read the header fields of a file; in most files they are at the beginning."""
    found: dict[str, str] = dict.fromkeys(HEAD, "")
    with events(file, Meter(None, 0)) as stream:
        for path, _, value in stream:
            if path in found:
                found[path] = text(value)
            elif path in {"in_network", "provider_references"} and found["last_updated_on"]:
                break
    return found


class _Items:
    """Builds the rates of therapy codes from the events of a file; other codes are skipped."""

    def __init__(self, findings: Findings) -> None:
        self.row = 0
        self.code: str | None = None
        """The therapy code being read, empty for another code, None until it is known."""
        self.paid_by_service = True
        self._pending_rates: list[dict[str, Any]] = []
        """Rates that come before their code."""
        self._builder: ObjectBuilder | None = None
        self._findings = findings

    def rates(self, stream: Iterator[Event]) -> Iterator[dict[str, Any]]:
        """Yield each rate of a therapy code, once ``code`` and ``row`` belong to it."""
        for path, event, value in stream:
            if self._builder is not None:
                self._builder.event(event, value)
                if (path, event) == (RATES, "end_map"):
                    self._pending_rates.append(self._builder.value)
                    self._builder = None
            elif path == RATES and event == "start_map":
                self._begin_rate(event, value)
            elif path.startswith(ITEM):
                self._read_item_field(path, event, value)
            if self.code and self._pending_rates and self._builder is None:
                yield from self._pending_rates
                self._pending_rates.clear()

    def _begin_rate(self, event: str, value: Any) -> None:
        if self.code != "":
            self._builder = ObjectBuilder()
            self._builder.event(event, value)

    def _read_item_field(self, path: str, event: str, value: Any) -> None:
        """Read a field of an item."""
        if (path, event) == (ITEM, "start_map"):
            self.row += 1
            self.code, self.paid_by_service = None, True
            self._pending_rates.clear()
        elif path == f"{ITEM}.billing_code":
            self.code = physical_therapy_code(text(value))
            if not self.code:
                self._pending_rates.clear()
                self._findings.tally("other_codes")
        elif path == f"{ITEM}.negotiation_arrangement":
            self.paid_by_service = text(value).lower() in {"ffs", ""}


class _Reading:
    """The prices of one file: by NPI, and by the number of a group until the groups are read."""

    def __init__(self, findings: Findings, day: date, group_file: Mapping[str, SourceFile]) -> None:
        self.by_npi: dict[str, dict[str, Bounds]] = {}
        self._by_group: dict[str, dict[str, Bounds]] = {}
        self._findings = findings
        self._day = day
        self._items = _Items(findings)
        self._bad: set[str] = set()
        self._group_files = group_file
        """The group files that are read together with this file, by name."""

    def read(self, file: SourceFile, meter: Meter) -> int:
        """Read both parts of a file; return the number of its codes."""
        with events(file, meter, entries_at=RATES_AT) as stream:
            for rate in self._items.rates(stream):
                self._take(rate)
        if self._by_group:
            with items(file, "provider_references.item", meter) as groups:
                for group in groups:
                    if isinstance(group, dict):
                        self._take_group(group)
            for number in self._by_group:
                self._findings.add("providers_missing", value=number)
        return self._items.row

    def _take(self, rate: dict[str, Any]) -> None:
        """Add the prices of one code for some providers."""
        prices = list(objects(rate.get("negotiated_prices")))
        current = [price for price in prices if not self._expired(price)]
        if prices and not current:
            return
        bounds: Bounds = None
        for price in current if self._items.paid_by_service else ():
            amount = self._amount(price)
            if amount is not None:
                bounds = _widened(bounds, (amount, amount))
        code = self._items.code or ""
        for group in objects(rate.get("provider_groups")):
            self._take_npis(group, {code: bounds}, self._items.row)
        for number in map(_number, texts(rate.get("provider_references"))):
            known = self._by_group.setdefault(number, {})
            known[code] = _widened(known.get(code), bounds)

    def _expired(self, price: dict[str, Any]) -> bool:
        expiry = text(price.get("expiration_date"))
        day = None if expiry.startswith("9999") else clean_date(expiry).value
        if day is None or day >= self._day:
            return False
        self._findings.add("rate_expired", self._items.row, "expiration_date", expiry)
        return True

    def _amount(self, price: dict[str, Any]) -> Decimal | None:
        """Return the price in dollars; None if there is none or it is an assistant's."""
        written = text(price.get("negotiated_rate"))
        if text(price.get("negotiated_type")).lower() == "percentage":
            self._findings.add("rate_is_percentage", self._items.row, "negotiated_rate", written)
            return None
        modifiers = price.get("billing_code_modifier")
        if isinstance(modifiers, list) and ASSISTANT in modifiers:
            return None
        try:
            amount = Decimal(written)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 < amount <= LARGEST:
            self._findings.add("rate_implausible", self._items.row, "negotiated_rate", written)
            return None
        return amount

    def _take_group(self, group: dict[str, Any]) -> None:
        """Add the prices of a group to its providers."""
        codes = self._by_group.pop(_number(text(group.get("provider_group_id"))), None)
        if codes is None:
            return
        inside = list(objects_or_one(group.get("provider_groups")))
        address = text(group.get("location"))
        if not inside and address:
            group_file = self._group_files.get(urlsplit(address).path.rsplit("/", 1)[-1])
            if group_file is None:
                self._findings.add("providers_elsewhere", column="location", value=address)
            else:
                self._take_group_file(group_file, codes)
        for providers in inside:
            self._take_npis(providers, codes)

    def _take_group_file(self, file: SourceFile, codes: dict[str, Bounds]) -> None:
        with items(file, "provider_groups.item", Meter(None, 0)) as groups:
            for providers in groups:
                if isinstance(providers, dict):
                    self._take_npis(providers, codes)

    def _take_npis(self, group: dict[str, Any], codes: dict[str, Bounds], row: int = 0) -> None:
        for number in texts(group.get("npi")):
            npi, finding = clean_npi(number)
            if finding is None:
                known = self.by_npi.setdefault(npi, {})
                for code, bounds in codes.items():
                    known[code] = _widened(known.get(code), bounds)
            elif number.strip("0") == "":
                self._findings.tally("without_npi")
            elif number not in self._bad:
                self._bad.add(number)
                self._findings.add("npi_invalid", row, "npi", number)


def _number(written: str) -> str:
    """Normalize the number of a group: some payers write ``1`` and ``1.0`` for the same."""
    return written.removesuffix(".0")


def _widened(first: Bounds, second: Bounds) -> Bounds:
    """Return the range that covers two ranges."""
    if first is None or second is None:
        return first or second
    return min(first[0], second[0]), max(first[1], second[1])
