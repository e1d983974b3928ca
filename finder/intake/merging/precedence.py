"""Which source is believed for which field: the table in ``data/reference/sources.toml``, read and applied."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from finder.directory.vocabulary.sources import SOURCES_FILE, source_of


@dataclass(frozen=True, kw_only=True)
class Precedence:
    """The sources that are believed for each field, the most believed first."""

    sources: Mapping[str, tuple[str, ...]]
    last_resort: frozenset[str]
    """Sources whose addresses count only where no other source has one."""

    @classmethod
    def load(cls, path: Path = SOURCES_FILE) -> Precedence:
        """Read the table."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            sources={entry["field"]: tuple(entry["sources"]) for entry in table["precedence"]},
            last_resort=frozenset(table["last_resort"]["sources"]),
        )

    def rank(self, field: str, source: pd.Series[str]) -> pd.Series[int]:
        """Return each source's rank for a field, from 0 for the most believed; unnamed sources share the last."""
        order = self.sources[field]
        ranks = {name: rank for rank, name in enumerate(order)}
        known = {collection: ranks.get(source_of(collection), len(order)) for collection in source.unique()}
        return source.map(known).astype("int64")

    def best(self, field: str, rows: pd.DataFrame, keys: Sequence[str], *, first: Sequence[str] = ()) -> pd.DataFrame:
        """Keep the most believed of the rows with equal ``keys``: by ``first``, rank, latest date, then the values.

        Only rows that share their keys are sorted. The result does not depend on the order of the rows.
        """
        keys = list(keys)
        rivals = rows.duplicated(keys, keep=False)
        if not rivals.any():
            return rows
        winners = self.ordered(field, rows[rivals], keys, first=first).drop_duplicates(keys)
        return pd.concat([rows[~rivals], winners], ignore_index=True)

    def ordered(
        self, field: str, rows: pd.DataFrame, keys: Sequence[str], *, first: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Sort rows by ``keys``, and those with equal keys as ``best`` does: the most believed is the first."""
        ranked = rows.assign(_rank=self.rank(field, rows["source"]))
        values = [column for column in rows.columns if column not in {*keys, *first, "as_of"}]
        by = [*keys, *first, "_rank", "as_of", *values]
        ordered = ranked.sort_values(by, ascending=[column != "as_of" for column in by], kind="stable")
        return ordered.drop(columns="_rank")
