"""What every reader has: its interface, and what it is told of the rest of the world."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
    """What a reader asks about ZIP codes; ``finder.places.gazetteer.Gazetteer`` answers."""

    def centroid(self, zip_code: str, /) -> Point | None:
        """The point in the middle of a ZIP code, None where it has none or is not known."""

    def state_of(self, zip_code: str, /) -> str | None:
        """The state of a ZIP code, None where it is not known."""

    def city_center(self, city: str, state: str, /) -> Point | None:
        """The point in the middle of a city, None where the state has none of that name."""

    def nearest(self, point: Point, /) -> Placed:
        """What is known of the ZIP code nearest to a point."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a reader is told besides its files."""

    source: str
    """The name of the source in the layer."""
    as_of: date | None
    """The date that the operator gave; it goes before any date in a name."""
    complete: bool
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

    def settled_date(self, files: Sequence[SourceFile], latest: date | None, rows: int) -> date:
        """The date of files whose rows may have dates. Raises AsOfNeeded, and NobodyInside where there are no rows."""
        day = self.date_of(files) or latest
        if day is None and not rows:
            raise NobodyInside(files[0].name)
        return day or self.required_date(files)

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
        """Return whether the file is of this format, by its header."""

    def read(self, files: Sequence[SourceFile], context: Context, /) -> Layer:
        """Read files of this format into one layer. Raises UnreadableFile."""
