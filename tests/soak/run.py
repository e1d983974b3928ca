"""Trials of a campaign, in several processes until the time is over: each is known by its number and repeated by it."""

from __future__ import annotations

import random
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from tests.soak.report import Outcome

Trial = Callable[[int, random.Random], Iterable[Outcome]]
"""One trial, chosen by its number and a source of randomness that depends on seed, campaign and number alone."""

SECONDS_TO_END = 120
"""Seconds that a trial which has begun may still take when the time is over."""

_FORKS = get_context("fork")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a campaign is run: its source of randomness, its time, its folder, and whom it tells."""

    seed: int
    seconds: float
    folder: Path
    tell: Callable[[Outcome], None]
    number: int | None = None
    """The only trial to make; None: as many as there is time for."""
    postgresql: bool = True
    """Whether the trials go over PostgreSQL too, beside SQLite."""
    jobs: int = 2


def random_of(plan: Plan, campaign: str, number: int) -> random.Random:
    """Return the source of randomness of a trial."""
    return random.Random(f"{plan.seed} {campaign} {number}")


def run_trials(plan: Plan, campaign: str, trial: Trial) -> None:
    """Make trials until the time of the plan is over, in ``jobs`` processes. Ctrl+C ends them after the current one."""
    stop, until = _FORKS.Event(), time.monotonic() + plan.seconds
    jobs = 1 if plan.number is not None else plan.jobs
    running: dict[Connection, BaseProcess] = {}
    for job in range(jobs):
        receiving, sending = _FORKS.Pipe(duplex=False)
        process: BaseProcess = _FORKS.Process(target=_work, args=(plan, campaign, trial, job, until, stop, sending))
        process.start()
        sending.close()
        running[receiving] = process
    try:
        _collect(running, plan.tell)
    except KeyboardInterrupt:
        stop.set()
        _collect(running, plan.tell, until=time.monotonic() + SECONDS_TO_END)
        raise
    finally:
        stop.set()
        for process in running.values():
            process.kill()


def _collect(running: dict[Connection, BaseProcess], tell: Callable[[Outcome], None], until: float = 1e18) -> None:
    """Take in outcomes until all processes have ended."""
    while running and time.monotonic() < until:
        for connection in wait(list(running), timeout=0.5):
            assert isinstance(connection, Connection)
            try:
                tell(connection.recv())
            except EOFError:
                process = running.pop(connection)
                process.join(SECONDS_TO_END)
                if process.exitcode:
                    detail = f"a process of the campaign itself ended with {process.exitcode}"
                    tell(Outcome(what="the campaign", number=0, faults=(detail,)))


def _work(
    plan: Plan, campaign: str, trial: Trial, job: int, until: float, stop: Event, sending: Connection
) -> None:  # fmt: skip
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that collects decides
    for number in _numbers(plan, job):
        if number != plan.number and (stop.is_set() or time.monotonic() >= until):
            break
        try:
            for outcome in trial(number, random_of(plan, campaign, number)):
                sending.send(outcome)
        except Exception:
            detail = f"the trial could not be made or checked:\n{traceback.format_exc()}"
            sending.send(Outcome(what="the campaign", number=number, faults=(detail,)))
    sending.close()


def _numbers(plan: Plan, job: int) -> Iterator[int]:
    if plan.number is not None:
        yield plan.number
        return
    number = job
    while True:
        yield number
        number += plan.jobs
