"""Who pays: the payers that a search always offers."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from types import MappingProxyType

from finder.resources import REFERENCE

PAYERS_FILE = REFERENCE / "payers.toml"


@lru_cache(maxsize=1)
def payers() -> MappingProxyType[str, str]:
    """Return the name for people (a catalogue id) of each payer that is always offered, by its plan id."""
    rows = tomllib.loads(PAYERS_FILE.read_text(encoding="utf-8"))["payer"]
    return MappingProxyType({row["plan"]: row["name"] for row in rows})
