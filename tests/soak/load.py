"""Load: a started server under many visitors, first as fast as it can, then at 80% of that with slow connections held.

Visitors are processes that ask for pages in a mix. At a rate, a request counts from the moment at which it was due, so
that a server that stalls is not asked less. An answer is wrong if it is not the page that came on the quiet server.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from finder.intake.publishing.bootstrap import ensure_ready
from finder.resources import ROOT
from finder.settings import Settings
from tests.bench.measure import p99
from tests.soak import wire
from tests.soak.forks import environment_of
from tests.soak.report import Outcome
from tests.soak.run import Plan, random_of
from tests.soak.states import settings_of
from tests.web.staff import files

VISITORS = 4
"""Processes that ask."""

SLOW = 40
"""Connections that are held open with half a request."""

AT = 0.8
"""The part of the capacity at which the load is held."""

PATIENCE = 30
"""Seconds after which an answer is taken not to come."""

STAGED_ROWS = 4_000

MIX = (
    ("/therapists?near=02139", 6), ("/therapists?near=10001&miles=50&insurance=medicare", 4),
    ("/therapists?near=60601&specialty=neurologic", 4), ("/therapists?near=94110&lang=es", 2), ("/", 3),
    ("/estimate?zip=43210&date=2026-10-05&deductible=met", 3), ("/estimate/course?zip=43210&start=2026-10-05", 1),
    ("/guide/medicare", 2), ("/about", 1), ("/therapists.csv?near=02139", 1), ("/therapists/map?near=98101", 1),
    ("/my-insurance", 1),
)  # fmt: skip
"""Addresses, and how often each is chosen beside the others."""


@dataclass
class Sample:
    """What one visitor saw: the milliseconds of each answer, and what was wrong."""

    milliseconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def run(plan: Plan) -> None:
    """Measure the capacity, then hold the load twice: with slow connections, and with a stage running as well."""
    settings = settings_of(plan.folder / "sample")
    ensure_ready(settings)
    phase = plan.seconds / 3
    chance = random_of(plan, "load", 0)
    with wire.server(settings, plan.folder) as port:
        expected = {address: _digest(port, address) for address, _ in MIX}
        capacity = _phase(plan, "capacity", port, expected, chance, phase)
        rate = AT * capacity
        with _slow_connections(port):
            _phase(plan, f"at {AT:.0%}, {SLOW} slow connections", port, expected, chance, phase, rate)
            with _staging(settings, plan.folder):
                _phase(plan, f"at {AT:.0%}, the same and a stage", port, expected, chance, phase, rate)
        for fault in wire.server_faults(plan.folder):
            plan.tell(Outcome(what="the server's log", number=0, count=0, faults=(fault,)))


def _phase(
    plan: Plan, name: str, port: int, expected: dict[str, str], chance: random.Random, seconds: float, rate: float = 0
) -> float:  # fmt: skip
    """Let all visitors ask for so many seconds, at a rate for all together or as fast as they can; return the rate."""
    context = get_context("fork")
    receivers: list[Connection] = []
    for _ in range(VISITORS):
        receiving, sending = context.Pipe(duplex=False)
        arguments = (port, expected, random.Random(chance.random()), seconds, rate / VISITORS, sending)
        context.Process(target=_visit, args=arguments, daemon=True).start()
        sending.close()
        receivers.append(receiving)
    samples: list[Sample] = [receiver.recv() for receiver in receivers]
    times = [value for sample in samples for value in sample.milliseconds]
    faults = [fault for sample in samples for fault in sample.faults]
    done = len(times) / seconds
    figures: dict[str, float | str] = {"requests/s": f"{done:.1f}"}
    if rate:
        figures["of due/s"] = f"{rate:.1f}"
    if times:
        ordered = sorted(times)
        figures |= {"p50 ms": f"{ordered[len(ordered) // 2]:.1f}", "p99 ms": f"{p99(times):.1f}",
                    "max ms": f"{ordered[-1]:.1f}"}  # fmt: skip
    plan.tell(Outcome(what=name, number=0, count=len(times), seconds=seconds, faults=tuple(faults), figures=figures))
    return done


def _visit(
    port: int, expected: dict[str, str], chance: random.Random, seconds: float, rate: float, sending: Connection
) -> None:  # fmt: skip
    addresses, weights = zip(*MIX, strict=True)
    sample, began_at = Sample(), time.monotonic()
    connection: http.client.HTTPConnection | None = None
    due = began_at
    while (now := time.monotonic()) < began_at + seconds and due < began_at + seconds:
        if rate:
            due += chance.expovariate(rate)
            time.sleep(max(0.0, due - now))
        else:
            due = now
        address = chance.choices(addresses, weights)[0]
        connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        fault = _ask(connection, address, expected[address])
        sample.milliseconds.append(1000 * (time.monotonic() - due))
        if fault:
            sample.faults.append(fault)
            connection.close()
            connection = None
    sending.send(sample)


def _ask(connection: http.client.HTTPConnection, address: str, expected: str) -> str:
    """Ask for a page; return what is wrong with the answer."""
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        return f"{address}: {type(error).__name__} {error}"
    if answer.status != 200:
        return f"{address}: status {answer.status}"
    return "" if hashlib.sha256(body).hexdigest() == expected else f"{address}: another page than before"


def _digest(port: int, address: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, address
    connection.close()
    return hashlib.sha256(body).hexdigest()


@contextmanager
def _slow_connections(port: int) -> Iterator[None]:
    """Hold connections that have sent half a request; those that the server closes are opened again."""
    with ExitStack() as opened:
        process = get_context("fork").Process(target=_hold, args=(port,), daemon=True)
        process.start()
        opened.callback(process.kill)
        yield


def _hold(port: int) -> None:
    beginnings: Sequence[bytes] = (
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b",
        b"POST /listing-request HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nnpi=",
        b"",
        b"G",
    )
    connections: dict[int, socket.socket] = {}
    while True:
        for place in range(SLOW):
            try:
                if place not in connections:
                    connections[place] = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
                    connections[place].sendall(beginnings[place % len(beginnings)])
                    connections[place].setblocking(False)
                elif beginnings[place % len(beginnings)]:
                    connections[place].send(b"a")
            except OSError:
                connections.pop(place, None)
        time.sleep(1)


@contextmanager
def _staging(settings: Settings, folder: Path) -> Iterator[None]:
    """Stage a file again and again in a process beside the server."""
    path = folder / "visits-2026-11-19.csv"
    path.write_text(files.write(files.row(number) for number in range(STAGED_ROWS)), encoding="utf-8")
    loop = f'while :; do "{sys.executable}" -m flask --app wsgi data stage "{path}" >"{folder}/stage.txt" 2>&1; done'
    process = subprocess.Popen(
        [shutil.which("sh") or "/bin/sh", "-c", loop], cwd=ROOT, env=os.environ | environment_of(settings),
        start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(process.pid, 9)
        process.wait()
