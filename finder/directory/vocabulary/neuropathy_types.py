"""The types of neuropathy that a clinic can name: a tag of a provider, and what words of a need may ask for."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from types import MappingProxyType

from finder.resources import REFERENCE

TYPES_FILE = REFERENCE / "neuropathy_types.toml"


@lru_cache(maxsize=1)
def neuropathy_types() -> MappingProxyType[str, str]:
    """Give the words for people (a catalogue id, as they stand inside a sentence) of each type, in their order."""
    rows = tomllib.loads(TYPES_FILE.read_text(encoding="utf-8"))["neuropathy"]
    return MappingProxyType({row["type"]: row["name"] for row in rows})
