"""Kills: every command that changes something, ended at any moment, must leave the old state or the new one.

A trial copies an installation, starts a command, kills it, looks at what is left, and runs the same command again. The
moment is a random time, a step of the disk (before a file is opened, renamed, flushed), or right after a commit.
"""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from finder.settings import Settings
from tests.fixtures.disk import FailingDisk
from tests.soak import forks, whole
from tests.soak.commands import COMMANDS, Command, Job
from tests.soak.grounds import Grounds, Length, grounds
from tests.soak.report import Outcome
from tests.soak.run import Plan, run_trials
from tests.soak.whole import Published

COLD_EVERY = 25
"""One trial in so many starts a new Python, as an operator does."""

POSTGRESQL_SHARE = 0.3

LONGEST_COLD = 4.0
"""Seconds within which a command that starts anew is killed; most need about two."""

BELOW = {"serve: first start": 0.3}
"""How often a command that takes long is chosen, beside the others."""


def run(plan: Plan, commands: Sequence[Command] = COMMANDS) -> None:
    """Kill commands until the time is over."""
    with grounds(plan, commands) as shared:
        run_trials(plan, "kills", Kill(shared, commands, postgresql=plan.postgresql))


class Kill:
    """A trial: one command, killed once."""

    def __init__(self, shared: Grounds, commands: Sequence[Command], *, postgresql: bool) -> None:
        self._shared = shared
        self._commands = commands
        self._postgresql = postgresql

    def __call__(self, number: int, chance: random.Random) -> Iterator[Outcome]:
        """Kill a command at a moment, and look."""
        weights = [BELOW.get(command.name, 1.0) for command in self._commands]
        command = chance.choices(self._commands, weights)[0]
        postgresql = self._postgresql and chance.random() < POSTGRESQL_SHARE
        cold = number % COLD_EVERY == COLD_EVERY - 1 and command.arguments is not None
        length = self._shared.length(command, postgresql=postgresql)
        started_at = time.monotonic()
        with self._shared.job(command, postgresql=postgresql) as job:
            before = whole.published(job.settings)
            moment, ended = (self._cold if cold else self._warm)(command, job, length, chance)
            found = look(command, job, before, length.after)
            found += again(command, job, before, length.after)
        kind = "PostgreSQL" if postgresql else "SQLite"
        yield Outcome(
            what=command.name, number=number, seconds=time.monotonic() - started_at,
            faults=tuple(f"{kind}, killed {moment}: {fault}" for fault in found),
            figures={kind: 1, f"killed {moment.split()[0]}" if ended < 0 else "had finished": 1},
        )  # fmt: skip

    @staticmethod
    def _warm(command: Command, job: Job, length: Length, chance: random.Random) -> tuple[str, int]:
        kind = chance.choices(("time", "step", "commit"), (5, 3, 2 if length.commits else 0))[0]
        if kind == "step" and length.steps:
            at = chance.randint(1, length.steps)
            return f"step {at} of the disk", forks.finish(
                forks.start(command, job, lambda: _die_at_step(job, at)), job
            )[0]
        if kind == "commit":
            at = chance.randint(1, length.commits)
            prepare: Callable[[], None] = lambda: forks.after_commit(at, forks.die)  # noqa: E731
            return f"commit {at} had been made", forks.finish(forks.start(command, job, prepare), job)[0]
        seconds = chance.uniform(0, 1.1 * length.seconds)
        child = forks.start(command, job)
        time.sleep(seconds)
        forks.kill(child)
        return f"time {seconds:.3f} s after its start", forks.finish(child, job)[0]

    @staticmethod
    def _cold(command: Command, job: Job, length: Length, chance: random.Random) -> tuple[str, int]:
        process = forks.start_cold(command, job)
        seconds = chance.uniform(0.3, LONGEST_COLD)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            forks.kill(process.pid)
        return f"cold {seconds:.3f} s after the start of Python", process.wait()


def _die_at_step(job: Job, step: int) -> None:
    disk = FailingDisk(pytest.MonkeyPatch(), job.folder)
    disk.fail = forks.die
    disk.fails_at = step


def look(command: Command, job: Job, before: Published, after: Published) -> list[str]:
    """Return what is wrong with what a killed command has left."""
    found = whole.faults(job.settings)
    now = whole.published(job.settings)
    if not _is_one_of(now, before, after, command):
        found.append(f"neither what was published before nor what {command.name} publishes: {now}")
    return found


def again(command: Command, job: Job, before: Published, after: Published) -> list[str]:
    """Run the command again and return what is wrong then: it must succeed, or say that it had been done."""
    done = command.publishes and not _same(whole.published(job.settings), before)
    status, output = forks.finish(forks.start(command, job), job)
    found = []
    refused = any(words in output or words == str(status) for words in command.refused_again)
    if status != 0 and not (refused and status not in (99, 70)):
        found.append(f"run again it ends with {status}: {output[-2000:]}")
    found += [f"run again: {fault}" for fault in whole.faults(job.settings)]
    now = whole.published(job.settings)
    expected = (before, after) if command.publishes != "before" or not done else (before, after, now)
    if command.publishes and not any(_is_one_of(now, before, one, command) for one in expected[1:]):
        found.append(f"run again it leaves {now}")
    return found + _unfinished(command, job)


def _unfinished(command: Command, job: Job) -> list[str]:
    """Return what stays unfinished a day later, when the next publication has pruned and the command has run again."""
    whole.age(job.folder)
    settings: Settings = job.settings
    if whole.published(settings).sha256:
        forks.finish(forks.start(PRUNE, job), job)
    if whole.leftovers(job.folder):
        forks.finish(forks.start(command, job), job)
    return [f"never cleaned: {name}" for name in whole.leftovers(job.folder)]


PRUNE = next(command for command in COMMANDS if command.name == "prune")


def _same(one: Published, other: Published) -> bool:
    return one.sha256 == other.sha256


def _is_one_of(now: Published, before: Published, after: Published, command: Command) -> bool:
    """Whether what is published is the old state, or the new one; the sample is built anew each time."""
    if command.publishes == "sample":
        return now.sha256 == before.sha256 or now.providers == after.providers
    return now.sha256 in (before.sha256, after.sha256)
