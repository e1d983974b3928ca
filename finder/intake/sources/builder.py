"""Builds the layer of a reader row by row, in little memory: rows are packed away until the layer is finished."""

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
    """A clean practice address; ``point`` is None, and ``geocode_source`` empty, where nobody knows where it is."""

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
        """The name of the location, the same in every source."""
        return location_key(self.street, self.zip)


TAG = "_tag"
"""The column of a tag, until the layer is finished."""

LONGEST_PLAN_NAME = 120
"""Letters of a plan's name that are kept."""

MOST_PENDING = 10_000
"""Rows kept as Python objects before they are packed: objects take fifty times the room."""


@dataclass
class LayerBuilder:
    """Collects the rows of a layer, each given once. An empty ``as_of`` means the date of the layer."""

    tag: int = 0
    """Put beside every row that is added, so that rows can be taken back."""
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
        """Add a provider; ``status`` is ``active``, why it is gone, or empty where the source has no word on that."""
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
        """Add what a plan is called, once or again: the later date holds, of one date the first name in order."""
        words = " ".join(name.split())[:LONGEST_PLAN_NAME]
        known = self._plans.get(plan)
        if words and (known is None or (as_of, known[0]) > (known[1], words)):
            self._plans[plan] = (words, as_of)

    def fact(self, npi: str, field: str, value: str, *, location_key: str = "", as_of: str = "") -> None:
        """Add any other fact; an empty value is none."""
        if value:
            self._add("fact", (npi, location_key, field, value, "", as_of))

    def drop(self, tags: Collection[int]) -> None:
        """Take back all rows with some tags."""
        for name in LAYER if tags else ():
            self._flush(name)
            parts = map(_unpack, self._packed[name])
            self._packed[name][:] = [_pack(part[~part[TAG].isin(list(tags))]) for part in parts]

    def layer(self, context: Context, as_of: date, *, notices: Sequence[Notice], rows: int) -> Layer:
        """Finish: one table of each kind, with the source, and the date of the layer where a row has none."""
        tables = {}
        for name in LAYER:
            self._flush(name)
            parts = [_said_by(context.source, as_of, _unpack(part)) for part in self._packed[name]]
            tables[name] = pd.concat(parts, ignore_index=True) if parts else table(name)
            parts.clear()
            pa.default_memory_pool().release_unused()
        named = sorted(self._plans.items())
        return Layer(
            source=context.source,
            as_of=as_of,
            tables=tables,
            plans=plan_names([(plan, name, context.source, day or as_of.isoformat()) for plan, (name, day) in named]),
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
    """Compress a part of a table, to a tenth: a whole country fits in memory while it is read."""
    buffer = io.BytesIO()
    frame.reset_index(drop=True).to_feather(buffer, compression="zstd")
    return buffer.getvalue()


def _said_by(source: str, as_of: date, frame: pd.DataFrame) -> pd.DataFrame:
    """Put the source in every row, and the date of the layer where a row has none."""
    day = frame["as_of"].mask(frame["as_of"] == "", as_of.isoformat())
    return frame.drop(columns=TAG).assign(source=pd.array([source] * len(frame), dtype="str"), as_of=day)


def _unpack(part: bytes) -> pd.DataFrame:
    return pd.read_feather(io.BytesIO(part))
