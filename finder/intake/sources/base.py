"""The interface of readers, and the context that they are called with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from finder.intake.layers.layer import Layer
from finder.intake.sources.errors import AsOfNeeded, NobodyInside
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.meter import Progress
from finder.places.point import Point


class Placed(Protocol):
    """Something that lies in a state."""

    @property
    def state(self) -> str:
        """The state's two letters."""


class ZipPlaces(Protocol):
    """Look-ups of ZIP codes that a reader needs; implemented by ``finder.places.gazetteer.Gazetteer``."""

    def centroid(self, zip_code: str, /) -> Point | None:
        """Return the center of a ZIP code, None if it is unknown."""

    def state_of(self, zip_code: str, /) -> str | None:
        """Return the state of a ZIP code, None if it is unknown."""

    def city_center(self, city: str, state: str, /) -> Point | None:
        """Return the center of a city, None if the state has no such city."""

    def nearest(self, point: Point, /) -> Placed:
        """Return the ZIP code nearest to a point."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """The arguments of a reader besides its files."""

    source: str
    """The name of the source in the layer."""
    as_of: date | None
    """The date that the operator gave; it takes precedence over dates in file names."""
    complete: bool
    known_npis: Collection[str]
    """The NPIs in the directory: their rows are read even if they are no therapists any more."""
    places: ZipPlaces
    progress: Progress | None = None
    known_plans: Collection[str] = ()
    """The plans in the directory, besides the standard payers."""
    collection: str = ""
    """The collection's name as the operator gave it, for files whose content does not say what they speak of."""
    part: bool = False
    """The files are a part of their collections' files: they add to what the collections hold."""
    published: Mapping[str, Layer] = field(default_factory=dict)
    """The layers in the directory, by source."""
    beside: Mapping[str, Layer] = field(default_factory=dict)
    """The layers of files of the same command, as far as they are read, by source."""

    def date_of(self, files: Sequence[SourceFile]) -> date | None:
        """Return the operator's date, else the latest date in the file names, else None."""
        if self.as_of:
            return self.as_of
        return max((day for file in files if (day := file.named_date())), default=None)

    def settled_date(self, files: Sequence[SourceFile], latest: date | None, rows: int) -> date:
        """Return the date of files whose rows may have dates. Raises AsOfNeeded, or NobodyInside without rows."""
        day = self.date_of(files) or latest
        if day is None and not rows:
            raise NobodyInside(files[0].name)
        return day or self.required_date(files)

    def required_date(self, files: Sequence[SourceFile]) -> date:
        """Return the date of files whose rows have no dates. Raises AsOfNeeded."""
        day = self.date_of(files)
        if day is None:
            raise AsOfNeeded(files[0].name)
        return day


class Reader(Protocol):
    """A module that reads one format."""

    @property
    def SOURCE(self) -> str:
        """The name of the source in layers, and of ``--source``."""

    def recognizes(self, file: SourceFile, /) -> bool:
        """Return whether a file has this format, by its first bytes."""

    def read(self, files: Sequence[SourceFile], context: Context, /) -> Sequence[Layer]:
        """Read files of this format into a layer for each of their collections. Raises UnreadableFile."""
