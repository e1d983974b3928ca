"""In-network rates (45 CFR 147.212): with which NPIs a plan has agreed prices for therapy codes, and in which range.

Payers write the prices once for a group of providers and name the group by a number; the groups may stand before or
behind. So a file is read twice, as a stream: the prices, then the groups that they name. A group may stand in a file of
its own, of which only the address is given; it is found among the files that are read together, by the name there.
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
from finder.intake.sources.payers.therapy_codes import therapy_code
from finder.notices.notices import Findings, Notice

SOURCE = "in_network_rates"

ITEM = "in_network.item"
RATES = f"{ITEM}.negotiated_rates.item"
RATES_AT = 4
"""How deep the lists of rates lie."""
HEAD = ("reporting_entity_name", "plan_name", "plan_id", "plan_id_type", "last_updated_on")

LARGEST = Decimal(2_000)
"""Dollars. No unit or visit of therapy costs as much; payers put such figures where they have no price."""

ASSISTANT = "CQ"
"""The modifier of an assistant's service, which is paid less."""

Bounds = tuple[Decimal, Decimal] | None
"""The lowest and the highest price; None where a plan is accepted and no price in dollars is known."""


def recognises(file: SourceFile) -> bool:
    """Return whether this is a file of rates, or of a group of providers that such a file gives the address of."""
    return is_group_alone(file) or (
        begins_with(file, "reporting_entity_name")
        and (begins_with(file, "in_network") or begins_with(file, "provider_references"))
    )


def is_group_alone(file: SourceFile) -> bool:
    """Return whether this is a file of one group of providers: it has no prices."""
    return begins_with(file, "provider_groups", "npi") and not (
        begins_with(file, "in_network") or begins_with(file, "provider_references")
    )


def read(files: Sequence[SourceFile], context: Context) -> Layer:
    """Read which plans are accepted and the range of prices for each code. Raises AsOfNeeded, BrokenJson."""
    builder = LayerBuilder()
    groups = {file.name: file for file in files if is_group_alone(file)}
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
        about = _about(file)
        day = context.as_of or clean_date(about["last_updated_on"]).value or context.date_of([file])
        if day is None:
            raise AsOfNeeded(file.name)
        plan = plan_of(about)
        reading = _Reading(findings, day, groups)
        rows += reading.read(file, meter)
        findings.tally("npis_not_listed", len(reading.by_npi.keys() - listed))
        for npi, codes in reading.by_npi.items():
            known = prices.setdefault((npi, plan), {})
            for code, bounds in codes.items():
                known[code] = _joined(known.get(code), bounds)
        days[plan] = max(day, days.get(plan, day))
        builder.plan(plan, _name_of(about), day.isoformat())
        latest = max(day, latest or day)
        notices += findings.notices()
    for (npi, plan), codes in sorted(prices.items()):
        said = days[plan].isoformat()
        builder.insurance(npi, plan, "yes", as_of=said)
        for code, bounds in sorted(codes.items()):
            if bounds:
                builder.fact(npi, f"negotiated_rate:{plan}:{code}", f"{bounds[0]:.2f}-{bounds[1]:.2f}", as_of=said)
    return builder.layer(context, context.date_of(files) or latest or date.min, notices=notices, rows=rows)


def plan_of(about: dict[str, str]) -> str:
    """Name a plan: by its marketplace id, else by its name, as a word that fits an address (``evry-health``)."""
    if about["plan_id"] and about["plan_id_type"].upper().startswith("HIOS"):
        return about["plan_id"]
    return re.sub(r"[^a-z0-9]+", "-", _name_of(about).lower()).strip("-")[:80]


def _name_of(about: dict[str, str]) -> str:
    return about["plan_name"] or about["reporting_entity_name"]


def _about(file: SourceFile) -> dict[str, str]:
    """Read what the file says of itself; in most files it stands at the beginning."""
    found: dict[str, str] = dict.fromkeys(HEAD, "")
    with events(file, Meter(None, 0)) as stream:
        for where, _, value in stream:
            if where in found:
                found[where] = text(value)
            elif where in {"in_network", "provider_references"} and found["last_updated_on"]:
                break
    return found


class _Items:
    """Follows the codes of a file, event by event, and builds the rates of therapy codes; others are passed over."""

    def __init__(self, findings: Findings) -> None:
        self.row = 0
        self.code: str | None = None
        """The therapy code being read, empty for another code, None until it is known."""
        self.paid_by_service = True
        self._waiting: list[dict[str, Any]] = []
        """Rates that stand before the code that they are of."""
        self._builder: ObjectBuilder | None = None
        self._findings = findings

    def rates(self, stream: Iterator[Event]) -> Iterator[dict[str, Any]]:
        """Yield each rate of a therapy code, once ``code`` and ``row`` are its own."""
        for where, event, value in stream:
            if self._builder is not None:
                self._builder.event(event, value)
                if (where, event) == (RATES, "end_map"):
                    self._waiting.append(self._builder.value)
                    self._builder = None
            elif where == RATES and event == "start_map":
                self._begin_rate(event, value)
            elif where.startswith(ITEM):
                self._note(where, event, value)
            if self.code and self._waiting and self._builder is None:
                yield from self._waiting
                self._waiting.clear()

    def _begin_rate(self, event: str, value: Any) -> None:
        if self.code != "":
            self._builder = ObjectBuilder()
            self._builder.event(event, value)

    def _note(self, where: str, event: str, value: Any) -> None:
        """Take what an item says of itself."""
        if (where, event) == (ITEM, "start_map"):
            self.row += 1
            self.code, self.paid_by_service = None, True
            self._waiting.clear()
        elif where == f"{ITEM}.billing_code":
            self.code = therapy_code(text(value))
            if not self.code:
                self._waiting.clear()
                self._findings.tally("other_codes")
        elif where == f"{ITEM}.negotiation_arrangement":
            self.paid_by_service = text(value).lower() in {"ffs", ""}


class _Reading:
    """The prices of one file: by NPI, and by the number of a group until the groups are read."""

    def __init__(self, findings: Findings, day: date, alone: Mapping[str, SourceFile]) -> None:
        self.by_npi: dict[str, dict[str, Bounds]] = {}
        self._by_group: dict[str, dict[str, Bounds]] = {}
        self._findings = findings
        self._day = day
        self._items = _Items(findings)
        self._bad: set[str] = set()
        self._alone = alone
        """The files of groups that are read together with this one, by their names."""

    def read(self, file: SourceFile, meter: Meter) -> int:
        """Read both parts of a file; give the number of its codes."""
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
        """Take the prices of one code for some providers."""
        prices = list(objects(rate.get("negotiated_prices")))
        current = [price for price in prices if not self._expired(price)]
        if prices and not current:
            return
        bounds: Bounds = None
        for price in current if self._items.paid_by_service else ():
            amount = self._amount(price)
            if amount is not None:
                bounds = _joined(bounds, (amount, amount))
        code = self._items.code or ""
        for group in objects(rate.get("provider_groups")):
            self._take_npis(group, {code: bounds}, self._items.row)
        for number in map(_number, texts(rate.get("provider_references"))):
            known = self._by_group.setdefault(number, {})
            known[code] = _joined(known.get(code), bounds)

    def _expired(self, price: dict[str, Any]) -> bool:
        expiry = text(price.get("expiration_date"))
        day = None if expiry.startswith("9999") else clean_date(expiry).value
        if day is None or day >= self._day:
            return False
        self._findings.add("rate_expired", self._items.row, "expiration_date", expiry)
        return True

    def _amount(self, price: dict[str, Any]) -> Decimal | None:
        """Return the price in dollars; None where it is none, or that of an assistant."""
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
        """Give the prices that wait for a group to its providers."""
        codes = self._by_group.pop(_number(text(group.get("provider_group_id"))), None)
        if codes is None:
            return
        inside = list(objects_or_one(group.get("provider_groups")))
        address = text(group.get("location"))
        if not inside and address:
            alone = self._alone.get(urlsplit(address).path.rsplit("/", 1)[-1])
            if alone is None:
                self._findings.add("providers_elsewhere", column="location", value=address)
            else:
                self._take_alone(alone, codes)
        for providers in inside:
            self._take_npis(providers, codes)

    def _take_alone(self, file: SourceFile, codes: dict[str, Bounds]) -> None:
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
                    known[code] = _joined(known.get(code), bounds)
            elif number.strip("0") == "":
                self._findings.tally("without_npi")
            elif number not in self._bad:
                self._bad.add(number)
                self._findings.add("npi_invalid", row, "npi", number)


def _number(written: str) -> str:
    """Return the number of a group in one spelling: some write ``1`` here and ``1.0`` there."""
    return written.removesuffix(".0")


def _joined(one: Bounds, other: Bounds) -> Bounds:
    """Widen a range by another."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])
