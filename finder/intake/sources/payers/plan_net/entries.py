"""The entries of bundles, of search results and of bulk exports (NDJSON), one resource each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from finder.intake.sources.formats.fhir import Resource
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import objects, text
from finder.intake.sources.formats.json_stream import entries
from finder.intake.sources.formats.meter import Meter


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A resource and where it stands. ``container`` is the entry of the resource that contains it, if one does."""

    resource: Resource
    file: int
    """The number of its file among those that are read together."""
    full_url: str = ""
    container: Entry | None = None

    @property
    def kind(self) -> str:
        """The type of the resource."""
        return text(self.resource.get("resourceType"))

    @property
    def name(self) -> str:
        """The name of the resource: of an organization, a place or a plan."""
        return text(self.resource.get("name"))

    def outermost(self) -> Entry:
        """Return the entry that stands in the file itself."""
        return self.container.outermost() if self.container else self


def read_entries(file: SourceFile, number: int, meter: Meter) -> Iterator[Entry | None]:
    """Yield the entries of a file, None for invalid ones; bundles within bundles are opened. Raises BrokenJson."""
    with entries(file, meter, "entry") as found:
        for entry in found:
            if isinstance(entry, dict) and text(entry.get("resourceType")) == "Bundle":
                yield from (_entry(inner, number) for inner in objects(entry.get("entry")))
            else:
                yield _entry(entry, number)


def _entry(entry: Any, number: int) -> Entry | None:
    if not isinstance(entry, dict):
        return None
    resource = entry if "resourceType" in entry else entry.get("resource")
    if not isinstance(resource, dict) or not text(resource.get("resourceType")):
        return None
    return Entry(resource, number, text(entry.get("fullUrl")))
