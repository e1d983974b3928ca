"""The conditions that a clinic can confirm that it treats, their types, and the words of a need that lead to them.

The table is data (``data/reference/conditions.toml``). The filter of the search, the form of a record, the columns of
the staff CSV and the page of a therapist are derived from it: a further condition is a further row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from finder.resources import REFERENCE

CONDITIONS_FILE = REFERENCE / "conditions.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition; its names for people are catalogue ids."""

    condition: str
    specialty: str
    """The facet of the specialty whose field it is."""
    label: str
    """The name of the condition itself."""
    name: str
    """What a clinic confirms: that it treats the condition."""
    plain_name: str
    """The same as it stands inside a sentence."""
    always_listed: bool = False
    types: Mapping[str, str] = field(default_factory=dict)
    """The words for people (catalogue ids, as they stand inside a sentence) of each type that a clinic can name."""
    types_label: str = ""
    symptoms: frozenset[str] = frozenset()
    """The labels of the symptoms that lead to it, too."""

    @property
    def facet(self) -> str:
        """The facet of the evidence that a clinic treats it."""
        return f"treats_{self.condition}"

    @property
    def type_field(self) -> str:
        """The field of the facts that name a type."""
        return f"{self.condition}_type"

    @property
    def types_column(self) -> str:
        """The column of the staff CSV that lists the types."""
        return f"{self.condition}_types"


@lru_cache(maxsize=1)
def conditions() -> MappingProxyType[str, Condition]:
    """Return every condition by its facet, in the order in which they are offered."""
    found = (_condition(row) for row in _table()["condition"])
    return MappingProxyType({condition.facet: condition for condition in found})


def type_names(type_field: str) -> Mapping[str, str]:
    """Return the types that facts of ``type_field`` name, with their words; empty for any other field."""
    return next((one.types for one in conditions().values() if one.type_field == type_field), {})


def condition_needs() -> list[dict[str, Any]]:
    """Return the rows of words for conditions, with all their facets and, as ``type_name``, the words of their type."""
    table = _table()
    named = [
        {
            "facets": [condition.specialty, condition.facet],
            "type_name": condition.types[row["type"]] if "type" in row else "",
            **row,
        }
        for condition, of_it in zip(conditions().values(), table["condition"], strict=True)
        for row in of_it["need"]
    ]
    return [*named, *table["need"]]


def with_conditions(label: str, facets: Iterable[str]) -> list[str]:
    """Return the facets of a symptom with those of the conditions that it leads to, each behind its specialty."""
    places = list(facets)
    for condition in reversed(tuple(conditions().values())):
        if label in condition.symptoms:
            places.insert(places.index(condition.specialty) + 1, condition.facet)
    return places


def _condition(row: Mapping[str, Any]) -> Condition:
    fields = {name: value for name, value in row.items() if name not in ("type", "need", "symptoms")}
    types = {one["type"]: one["name"] for one in row.get("type", ())}
    return Condition(**fields, types=MappingProxyType(types), symptoms=frozenset(row.get("symptoms", ())))


def _table() -> Mapping[str, Any]:
    return tomllib.loads(CONDITIONS_FILE.read_text(encoding="utf-8"))
