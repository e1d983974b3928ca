"""Many plans: 3,000 plans and 200 networks with 20 million memberships, beside the few payers of the search bench.

Every provider is in a third of all networks, chosen alone: no two have the same networks, which is the hardest case.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from finder.directory.index.build import make_arrays
from finder.directory.index.index import Index
from finder.directory.plans.plans import Plans
from finder.directory.release.release import Release
from finder.directory.release.tables import PLAN_TABLES, RELEASE
from finder.directory.release.write import write_release
from finder.places.gazetteer import Gazetteer
from tests.bench.measure import Measurement, spread
from tests.bench.population import Population, as_tables, populate
from tests.bench.search import DAY, make_queries, size_of, times

PROVIDERS, NETWORKS, PLANS, QUERIES = 300_000, 200, 3_000, 200

ONE_IN = 3
"""Each provider is in one of so many networks."""

TWO_NETWORKS = 10
"""One plan of so many uses two networks."""

LARGEST_RELEASE, LARGEST_INDEX = 1024, 150
"""MiB."""

AS_FAST = 2
"""A search may take so many times as long as one with few plans: it also counts every plan."""


def measure(*, quick: bool = False) -> list[Measurement]:
    """Measure at 300,000 providers; quickly, at 3,000."""
    return list(_measured(3_000 if quick else PROVIDERS, 20 if quick else QUERIES))


def _measured(providers: int, count: int) -> Iterator[Measurement]:
    people = populate(providers)
    few = as_tables(people)
    many = few | plan_tables() | {"insurance": memberships(people)}
    gazetteer = Gazetteer.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "release.sqlite"
        write_release(path, many, {"layers": [], "sample": False}, gazetteer)
        rows, size = len(many["insurance"]), path.stat().st_size / 2**20
        del many
        release = Release.open(path)
        usual = make_arrays(few, gazetteer)
        queries = [replace(query, insurance=()) for query in make_queries(count)]
        by_plan = [
            replace(query, insurance=(f"plan:{number * 7 % PLANS:04}",), insurance_status="yes_or_unknown")
            for number, query in enumerate(queries)
        ]
        by_payer = [replace(query, insurance=("medicare",), insurance_status="yes_or_unknown") for query in queries]
        index = Index(release.arrays, release.plans, DAY)
        with_few = Index(usual, Plans(answered=usual.plans), DAY)
        (with_plan,) = times([index.search], by_plan)
        (with_payer,) = times([with_few.search], by_payer)
        ratio = median(with_plan) / median(with_payer)
        memory = size_of(release.arrays) / 2**20
        yield Measurement(
            name=f"{PLANS:,} plans, {NETWORKS} networks, {rows:,} memberships, {providers:,} providers, 100 miles",
            figures={
                **{f"search with a plan {key}": value for key, value in spread(with_plan).items()},
                **{f"search with a payer, few plans {key}": value for key, value in spread(with_payer).items()},
                "ratio at the median": round(ratio, 2),
                "release MiB": round(size, 1),
                "index MiB": round(memory, 1),
            },
            target=f"at most {AS_FAST} times as long as with few plans; release under {LARGEST_RELEASE} MiB, "
            f"index under {LARGEST_INDEX} MiB",
            holds=ratio <= AS_FAST and size < LARGEST_RELEASE and memory < LARGEST_INDEX
            if providers >= PROVIDERS
            else None,
        )


def memberships(people: Population) -> pd.DataFrame:
    """Return the table of insurance: a third of all networks for each provider, as of one of thirty days."""
    random = np.random.default_rng(5)
    owner, network = np.nonzero(random.integers(0, ONE_IN, (people.providers, NETWORKS), dtype=np.uint8) == 0)
    npis = (2_000_000_000 + np.arange(people.providers)).astype(str)
    days = [f"2026-11-{day:02}" for day in range(1, 31)]
    keys = [f"network:issuer.{number:03}" for number in range(NETWORKS)]
    columns = {
        "npi": _coded(owner.astype(np.int32), npis),
        "location_key": _same("", len(owner)),
        "plan": _coded(network.astype(np.int16), keys),
        "status": _same("yes", len(owner)),
        "accepting_patients": _coded(random.integers(0, 3, len(owner), dtype=np.int8), ["", "no", "yes"]),
        "valid_from": _same("2026-01-01", len(owner)),
        "valid_until": _same("2026-12-31", len(owner)),
        "source": _same("plan_net:payer", len(owner)),
        "as_of": _coded(random.integers(0, 30, len(owner), dtype=np.int8), days),
    }
    return pd.DataFrame(columns)[list(RELEASE["insurance"])]


def plan_tables() -> dict[str, pd.DataFrame]:
    """Return the plans, each with one network, and one in ten with two."""
    plans = [f"plan:{number:04}" for number in range(PLANS)]
    networks = [f"network:issuer.{number:03}" for number in range(NETWORKS)]
    origin = ("x", "2026-11-01")
    described: list[tuple[str, ...]] = []
    for key, year, kind in (*((key, "2026", "employer") for key in plans), *((key, "", "network") for key in networks)):
        described.append((key, year, kind, f"Name of {key}", "issuer:a", "Issuer", *origin))
    used: list[tuple[str, ...]] = []
    for number, plan in enumerate(plans):
        several = 2 if number % TWO_NETWORKS == 0 else 1
        used += [(plan, networks[(number + other) % NETWORKS], *origin) for other in range(several)]
    rows = {"plan": described, "plan_network": used}
    return {
        name: pd.DataFrame(rows.get(name, []), columns=list(columns)).astype("str")
        for name, columns in PLAN_TABLES.items()
    }


def _coded(codes: NDArray[np.integer[Any]], texts: Sequence[str] | NDArray[np.str_]) -> pd.Series[Any]:
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(texts)))


def _same(text: str, rows: int) -> pd.Series[Any]:
    return _coded(np.zeros(rows, dtype=np.int8), [text])
