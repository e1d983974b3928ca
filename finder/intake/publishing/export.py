"""The published providers as CSV or JSON: the same release always gives the same bytes, written as they are made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

from finder.directory.release.tables import LAYER
from finder.spreadsheet import csv_lines, safe_cell

Tables: TypeAlias = "Mapping[str, pd.DataFrame]"

COLUMNS = (
    "npi", "entity", "name", "credentials", "location_name", "street", "city", "state", "zip", "phone",
    "phone_extension", "latitude", "longitude", "geocode_source", "specialties", "insurance", "facts",
    "name_source", "name_as_of", "address_source", "address_as_of", "phone_source", "phone_as_of",
)  # fmt: skip
"""The columns of the CSV: a row a listing, and one for each provider without a place."""

_CHUNK = 2_000


def export_csv(tables: Tables) -> Iterator[str]:
    """Give the CSV piece by piece: UTF-8, CRLF, a header."""
    yield csv_lines([COLUMNS])
    for rows in _chunks(tables):
        frame = rows["location"].merge(rows["provider"], on="npi", how="right", suffixes=("_place", ""))
        frame = frame.rename(columns={"name_place": "location_name"}).sort_values(["npi", "listing_id"])
        lines = []
        answers = {name: _by_npi(rows[name]) for name in ("specialty", "insurance", "fact")}
        for line in frame.to_dict("records"):
            npi, key = line["npi"], line["location_key"]
            line["specialties"] = _joined(answers["specialty"].get(npi, ()), key, "{facet}: {kind}, {detail}")
            line["insurance"] = _joined(answers["insurance"].get(npi, ()), key, "{plan}: {status}")
            line["facts"] = _joined(answers["fact"].get(npi, ()), key, "{field}: {value}")
            lines.append([_cell(line[column]) for column in COLUMNS])
        yield csv_lines(lines)


def export_json(tables: Tables) -> Iterator[str]:
    """Give the JSON piece by piece, everything with its source: ``{"providers": [...], "plans": [...]}``, a line each.

    ``plans`` says what the plans of insurance are called.
    """
    yield '{"providers": ['
    separator = "\n"
    for rows in _chunks(tables):
        below = {name: _by_npi(frame) for name, frame in rows.items() if name != "provider"}
        for provider in rows["provider"].to_dict("records"):
            whole = dict(provider)
            for name, found in below.items():
                whole[name] = [
                    {key: _plain(value) for key, value in row.items() if key != "npi"}
                    for row in found.get(provider["npi"], ())
                ]
            yield separator + json.dumps(whole, ensure_ascii=False, allow_nan=False)
            separator = ",\n"
    yield '\n],\n"plans": ['
    yield ",".join(f"\n{json.dumps(plan, ensure_ascii=False)}" for plan in tables["plan"].to_dict("records"))
    yield "\n]}\n"


def _chunks(tables: Tables) -> Iterator[dict[str, pd.DataFrame]]:
    """Give the rows of some providers at a time; every table is in the order of NPIs."""
    npis = tables["provider"]["npi"]
    for start in range(0, len(npis), _CHUNK):
        first, last = npis.iloc[start], npis.iloc[min(start + _CHUNK, len(npis)) - 1]
        yield {
            name: frame.iloc[
                int(frame["npi"].searchsorted(first, "left")) : int(frame["npi"].searchsorted(last, "right"))
            ]
            for name, frame in tables.items()
            if name in LAYER
        }


def _by_npi(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        grouped.setdefault(row["npi"], []).append({str(name): value for name, value in row.items()})
    return grouped


def _joined(rows: Sequence[Mapping[str, Any]], location_key: object, pattern: str) -> str:
    """Write the answers that hold at a place, those of everywhere too."""
    return "; ".join(pattern.format_map(row) for row in rows if row.get("location_key", "") in ("", location_key))


def _cell(value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return ""
    return safe_cell(plain) if isinstance(plain, str) else repr(plain)


def _plain(value: Any) -> Any:
    """A missing number is None."""
    return None if isinstance(value, float) and value != value else value
