"""Processes for a test to start together or to kill, forked from one that has loaded the program already.

That one is started once in a test run: what a process does begins at once, and is what the test is about.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "alembic.command",
        "psycopg",
        "sqlalchemy.dialects.postgresql.psycopg",
        "pandera.pandas",
        "finder.app",
        "finder.intake.publishing.bootstrap",
        "finder.intake.publishing.sample",
    ]
)


def start(work: Callable[..., object], *args: object) -> BaseProcess:
    """Start a process that calls a function of a module with these arguments."""
    process = _FORKS.Process(target=work, args=args)
    process.start()
    return process


def exit_status(process: BaseProcess, seconds: float) -> int | None:
    """Wait for the end of a process; return its exit status, negative the signal that killed it, None while it runs."""
    process.join(seconds)
    return process.exitcode
