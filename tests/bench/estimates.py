"""The time of one estimate, of a long course of care, and of loading the figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from statistics import median
from time import process_time
from typing import Any

from click.testing import CliRunner

from finder.cli.estimate import estimate_command
from finder.coverage import Figures, estimate, presets, to_json
from finder.resources import MEDICARE
from tests.bench.measure import Measurement, milliseconds, spread

VISIT: Mapping[str, Any] = {
    "date_of_service": "2026-10-05",
    "zip": "10001",
    "participation": "participating",
    "services": presets()["first_visit"],
    "deductible_remaining": "283.00",
}


def course(visits: int) -> dict[str, Any]:
    """A course of care with a visit every third day, over New Year, of which nothing is known but the ZIP code."""
    first = date(2025, 8, 1)
    days = [first + timedelta(days=3 * index) for index in range(visits)]
    services = presets()["follow_up"]
    return {"zip": "43210", "visits": [{"date_of_service": day.isoformat(), "services": services} for day in days]}


def measure(*, quick: bool) -> list[Measurement]:
    """Time estimates.

    A visit, a visit of which nothing is known (six scenarios), a course of 60 visits, the first load, many requests.
    """
    times = 200 if quick else 5000
    unknown = {key: VISIT[key] for key in ("date_of_service", "zip", "services")}
    known_course = {**course(60), "participation": "participating", "deductible_remaining": "257.00"}
    return [
        _timed("one estimate", partial(estimate, VISIT), times, limit=1),
        _timed("one estimate, worded as JSON", lambda: to_json(estimate(VISIT)), times // 10),
        _timed("one estimate, participation and deductible unknown", partial(estimate, unknown), times // 5),
        _timed("a course of 60 visits", partial(estimate, known_course), times // 50, limit=20),
        _timed("a course of 60 visits, all unknown", partial(estimate, course(60)), times // 100),
        _timed("loading the figures and a first estimate", lambda: estimate(VISIT, Figures(MEDICARE)), times // 100),
        *_many(100 if quick else 5000),
    ]


FASTEST = 500
"""Requests a second and core that the command must answer."""


def _many(count: int) -> list[Measurement]:
    """Time the command over lines and rows of requests, start-up aside, beside the estimates alone without a word."""
    requests = [{**VISIT, "deductible_remaining": f"{number % 283}.00"} for number in range(count)]
    services = ";".join(f"{it['code']}*{it.get('units', 1)}" for it in VISIT["services"])
    rows = [f"2026-10-05,10001,participating,{services},{request['deductible_remaining']}" for request in requests]
    header = "date_of_service,zip,participation,services,deductible_remaining"
    alone = _processor_seconds(lambda: [estimate(request) for request in requests])
    return [
        _command("ndjson", "\n".join(map(json.dumps, requests)), count, alone),
        _command("csv", "\n".join([header, *rows]), count, alone),
    ]


def _command(shape: str, text: str, count: int, alone: float) -> Measurement:
    """Time ``flask estimate`` over requests; ``alone``: seconds of their estimates, like these of the processor."""
    taken = _processor_seconds(partial(CliRunner().invoke, estimate_command, ["-", f"--{shape}"], input=text))
    rate = count / taken
    figures: dict[str, float | str] = {
        "requests a second and core": round(rate),
        "estimates alone a second and core": round(count / alone),
        "× estimates alone": round(taken / alone, 2),
    }
    name = f"flask estimate --{shape}, {count:,} requests, without start-up"
    return Measurement(name=name, figures=figures, target=f"{FASTEST} a second and core", holds=rate >= FASTEST)


def _processor_seconds(call: Callable[[], object]) -> float:
    start = process_time()
    call()
    return process_time() - start


def _timed(name: str, call: Callable[[], object], times: int, limit: float | None = None) -> Measurement:
    call()
    taken = milliseconds([call] * times)
    if limit is None:
        return Measurement(name=name, figures=spread(taken))
    return Measurement(name=name, figures=spread(taken), target=f"under {limit:g} ms", holds=median(taken) < limit)
