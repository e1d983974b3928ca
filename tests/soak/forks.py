"""A command in a process of its own, forked from one that has loaded the program, to be killed or to fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from sqlalchemy.engine.default import DefaultDialect

from finder.resources import ROOT
from finder.settings import Settings
from tests.soak.commands import Command, Job

SECONDS_TO_FINISH = 120
"""Seconds after which a command that was not killed is taken to hang."""

Prepare = Callable[[], object]
"""Changes the forked process before the command runs."""


def start(command: Command, job: Job, prepare: Prepare = lambda: None) -> int:
    """Fork a process that runs a command; return its number. What it answers is in a file of the job's folder."""
    answer = job.folder / "answer.json"
    answer.unlink(missing_ok=True)
    if child := os.fork():
        return child
    try:
        os.setsid()
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silence, descriptor)
        descriptor = os.open(answer, os.O_WRONLY | os.O_CREAT, 0o600)  # before the disk fails
        prepare()
        os.write(descriptor, json.dumps(command.run(job)).encode())
    finally:
        os._exit(0)


def finish(child: int, job: Job, seconds: float = SECONDS_TO_FINISH) -> tuple[int, str]:
    """Wait for a forked command; return its exit status and output, or the signal that ended it, negative."""
    until = time.monotonic() + seconds
    while (found := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > until:
            kill(child)
            os.waitpid(child, 0)
            return -signal.SIGALRM, "it did not end in time"
        time.sleep(0.002)
    if os.WIFSIGNALED(found[1]):
        return -os.WTERMSIG(found[1]), ""
    answer = job.folder / "answer.json"
    status, output = json.loads(answer.read_bytes() or b'[99, "it ended without an answer"]')
    return int(status), str(output)


def kill(child: int) -> None:
    """End a process that was started here, and what it started, at once."""
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # not the leader of a group yet, or gone
        os.kill(child, signal.SIGKILL)


def start_cold(command: Command, job: Job) -> subprocess.Popen[bytes]:
    """Start a command as an operator does, in a new Python."""
    assert command.arguments
    with (job.folder / "cold.txt").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command.arguments(job)],
            cwd=ROOT, env=os.environ | environment_of(job.settings), stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment variables of settings."""
    return {
        "FINDER_HOME": str(settings.home),
        "FINDER_DATABASE_URL": settings.database_url,
        "FINDER_SECRET_KEY": settings.secret_key,
        "FINDER_GEOCODER_URL": settings.geocoder_url,
        "FINDER_TODAY": str(settings.today or ""),
    }


def die(_path: str = "") -> None:
    """End this process as SIGKILL does."""
    os.kill(os.getpid(), signal.SIGKILL)


def after_commit(number: int, act: Callable[[], None]) -> None:
    """Act in this process right after the commit with this number, counted from 1."""
    commit, done = DefaultDialect.do_commit, [0]

    def counted(dialect: DefaultDialect, connection: object) -> None:
        commit(dialect, connection)  # type: ignore[no-untyped-call]
        done[0] += 1
        if done[0] == number:
            act()

    DefaultDialect.do_commit = counted  # type: ignore[method-assign]
