"""The states, territories and military "states" of the Postal Service, by code and by every name that people type."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from finder.places.spelling import joined, key
from finder.resources import REFERENCE

"""The folder of the reference tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state or territory of ``data/reference/states.toml``."""

    code: str
    name: str
    spanish: str = ""
    """The Spanish name, if it differs."""
    also: tuple[str, ...] = ()
    """Other names that people type."""
    kind: str = "state"

    @property
    def military(self) -> bool:
        """Return whether this is a code of military mail (AA, AE, AP), which has no location."""
        return self.kind == "military"


@lru_cache(maxsize=1)
def states() -> dict[str, State]:
    """Return all states by code."""
    table = tomllib.loads((REFERENCE / "states.toml").read_text(encoding="utf-8"))
    return {row["code"]: State(**row | {"also": tuple(row.get("also", ()))}) for row in table["state"]}


@lru_cache(maxsize=1)
def state_keys() -> dict[str, State]:
    """Return the states by key: codes, English and Spanish names, customary abbreviations."""
    by_key: dict[str, State] = {}
    for state in states().values():
        for name in filter(None, (state.code, state.name, state.spanish, *state.also)):
            by_key[joined(name)] = state
            by_key.setdefault(key(name), state)
    return by_key


def find_state(text: str) -> State | None:
    """Return the state with a name or code, None if there is none."""
    known = state_keys()
    return known.get(joined(text)) or known.get(key(text))
