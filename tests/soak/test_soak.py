"""The campaigns themselves: each counts what it does, finds a fault that is planted, and says how to find it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from finder import create_app
from finder.settings import Settings
from tests.soak import fuzz, kills
from tests.soak.__main__ import main
from tests.soak.commands import COMMANDS
from tests.soak.report import Outcome, Report, save
from tests.soak.requests import Grammar
from tests.soak.run import Plan, run_trials
from tests.soak.states import settings_of


@pytest.fixture
def report() -> Report:
    return Report(seed=7)


@pytest.fixture
def plan(report: Report, tmp_path: Path) -> Callable[[str], Plan]:
    """Makes the plan of one trial of a campaign."""

    def make(campaign: str) -> Plan:
        folder = tmp_path / campaign
        folder.mkdir()
        return Plan(
            seed=report.seed, seconds=60, folder=folder, tell=lambda outcome: report.add(campaign, outcome), number=0,
            postgresql=False,
        )  # fmt: skip

    return make


def test_trials_are_made_in_all_processes_until_the_time_is_over(tmp_path: Path) -> None:
    found: list[Outcome] = []
    plan = Plan(seed=1, seconds=0.2, folder=tmp_path, tell=found.append)
    run_trials(plan, "numbers", lambda number, chance: [Outcome(what=str(chance.random()), number=number)])
    numbers = sorted(outcome.number for outcome in found)
    assert {0, 1} <= set(numbers)
    assert len(set(numbers)) == len(numbers)
    again: list[Outcome] = []
    run_trials(
        Plan(seed=1, seconds=0, folder=tmp_path, tell=again.append, number=1), "numbers",
        lambda number, chance: [Outcome(what=str(chance.random()), number=number)],
    )  # fmt: skip
    assert again == [outcome for outcome in found if outcome.number == 1], "the seed and the number are all it needs"


def test_a_trial_that_breaks_is_a_failure(tmp_path: Path) -> None:
    found: list[Outcome] = []
    plan = Plan(seed=1, seconds=60, folder=tmp_path, tell=found.append, number=3)
    run_trials(plan, "numbers", lambda number, chance: [Outcome(what=str(1 // 0), number=number)])
    assert [(outcome.number, "ZeroDivisionError" in outcome.faults[0]) for outcome in found] == [(3, True)]


def test_runs_are_summed(tmp_path: Path) -> None:
    for seed in (1, 2):
        report = Report(seed)
        report.add("kills", Outcome(what="data stage", number=4, count=500, faults=("lost",), figures={"SQLite": 3}))
        (total,) = save(report, tmp_path / "soak.json", minutes=1)
    assert (total.count, total.failed, total.figures) == (1000, 2, {"SQLite": 6})
    runs = json.loads((tmp_path / "soak.json").read_text(encoding="utf-8"))["runs"]
    assert runs[1]["failures"][0]["repeat"] == "make soak ONLY=kills SEED=2 NUMBER=4"


@pytest.mark.parametrize("arguments", [["--only", "naps"], ["--minutes", "0"], ["--minutes", "121"], ["--number", "3"]])
def test_wrong_usage_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)


@pytest.mark.process
@pytest.mark.slow
def test_a_planted_fault_of_a_page_is_found_with_its_seed(
    plan: Callable[[str], Plan], report: Report, sample_home: Path, sample_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "BLOCK", 60)

    def broken(**_parts: str) -> str:
        return str(1 // 0)

    def broken_app(settings: Settings) -> Flask:
        app = create_app(settings)
        app.view_functions |= {
            name: broken for name in app.view_functions if name.startswith(("statements.", "guide."))
        }
        return app

    made = plan("fuzz")
    grammar = Grammar(sample_app, ["near", "npi", "zip"])
    run_trials(made, "fuzz", fuzz.Fuzz(settings_of(sample_home), made.folder, grammar, broken_app, port=0))
    assert report.rows["fuzz", "in process"].count == 60
    assert report.failed
    assert "ZeroDivisionError" in report.failures[0].detail
    assert report.failures[0].repeat() == "make soak ONLY=fuzz SEED=7 NUMBER=0"


@pytest.mark.process
@pytest.mark.slow
def test_a_command_that_is_killed_is_looked_at(plan: Callable[[str], Plan], report: Report) -> None:
    kills.run(plan("kills"), [one for one in COMMANDS if one.name in {"data publish", "prune"}])
    assert [(row.count, row.failed) for row in report.rows.values()] == [(1, 0)]
