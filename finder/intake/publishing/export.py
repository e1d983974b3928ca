"""The published providers as CSV or JSON, streamed: the same release always yields the same bytes."""

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
"""The columns of the CSV: one row per listing, and one per provider without a practice location."""

_CHUNK = 2_000


def export_csv(tables: Tables) -> Iterator[str]:
    """Yield the CSV in pieces: UTF-8, CRLF, with a header."""
    yield csv_lines([COLUMNS])
    for rows in _chunks(tables):
        frame = rows["location"].merge(rows["provider"], on="npi", how="right", suffixes=("_place", ""))
        frame = frame.rename(columns={"name_place": "location_name"}).sort_values(["npi", "listing_id"])
        lines = []
        answers = {name: _by_npi(rows[name]) for name in ("specialty", "insurance", "fact")}
        for line in frame.to_dict("records"):
            npi, key = line["npi"], line["location_key"]
            line["specialties"] = _join_answers(answers["specialty"].get(npi, ()), key, "{facet}: {kind}, {detail}")
            line["insurance"] = _join_answers(answers["insurance"].get(npi, ()), key, "{plan}: {status}")
            line["facts"] = _join_answers(answers["fact"].get(npi, ()), key, "{field}: {value}")
            lines.append([_cell(line[column]) for column in COLUMNS])
        yield csv_lines(lines)


def export_json(tables: Tables) -> Iterator[str]:
    """Yield the JSON in pieces, one line per entry, with sources: ``{"providers": [...], "plans": [...]}``.

    ``plans`` holds the plans and networks, with their identifiers and the networks that they use.
    """
    yield '{"providers": ['
    separator = "\n"
    for rows in _chunks(tables):
        rows_by_npi = {name: _by_npi(frame) for name, frame in rows.items() if name != "provider"}
        for provider in rows["provider"].to_dict("records"):
            record = dict(provider)
            for name, found in rows_by_npi.items():
                record[name] = [
                    {key: _plain(value) for key, value in row.items() if key != "npi"}
                    for row in found.get(provider["npi"], ())
                ]
            yield separator + json.dumps(record, ensure_ascii=False, allow_nan=False)
            separator = ",\n"
    yield '\n],\n"plans": ['
    yield ",".join(f"\n{json.dumps(plan, ensure_ascii=False)}" for plan in _plans(tables))
    yield "\n]}\n"


def _plans(tables: Tables) -> Iterator[dict[str, Any]]:
    """Yield each plan with its identifiers and networks."""
    identifiers: dict[str, list[dict[str, str]]] = {}
    for plan, system, value in zip(
        *(tables["plan_identifier"][name] for name in ("plan", "system", "value")), strict=True
    ):
        identifiers.setdefault(plan, []).append({"system": system, "value": value})
    networks = tables["plan_network"].groupby("plan")["network"].agg(list).to_dict()
    for plan in tables["plan"].to_dict("records"):
        key = plan["plan"]
        yield {str(name): value for name, value in plan.items()} | {
            "identifiers": identifiers.get(key, []), "networks": networks.get(key, []),
        }  # fmt: skip


def _chunks(tables: Tables) -> Iterator[dict[str, pd.DataFrame]]:
    """Yield the tables in chunks of providers; every table is ordered by NPI."""
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


def _join_answers(rows: Sequence[Mapping[str, Any]], location_key: object, pattern: str) -> str:
    """Join the rows that apply to a practice location, including those that apply to all of them."""
    return "; ".join(pattern.format_map(row) for row in rows if row.get("location_key", "") in ("", location_key))


def _cell(value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return ""
    return safe_cell(plain) if isinstance(plain, str) else repr(plain)


def _plain(value: Any) -> Any:
    """Return a cell's value, None for a missing number."""
    return None if isinstance(value, float) and value != value else value
