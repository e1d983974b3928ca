"""``make soak``: kills, faults, load and hostile requests against the program on this machine, in bounded time.

Each campaign gets a share of the minutes. The report is a table; ``soak.json`` has all runs and their sums.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tests.soak.report import Outcome, Report, save, table_of
from tests.soak.run import Plan

SHARES = {"kills": 4, "faults": 2, "load": 1, "fuzz": 4}
"""The campaigns, and how many parts of the time each gets."""

LONGEST_MINUTES = 120


def main(arguments: list[str] | None = None) -> int:
    """Run the campaigns; exit status 1 if one found a fault, 130 after Ctrl+C."""
    options = _parser().parse_args(arguments)
    campaigns = [name for name in options.only.split(",") if name] or list(SHARES)
    if unknown := set(campaigns) - SHARES.keys():
        _parser().error(f"no campaign: {', '.join(sorted(unknown))}; there are {', '.join(SHARES)}")
    if not 0 < options.minutes <= LONGEST_MINUTES:
        _parser().error(f"minutes: more than 0, at most {LONGEST_MINUTES}; run it again, with another seed, for more")
    if options.number is not None and len(campaigns) != 1:
        _parser().error("a number is that of a trial of one campaign: say --only")
    report, console = Report(options.seed), Console(width=max(140, Console().width))
    console.print(f"Seed {options.seed}, {options.minutes:g} minutes: {', '.join(campaigns)}. Ctrl+C ends it early.")
    interrupted = False
    try:
        _run(campaigns, options, report, console)
    except KeyboardInterrupt:
        interrupted = True
        console.print("Stopped; this is what was done so far.")
    _tell(report, console)
    if options.output and options.number is None:
        totals = save(report, options.output, minutes=options.minutes)
        console.print(table_of(totals, f"all runs in {options.output}"))
    return 1 if report.failed else 130 if interrupted else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="the time of all campaigns together")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000, help="what the choices depend on")
    parser.add_argument("--only", default="", help=f"campaigns, with commas between: {', '.join(SHARES)}")
    parser.add_argument("--number", type=int, help="make only this trial of a campaign, as a failure names it")
    parser.add_argument("--jobs", type=int, default=2, help="processes that make trials at once")
    parser.add_argument("--output", type=Path, default=Path("soak.json"))
    parser.add_argument("--without-postgresql", action="store_true", help="SQLite alone")
    return parser


def _run(campaigns: list[str], options: argparse.Namespace, report: Report, console: Console) -> None:
    """Run each campaign in a temporary folder of its own, with a line that shows how far it is."""
    parts = sum(SHARES[name] for name in campaigns)
    columns = (TextColumn("{task.description:7}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[done]}"))
    # No thread of its own: campaigns fork.
    with open(os.devnull, "w") as nowhere, Progress(*columns, console=console, auto_refresh=False) as progress:
        for name in campaigns:
            seconds = 60 * options.minutes * SHARES[name] / parts
            with tempfile.TemporaryDirectory(prefix=f"finder-soak-{name}-", ignore_cleanup_errors=True) as folder:
                plan = Plan(
                    seed=options.seed, seconds=seconds, folder=Path(folder), number=options.number, jobs=options.jobs,
                    tell=_teller(name, seconds, report, progress), postgresql=not options.without_postgresql,
                )  # fmt: skip
                with redirect_stderr(nowhere):  # the log of the requests
                    import_module(f"tests.soak.{name}").run(plan)


def _teller(campaign: str, seconds: float, report: Report, progress: Progress) -> Callable[[Outcome], None]:
    """Return what counts an outcome in the report and moves the line of the campaign."""
    task = progress.add_task(campaign, total=seconds, done="getting ready")
    progress.refresh()
    sums, last = [0, 0], [0.0, time.monotonic()]

    def tell(outcome: Outcome) -> None:
        report.add(campaign, outcome)
        sums[0] += outcome.count
        sums[1] += len(outcome.faults)
        now = time.monotonic()
        if now - last[0] > 0.5:
            last[0] = now
            progress.update(task, completed=now - last[1], done=f"{sums[0]:,} done, {sums[1]} failed")
            progress.refresh()

    return tell


def _tell(report: Report, console: Console) -> None:
    """Print the failures, each with how to repeat it, and the table."""
    for failure in report.failures:
        console.rule(f"{failure.campaign}: {failure.what}")
        console.print(failure.detail, markup=False, highlight=False)
        console.print(f"again: {failure.repeat()}", markup=False)
    console.print(report.table())


if __name__ == "__main__":
    sys.exit(main())
