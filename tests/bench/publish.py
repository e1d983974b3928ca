"""Publishing 300,000 providers: merge, candidate file, difference, store, pointer, following the pointer."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np
import pandas as pd

from finder.directory.tables import LAYER
from finder.intake.current import CurrentDirectory
from finder.intake.desk import Desk
from finder.intake.layer import Layer, table
from finder.intake.publish import publish, roll_back
from finder.intake.stage import Request, published_stack, stage_layers
from finder.places.gazetteer import Gazetteer
from finder.records.models import DraftRecord
from finder.settings import Settings
from tests.bench.measure import Measurement

PROVIDERS = 300_000
TARGET_SECONDS = 60

T = TypeVar("T")


def measure(*, quick: bool = False) -> list[Measurement]:
    """Publish a first month, then a second one in which one provider in fifty changes; seconds of each part."""
    count = PROVIDERS // (20 if quick else 1)
    gazetteer = Gazetteer.load()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), today=date(2026, 11, 20))
        desk = Desk.open(settings)
        first, _ = _timed(lambda: _publish(desk, gazetteer, count, month=10))
        staging, draft = _timed(lambda: _stage(desk, gazetteer, count, month=11))
        publishing, _ = _timed(lambda: publish(desk, draft.id, by="bench"))
        following, _ = _timed(lambda: CurrentDirectory(settings).get())
        back, _ = _timed(lambda: roll_back(desk, by="bench"))
        desk.records.close()
    total = staging + publishing
    return [
        Measurement(
            name=f"publish {count:,} providers over as many",
            figures={
                "first month s": round(first, 2),
                "stage with the difference s": round(staging, 2),
                "publish s": round(publishing, 2),
                "both s": round(total, 2),
                "open the new release s": round(following, 2),
                "roll back s": round(back, 2),
                "providers changed": draft.difference["changed"],
                "peak memory of the process MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            },
            target=f"stage and publish under {TARGET_SECONDS} s",
            holds=total < TARGET_SECONDS,
        )
    ]


def _timed(call: Callable[[], T]) -> tuple[float, T]:
    start = perf_counter()
    result = call()
    return perf_counter() - start, result


def _publish(desk: Desk, gazetteer: Gazetteer, count: int, month: int) -> None:
    publish(desk, _stage(desk, gazetteer, count, month).id, by="bench")


def _stage(desk: Desk, gazetteer: Gazetteer, count: int, month: int) -> DraftRecord:
    base, stack = published_stack(desk)
    layers = [_main_source(count, month), _second_source(count, month)]
    request = Request(paths=[Path(f"2026-{month}.csv")], by="bench", replace=True)
    return stage_layers(desk, layers, request, base=base, stack=stack, gazetteer=gazetteer)


def _main_source(count: int, month: int) -> Layer:
    """Every provider with a place and evidence, as NPPES would tell; in November one in fifty has a new number."""
    number = np.arange(count)
    npi = pd.Series(2_000_000_000 + number).astype("str")
    phone = pd.Series(5_550_000_000 + number + np.where((number % 50 == 0) & (month == 11), 1, 0)).astype("str")
    name = "Person " + pd.Series(number % 9973).astype("str") + " Family " + pd.Series(number).astype("str")
    zips = pd.Series(10000 + number % 80000).astype("str")
    street = pd.Series(1 + number % 999).astype("str") + " Elm St"
    return _layer(
        "nppes",
        month,
        provider=pd.DataFrame(
            {
                "npi": npi, "entity": "individual", "name": name, "sort_name": name, "credentials": "PT",
                "status": "active",
            }
        ),
        location=pd.DataFrame(
            {
                "npi": npi, "location_key": zips + " " + street.str.upper(), "street": street, "city": "Town",
                "state": "NY", "zip": zips, "phone": phone, "latitude": 25 + number % 24000 / 1000,
                "longitude": -120 + number % 50000 / 1000, "geocode_source": "zip_centroid",
            }
        ),
        specialty=pd.DataFrame(
            {"npi": npi, "facet": "physical_therapy", "kind": "taxonomy", "detail": "225100000X"}
        ),
    )  # fmt: skip


def _second_source(count: int, month: int) -> Layer:
    """Two in three again with the same place, another number and Medicare, as Doctors and Clinicians would tell."""
    main = _main_source(count, month).tables
    provider, location = (main[name].iloc[: count * 2 // 3] for name in ("provider", "location"))
    insurance = pd.DataFrame({"npi": provider["npi"], "location_key": "", "plan": "medicare", "status": "yes"})
    return _layer("clinicians", month, provider=provider, location=location, insurance=insurance)


def _layer(source: str, month: int, **tables: pd.DataFrame) -> Layer:
    sourced = {"source": source, "as_of": f"2026-{month}-01"}
    filled = {name: table(name, tables[name].assign(**sourced) if name in tables else ()) for name in LAYER}
    rows = sum(len(frame) for frame in filled.values())
    return Layer(source=source, as_of=date(2026, month, 1), tables=filled, rows=rows, whole=True)
