"""Measurements and their report: figures, the target, whether it is met. No test reads a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from statistics import median
from time import perf_counter_ns


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A measurement: named figures (with the unit in the name), the target, and whether it is met."""

    name: str
    figures: dict[str, float | str]
    target: str = ""
    holds: bool | None = None


def measure_part(part: str, *, quick: bool) -> list[Measurement]:
    """Run one module of the bench."""
    measure: Callable[..., list[Measurement]] = import_module(f"tests.bench.{part}").measure
    return measure(quick=quick)


def milliseconds(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Time each call once, in milliseconds."""
    times = []
    for call in calls:
        start = perf_counter_ns()
        call()
        times.append((perf_counter_ns() - start) / 1e6)
    return times


def p99(times: Sequence[float]) -> float:
    """Return the 99th percentile."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * 99 // 100) - 1)]


def spread(times: Sequence[float], unit: str = "ms") -> dict[str, float | str]:
    """Return the median and the 99th percentile as figures."""
    return {f"median {unit}": round(median(times), 4), f"p99 {unit}": round(p99(times), 4)}
