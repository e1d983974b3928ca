"""The grounds on which commands are killed and made to fail: states, files, a local server, and how long each takes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg  # noqa: F401 - loaded once, before the forks
import pytest

from tests.fixtures.databases import running_postgres
from tests.fixtures.disk import FailingDisk
from tests.intake.fetch.server import serving
from tests.soak import forks, whole
from tests.soak.commands import Command, Job, job_of, make_inputs, serve_files
from tests.soak.run import Plan
from tests.soak.states import StateFactory, make_states
from tests.soak.whole import Published


@dataclass(frozen=True)
class Length:
    """How long a command takes where nothing happens to it: in seconds, steps of the disk and commits."""

    seconds: float
    steps: int
    commits: int
    after: Published


class Grounds:
    """All that trials of commands share: states, input files, a local server, and the length of each command."""

    def __init__(self, folder: Path, states: StateFactory, service: str) -> None:
        self.folder, self.states, self.service = folder, states, service
        self.lengths: dict[tuple[str, bool], Length] = {}
        make_inputs(folder / "inputs", states)

    @contextmanager
    def job(self, command: Command, *, postgresql: bool) -> Iterator[Job]:
        """Make a job for a command in a folder that is removed afterwards."""
        with TemporaryDirectory(prefix="trial-", dir=self.folder) as name:
            folder = Path(name)
            with self.states.copied(command.state, folder, postgresql=postgresql) as settings:
                cookies = {role: value for (role, kind), value in self.states.cookies.items() if kind == postgresql}
                job = job_of(settings, folder, self.folder / "inputs", self.service, cookies)
                command.prepare(job)
                yield job

    def measure(self, command: Command, *, postgresql: bool) -> Length:
        """Run a command to its end once, in this process so that all it loads is loaded, and once in a fork."""
        with self.job(command, postgresql=postgresql) as job:
            status, output = command.run(job)
            assert status == 0, f"{command.name}: {status} {output}"
        with self.job(command, postgresql=postgresql) as job:
            counts = job.folder / "counts.json"
            started_at = time.monotonic()
            status, output = forks.finish(forks.start(command, job, lambda: _count(job, counts)), job)
            seconds = time.monotonic() - started_at
            assert status == 0, f"{command.name}: {status} {output}"
            steps, commits = (int(number) for number in counts.read_text(encoding="utf-8").split())
            return Length(seconds, steps, commits, whole.published(job.settings))

    def length(self, command: Command, *, postgresql: bool) -> Length:
        """Return the length of a command, measured when it is first needed."""
        key = command.name, postgresql
        if key not in self.lengths:
            self.lengths[key] = self.measure(command, postgresql=postgresql)
        return self.lengths[key]


def _count(job: Job, counts: Path) -> None:
    """Count the steps and commits of this process, in a file that is written at each commit and at each step."""
    patch = pytest.MonkeyPatch()
    disk = FailingDisk(patch, job.folder)
    commits = [0]
    descriptor = os.open(counts, os.O_WRONLY | os.O_CREAT, 0o600)

    def write() -> None:
        os.pwrite(descriptor, f"{disk.steps} {commits[0]} ".encode(), 0)

    step = disk._step

    def counted(path: object) -> None:
        step(path)
        write()

    disk._step = counted  # type: ignore[method-assign]

    def committed() -> None:
        commits[0] += 1
        write()

    for number in range(1, 60):
        forks.after_commit(number, committed)
    disk.steps = 0
    write()


@contextmanager
def grounds(plan: Plan, commands: Sequence[Command]) -> Iterator[Grounds]:
    """Make what trials share, with a PostgreSQL server if the plan says so."""
    with serving() as publisher:
        serve_files(publisher)
        with running_postgres() if plan.postgresql else nullcontext("") as server:
            shared = Grounds(plan.folder, make_states(plan.folder / "states", server), publisher.url(""))
            for command in commands:  # loads all that the forks need
                shared.length(command, postgresql=False)
            yield shared
