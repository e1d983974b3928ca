"""Small files of in-network rates, in the layouts of schemas 1 and 2, and what is read from them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from finder.intake.layers.layer import Layer
from finder.intake.sources.registry import read_file
from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import rows

HEAD = {"reporting_entity_name": "Harbor Mutual", "last_updated_on": "2026-06-01", "version": "2.0.0"}

PLAN: dict[str, Any] = {
    "issuer_name": "Harbor",
    "plan_name": "Gold PPO",
    "plan_id": "121212121",
    "plan_id_type": "ein",
    "plan_market_type": "group",
    "plan_sponsor_name": "Acme Tools Inc",
}
"""The part of a header that names an employer's plan."""

GOLD = "ein:121212121.gold-ppo.harbor"
"""The key of that plan."""


def price(rate: Any = 40, **values: Any) -> dict[str, Any]:
    """One negotiated price, of an outpatient's visit unless ``values`` say otherwise."""
    usual = {"negotiated_type": "negotiated", "billing_class": "professional", "setting": "outpatient"}
    return {**usual, "negotiated_rate": rate, "expiration_date": "9999-12-31", "service_code": ["11"], **values}


def entry(code: str, *prices: dict[str, Any], kind: str = "CPT", to: Any = (1,), **values: Any) -> dict[str, Any]:
    """One entry of ``in_network``, for the groups ``to``."""
    rate = {"provider_references": list(to), "negotiated_prices": list(prices or [price()])}
    usual = {"negotiation_arrangement": "ffs", "name": "n", "billing_code_type": kind, "billing_code": code}
    return {**usual, "billing_code_type_version": "2026", "description": "d", "negotiated_rates": [rate], **values}


def group(number: Any, *therapists: int, networks: Sequence[str] = (), **values: Any) -> dict[str, Any]:
    """One group of ``provider_references``: therapists by the numbers of the test files, and their networks."""
    tin = {"type": "ein", "value": "12-3456789", "business_name": "Invented Rehab"}
    names = {"network_name": list(networks)} if networks else {}
    groups = [{"npi": [int(npi(number)) for number in therapists], "tin": tin}]
    return {"provider_group_id": number, "provider_groups": groups, **names, **values}


def rates(*entries: dict[str, Any], groups: Sequence[dict[str, Any]] | None = None, **head: Any) -> dict[str, Any]:
    """A whole file; by default its first group is the first therapist in the network "PPO"."""
    references = [group(1, 1, networks=["PPO"])] if groups is None else list(groups)
    return {**HEAD, **head, "provider_references": references, "in_network": list(entries)}


def read(folder: Path, *contents: Any, names: Sequence[str] = (), **options: Any) -> Sequence[Layer]:
    """Write files and read them together, for a directory that lists the first few therapists."""
    paths = [folder / name for name in names or [f"rates-{number}.json" for number in range(len(contents))]]
    for path, content in zip(paths, contents, strict=True):
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    known = [npi(number) for number in range(1, 5)]
    return read_file(paths, gazetteer=FewZips(), **{"known_npis": known, **options})


def npis_by_plan(layers: Sequence[Layer]) -> dict[str, list[str]]:
    """The NPIs of each plan or network."""
    found: dict[str, list[str]] = {}
    for layer in layers:
        for row in rows(layer, "insurance"):
            found.setdefault(row["plan"], []).append(row["npi"])
    return found


def prices_of(layers: Sequence[Layer]) -> dict[str, str]:
    """The prices by code; the same for all therapists."""
    return {row["field"].rpartition(":")[2]: row["value"] for layer in layers for row in rows(layer, "fact")}


def plan_rows(layer: Layer, table: str, *columns: str) -> list[list[str]]:
    """Some columns of a table of plans."""
    found: list[list[str]] = layer.plans[table][list(columns)].to_numpy().tolist()
    return found
