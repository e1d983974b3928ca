"""Builds the layer of a reader row by row in little memory: rows are compressed until the layer is finished."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd
import pyarrow as pa

from finder.directory.plans.keys import issuer_key
from finder.directory.release.tables import LAYER, PLAN_TABLES, location_key
from finder.directory.vocabulary.specialties import EvidenceRow
from finder.intake.layers.layer import Layer, npi_updates, plan_tables, table
from finder.intake.sources.base import Context
from finder.notices.notices import Notice
from finder.places.point import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A clean practice address; ``point`` is None and ``geocode_source`` empty if its coordinates are unknown."""

    street: str
    city: str
    state: str
    zip: str
    phone: str = ""
    phone_extension: str = ""
    point: Point | None
    geocode_source: str

    @property
    def key(self) -> str:
        """The key of the location, the same in every source."""
        return location_key(self.street, self.zip)


UNDATED = "undated"
"""The ``as_of`` of a row whose own date is missing or cannot be read: it has none, not even that of the layer."""

TAG = "_tag"
"""The column of tags, until the layer is finished."""

LONGEST_PLAN_NAME = 120
"""Maximum length of a plan's name in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """What a file says of a plan, or of a network (``kind`` is ``network``); an empty ``year`` means any year."""

    plan: str
    kind: str
    name: str
    issuer_name: str = ""
    year: str = ""
    as_of: str = ""

    def row(self, source: str, as_of: str) -> tuple[str, ...]:
        """Return the row of the table of plans."""
        issuer = issuer_key(self.issuer_name, self.plan)
        return self.plan, self.year, self.kind, self.name, issuer, self.issuer_name, source, self.as_of or as_of


MOST_PENDING = 10_000
"""Rows kept as Python objects, which take fifty times the memory, before they are compressed."""


@dataclass
class LayerBuilder:
    """Collects the rows of a layer. An empty ``as_of`` means the date of the layer, ``UNDATED`` that there is none."""

    tag: int = 0
    """Stored with every row that is added, so that rows can be dropped by tag."""
    _rows: Mapping[str, list[tuple[object, ...]]] = field(default_factory=lambda: {name: [] for name in LAYER})
    _packed: Mapping[str, list[bytes]] = field(default_factory=lambda: {name: [] for name in LAYER})
    _plans: dict[tuple[str, str], PlanRow] = field(default_factory=dict)
    """By key and year."""
    _related: dict[str, dict[tuple[str, ...], str]] = field(
        default_factory=lambda: {name: {} for name in PLAN_TABLES if name != "plan"}
    )
    """The rows of the other tables of plans, without source, with their date."""
    _updates: list[tuple[str, str, str]] = field(default_factory=list)
    _packed_updates: list[bytes] = field(default_factory=list)

    def provider(
        self,
        npi: str,
        *,
        entity: str,
        name: str,
        sort_name: str,
        credentials: str = "",
        status: str = "active",
        as_of: str = "",
    ) -> None:
        """Add a provider; ``status`` is ``active``, the reason why it is inactive, or empty if the source has none."""
        self._add("provider", (npi, entity, name, sort_name, credentials, status, "", as_of))

    def evidence(self, npi: str, rows: Sequence[EvidenceRow], as_of: str = "") -> None:
        """Add evidence for specialties."""
        for facet, kind, detail in rows:
            self._add("specialty", (npi, facet, kind, detail, "", as_of))

    def location(self, npi: str, place: Location, *, name: str = "", as_of: str = "") -> None:
        """Add a practice location; ``name`` is what the practice is called there."""
        latitude, longitude = (place.point.latitude, place.point.longitude) if place.point else (None, None)
        address = (place.street, place.city, place.state, place.zip, place.phone, place.phone_extension)
        self._add("location", (npi, place.key, name, *address, latitude, longitude, place.geocode_source, "", as_of))

    def insurance(
        self,
        npi: str,
        plan: str,
        status: str,
        *,
        location_key: str = "",
        accepting_patients: str = "",
        valid_from: str = "",
        valid_until: str = "",
        as_of: str = "",
    ) -> None:
        """Add an answer on a plan, network or payer; the days of its period are ISO dates, empty without limit."""
        period = (valid_from, valid_until)
        self._add("insurance", (npi, location_key, plan, status, accepting_patients, *period, "", as_of))

    def plan(self, found: PlanRow) -> None:
        """Add a plan or a network; of several rows the latest with a name is kept, of one date the first by name."""
        named = replace(
            found,
            name=" ".join(found.name.split())[:LONGEST_PLAN_NAME],
            issuer_name=" ".join(found.issuer_name.split())[:LONGEST_PLAN_NAME],
        )
        known = self._plans.get((found.plan, found.year))
        if known is None or _newer(named, known):
            self._plans[found.plan, found.year] = named

    def identifier(self, plan: str, system: str, value: str, as_of: str = "") -> None:
        """Add an identifier of a plan or network: ``ma``, ``hios``, ``ein`` or ``network``."""
        self._relate("plan_identifier", (plan, system, value), as_of)

    def uses_network(self, plan: str, network: str, as_of: str = "") -> None:
        """Add that a plan uses a network."""
        self._relate("plan_network", (plan, network), as_of)

    def alias(self, alias: str, plan: str, as_of: str = "") -> None:
        """Add what an earlier version of this program called a plan or network, unless that is its key."""
        if alias and alias != plan:
            self._relate("plan_alias", (alias, plan), as_of)

    def fact(self, npi: str, field: str, value: str, *, location_key: str = "", as_of: str = "") -> None:
        """Add any other fact, unless its value is empty."""
        if value:
            self._add("fact", (npi, location_key, field, value, "", as_of))

    def update(self, npi: str, as_of: str, period: str = "") -> None:
        """Date what the files say of an NPI, which may be nothing (see ``layers.updates``)."""
        self._updates.append((npi, "" if as_of == UNDATED else as_of, period))
        if len(self._updates) >= MOST_PENDING:
            self._packed_updates.append(_pack(npi_updates(self._updates)))
            self._updates.clear()

    def drop(self, tags: Collection[int]) -> None:
        """Drop all rows with some tags."""
        for name in LAYER if tags else ():
            self._flush(name)
            parts = map(_unpack, self._packed[name])
            self._packed[name][:] = [_pack(part[~part[TAG].isin(list(tags))]) for part in parts]

    def layer(
        self,
        context: Context,
        as_of: date,
        *,
        notices: Sequence[Notice],
        rows: int,
        subject: str = "",
        title: str = "",
    ) -> Layer:
        """Return the finished layer, with its collection in all rows and the layer's date in rows without a date.

        ``subject`` is what an insurer's file speaks of, and ``title`` what staff read of it: the layer then is a
        collection of its own, which its files replace wholly.
        """
        source = f"{context.source}:{subject}" if subject else context.source
        tables = {}
        for name in LAYER:
            pending = [self._taken(name)] if self._rows[name] else []
            parts = [_with_source(source, as_of, part) for part in (*map(_unpack, self._packed[name]), *pending)]
            tables[name] = pd.concat(parts, ignore_index=True) if parts else table(name)
            parts.clear()
            pa.default_memory_pool().release_unused()
        return Layer(
            source=source,
            as_of=as_of,
            tables=tables,
            plans=self._plan_tables(source, as_of.isoformat()),
            updates=pd.concat([*map(_unpack, self._packed_updates), npi_updates(self._updates)], ignore_index=True),
            notices=tuple(notices),
            rows=rows,
            complete=context.complete or (bool(subject) and not context.part),
            title=title,
        )

    def _plan_tables(self, source: str, as_of: str) -> dict[str, pd.DataFrame]:
        rows: dict[str, list[tuple[str, ...]]] = {
            name: [(*row, source, day or as_of) for row, day in sorted(found.items())]
            for name, found in self._related.items()
        }
        rows["plan"] = [found.row(source, as_of) for _, found in sorted(self._plans.items())]
        return plan_tables(rows)

    def _relate(self, name: str, row: tuple[str, ...], as_of: str) -> None:
        self._related[name][row] = max(as_of, self._related[name].get(row, ""))

    def _add(self, name: str, row: tuple[object, ...]) -> None:
        rows = self._rows[name]
        rows.append((*row, self.tag))
        if len(rows) >= MOST_PENDING:
            self._flush(name)

    def _flush(self, name: str) -> None:
        if self._rows[name]:
            self._packed[name].append(_pack(self._taken(name)))

    def _taken(self, name: str) -> pd.DataFrame:
        """Take the rows that are not compressed yet out of their list."""
        raw = pd.DataFrame.from_records(self._rows[name], columns=[*LAYER[name], TAG])
        self._rows[name].clear()
        return table(name, raw).assign(**{TAG: raw[TAG].astype("int32")})


def _newer(one: PlanRow, other: PlanRow) -> bool:
    """Return whether a row is kept in place of another: with a name, later, then first in the alphabet."""
    if bool(one.name) != bool(other.name):
        return bool(one.name)
    if one.as_of != other.as_of:
        return one.as_of > other.as_of
    return (one.name, one.issuer_name) < (other.name, other.issuer_name)


def _pack(frame: pd.DataFrame) -> bytes:
    """Compress a part of a table to a tenth, so that a national file fits in memory."""
    buffer = io.BytesIO()
    frame.reset_index(drop=True).to_feather(buffer, compression="zstd")
    return buffer.getvalue()


def _with_source(source: str, as_of: date, frame: pd.DataFrame) -> pd.DataFrame:
    """Set the source of every row, and the date of the layer in rows that are not dated on their own."""
    day = frame["as_of"].mask(frame["as_of"] == "", as_of.isoformat())
    day = day.mask(day == UNDATED, "")
    return frame.drop(columns=TAG).assign(source=pd.array([source] * len(frame), dtype="str"), as_of=day)


def _unpack(part: bytes) -> pd.DataFrame:
    return pd.read_feather(io.BytesIO(part))
