"""What campaigns found: counts and figures in rows, failures with how to repeat them, and sums over several runs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table

MOST_FAILURES = 200
"""Failures that a report describes; the others are only counted."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one trial did: how often it tried, in how many seconds, what failed, and figures."""

    what: str
    number: int
    count: int = 1
    seconds: float = 0.0
    faults: tuple[str, ...] = ()
    figures: Mapping[str, float | str] = field(default_factory=dict)
    """Named values; those of later trials with the same name are added where they are whole numbers."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A fault that was found, and the trial that finds it again."""

    campaign: str
    what: str
    seed: int
    number: int
    detail: str

    def repeat(self) -> str:
        """Return the command that makes this trial alone."""
        return f"make soak ONLY={self.campaign} SEED={self.seed} NUMBER={self.number}"


@dataclass(kw_only=True)
class Row:
    """The sums of all trials of a kind."""

    campaign: str
    what: str
    count: int = 0
    failed: int = 0
    seconds: float = 0.0
    figures: dict[str, float | str] = field(default_factory=dict)

    def add(self, other: Row) -> None:
        """Add the counts of another row; its figures replace those that cannot be added."""
        self.count += other.count
        self.failed += other.failed
        self.seconds = round(self.seconds + other.seconds, 2)
        for name, value in other.figures.items():
            before = self.figures.get(name)
            both_counts = isinstance(value, int) and isinstance(before, int)
            self.figures[name] = before + value if both_counts else value  # type: ignore[operator]


class Report:
    """The rows and failures of one run."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rows: dict[tuple[str, str], Row] = {}
        self.failures: list[Failure] = []

    def add(self, campaign: str, outcome: Outcome) -> None:
        """Count the outcome of a trial."""
        added = Row(
            campaign=campaign, what=outcome.what, count=outcome.count, failed=len(outcome.faults),
            seconds=outcome.seconds, figures=dict(outcome.figures),
        )  # fmt: skip
        self.rows.setdefault((campaign, outcome.what), Row(campaign=campaign, what=outcome.what)).add(added)
        for detail in outcome.faults[: max(0, MOST_FAILURES - len(self.failures))]:
            self.failures.append(
                Failure(campaign=campaign, what=outcome.what, seed=self.seed, number=outcome.number, detail=detail)
            )

    @property
    def failed(self) -> int:
        """How many failures there were, described or not."""
        return sum(row.failed for row in self.rows.values())

    def table(self) -> Table:
        """Return the rows as a table for people."""
        return table_of(self.rows.values(), f"make soak, seed {self.seed}")


def table_of(rows: Iterable[Row], title: str) -> Table:
    """Return rows as a table, with a sum for each campaign."""
    table = Table("campaign", "what", "count", "failed", "seconds", "figures", title=title)
    for column in table.columns[2:5]:
        column.justify = "right"
    sums: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (row.campaign, row.what)):
        figures = ", ".join(f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}"
                            for name, value in row.figures.items())  # fmt: skip
        table.add_row(row.campaign, row.what, f"{row.count:,}", str(row.failed), f"{row.seconds:,.0f}", figures)
        total = sums.setdefault(row.campaign, Row(campaign=row.campaign, what="all"))
        total.add(Row(campaign=row.campaign, what="all", count=row.count, failed=row.failed, seconds=row.seconds))
    table.add_section()
    for row in sums.values():
        table.add_row(row.campaign, row.what, f"{row.count:,}", str(row.failed), f"{row.seconds:,.0f}", "")
    return table


def save(report: Report, path: Path, *, minutes: float) -> list[Row]:
    """Append a run to the file of all runs; return the sums over all of them."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"runs": []}
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    content["runs"].append({
        "seed": report.seed, "minutes": minutes, "machine": machine,
        "rows": [asdict(row) for row in report.rows.values()],
        "failures": [asdict(failure) | {"repeat": failure.repeat()} for failure in report.failures],
    })  # fmt: skip
    totals: dict[tuple[str, str], Row] = {}
    for run in content["runs"]:
        for row in (Row(**values) for values in run["rows"]):
            totals.setdefault((row.campaign, row.what), Row(campaign=row.campaign, what=row.what)).add(row)
    content["totals"] = [asdict(row) for row in totals.values()]
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return list(totals.values())
