"""What every reader has: its interface, what it is told of the rest of the world, and the builder of its layer."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import pandas as pd
import pyarrow as pa

from finder.directory.specialty import EvidenceRow
from finder.directory.tables import LAYER, location_key
from finder.intake.layer import Layer, table
from finder.intake.notices import Notice
from finder.intake.sources.errors import AsOfNeeded
from finder.intake.sources.files import SourceFile
from finder.intake.sources.lines import Lines
from finder.places.point import Point

Progress = Callable[[int, int], None]
"""Told the bytes read so far and the bytes in all."""


class Placed(Protocol):
    """Something that lies in a state."""

    @property
    def state(self) -> str:
        """The state's two letters."""


class ZipPlaces(Protocol):
    """What a reader asks about ZIP codes; ``finder.places.gazetteer.Gazetteer`` answers."""

    def centroid(self, zip_code: str, /) -> Point | None:
        """The point in the middle of a ZIP code, None where it has none or is not known."""

    def state_of(self, zip_code: str, /) -> str | None:
        """The state of a ZIP code, None where it is not known."""

    def nearest(self, point: Point, /) -> Placed:
        """What is known of the ZIP code nearest to a point."""


class Meter:
    """Counts the bytes read, over all files of a call, and tells the one who shows the progress."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def advance(self, count: int) -> None:
        """Count some more bytes."""
        self._done += count
        if self._progress:
            self._progress(self._done, max(self._total, self._done))

    def measured(self, stream: Lines) -> Lines:
        """Count what is read from a stream, and tell it by the megabyte."""
        return _Measured(stream, self)


class _Measured:
    """Lines that are counted as they are read."""

    def __init__(self, stream: Lines, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter
        self._untold = 0

    def readline(self, limit: int, /) -> bytes:
        line = self._stream.readline(limit)
        self._untold += len(line)
        if self._untold >= 1024 * 1024 or not line:
            self._meter.advance(self._untold)
            self._untold = 0
        return line


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a reader is told besides its files."""

    source: str
    """The name of the source in the layer."""
    as_of: date | None
    """The date that the operator gave; it goes before any date in a name."""
    whole: bool
    known_npis: Collection[str]
    """The NPIs in the directory already: their rows are of interest whatever they say now."""
    places: ZipPlaces
    progress: Progress | None = None
    known_plans: Collection[str] = ()
    """The plans in the directory already, besides the payers that are always offered."""

    def date_of(self, files: Sequence[SourceFile]) -> date | None:
        """The date of the files by the operator's word or by their names, the latest where they differ."""
        if self.as_of:
            return self.as_of
        return max((day for file in files if (day := file.named_date())), default=None)

    def required_date(self, files: Sequence[SourceFile]) -> date:
        """The date of files that carry none in their rows. Raises AsOfNeeded."""
        day = self.date_of(files)
        if day is None:
            raise AsOfNeeded(files[0].name)
        return day


class Reader(Protocol):
    """A module that reads one format."""

    @property
    def SOURCE(self) -> str:
        """The name of the source in layers, and of ``--source``."""

    def recognises(self, file: SourceFile, /) -> bool:
        """Whether the file is of this format, by its header."""

    def read(self, files: Sequence[SourceFile], context: Context, /) -> Layer:
        """Read files of this format into one layer. Raises UnreadableFile."""


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

MOST_PENDING = 10_000
"""Rows kept as Python objects before they are packed: objects take fifty times the room."""


@dataclass
class LayerBuilder:
    """Collects the rows of a layer, each given once. An empty ``as_of`` means the date of the layer."""

    tag: int = 0
    """Put beside every row that is added, so that rows can be taken back."""
    _rows: Mapping[str, list[tuple[object, ...]]] = field(default_factory=lambda: {name: [] for name in LAYER})
    _packed: Mapping[str, list[bytes]] = field(default_factory=lambda: {name: [] for name in LAYER})

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
        """Add a provider; ``status`` is active or deactivated."""
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
        return Layer(
            source=context.source, as_of=as_of, tables=tables, notices=tuple(notices), rows=rows, whole=context.whole
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
