"""Fictional providers in any number, clustered as people live: as arrays of the index or as tables of a release.

ZIP codes with many others near them are towns and hold more. Practices share their insurance contracts, as in life;
half the locations are known to the street, half to the center of their ZIP code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from finder.directory.index.arrays import ORGANIZATION, REPEATED, Arrays
from finder.directory.index.build import intern_sets
from finder.directory.index.grid import cells
from finder.directory.index.sets import Sets
from finder.directory.names import NameIndex
from finder.directory.plans.periods import FIRST_DAY, LAST_DAY
from finder.directory.release.tables import NUMBERS, PLAN_TABLES, RELEASE
from finder.directory.vocabulary.payers import payers
from finder.places.point import Point
from finder.places.zips import Zips

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PLANS = (*payers(), *(f"plan-{number:02}" for number in range(1, 14)))
"""Seventeen plans: with 15 values of specialty and 2 of entity, yes and unknown counted apart, 51 counts."""

SHARES = {
    "physical_therapy:taxonomy": 0.92, "neurologic:taxonomy": 0.03, "neurologic:board_certified": 0.012,
    "neurologic:confirmed": 0.004, "treats_neuropathy:confirmed": 0.006, "geriatric:taxonomy": 0.03,
    "geriatric:board_certified": 0.01, "orthopedic:taxonomy": 0.12, "orthopedic:board_certified": 0.06,
    "sports:taxonomy": 0.03, "pediatric:taxonomy": 0.03, "cardiopulmonary:taxonomy": 0.004, "hand:taxonomy": 0.006,
    "ergonomics:taxonomy": 0.003, "electrophysiology:taxonomy": 0.002, "human_factors:taxonomy": 0.001,
    "womens_health:board_certified": 0.004,
}  # fmt: skip
"""Share of the providers with each kind of evidence."""

SURNAME_ENDINGS = (
    "berg",
    "dale",
    "field",
    "ford",
    "ham",
    "ington",
    "ley",
    "man",
    "quist",
    "son",
    "stein",
    "ton",
    "wood",
)


@dataclass(frozen=True, kw_only=True)
class Population:
    """``providers`` with their listings; every array over listings has the listing's number as its place."""

    providers: int
    owner: Ints
    organization: NDArray[np.bool_]
    """Over providers."""
    latitude: Floats
    longitude: Floats
    name_rank: Ints
    evidence: tuple[Ints, Ints]
    """Pairs: provider, place in ``SHARES``."""
    insurance: tuple[Ints, Ints, Ints]
    """Triples: listing, place in ``PLANS``, 0 for yes and 1 for no; no triple: unknown."""


def populate(providers: int, seed: int = 20261120) -> Population:
    """Make up a population; the same number and seed make the same one."""
    random = np.random.default_rng(seed)
    owner = np.concatenate([np.arange(providers), random.choice(providers, providers // 5, replace=False)])
    latitude, longitude = homes(random, len(owner))
    practice = random.integers(0, max(providers // 60, 1), len(owner))
    has = [random.random(providers) < share for share in SHARES.values()]
    return Population(
        providers=providers,
        owner=owner,
        organization=random.random(providers) < 0.1,
        latitude=latitude,
        longitude=longitude,
        name_rank=random.permutation(len(owner)),
        evidence=_pairs(has),
        insurance=_contracts(random, practice),
    )


def homes(random: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """Draw places as people live: ZIP codes by how many others are near, half of them spread over a mile or two."""
    zips = [entry for entry in Zips() if entry.point and entry.kind == "STANDARD"]
    latitude = np.array([entry.latitude for entry in zips], dtype=np.float64)
    longitude = np.array([entry.longitude for entry in zips], dtype=np.float64)
    _, block, size = np.unique(
        np.floor(latitude * 2) * 10_000 + np.floor(longitude * 2), return_inverse=True, return_counts=True
    )
    weight = size[block] ** 0.8
    chosen = random.choice(len(zips), count, p=weight / weight.sum())
    spread = np.where(random.random(count) < 0.5, 0.02, 0.0)
    return (
        np.clip(latitude[chosen] + spread * random.standard_normal(count), -89, 89),
        np.clip(longitude[chosen] + spread * random.standard_normal(count), -179.99, 179.99),
    )


def places(count: int, seed: int = 7) -> list[Point]:
    """Draw places to search from, as people live."""
    latitude, longitude = homes(np.random.default_rng(seed), count)
    return [Point(latitude=phi, longitude=lam) for phi, lam in zip(latitude.tolist(), longitude.tolist(), strict=True)]


def _contracts(random: np.random.Generator, practice: Ints) -> tuple[Ints, Ints, Ints]:
    """Return what each practice takes, plan by plan, and let each listing answer for itself about Medicare.

    Public sources tell of most plans at few places: three answers a listing.
    """
    listing: list[Ints] = []
    plan: list[Ints] = []
    status: list[Ints] = []
    for place in range(len(PLANS)):
        whose = np.arange(len(practice)) if place == 0 else practice
        draw = random.random(int(whose.max()) + 1)[whose]
        answered = np.flatnonzero(draw < (0.65 if place == 0 else 0.15))
        listing.append(answered)
        plan.append(np.full(len(answered), place))
        status.append((draw[answered] > (0.6 if place == 0 else 0.12)).astype(np.int64))
    return np.concatenate(listing), np.concatenate(plan), np.concatenate(status)


def _pairs(masks: Sequence[NDArray[np.bool_]]) -> tuple[Ints, Ints]:
    rows = [np.flatnonzero(mask) for mask in masks]
    items = [np.full(len(row), item) for item, row in enumerate(rows)]
    return np.concatenate(rows), np.concatenate(items)


def as_arrays(people: Population) -> Arrays:
    """Make the arrays of the index straight from the numbers: for millions, where text would only cost time."""
    cell = cells(people.latitude, people.longitude)
    order = np.lexsort((np.arange(len(cell)), cell))
    owner = people.owner[order]
    evidence_of, evidence = intern_sets(*people.evidence, people.providers, len(SHARES))
    listing, plan, status = people.insurance
    insurance_of, insurance = intern_sets(listing, plan * 2 + status, len(cell), 2 * len(PLANS))
    repeated = np.bincount(people.owner, minlength=people.providers)[owner] > 1
    entity = people.organization[owner].astype(np.int64)
    phi, lam = np.radians(people.latitude[order]), np.radians(people.longitude[order])
    nothing = np.zeros(len(cell), dtype=np.int32)
    return Arrays(
        cell=cell[order],
        position=np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)]),
        listing=order.astype(np.int32),
        provider=owner.astype(np.int32),
        name_rank=people.name_rank[order].astype(np.int32),
        zip=nothing,
        zips=["00000"],
        by_state=nothing,
        state_starts=np.array([0, len(cell)], dtype=np.int32),
        states=["XX"],
        kind=(entity * ORGANIZATION + repeated * REPEATED).astype(np.uint8),
        evidence_set=evidence_of[owner],
        insurance_set=insurance_of[order],
        evidence=evidence,
        kinds=list(SHARES),
        insurance=insurance,
        answer=np.arange(2 * len(PLANS), dtype=np.int32),
        answer_from=np.full(2 * len(PLANS), FIRST_DAY, dtype=np.int32),
        answer_until=np.full(2 * len(PLANS), LAST_DAY, dtype=np.int32),
        plans=list(PLANS),
        offer_set=nothing[:0],
        offers=Sets(nothing[:1], nothing[:0], 0),
        offered=[],
        names=NameIndex([], np.zeros(1, dtype=np.int32), np.empty(0, dtype=np.int32)),
    )


def as_tables(people: Population, seed: int = 1) -> dict[str, pd.DataFrame]:
    """Write the population out as the tables of a release, with names, addresses and sources."""
    random = np.random.default_rng(seed)
    npi = pd.Series(2_000_000_000 + np.arange(people.providers)).astype("str")
    first = pd.Series(
        [f"{a}{b}" for a in ("Al", "Be", "Ca", "Do", "Em") for b in ("ana", "bert", "dric", "lia", "mund")]
    )
    last = pd.Series(
        [f"{a}{b}{c}" for a in "BCDFGHKLMNPRSTW" for b in ("ar", "en", "il", "om") for c in SURNAME_ENDINGS]
    )
    names = first.to_numpy()[random.integers(0, len(first), people.providers)]
    surnames = last.to_numpy()[random.integers(0, len(last), people.providers)]
    owner = npi.to_numpy()[people.owner]
    key = pd.Series(np.arange(len(owner))).astype("str") + " MAIN ST"
    sourced = {"source": "nppes", "as_of": "2026-11-01"}
    listing, plan, status = people.insurance
    provider, kind = people.evidence
    facet = np.array([name.split(":") for name in SHARES])
    tables = {
        "provider": pd.DataFrame({
            "npi": npi, "entity": np.where(people.organization, "organization", "individual"),
            "name": names + " " + surnames, "sort_name": surnames + " " + names, "credentials": "PT, DPT",
            "name_source": "nppes", "name_as_of": "2026-11-01", "credentials_source": "nppes",
            "credentials_as_of": "2026-11-01",
        }),
        "location": pd.DataFrame({
            "listing_id": np.arange(len(owner)), "npi": owner, "location_key": key, "name": "", "street": key,
            "city": "Springfield", "state": "XX", "zip": "00000", "phone": "6175550100", "phone_extension": "",
            "latitude": people.latitude, "longitude": people.longitude, "geocode_source": "made up",
            "address_source": "nppes", "address_as_of": "2026-11-01", "phone_source": "nppes",
            "phone_as_of": "2026-11-01",
        }),
        "specialty": pd.DataFrame({
            "npi": npi.to_numpy()[provider], "facet": facet[kind, 0], "kind": facet[kind, 1], "detail": "code",
            **sourced,
        }),
        "insurance": pd.DataFrame({
            "npi": owner[listing], "location_key": key.to_numpy()[listing], "plan": np.array(PLANS)[plan],
            "status": np.where(status == 0, "yes", "no"), "accepting_patients": "", "valid_from": "", "valid_until": "",
            **sourced,
        }),
        "fact": pd.DataFrame({"npi": npi, "location_key": "", "field": "telehealth", "value": "yes", **sourced}),
        "plan": pd.DataFrame({
            "plan": PLANS, "name": [f"Plan {plan}" for plan in PLANS], "year": "", "kind": "", "issuer": "",
            "issuer_name": "", **sourced,
        }),
    }  # fmt: skip
    tables |= {name: pd.DataFrame(columns=list(columns)) for name, columns in PLAN_TABLES.items() if name != "plan"}
    return {
        name: table.astype({column: NUMBERS.get(column, "str") for column in RELEASE[name]})
        for name, table in tables.items()
    }
