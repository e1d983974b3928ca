"""The time of publishing 300,000 providers: merge, release file, difference, store, pointer, reload."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr
from datetime import date
from functools import lru_cache
from io import StringIO
from pathlib import Path
from time import perf_counter, sleep
from typing import TypeVar

import numpy as np
import pandas as pd

from finder import create_app
from finder.directory.release.tables import LAYER
from finder.intake.cleaning.fields import check_digit
from finder.intake.layers.layer import Layer, table
from finder.intake.publishing.publish import publish, roll_back
from finder.intake.publishing.stage import StageRequest, published_stack, stage_layers
from finder.places.gazetteer import Gazetteer
from finder.records.tables.data import DraftRecord
from finder.releases.current import CurrentDirectory
from finder.releases.installation import Installation
from finder.settings import Settings
from tests.bench.measure import Measurement, milliseconds, spread

PROVIDERS = 300_000
TARGET_SECONDS = 60

ZIPS = ("10001", "10025", "10451", "11201", "11354", "12207", "13202", "14202", "14604", "10301")
"""Of places in the state of New York."""

T = TypeVar("T")


def measure(*, quick: bool = False) -> list[Measurement]:
    """Publish a first month, then a second one in which one provider in fifty changes; seconds of each part."""
    count = PROVIDERS // (20 if quick else 1)
    gazetteer = Gazetteer.load()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), today=date(2026, 11, 20))
        installation = Installation.open(settings)
        _npis(count)
        first, _ = _timed(lambda: _publish(installation, gazetteer, count, month=10))
        staging, draft = _timed(lambda: _stage(installation, gazetteer, count, month=11))
        publishing, _ = _timed(lambda: publish(installation, draft.id, by="bench"))
        following, _ = _timed(lambda: CurrentDirectory(settings).get())
        back, _ = _timed(lambda: roll_back(installation, by="bench"))
        installation.records.close()
        pages = _pages_meanwhile(settings, count)
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
        ),
        Measurement(
            name=f"a results page while {count:,} providers are published by another process",
            figures=spread(pages) | {"pages": len(pages)},
        ),
    ]


def _pages_meanwhile(settings: Settings, count: int) -> list[float]:
    """Publish in another process, and ask for results pages in this one until it is done; milliseconds of each."""
    with redirect_stderr(StringIO()):  # the log of the requests would be most of the output
        client = create_app(settings).test_client()
    address = "/therapists?near=10001&miles=25"
    assert client.get(address).status_code == 200
    publishing = multiprocessing.get_context("spawn").Process(target=_publish_again, args=(settings, count))
    publishing.start()
    times: list[float] = []
    while publishing.is_alive():
        times += milliseconds([lambda: client.get(address)])
        sleep(0.01)  # a visitor reads, too
    publishing.join()
    assert publishing.exitcode == 0
    return times


def _publish_again(settings: Settings, count: int) -> None:
    installation = Installation.open(settings)
    _publish(installation, Gazetteer.load(), count, month=11)
    installation.records.close()


def _timed(call: Callable[[], T]) -> tuple[float, T]:
    start = perf_counter()
    result = call()
    return perf_counter() - start, result


def _publish(installation: Installation, gazetteer: Gazetteer, count: int, month: int) -> None:
    publish(installation, _stage(installation, gazetteer, count, month).id, by="bench")


def _stage(installation: Installation, gazetteer: Gazetteer, count: int, month: int) -> DraftRecord:
    base, stack = published_stack(installation)
    layers = [_main_source(count, month), _second_source(count, month)]
    request = StageRequest(paths=[Path(f"2026-{month}.csv")], by="bench", replace=True)
    return stage_layers(installation, layers, request, base=base, stack=stack, gazetteer=gazetteer)


def _main_source(count: int, month: int) -> Layer:
    """Every provider with a place and evidence, as NPPES would tell; in November one in fifty has a new number."""
    number = np.arange(count)
    npi = _npis(count)
    phone = pd.Series(5_550_000_000 + number + np.where((number % 50 == 0) & (month == 11), 1, 0)).astype("str")
    name = "Person " + pd.Series(number % 9973).astype("str") + " Family " + pd.Series(number).astype("str")
    zips = pd.Series(np.array(ZIPS)[number % len(ZIPS)]).astype("str")
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


@lru_cache(maxsize=1)
def _npis(count: int) -> pd.Series[str]:
    """Numbers with their check digits; none that begins with 2 is anybody's."""
    nines = [str(200_000_000 + number) for number in range(count)]
    return pd.Series([nine + check_digit(nine) for nine in nines]).astype("str")


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
    return Layer(source=source, as_of=date(2026, month, 1), tables=filled, rows=rows, complete=True)
