"""Columns that have had several names over the years, mapped to one field name each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from finder.intake.sources.formats.delimited import Header, Row


class Columns:
    """The names that each field of a format has had, in the spelling of ``delimited.column_name``."""

    def __init__(self, **names: tuple[str, ...]) -> None:
        self._names = names
        self._headers: dict[tuple[str, ...], tuple[Header, Mapping[str, str]]] = {}

    def in_header(self, header: Header, *fields: str) -> bool:
        """Return whether a header has all these fields, under any of their names."""
        return all(any(name in header for name in self._names[field]) for field in fields)

    def names_of(self, *fields: str) -> tuple[tuple[str, ...], ...]:
        """Return all names of each of some fields."""
        return tuple(self._names[field] for field in fields)

    def by_field(self, row: Row) -> Row:
        """Return the row with values by field; its notices still name the columns of the file."""
        known = self._headers.get(row.header.names)
        if known is None:
            known = self._headers[row.header.names] = self._map_header(row.header)
        header, column_of = known
        return replace(row, values={field: row.values[name] for field, name in column_of.items()}, header=header)

    def _map_header(self, header: Header) -> tuple[Header, Mapping[str, str]]:
        column_of = {"npi": "npi"} if "npi" in header.names else {}
        for field, names in self._names.items():
            name = next((name for name in names if name in header.names), None)
            if name is not None:
                column_of[field] = name
        written = tuple(header.as_written(name) for name in column_of.values())
        return Header(written=written, names=tuple(column_of), delimiter=header.delimiter), column_of
