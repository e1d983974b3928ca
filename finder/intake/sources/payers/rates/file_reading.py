"""Reads one file of rates: first its entries and header, then the groups of providers that the entries refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from finder.intake.cleaning.fields import clean_npi
from finder.intake.sources.base import Context
from finder.intake.sources.errors import AsOfNeeded
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_stream import events
from finder.intake.sources.formats.meter import Meter
from finder.intake.sources.payers.rates.collections import Collections, Membership
from finder.intake.sources.payers.rates.entries import RATES_AT, Days, Entries, Entry
from finder.intake.sources.payers.rates.header import KEYS, Header
from finder.intake.sources.payers.rates.prices import Terms, widen
from finder.intake.sources.payers.rates.providers import Group, Seat, file_name, groups, seats_in_file
from finder.intake.sources.payers.rates.subjects import Naming
from finder.notices.notices import Findings


class FileReading:
    """What one file says, until it is added to the collections that it speaks of."""

    def __init__(self, file: SourceFile, context: Context, group_files: Mapping[str, SourceFile]) -> None:
        self._file = file
        self._context = context
        self._group_files = group_files
        """The files of one group each that are read together with this file, by name."""
        self._findings = Findings(file.name)
        self._by_group: dict[str, Terms] = {}
        self._by_seat: dict[Seat, Terms] = {}
        """By network and NPI."""
        self._networks: dict[str, None] = {}
        """The networks that the file names, in its order, whether or not it has a therapist in them."""
        self._ends: dict[tuple[int, str], None] = {}
        """The last days of rates that end, with their entry."""
        self._bad: set[str] = set()

    def read(self, meter: Meter, collections: Collections) -> None:
        """Read the file and add it to its collections. Raises UnreadableFile."""
        entries = Entries(KEYS)
        with events(self._file, meter, entries_at=RATES_AT) as stream:
            for entry in entries.read(stream):
                self._take(entry)
        self._findings.tally("other_codes", entries.others)
        given = " ".join(self._context.collection.split())
        header = Header.of(entries.header, given)
        naming = Naming(header, given)
        naming.require(self._file.name)
        day = self._context.as_of or header.updated or self._context.date_of([self._file])
        if day is None:
            raise AsOfNeeded(self._file.name)
        if entries.has_groups and (self._by_group or not header.plan):
            self._read_groups(meter)
        for number in self._by_group:
            self._findings.add("providers_missing", value=number)
        self._add_to(collections, naming, day, entries.rows)

    def _take(self, entry: Entry) -> None:
        """Add the terms of one entry."""
        code = entry.priced_code
        self._ends.update(dict.fromkeys((entry.row, day) for day in sorted(entry.ends)))
        for number, days in entry.by_group.items():
            widen(self._by_group.setdefault(number, {}), _terms(code, days))
        for (network, number), days in entry.by_seat.items():
            if npi := self._npi(number, entry.row):
                self._networks.setdefault(network)
                widen(self._by_seat.setdefault((network, npi), {}), _terms(code, days))
        if code:
            self._report_prices(entry)

    def _report_prices(self, entry: Entry) -> None:
        for (why, written), count in entry.without_price.items():
            if written:
                self._findings.add(why, entry.row, "negotiated_rate", written)
            else:
                self._findings.tally(why, count)

    def _read_groups(self, meter: Meter) -> None:
        """Add the terms of groups to their providers."""
        found: set[str] = set()
        for group in groups(self._file, meter):
            self._networks.update(dict.fromkeys(filter(None, group.networks)))
            terms = self._by_group.get(group.number)
            if terms is not None:
                found.add(group.number)
                for network, number in self._seats(group):
                    if npi := self._npi(number):
                        self._networks.setdefault(network)
                        widen(self._by_seat.setdefault((network, npi), {}), terms)
        for number in found:
            del self._by_group[number]

    def _seats(self, group: Group) -> Iterator[Seat]:
        if not group.address:
            yield from group.seats
        elif group_file := self._group_files.get(file_name(group.address)):
            yield from seats_in_file(group_file, group.networks)
        else:
            self._findings.add("providers_elsewhere", column="location", value=group.address)

    def _npi(self, number: str, row: int = 0) -> str:
        """Return the NPI, or report once that a number is none."""
        npi, finding = clean_npi(number)
        if finding is None:
            return npi
        if number.strip("0.") == "":
            self._findings.tally("without_npi")
        elif number not in self._bad:
            self._bad.add(number)
            self._findings.add("npi_invalid", row, "npi", number)
        return ""

    def _add_to(self, collections: Collections, naming: Naming, day: date, rows: int) -> None:
        """Add the memberships that had not ended on the day of the file."""
        today = day.isoformat()
        for row, end in self._ends:
            if end < today:
                self._findings.add("rate_expired", row, "expiration_date", end)
        listed = frozenset(self._context.known_npis)
        self._findings.tally("npis_not_listed", len({npi for _, npi in self._by_seat} - listed))
        found = {network: collections.of(naming.subject(network)) for network in self._networks or [""]}
        keys = {network: naming.key(network) for network in found}
        for network, collection in found.items():
            collection.add_file(self._file, day)
            naming.describe(collection.builder, network, today)
        first = next(iter(found.values()))
        first.rows += rows
        first.notices += self._findings.notices()
        for (network, npi), terms in self._by_seat.items():
            current = {key: bounds for key, bounds in terms.items() if not key[1] or key[1] >= today}
            if current:
                found[network].add_member(keys[network], npi, Membership.of(current))


def _terms(code: str, days: Days) -> Terms:
    """Return what is agreed for a service under its code, or without one where there is no price."""
    return {(code if bounds and code else "", day): bounds if code else None for day, bounds in days.items()}
