"""``make bench``: every measurement, as a table and in bench.json. ``--only NAME`` and ``--quick`` narrow it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.measure import Measurement, measure_part

PARTS = ("estimates", "search", "plans", "nppes", "publish", "pages", "startup")


def main() -> int:
    """Run the selected parts; exit status 1 if a target is not met."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part (may be repeated)")
    parser.add_argument("--quick", action="store_true", help="smaller inputs: to see that the bench itself works")
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    console = Console(width=max(140, Console().width))
    done: list[Measurement] = []
    for part in options.only or PARTS:
        console.print(f"[bold]{part}[/bold] …")
        for measurement in _alone(part, quick=options.quick):
            done.append(measurement)
            console.print(_line(measurement))
    console.print(_table(done))
    options.output.write_text(json.dumps(_report(done, quick=options.quick), indent=1) + "\n", encoding="utf-8")
    return 1 if any(measurement.holds is False for measurement in done) else 0


def _alone(part: str, *, quick: bool) -> list[Measurement]:
    """Measure a part in a process of its own, so that no other part affects its memory or its imports."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(measure_part, part, quick=quick).result()


def _report(done: list[Measurement], *, quick: bool) -> dict[str, object]:
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    return {"machine": machine, "quick": quick, "measurements": [asdict(measurement) for measurement in done]}


def _line(measurement: Measurement) -> str:
    figures = ", ".join(f"{name} {value}" for name, value in measurement.figures.items())
    return f"  {measurement.name}: {figures}"


def _table(done: list[Measurement]) -> Table:
    table = Table("measured", "figures", "target", "holds", title="make bench", show_lines=True)
    words = {True: "yes", False: "NO", None: ""}
    for measurement in done:
        figures = "\n".join(f"{name}: {value}" for name, value in measurement.figures.items())
        table.add_row(measurement.name, figures, measurement.target, words[measurement.holds])
    return table


if __name__ == "__main__":
    sys.exit(main())
