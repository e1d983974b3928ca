"""What the sources of the dataset are called: data, in ``data/reference/sources.toml``, beside which is believed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from finder.resources import REFERENCE

SOURCES_FILE = REFERENCE / "sources.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNames:
    """The names of one source (catalogue ids)."""

    source: str
    name: str
    """As people read it; several sources of one publisher may share it."""
    staff_name: str = ""
    """What staff call it, where it shares its name."""

    @property
    def title(self) -> str:
        """The name that no other source has."""
        return self.staff_name or self.name


def source_of(collection: str) -> str:
    """Return the source of a collection, which for most is the collection itself: ``marketplace:11111``."""
    return collection.partition(":")[0]


@lru_cache(maxsize=1024)
def source_names(collection: str) -> SourceNames:
    """Return the names of a collection's source; one that is not in the file is called as its layer is."""
    source = source_of(collection)
    return _known().get(source, SourceNames(source=source, name=source))


@lru_cache(maxsize=1)
def _known() -> dict[str, SourceNames]:
    rows = tomllib.loads(SOURCES_FILE.read_text(encoding="utf-8"))["source"]
    return {row["source"]: SourceNames(**row) for row in rows}
