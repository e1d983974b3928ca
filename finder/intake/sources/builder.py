"""Builds the layer of a reader row by row in little memory: rows are compressed until the layer is finished."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pyarrow as pa

from finder.directory.release.tables import LAYER, location_key
from finder.directory.vocabulary.specialties import EvidenceRow
from finder.intake.layers.layer import Layer, plan_names, table
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


TAG = "_tag"
"""The column of tags, until the layer is finished."""

LONGEST_PLAN_NAME = 120
"""Maximum length of a plan's name in characters."""

MOST_PENDING = 10_000
"""Rows kept as Python objects, which take fifty times the memory, before they are compressed."""


@dataclass
class LayerBuilder:
    """Collects the rows of a layer. An empty ``as_of`` means the date of the layer."""

    tag: int = 0
    """Stored with every row that is added, so that rows can be dropped by tag."""
    _rows: Mapping[str, list[tuple[object, ...]]] = field(default_factory=lambda: {name: [] for name in LAYER})
    _packed: Mapping[str, list[bytes]] = field(default_factory=lambda: {name: [] for name in LAYER})
    _plans: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name and date of each plan."""

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

    def insurance(self, npi: str, plan: str, status: str, *, location_key: str = "", as_of: str = "") -> None:
        """Add an answer on a plan."""
        self._add("insurance", (npi, location_key, plan, status, "", as_of))

    def plan(self, plan: str, name: str, as_of: str = "") -> None:
        """Add the name of a plan; of several names the latest is kept, of one date the alphabetically first."""
        plan_name = " ".join(name.split())[:LONGEST_PLAN_NAME]
        known = self._plans.get(plan)
        if plan_name and (known is None or (as_of, known[0]) > (known[1], plan_name)):
            self._plans[plan] = (plan_name, as_of)

    def fact(self, npi: str, field: str, value: str, *, location_key: str = "", as_of: str = "") -> None:
        """Add any other fact, unless its value is empty."""
        if value:
            self._add("fact", (npi, location_key, field, value, "", as_of))

    def drop(self, tags: Collection[int]) -> None:
        """Drop all rows with some tags."""
        for name in LAYER if tags else ():
            self._flush(name)
            parts = map(_unpack, self._packed[name])
            self._packed[name][:] = [_pack(part[~part[TAG].isin(list(tags))]) for part in parts]

    def layer(self, context: Context, as_of: date, *, notices: Sequence[Notice], rows: int) -> Layer:
        """Return the finished layer, with the source in all rows and the layer's date in rows without a date."""
        tables = {}
        for name in LAYER:
            self._flush(name)
            parts = [_with_source(context.source, as_of, _unpack(part)) for part in self._packed[name]]
            tables[name] = pd.concat(parts, ignore_index=True) if parts else table(name)
            parts.clear()
            pa.default_memory_pool().release_unused()
        plans = sorted(self._plans.items())
        return Layer(
            source=context.source,
            as_of=as_of,
            tables=tables,
            plans=plan_names([(plan, name, context.source, day or as_of.isoformat()) for plan, (name, day) in plans]),
            notices=tuple(notices),
            rows=rows,
            complete=context.complete,
        )

    def _add(self, name: str, row: tuple[object, ...]) -> None:
        rows = self._rows[name]
        rows.append((*row, self.tag))
        if len(rows) >= MOST_PENDING:
            self._flush(name)

    def _flush(self, name: str) -> None:
        rows = self._rows[name]
        if rows:
            raw = pd.DataFrame.from_records(rows, columns=[*LAYER[name], TAG])
            self._packed[name].append(_pack(table(name, raw).assign(**{TAG: raw[TAG].astype("int32")})))
            rows.clear()


def _pack(frame: pd.DataFrame) -> bytes:
    """Compress a part of a table to a tenth, so that a national file fits in memory."""
    buffer = io.BytesIO()
    frame.reset_index(drop=True).to_feather(buffer, compression="zstd")
    return buffer.getvalue()


def _with_source(source: str, as_of: date, frame: pd.DataFrame) -> pd.DataFrame:
    """Set the source of every row, and the date of the layer in rows without a date."""
    day = frame["as_of"].mask(frame["as_of"] == "", as_of.isoformat())
    return frame.drop(columns=TAG).assign(source=pd.array([source] * len(frame), dtype="str"), as_of=day)


def _unpack(part: bytes) -> pd.DataFrame:
    return pd.read_feather(io.BytesIO(part))
